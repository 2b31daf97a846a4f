from django.urls import path

from accounts.views import audit, elections, jurisdictions, links, officers, units

app_name = "accounts"

urlpatterns = [
    path("audit/", audit.audit_list, name="audit-list"),
    path("riwayat/<uuid:public_id>/", audit.history, name="history"),
    path("petugas/", officers.officer_list, name="officer-list"),
    path("petugas/baru/", officers.officer_add, name="officer-add"),
    path("petugas/<uuid:public_id>/", officers.officer_edit, name="officer-edit"),
    path("petugas/<uuid:public_id>/nonaktifkan/", officers.officer_deactivate, name="officer-deactivate"),
    path("petugas/<uuid:public_id>/aktifkan/", officers.officer_activate, name="officer-activate"),
    path("petugas/<uuid:public_id>/tautan/", links.officer_link, name="officer-link"),
    path(
        "petugas/<uuid:public_id>/langkah-kedua/setel-ulang/",
        officers.officer_factor_reset,
        name="officer-factor-reset",
    ),
    path("petugas/<uuid:public_id>/serah-terima/", officers.officer_hand_over, name="officer-hand-over"),
    path("satuan/", units.unit_list, name="unit-list"),
    path("satuan/baru/", units.unit_add, name="unit-add"),
    path("satuan/<uuid:public_id>/", units.unit_detail, name="unit-detail"),
    path("satuan/<uuid:public_id>/ubah/", units.unit_edit, name="unit-edit"),
    path("satuan/<uuid:public_id>/nonaktifkan/", units.unit_deactivate, name="unit-deactivate"),
    path("satuan/<uuid:public_id>/aktifkan/", units.unit_activate, name="unit-activate"),
    path("satuan/<uuid:public_id>/wilkum/baru/", jurisdictions.jurisdiction_add, name="jurisdiction-add"),
    path(
        "satuan/<uuid:public_id>/wilkum/pratinjau/",
        jurisdictions.jurisdiction_check,
        name="jurisdiction-check",
    ),
    path("wilkum/<uuid:public_id>/akhiri/", jurisdictions.jurisdiction_end, name="jurisdiction-end"),
    path(
        "wilkum/<uuid:public_id>/akhiri/pratinjau/",
        jurisdictions.jurisdiction_end_check,
        name="jurisdiction-end-check",
    ),
    path("wilkum/<uuid:public_id>/batalkan/", jurisdictions.jurisdiction_remove, name="jurisdiction-remove"),
    path("pemilu/", elections.election_list, name="election-list"),
    path("pemilu/baru/", elections.election_add, name="election-add"),
    path("pemilu/<uuid:public_id>/", elections.election_edit, name="election-edit"),
]
