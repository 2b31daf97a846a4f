from partners.urls import consents, registry

app_name = "partners"

urlpatterns = registry.urlpatterns + consents.urlpatterns
