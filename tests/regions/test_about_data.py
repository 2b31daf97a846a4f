"""The page about the data."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from config.management.commands import load_reference
from regions.models import DataSource


def source(key: str) -> DataSource:
    return DataSource.objects.create(
        key=key,
        name=f"Data {key}",
        source="Dari uji",
        licence="MIT",
        dated="2026",
        rows=3,
        loaded_at=timezone.now(),
    )


def test_about_data_names_source_licence_date_and_rows(sign_in, monkeypatch):
    """Only the regions are loaded: the cast has consent texts of its own, which the command would refuse to change."""
    client = sign_in("kubar")
    monkeypatch.setattr(load_reference, "PIECES", load_reference.PIECES[:1])
    call_command("load_reference", verbosity=0)

    html = client.get("/wilayah/sumber-data/").content.decode()

    for said in ("idn-area-data 4.0.1", "Open Database License 1.0 (ODbL)", "2026-02-20", "<dd>7837</dd>"):
        assert html.count(said) == 1
    assert "is made available under the" in html


@pytest.mark.parametrize("sources", [1, 3])
def test_about_data_costs_the_same_for_one_source_and_three(sign_in, sources, django_assert_num_queries):
    client = sign_in("kubar")
    for number in range(sources):
        source(f"s{number}")

    with django_assert_num_queries(3):
        response = client.get("/wilayah/sumber-data/")

    assert response.content.decode().count("Dari uji") == sources


def test_about_data_empty_says_what_to_do(sign_in):
    assert "load_reference" in sign_in("kubar").get("/wilayah/sumber-data/").content.decode()


def test_about_data_asks_for_a_login(client, db):
    response = client.get("/wilayah/sumber-data/")

    assert (response.status_code, response["Location"]) == (302, "/akun/masuk/?next=/wilayah/sumber-data/")
