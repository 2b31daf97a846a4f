from events.urls import deciding, delegations, evening, planning, pledge_texts, proposals

app_name = "events"
urlpatterns = [
    *planning.urlpatterns,
    *evening.urlpatterns,
    *deciding.urlpatterns,
    *proposals.urlpatterns,
    *delegations.urlpatterns,
    *pledge_texts.urlpatterns,
]
