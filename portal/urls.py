from django.urls import path

from portal.views import consents as views

app_name = "portal"

urlpatterns = [
    path("selesai/", views.consent_done, name="consent-done"),
    path("terhapus/", views.consent_erased, name="consent-erased"),
    path("<str:token>/", views.consent_confirm, name="consent-confirm"),
    path("<str:token>/hapus/", views.consent_erase, name="consent-erase"),
]
