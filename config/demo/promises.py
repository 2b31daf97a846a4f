"""What the institution promised at the invented meeting in Bontang: one overdue, one done, one still open."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import Officer
from events.models import Commitment, Event
from events.operations import commitments


def make(event: Event, *, by: Officer) -> list[Commitment]:
    today = timezone.localdate()
    lines = [
        ("(CONTOH) Mengirim jadwal dialog tiga bulan ke depan kepada peserta.", -6),
        ("(CONTOH) Membagikan bahan tentang cara memeriksa kabar.", -10),
        ("(CONTOH) Menyediakan satu nomor humas yang menjawab pertanyaan warga.", 12),
    ]
    made = [
        commitments.promise(
            event=event, text=text, owner_unit=by.unit, due_on=today + timedelta(days=days), by=by
        )
        for text, days in lines
    ]
    commitments.finish(commitment=made[1], by=by, evidence_url="https://contoh.example/bahan-cek-kabar")
    return made
