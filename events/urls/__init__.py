from events.urls import deciding, evening, planning, proposals

app_name = "events"
urlpatterns = [
    *planning.urlpatterns,
    *evening.urlpatterns,
    *deciding.urlpatterns,
    *proposals.urlpatterns,
]
