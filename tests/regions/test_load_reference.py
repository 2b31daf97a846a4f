"""manage.py load_reference: counts, repeated runs, updates, and what it refuses."""

from __future__ import annotations

import json
import shutil
from datetime import date

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Election, Jurisdiction, Rank, Unit
from accounts.operations import reference
from config.management.commands import load_reference
from events.models import PledgeText
from events.operations import pledge_texts
from partners.choices import Purpose
from partners.models import ConsentText
from partners.operations import consent_texts
from regions.models import DataSource, Region
from regions.operations import regions

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(db):
    call_command("load_reference", verbosity=0)


@pytest.fixture
def copied_files(settings, tmp_path):
    """The reference files in a folder of this test, where they may be changed."""
    for piece in load_reference.PIECES:
        for name in piece.files:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(django_settings.BASE_DIR / name, tmp_path / name)
    settings.BASE_DIR = tmp_path
    return tmp_path


def change(path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_load_reference_brings_every_row_of_the_files(loaded):
    counts = {
        level: Region.objects.filter(level=level).count() for level in ("province", "regency", "district")
    }
    assert counts == {"province": 38, "regency": 514, "district": 7285}
    assert Unit.objects.exclude(kind="agency").count() == 61
    assert sorted(Unit.objects.filter(kind="agency").values_list("code", flat=True)) == [
        "diskominfo-balikpapan",
        "diskominfo-kalbar",
    ]
    assert (Jurisdiction.objects.count(), Rank.objects.count(), Election.objects.count()) == (76, 22, 2)
    assert dict(DataSource.objects.values_list("key", "rows")) == {
        "regions": 7837,
        "units": 63,
        "jurisdictions": 76,
        "ranks": 22,
        "elections": 2,
        "consent-texts": 7,
        "pledge-texts": 1,
        "report-channels": 12,
    }


def test_load_reference_zone_of_a_province_reaches_its_districts(loaded):
    def zones_in(province: str) -> set[str]:
        return set(
            Region.objects.filter(code__gte=province, code__lt=f"{province}/").values_list(
                "timezone", flat=True
            )
        )

    assert zones_in("64") == {"Asia/Makassar"}
    assert zones_in("61") == {"Asia/Pontianak"}
    assert zones_in("32") == {"Asia/Jakarta"}
    assert zones_in("91") == {"Asia/Jayapura"}


def test_load_reference_hangs_units_under_the_unit_above(loaded):
    assert Unit.objects.get(code="polres-kubar").parent.code == "polda-kaltim"
    assert Unit.objects.get(code="polda-kaltim").parent.code == "mabes"
    roots = Unit.objects.filter(parent=None).values_list("code", flat=True)
    assert sorted(roots) == ["diskominfo-balikpapan", "diskominfo-kalbar", "mabes"]


def test_load_reference_result_not_declared_stays_empty(loaded):
    assert dict(Election.objects.values_list("code", "result_on")) == {
        "pilkada-2024": None,
        "pemilu-2024": date(2024, 3, 20),
    }


def test_load_reference_second_time_only_reads_the_checksums(loaded):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        call_command("load_reference", verbosity=0)

    assert len(queries) == 1


def test_load_reference_updates_and_never_deletes(loaded, copied_files):
    kubar = Unit.objects.get(code="polres-kubar")
    Region.objects.create(code="64.99", name="Uji", level="regency", parent_id="64", timezone="Asia/Makassar")
    change(copied_files / "accounts/reference/units.csv", "Polres Kubar", "Polres Kutai Barat")
    change(copied_files / "regions/reference/districts.csv", "64.02.05,64.02,Muara Badak\n", "")
    change(copied_files / "regions/reference/regencies.csv", "Kabupaten Kutai Barat", "Kab. Kutai Barat")

    call_command("load_reference", verbosity=0)

    after = Unit.objects.get(code="polres-kubar")
    assert (after.pk, after.public_id, after.short_name) == (kubar.pk, kubar.public_id, "Polres Kutai Barat")
    assert Region.objects.get(code="64.07").name == "Kab. Kutai Barat"
    assert Region.objects.filter(code__in=["64.99", "64.02.05"]).count() == 2
    assert Unit.objects.count() == 63


def test_load_reference_ended_jurisdiction_gets_its_last_day(loaded, copied_files):
    before = Jurisdiction.objects.get(unit__code="polres-kubar")
    change(
        copied_files / "accounts/reference/jurisdictions.csv",
        "polres-kubar,64.07,include,,,",
        "polres-kubar,64.07,include,,2030-12-31,",
    )

    call_command("load_reference", verbosity=0)

    assert list(Jurisdiction.objects.filter(unit__code="polres-kubar").values_list("pk", "valid_to")) == [
        (before.pk, date(2030, 12, 31))
    ]
    assert Jurisdiction.objects.count() == 76


def test_load_reference_refuses_an_edited_consent_text(loaded, copied_files):
    path = copied_files / "partners/reference/consent_texts.json"
    change(path, "mengirim surel kepada Anda", "mengirim apa saja kepada Anda")
    body = ConsentText.objects.filter(purpose="email").latest("version").body

    with pytest.raises(CommandError, match="Consent texts"):
        call_command("load_reference", verbosity=0)

    assert ConsentText.objects.filter(purpose="email").latest("version").body == body


def test_load_reference_refuses_an_edited_pledge_text(loaded):
    text = PledgeText.objects.get(code="umum")
    points = [point.body for point in text.points.all()]

    with pytest.raises(ValidationError) as refusal:
        pledge_texts.publish(
            code="umum", version=1, title=text.title, preamble=text.preamble, points=points[:-1]
        )

    assert refusal.value.code == "published"
    assert text.points.count() == len(points)


def test_load_reference_failure_leaves_the_piece_as_it_was(loaded, copied_files):
    checksum = DataSource.objects.get(key="units").checksum
    path = copied_files / "accounts/reference/units.csv"
    change(path, "Polres Kubar,polres,polda-kaltim", "Polres Kubar Baru,polres,polda-tidak-ada")

    with pytest.raises(CommandError, match="polda-tidak-ada"):
        call_command("load_reference", verbosity=0)

    assert Unit.objects.get(code="polres-kubar").short_name == "Polres Kubar"
    assert DataSource.objects.get(key="units").checksum == checksum


def test_load_regions_refuses_a_regency_without_its_province(db):
    province, fact = (
        {"code": "64", "name": "Kaltim"},
        {"code": "64", "short_name": "K", "timezone": "Asia/Makassar"},
    )
    regency = {"code": "61.01", "name": "Sambas", "province_code": "61"}

    with pytest.raises(ValidationError) as refusal:
        regions.load(provinces=[province], province_facts=[fact], regencies=[regency], districts=[])

    assert refusal.value.code == "orphan"
    assert Region.objects.count() == 0


def test_load_units_moves_a_unit(cast):
    row = {
        "code": "polres-kubar",
        "name": "Kepolisian Resor Kutai Barat",
        "short_name": "Polres Kubar",
        "kind": "polres",
        "parent_code": "mabes",
        "seat": "",
        "timezone": "Asia/Makassar",
        "head_title": "Kapolres",
        "status": "active",
    }

    reference.load_units([row])

    assert Unit.objects.get(code="polres-kubar").parent == cast.unit("mabes")


def test_consent_texts_cover_every_purpose_and_what_the_law_asks(loaded):
    texts = {text.purpose: text.body for text in ConsentText.objects.order_by("version")}
    assert set(texts) == set(Purpose.values)
    for body in texts.values():
        for said in ("Gunanya:", "Berapa lama:", "tanpa alasan", "Nomor 27 Tahun 2022"):
            assert body.count(said) == 1


def test_consent_text_again_changes_nothing(loaded):
    text = ConsentText.objects.filter(purpose="email").latest("version")

    again = consent_texts.publish(
        purpose="email", version=text.version, body=text.body, valid_from=text.valid_from
    )

    assert again == text


def test_pledge_text_asks_for_no_praise_and_can_be_withdrawn(loaded):
    text = PledgeText.objects.get(code="umum", version=1)
    assert text.title == "Komitmen bersama"
    assert [point.number for point in text.points.all()] == [1, 2, 3, 4, 5]
    for said in (
        "sukarela",
        "menariknya kapan saja tanpa alasan",
        "bukan syarat untuk hadir",
        "tidak meminta siapa pun",
    ):
        assert said in text.preamble


def test_reference_files_are_json_and_csv_with_their_licence():
    folder = django_settings.BASE_DIR / "regions/reference"
    assert "Open Database License" in (folder / "LICENSE-ODbL.md").read_text(encoding="utf-8")
    assert "idn-area-data" in (folder / "NOTICE").read_text(encoding="utf-8")
    texts = json.loads(
        (django_settings.BASE_DIR / "partners/reference/consent_texts.json").read_text(encoding="utf-8")
    )
    assert len(texts) == 7
