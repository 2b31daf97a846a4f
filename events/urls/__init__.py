from events.urls import (
    deciding,
    delegations,
    devices,
    evening,
    papers,
    planning,
    pledge_texts,
    proposals,
    reviews,
)

app_name = "events"
urlpatterns = [
    *planning.urlpatterns,
    *evening.urlpatterns,
    *deciding.urlpatterns,
    *proposals.urlpatterns,
    *delegations.urlpatterns,
    *devices.urlpatterns,
    *pledge_texts.urlpatterns,
    *papers.urlpatterns,
    *reviews.urlpatterns,
]
