"""The evening and after: roll, pledges, commitments."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
