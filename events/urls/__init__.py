from events.urls import evening, planning

app_name = "events"
urlpatterns = [*planning.urlpatterns, *evening.urlpatterns]
