from events.urls import deciding, delegations, evening, planning, proposals

app_name = "events"
urlpatterns = [
    *planning.urlpatterns,
    *evening.urlpatterns,
    *deciding.urlpatterns,
    *proposals.urlpatterns,
    *delegations.urlpatterns,
]
