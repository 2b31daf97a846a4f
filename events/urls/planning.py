"""Before the evening: programmes, events, who takes part, who is asked to come."""

from django.urls import path

from events.views import (
    calendar,
    copying,
    events,
    guests,
    invitation_text,
    people,
    planning,
    programs,
    states,
)

urlpatterns = [
    path("", events.event_list, name="event-list"),
    path("baru/", planning.event_add, name="event-add"),
    path("baru/waktu/", planning.event_add_time, name="event-add-time"),
    path("baru/peran/", planning.event_add_people, name="event-add-people"),
    path("baru/ulang/", planning.event_add_restart, name="event-add-restart"),
    path("baru/<slug:step>/kembali/", planning.event_add_back, name="event-add-back"),
    path("rangkaian/", programs.program_list, name="program-list"),
    path("rangkaian/tambah/", programs.program_add, name="program-add"),
    path("rangkaian/<uuid:public_id>/", programs.program_detail, name="program-detail"),
    path("rangkaian/<uuid:public_id>/ubah/", programs.program_edit, name="program-edit"),
    path("<uuid:public_id>/", events.event_detail, name="event-detail"),
    path("<uuid:public_id>/ubah/", events.event_edit, name="event-edit"),
    path("kalender/", calendar.calendar, name="calendar"),
    path("<uuid:public_id>/undangan/", invitation_text.invitation_copy, name="invitation-copy"),
    path(
        "<uuid:public_id>/tamu/<uuid:guest_id>/undangan/",
        invitation_text.guest_invitation_copy,
        name="guest-invitation-copy",
    ),
    path("<uuid:public_id>/salin/", copying.event_copy, name="event-copy"),
    path("<uuid:public_id>/terbitkan/", states.event_publish, name="event-publish"),
    path("<uuid:public_id>/selesai/", states.event_finish, name="event-finish"),
    path("<uuid:public_id>/dilaporkan/", states.event_report, name="event-report"),
    path("<uuid:public_id>/batal/", states.event_cancel, name="event-cancel"),
    path("<uuid:public_id>/tunda/", states.event_postpone, name="event-postpone"),
    path("<uuid:public_id>/pindah-tanggal/", states.event_reschedule, name="event-reschedule"),
    path("<uuid:public_id>/petugas/tambah/", people.role_add, name="role-add"),
    path("<uuid:public_id>/petugas/<uuid:role_id>/ubah/", people.role_edit, name="role-edit"),
    path("<uuid:public_id>/petugas/<uuid:role_id>/hapus/", people.role_remove, name="role-remove"),
    path("<uuid:public_id>/susunan-acara/", people.agenda_edit, name="agenda-edit"),
    path("<uuid:public_id>/tamu/", guests.guest_list, name="guest-list"),
    path("<uuid:public_id>/tamu/pilih/", guests.guest_pick, name="guest-pick"),
    path("<uuid:public_id>/tamu/tambah/", guests.guest_add, name="guest-add"),
    path("<uuid:public_id>/tamu/<uuid:guest_id>/jawaban/", guests.guest_answer, name="guest-answer"),
    path("<uuid:public_id>/tamu/<uuid:guest_id>/keluarkan/", guests.guest_remove, name="guest-remove"),
]
