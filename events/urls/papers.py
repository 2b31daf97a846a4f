"""Papers of the door: sheets, badges, cards."""

from django.urls import path

from events.views import cards, sheets

urlpatterns = [
    path("<uuid:public_id>/kertas/", sheets.sheet_list, name="sheet-list"),
    path("<uuid:public_id>/kertas/daftar-hadir/", sheets.sheet_make, name="sheet-make"),
    path("lembar/<uuid:public_id>/cetak/", sheets.sheet_print, name="sheet-print"),
    path("lembar/<uuid:public_id>/salin/", sheets.sheet_key_in, name="sheet-key-in"),
    path("<uuid:public_id>/kertas/kartu-nama/", cards.badges, name="badges"),
    path("<uuid:public_id>/kertas/kartu-qr/", cards.qr_cards, name="qr-cards"),
    path("<uuid:public_id>/tamu/<uuid:guest_id>/kode/", cards.guest_qr, name="guest-qr"),
    path("<uuid:public_id>/tamu/<uuid:guest_id>/kode/buat/", cards.guest_qr_make, name="guest-qr-make"),
    path(
        "<uuid:public_id>/tamu/<uuid:guest_id>/kode/ganti/", cards.guest_qr_replace, name="guest-qr-replace"
    ),
    path("<uuid:public_id>/tamu/<uuid:guest_id>/kode/kartu/", cards.guest_qr_card, name="guest-qr-card"),
    path(
        "<uuid:public_id>/tamu/<uuid:guest_id>/kode/gambar/", cards.guest_qr_picture, name="guest-qr-picture"
    ),
]
