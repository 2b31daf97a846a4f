"""Phones at the door, for officers. The phones themselves speak to ``/api/v1/`` and show ``/door/``."""

from django.urls import path

from events.views import devices

urlpatterns = [
    path("<uuid:public_id>/pintu/", devices.device_list, name="device-list"),
    path("<uuid:public_id>/pintu/siapkan/", devices.device_register, name="device-register"),
    path("<uuid:public_id>/pintu/ajak/", devices.device_invite, name="device-invite"),
    path("<uuid:public_id>/pintu/<uuid:device_id>/tautan/", devices.device_link, name="device-link"),
    path("<uuid:public_id>/pintu/<uuid:device_id>/cabut/", devices.device_revoke, name="device-revoke"),
]
