from partners.urls import consents, reach, registry

app_name = "partners"

urlpatterns = registry.urlpatterns + consents.urlpatterns + reach.urlpatterns
