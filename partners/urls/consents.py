"""Addresses of the decisions on consent."""

urlpatterns: list = []
