from django.urls import path

from accounts.views import audit, links, officers, units

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
]
