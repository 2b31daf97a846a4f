from partners.urls import consent_texts, consents, organizations, outside_requests, reach, registry

app_name = "partners"

urlpatterns = [
    *registry.urlpatterns,
    *consents.urlpatterns,
    *reach.urlpatterns,
    *organizations.urlpatterns,
    *consent_texts.urlpatterns,
    *outside_requests.urlpatterns,
]
