"""The words of the door's screens beside its core: scanning, the joint commitment, the quick report, the tablet."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

# The report is a paper of the office and not a page of the site: its lines are those of reports/quick_report.py, in
# Indonesian whatever language the phone shows.
PAPER: dict[str, Any] = {
    "head": "*LAPORAN CEPAT*",
    "states": {"cancelled": "KEGIATAN DIBATALKAN", "postponed": "KEGIATAN DITUNDA"},
    "days": ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
    "months": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "day": "Hari, tanggal: {day}",
    "undated": "Hari, tanggal: menyusul",
    "time": "Waktu: {time} {zone}",
    "venue": "Tempat: {venue}",
    "present": "*Hadir {n} orang* (undangan {invited}, tambahan {walk_in})",
    "invited": "Diundang: {n} orang",
    "press": "Rekan media di antaranya: {n} orang",
    "apart": "Personel dan pejabat: {n} orang",
    "pledged": "Komitmen bersama: {n} orang",
    "unsent": "Angka sementara, {n} HP belum terkirim.",
    "late": "{n} catatan di HP ini belum terkirim; daftar sudah ditutup, petugas akan memeriksanya.",
    "stale": "Angka sementara: HP lain terakhir terdengar pukul {time}.",
}


def words() -> dict[str, Any]:
    return {**_scan(), **_pledge(), **_report(), **_kiosk(), "paper": PAPER}


def _scan() -> dict[str, str]:
    return {
        "scan_title": _("Scan the code"),
        "scan_hold": _("Hold the code of the invitation inside the frame."),
        "scan_starting": _("The camera is being switched on ..."),
        "scan_insecure": _("The camera works only over a secure address (https). Look the guest up by name."),
        "scan_denied": _(
            "The camera is not allowed yet. Allow it in the settings of the browser, or look the guest up by name."
        ),
        "scan_none": _("No camera was found on this phone. Look the guest up by name."),
        "scan_busy": _(
            "Another application is using the camera. Close it and try again, or look the guest up by name."
        ),
        "scan_reader": _(
            "The code reader is not on this phone yet. Go online once and try again, or look the guest up by name."
        ),
        "scan_again": _("Try the camera again"),
        "scan_by_name": _("Search by name"),
        "scan_torch_on": _("Light on"),
        "scan_torch_off": _("Light off"),
        "scan_mute": _("Sound off"),
        "scan_unmute": _("Sound on"),
        "scan_foreign": _("This is not a code of an invitation"),
        "scan_foreign_detail": _("Ask for the invitation, or look the guest up by name."),
        "scan_unknown": _("This code is not on the list of this phone"),
        "scan_unknown_detail": _(
            "It may be of another event, or replaced. Look the guest up by name, or record the code to be checked."
        ),
        "scan_record": _("Record the code all the same"),
    }


def _pledge() -> dict[str, str]:
    return {
        "pledge_title": _("Joint commitment"),
        "pledge_none": _("This event has no joint commitment."),
        "pledge_closing": _(
            "At the closing, for who wants to join. Nobody has to, and nothing is kept of who does not."
        ),
        "pledge_name": _("Name of the guest"),
        "pledge_letters": _("Write at least three letters of the name."),
        "pledge_nobody": _("Nobody of this name is here. First record that the guest has come."),
        "pledge_read": _("Read and agree"),
        "pledge_for": _("For {name}"),
        "pledge_agree": _("I agree"),
        "pledge_paper": _("Signed on paper"),
        "pledge_leave": _("Back without recording"),
        "pledge_thanks": _("Thank you, {name}"),
        "pledge_thanks_detail": _("Recorded. It can be withdrawn at any time, without a reason."),
        "pledge_done": _("Recorded on this phone"),
        "pledge_undo": _("Undo"),
        "pledge_undone": _("Undone"),
        "pledge_next": _("Next guest"),
    }


def _report() -> dict[str, str]:
    return {
        "report_title": _("Quick report"),
        "report_copy": _("Copy the quick report"),
        "report_copied": _("Copied"),
        "report_by_hand": _("Select the text and copy it by hand."),
        "report_label": _("Ready to paste into WhatsApp. Read it once before you send it."),
        "report_final": _("All phones have reported: these are the figures of the evening."),
        "report_more": _(
            "With network, the whole report with the people and the promises stands on the event’s page."
        ),
    }


def _kiosk() -> dict[str, str]:
    return {
        "kiosk_welcome": _("Welcome"),
        "kiosk_how": _("Hold the code of your invitation before the camera, or write your name."),
        "kiosk_code": _("Scan my code"),
        "kiosk_blind": _("The camera cannot be used just now. Write your name instead."),
        "kiosk_name": _("Your name"),
        "kiosk_letters": _("Write at least three letters of your name."),
        "kiosk_nobody": _(
            "This name was not found. Ask the officer at the table; you are welcome all the same."
        ),
        "kiosk_is_you": _("Tap your name."),
        "kiosk_come": _("Welcome, {name}"),
        "kiosk_come_detail": _("You are recorded. Please come in."),
        "kiosk_ask": _("Ask the officer at the table"),
        "kiosk_ask_detail": _("This code is not on the list here. You are welcome all the same."),
        "kiosk_back": _("Back"),
        "kiosk_leave": _("For officers: hold for three seconds"),
        "kiosk_leave_label": _("Name of this phone"),
        "kiosk_leave_wrong": _("This is not the name of this phone."),
        "kiosk_unlock": _("Leave the table mode"),
        "kiosk_lock": _("Table mode"),
        "kiosk_lock_detail": _(
            "Guests sign in themselves. To leave it, hold the lock for three seconds and write the name {label}."
        ),
        "kiosk_start": _("Start the table mode"),
        "kiosk_logged_in": _(
            "Guests will hold this phone. If you are logged in on it, log out first, while there is network: "
            "otherwise Back leads them to your pages."
        ),
        "kiosk_logout": _("Log out"),
        "kiosk_start_out": _("I am not logged in here: start the table mode"),
        "kiosk_logged_out": _("You are logged out on this phone."),
    }
