"""Before the evening: programmes, events, who takes part, who is asked to come."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
