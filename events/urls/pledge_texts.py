"""Addresses of the words of the joint commitment."""

from django.urls import path

from events.views import pledge_texts as views

urlpatterns = [
    path("naskah-komitmen/", views.pledge_text_list, name="pledge-text-list"),
    path("naskah-komitmen/<uuid:public_id>/versi-baru/", views.pledge_text_add, name="pledge-text-add"),
]
