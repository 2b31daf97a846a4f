"""Addresses of the registry of partners."""

from django.urls import path

from partners.views import partners as views
from partners.views import pasting

urlpatterns = [
    path("", views.partner_list, name="partner-list"),
    path("tambah/", views.partner_add, name="partner-add"),
    path("tempel/", pasting.partner_paste, name="partner-paste"),
    path("tempel/periksa/", pasting.partner_paste_check, name="partner-paste-check"),
    path("tempel/simpan/", pasting.partner_paste_save, name="partner-paste-save"),
    path("kembar/", views.partner_twins, name="partner-twins"),
    path("<uuid:public_id>/", views.partner_detail, name="partner-detail"),
    path("<uuid:public_id>/ubah/", views.partner_edit, name="partner-edit"),
    path("<uuid:public_id>/arsipkan/", views.partner_archive, name="partner-archive"),
    path("<uuid:public_id>/pulihkan/", views.partner_restore, name="partner-restore"),
    path("<uuid:public_id>/kontak/", views.partner_reveal, name="partner-reveal"),
]
