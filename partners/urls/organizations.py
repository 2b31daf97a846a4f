"""Addresses of organisations."""

from django.urls import path

from partners.views import organizations as views

urlpatterns = [
    path("organisasi/", views.organization_list, name="organization-list"),
    path("organisasi/tambah/", views.organization_add, name="organization-add"),
    path("organisasi/<uuid:public_id>/", views.organization_detail, name="organization-detail"),
    path("organisasi/<uuid:public_id>/ubah/", views.organization_edit, name="organization-edit"),
    path("organisasi/<uuid:public_id>/arsipkan/", views.organization_archive, name="organization-archive"),
    path("organisasi/<uuid:public_id>/pulihkan/", views.organization_restore, name="organization-restore"),
    path("organisasi/<uuid:public_id>/orang/tambah/", views.affiliation_add, name="affiliation-add"),
    path(
        "organisasi/<uuid:public_id>/orang/<uuid:affiliation_id>/akhiri/",
        views.affiliation_end,
        name="affiliation-end",
    ),
]
