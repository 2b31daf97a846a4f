"""Minta usulan: asked by the host, answered by units from their own lists."""

from django.urls import path

from events.views import proposals

urlpatterns = [
    path("usulan/", proposals.proposal_list, name="proposal-list"),
    path("<uuid:public_id>/usulan/", proposals.proposal_review, name="proposal-review"),
    path("<uuid:public_id>/usulan/minta/", proposals.proposal_ask, name="proposal-ask"),
    path("usulan/<uuid:public_id>/", proposals.proposal_detail, name="proposal-detail"),
    path("usulan/<uuid:public_id>/pilih/", proposals.proposal_pick, name="proposal-pick"),
    path("usulan/<uuid:public_id>/ubah/", proposals.proposal_request_edit, name="proposal-request-edit"),
    path("usulan/<uuid:public_id>/tutup/", proposals.proposal_request_close, name="proposal-request-close"),
    path("usulan/<uuid:public_id>/terima-semua/", proposals.proposal_accept_all, name="proposal-accept-all"),
    path("usulan/nama/<uuid:public_id>/terima/", proposals.proposal_accept, name="proposal-accept"),
    path("usulan/nama/<uuid:public_id>/tolak/", proposals.proposal_decline, name="proposal-decline"),
    path("usulan/nama/<uuid:public_id>/kembalikan/", proposals.proposal_return, name="proposal-return"),
    path("usulan/nama/<uuid:public_id>/usulkan-lagi/", proposals.proposal_again, name="proposal-again"),
    path("usulan/nama/<uuid:public_id>/tarik/", proposals.proposal_withdraw, name="proposal-withdraw"),
]
