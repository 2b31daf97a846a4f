"""Addresses of the register of requests from outside the humas function."""

from django.urls import path

from partners.views import outside_requests as views

urlpatterns = [
    path("permintaan-luar/", views.outside_request_list, name="outside-request-list"),
    path("permintaan-luar/baru/", views.outside_request_add, name="outside-request-add"),
    path("permintaan-luar/<uuid:public_id>/", views.outside_request_detail, name="outside-request-detail"),
    path(
        "permintaan-luar/<uuid:public_id>/putusan/",
        views.outside_request_decide,
        name="outside-request-decide",
    ),
    path(
        "permintaan-luar/<uuid:public_id>/orang/<uuid:partner>/tambah/",
        views.outside_person_add,
        name="outside-person-add",
    ),
    path(
        "permintaan-luar/<uuid:public_id>/orang/<uuid:partner>/lepas/",
        views.outside_person_remove,
        name="outside-person-remove",
    ),
]
