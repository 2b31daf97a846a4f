"""Addresses of the decisions on consent."""

from django.urls import path

from partners.views import consents as views

urlpatterns = [
    path("persetujuan/terima-kasih/", views.consent_thanks, name="consent-thanks"),
    path("<uuid:public_id>/persetujuan/", views.consent_record, name="consent-record"),
    path("<uuid:public_id>/persetujuan/layar/", views.consent_screen, name="consent-screen"),
    path("<uuid:public_id>/persetujuan/tautan/", views.consent_link, name="consent-link"),
    path("<uuid:public_id>/persetujuan/surel/", views.consent_email, name="consent-email"),
]
