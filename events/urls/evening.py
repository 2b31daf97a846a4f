"""The evening and after: roll, contact, pledges, commitments."""

from django.urls import path

from events.views import commitments, contact, participation, pledges, roll

urlpatterns = [
    path("<uuid:public_id>/daftar-hadir/", roll.roll, name="roll"),
    path("<uuid:public_id>/daftar-hadir/angka/", roll.roll_counts, name="roll-counts"),
    path("<uuid:public_id>/daftar-hadir/tamu-tambahan/", roll.roll_walk_in, name="roll-walk-in"),
    path("<uuid:public_id>/daftar-hadir/<uuid:guest_id>/hadir/", roll.roll_mark, name="roll-mark"),
    path("<uuid:public_id>/daftar-hadir/<uuid:guest_id>/batal/", roll.roll_undo, name="roll-undo"),
    path("<uuid:public_id>/tamu/<uuid:guest_id>/kontak/", contact.guest_contact, name="guest-contact"),
    path("<uuid:public_id>/komitmen-bersama/", pledges.pledge_list, name="pledge-list"),
    path(
        "<uuid:public_id>/komitmen-bersama/<uuid:guest_id>/catat/",
        pledges.pledge_record,
        name="pledge-record",
    ),
    path("komitmen-bersama/<uuid:public_id>/tarik/", pledges.pledge_withdraw, name="pledge-withdraw"),
    path("<uuid:public_id>/janji-kami/tambah/", commitments.commitment_add, name="commitment-add"),
    path("janji-kami/<uuid:public_id>/ubah/", commitments.commitment_edit, name="commitment-edit"),
    path("janji-kami/<uuid:public_id>/selesai/", commitments.commitment_finish, name="commitment-finish"),
    path("janji-kami/<uuid:public_id>/lepas/", commitments.commitment_drop, name="commitment-drop"),
    path("mitra/<uuid:public_id>/", participation.partner_events, name="partner-events"),
]
