"""Organisations and units as guests."""

from django.urls import path

from events.views import delegations, personnel

urlpatterns = [
    path("<uuid:public_id>/tamu/organisasi/", delegations.guest_organizations, name="guest-organizations"),
    path("<uuid:public_id>/tamu/<uuid:guest_id>/utusan/", delegations.guest_name, name="guest-name"),
    path("<uuid:public_id>/unit/", personnel.unit_list, name="unit-list"),
    path("<uuid:public_id>/unit/<uuid:unit_id>/jawaban/", personnel.unit_answer, name="unit-answer"),
    path("<uuid:public_id>/unit/<uuid:unit_id>/personel/", personnel.unit_personnel, name="unit-personnel"),
    path(
        "<uuid:public_id>/personel/<uuid:guest_id>/keluarkan/",
        personnel.personnel_remove,
        name="personnel-remove",
    ),
]
