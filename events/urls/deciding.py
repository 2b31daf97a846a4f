"""Around an event: a leader's approval, neutrality, directives; and outreach, which is no event."""

from django.urls import path

from events.views import approvals, directives, neutrality, outreach

urlpatterns = [
    path("<uuid:public_id>/ajukan/", approvals.event_submit, name="event-submit"),
    path("<uuid:public_id>/tarik-pengajuan/", approvals.event_take_back, name="event-take-back"),
    path("persetujuan/<uuid:public_id>/", approvals.approval_detail, name="approval-detail"),
    path("persetujuan/<uuid:public_id>/setuju/", approvals.approval_approve, name="approval-approve"),
    path("persetujuan/<uuid:public_id>/perbaiki/", approvals.approval_return, name="approval-return"),
    path("<uuid:public_id>/netralitas/", neutrality.neutrality_check, name="neutrality-check"),
    path("imbauan/", outreach.outreach_list, name="outreach-list"),
    path("imbauan/tambah/", outreach.outreach_add, name="outreach-add"),
    path("imbauan/<uuid:public_id>/", outreach.outreach_detail, name="outreach-detail"),
    path("imbauan/<uuid:public_id>/ubah/", outreach.outreach_edit, name="outreach-edit"),
    path("arahan/", directives.directive_list, name="directive-list"),
    path("arahan/<uuid:public_id>/", directives.directive_detail, name="directive-detail"),
    path("arahan/<uuid:public_id>/ubah/", directives.directive_edit, name="directive-edit"),
    path("arahan/<uuid:public_id>/hapus/", directives.directive_remove, name="directive-remove"),
    path("arahan/lapor/<uuid:public_id>/", directives.directive_report, name="directive-report"),
    path("<uuid:public_id>/arahan/tambah/", directives.directive_add, name="directive-add"),
]
