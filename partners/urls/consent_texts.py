"""Addresses of the words that people agree to."""

from django.urls import path

from partners.views import consent_texts as views

urlpatterns = [
    path("naskah-persetujuan/", views.consent_text_list, name="consent-text-list"),
    path("naskah-persetujuan/<slug:purpose>/versi-baru/", views.consent_text_add, name="consent-text-add"),
]
