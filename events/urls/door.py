"""The shell of the door, for phones that have no session."""

from django.urls import path

from events.views import door

app_name = "door"
urlpatterns = [
    path("", door.shell, name="shell"),
    path("sw.js", door.worker, name="worker"),
    path("manifest.webmanifest", door.manifest, name="manifest"),
]
