"""Every change to a partner: what it writes, what it refuses, and that a failure leaves nothing behind."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import Detail, Entry
from partners import lifecycle
from partners.choices import Keep, PartnerStatus
from partners.models import Consent, Partner, SocialAccount
from partners.operations import erasure, partners
from regions.models import Region

SARI = {"full_name": "Sari Wulandari", "kind": "influencer", "source": "in_person"}


def register(by, region="64.07.07", **fields):
    return partners.register(by=by, region=Region.objects.get(code=region), **(SARI | fields))


def handles_of(partner):
    return sorted(SocialAccount.objects.filter(partner=partner).values_list("platform", "handle"))


def test_register_makes_a_prospective_partner_of_the_policing_unit(cast):
    partner = register(
        cast.kubar,
        full_name="  Sari   Wulandari ",
        phone="62 812 3456 7890",
        email="Sari@Gmail.com",
        stage_name="Info Barong",
        handles=[
            ("instagram", "@Sari.W"),
            ("", "https://tiktok.com/@sariw?x=1"),
            ("instagram", "sari.w"),
            ("x", " "),
        ],
    )

    partner.refresh_from_db()
    assert partner.full_name == "Sari Wulandari"
    assert str(partner.phone) == "+6281234567890"
    assert partner.email == "sari@gmail.com"
    assert partner.unit == cast.unit("polres-kubar")
    assert (partner.status, partner.keep) == (PartnerStatus.PROSPECTIVE, Keep.NONE)
    assert partner.decide_by == timezone.localdate() + timedelta(days=30)
    assert partner.created_by_id == cast.kubar.pk
    assert handles_of(partner) == [("instagram", "sari.w"), ("tiktok", "sariw")]
    assert " sari wulandari" in partner.search_key and " barong" in partner.search_key
    assert partner.sort_key == "sari wulandari"


def test_register_writes_names_into_the_audit_and_values_into_its_detail(cast):
    partner = register(cast.kubar, phone="081234567890", handles=[("x", "sari_w")])

    entry = Entry.objects.get(verb="partner.registered")
    assert entry.object_public_id == entry.subject_public_id == partner.public_id
    assert entry.actor_id == cast.kubar.pk
    assert entry.fields == ["full_name", "handles", "kind", "phone", "region", "source"]
    assert entry.detail.changes["phone"] == ["", "+6281234567890"]
    assert entry.detail.changes["handles"] == [[], ["x:sari_w"]]
    assert entry.detail.changes["region"] == ["", "64.07.07"]


def test_register_with_a_spoken_consent_makes_an_unconfirmed_partner(cast):
    partner = register(cast.kubar, consent_given=True)

    partner.refresh_from_db()
    assert (partner.status, partner.keep) == (PartnerStatus.ACTIVE, Keep.UNCONFIRMED)
    assert Consent.objects.get(partner=partner).channel == "spoken"


def test_register_of_the_past_is_dated_in_the_past(cast):
    moment = cast.at(2024, 10, 21, 20)

    partner = register(cast.kubar, at=moment, is_demo=True)

    partner.refresh_from_db()
    assert partner.created_at == moment
    assert partner.decide_by == date(2024, 11, 20)
    assert partner.is_demo


def test_register_by_an_agency_belongs_to_the_agency(cast):
    partner = register(cast.diskominfo, region="61.71")

    assert partner.unit == cast.unit("diskominfo-kalbar")


def test_register_above_belongs_to_the_unit_below(cast):
    assert register(cast.bidhumas, region="64.02.05").unit == cast.unit("polres-bontang")
    assert register(cast.bidhumas, region="64.02.06").unit == cast.unit("polres-kukar")
    assert register(cast.bidhumas, region="64").unit == cast.unit("polda-kaltim")


def test_register_in_a_neighbours_district_says_whose_it_is(cast):
    with pytest.raises(ValidationError) as refused:
        register(cast.kukar, region="64.02.05")

    assert refused.value.code == "other_unit"
    assert "Muara Badak" in refused.value.messages[0]
    assert "Polres Bontang" in refused.value.messages[0]
    assert not Partner.objects.exists()
    assert not Entry.objects.exists()


def test_register_where_nobody_polices_is_refused(cast):
    with pytest.raises(ValidationError) as refused:
        register(cast.divhumas, region="91.71")

    assert refused.value.code == "no_unit"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"full_name": "   "}, "required"),
        ({"full_name": "a" * 121}, "too_long"),
        ({"kind": "informan"}, "unknown"),
        ({"source": ""}, "unknown"),
        ({"phone": "12"}, "phone"),
        ({"email": "sari"}, "email"),
        ({"handles": [("", "sari")]}, "malformed"),
        ({"handles": [("x", f"sari{n}") for n in range(13)]}, "too_many_handles"),
    ],
)
def test_register_refuses_what_cannot_be_kept(cast, fields, code):
    with pytest.raises(ValidationError) as refused:
        register(cast.kubar, **fields)

    assert refused.value.code == code
    assert not Partner.objects.exists()


@pytest.mark.parametrize("username", ["pimpinan", "admin", "privasi"])
def test_register_needs_the_role(cast, username):
    with pytest.raises(PermissionDenied):
        register(cast.officers[username])


def fail(*args, **kwargs):
    raise RuntimeError("the audit is full")


@pytest.mark.parametrize("step", ["register", "update", "archive", "restore"])
def test_nothing_stays_when_the_audit_fails(cast, monkeypatch, step):
    partner = cast.partner("Sari", handles=[("x", "lama")])
    gone = cast.partner("Budi", status="archived", archived_at=timezone.now(), archived_by_id=cast.kubar.pk)
    before = list(Partner.objects.order_by("pk").values())
    monkeypatch.setattr(partners, "record", fail)
    steps = {
        "register": lambda: register(cast.kubar, handles=[("x", "baru")]),
        "update": lambda: partners.update(
            partner=partner, by=cast.kubar, full_name="Tari", handles=[("x", "baru")]
        ),
        "archive": lambda: partners.archive(partner=partner, by=cast.kubar, reason="pindah"),
        "restore": lambda: partners.restore(partner=gone, by=cast.kubar),
    }

    with pytest.raises(RuntimeError):
        steps[step]()

    assert list(Partner.objects.order_by("pk").values()) == before
    assert list(SocialAccount.objects.values_list("handle", flat=True)) == ["lama"]


def test_reveal_shows_nothing_when_the_audit_fails(cast, monkeypatch):
    partner = cast.partner("Sari", phone="+6281234567890")
    monkeypatch.setattr(partners, "record", fail)

    with pytest.raises(RuntimeError):
        partners.reveal_contact(partner=partner, by=cast.kubar, reason="undangan")


def test_register_leaves_nothing_when_the_consent_fails(cast, monkeypatch):
    monkeypatch.setattr(partners.consents, "record", fail)

    with pytest.raises(RuntimeError):
        register(cast.kubar, consent_given=True)

    assert not Partner.objects.exists()
    assert not Entry.objects.exists()


def test_update_records_before_and_after_of_what_changed_only(cast):
    partner = cast.partner("Sari", phone="+6281234567890", handles=[("x", "lama"), ("tiktok", "tetap")])
    kept = SocialAccount.objects.get(handle="tetap").pk

    partners.update(
        partner=partner,
        by=cast.kubar,
        full_name="Sari Wulandari",
        phone="0812 3456 7890",
        handles=[("x", "baru"), ("tiktok", "@Tetap")],
    )

    entry = Entry.objects.get(verb="partner.updated")
    assert entry.fields == ["full_name", "handles"]
    assert entry.detail.changes == {
        "full_name": ["Sari", "Sari Wulandari"],
        "handles": [["tiktok:tetap", "x:lama"], ["tiktok:tetap", "x:baru"]],
    }
    assert handles_of(partner) == [("tiktok", "tetap"), ("x", "baru")]
    assert SocialAccount.objects.get(handle="tetap").pk == kept
    partner.refresh_from_db()
    assert (
        " wulandari" in partner.search_key
        and " baru" in partner.search_key
        and " lama" not in partner.search_key
    )


def test_update_without_a_change_writes_nothing(cast):
    partner = cast.partner("Sari", handles=[("x", "sari_w")])

    partners.update(partner=partner, by=cast.kubar, full_name="Sari", handles=[("x", "@sari_w")])

    assert not Entry.objects.exists()


def test_update_leaves_handles_that_are_not_given(cast):
    partner = cast.partner("Sari", handles=[("x", "sari_w")])

    partners.update(partner=partner, by=cast.kubar, stage_name="Sari Hits")

    assert handles_of(partner) == [("x", "sari_w")]
    assert " sari_w".replace("_", "") in Partner.objects.get().search_key.replace(" sari w", " sariw")


def test_update_of_the_region_moves_the_partner_and_tells_who_hangs_on_it(cast, monkeypatch):
    told = []
    monkeypatch.setattr(
        lifecycle,
        "_registry",
        {
            "x": lifecycle.Lifecycle(
                "x", moved=lambda partner, by: told.append((partner.unit_id, by)), erased=fail, exported=fail
            )
        },
    )
    partner = cast.partner("Sari", unit="polres-kubar")

    partners.update(partner=partner, by=cast.bidhumas, region=Region.objects.get(code="64.02.05"))

    partner.refresh_from_db()
    bontang = cast.unit("polres-bontang")
    assert partner.unit == bontang
    assert told == [(bontang.pk, cast.bidhumas)]
    assert list(Entry.objects.order_by("pk").values_list("verb", "unit_id")) == [
        ("partner.updated", bontang.pk),
        ("partner.moved", cast.unit("polres-kubar").pk),
    ]


def test_update_within_the_unit_moves_nothing(cast):
    partner = cast.partner("Sari", unit="polres-kubar")

    partners.update(partner=partner, by=cast.kubar, region=Region.objects.get(code="64.07"))

    assert list(Entry.objects.values_list("verb", flat=True)) == ["partner.updated"]


def test_update_into_a_territory_outside_the_scope_is_refused(cast):
    partner = cast.partner("Sari", unit="polres-kubar")

    with pytest.raises(ValidationError) as refused:
        partners.update(partner=partner, by=cast.kubar, region=Region.objects.get(code="64.03.05"))

    assert refused.value.code == "other_unit"
    assert Partner.objects.get().region_id == "64.07.07"


def test_update_keeps_the_partner_of_an_agency_with_the_agency(cast):
    partner = cast.partner("Sari", unit="diskominfo-kalbar", region_id="61.71")

    partners.update(partner=partner, by=cast.diskominfo, region=Region.objects.get(code="61"))

    assert Partner.objects.get().unit == cast.unit("diskominfo-kalbar")


@pytest.mark.parametrize("username", ["berau", "pimpinan", "admin", "privasi", "diskominfo"])
def test_only_the_partners_own_officers_change_it(cast, username):
    partner = cast.partner("Sari")
    officer = cast.officers[username]

    for step in (
        lambda: partners.update(partner=partner, by=officer, full_name="Tari"),
        lambda: partners.archive(partner=partner, by=officer, reason="pindah"),
        lambda: partners.restore(partner=partner, by=officer),
    ):
        with pytest.raises(PermissionDenied):
            step()

    assert Partner.objects.get().full_name == "Sari"
    assert not Entry.objects.exists()


def test_archive_and_restore_come_back_to_the_same(cast):
    partner = cast.partner("Sari")

    partners.archive(partner=partner, by=cast.kubar, reason=" pindah  ke Jawa ")
    archived = Partner.objects.get()
    assert archived.is_archived and archived.archived_by_id == cast.kubar.pk
    entry = Entry.objects.get()
    assert (entry.verb, entry.detail.reason) == ("partner.archived", "pindah ke Jawa")

    partners.restore(partner=partner, by=cast.kubar)
    restored = Partner.objects.get()
    assert (restored.status, restored.archived_at, restored.archived_by_id) == ("active", None, None)
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "partner.archived",
        "partner.restored",
    ]


def test_archive_twice_is_archived_once(cast):
    partner = cast.partner("Sari")

    partners.archive(partner=partner, by=cast.kubar, reason="pindah")
    partners.archive(partner=partner, by=cast.kubar2, reason="pindah juga")

    assert Partner.objects.get().archived_by_id == cast.kubar.pk
    assert Entry.objects.count() == 1


def test_archive_does_not_put_off_the_erasure_of_a_prospective_partner(cast):
    partner = cast.partner("Sari", status="prospective")
    due = partner.decide_by

    partners.archive(partner=partner, by=cast.kubar, reason="pindah")
    assert Partner.objects.get().decide_by == due
    partners.restore(partner=partner, by=cast.kubar)

    assert (Partner.objects.get().status, Partner.objects.get().decide_by) == ("prospective", due)


@pytest.mark.parametrize("reason", ["", "  ", "ok"])
def test_archive_and_reveal_ask_for_a_reason(cast, reason):
    partner = cast.partner("Sari")

    for step in (partners.archive, partners.reveal_contact):
        with pytest.raises(ValidationError) as refused:
            step(partner=partner, by=cast.kubar, reason=reason)
        assert refused.value.code == "reason_required"

    assert not Entry.objects.exists()


def test_operations_on_an_erased_partner_say_that_it_is_gone(cast):
    partner = cast.partner("Sari")
    Partner.objects.all().delete()

    for step in (
        lambda: partners.update(partner=partner, by=cast.kubar, full_name="Tari"),
        lambda: partners.archive(partner=partner, by=cast.kubar, reason="pindah"),
        lambda: partners.restore(partner=partner, by=cast.kubar),
    ):
        with pytest.raises(ValidationError) as refused:
            step()
        assert refused.value.code == "gone"


def test_reveal_gives_the_contact_and_records_the_look_without_it(cast):
    partner = cast.partner("Sari", phone="+6281234567890", handles=[("x", "sari_w")])

    contact = partners.reveal_contact(partner=partner, by=cast.kubar, reason="undangan dialog")

    assert contact == partners.Contact(phone="+6281234567890", email="", handles=[("x", "@sari_w")])
    entry = Entry.objects.get()
    assert (entry.verb, entry.fields) == ("partner.contact_revealed", ["handles", "phone"])
    assert entry.detail.reason == "undangan dialog"
    assert "1234567890" not in str(Detail.objects.values()) + str(Entry.objects.values())


def test_reveal_within_an_event_takes_the_event_as_reason(cast):
    partner = cast.partner("Sari")
    event = cast.event()

    partners.reveal_contact(partner=partner, by=cast.kubar, event=event)

    entry = Entry.objects.get()
    assert entry.event_public_id == event.public_id
    assert not Detail.objects.exists()


@pytest.mark.parametrize("username", ["berau", "pimpinan", "admin", "diskominfo"])
def test_reveal_outside_the_scope_is_refused_even_within_an_event(cast, username):
    partner = cast.partner("Sari")
    event = cast.event(co_hosts=["polres-berau"])

    for how in ({"reason": "undangan"}, {"event": event}):
        with pytest.raises(PermissionDenied):
            partners.reveal_contact(partner=partner, by=cast.officers[username], **how)

    assert not Entry.objects.exists()


def test_note_attendance_keeps_the_latest_day(cast):
    partner = cast.partner("Sari")

    for day, kept in [(20, 20), (10, 20), (25, 25)]:
        partners.note_attendance(partner.pk, date(2024, 10, day))
        assert Partner.objects.get().last_attended_on == date(2024, 10, kept)
    partners.note_attendance(partner.pk, None)

    assert Partner.objects.get().last_attended_on is None


def test_reveal_of_a_person_erased_meanwhile_keeps_no_reason(cast):
    partner = cast.partner("Sari", phone="+6281234567890")
    stale = Partner.objects.get(pk=partner.pk)
    real = partners.partners_visible_to

    def erased_after_the_look(user):
        seen = real(user)
        return type(
            "Seen", (), {"filter": lambda self, **about: ErasedOnExists(seen.filter(**about), stale)}
        )()

    with pytest.MonkeyPatch.context() as patch, pytest.raises(ValidationError) as refused:
        patch.setattr(partners, "partners_visible_to", erased_after_the_look)
        partners.reveal_contact(partner=stale, by=cast.kubar, reason="menelepon Sari")

    assert refused.value.code == "gone"
    assert "Sari" not in str(Detail.objects.values())


class ErasedOnExists:
    """The race in one thread: the person is seen, and erased before the look is written down."""

    def __init__(self, rows, partner):
        self.rows, self.partner = rows, partner

    def exists(self):
        seen = self.rows.exists()
        erasure.erase(partner=self.partner)
        return seen
