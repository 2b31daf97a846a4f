"""The list of partners: who stands in it for whom, in which order, at which cost."""

import base64
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.models import Consent, ConsentText, Share

URL = "/mitra/"
QUERIES = 12


def names(response):
    return re.findall(r'class="row-title"[^>]*>([^<]+)<', response.content.decode())


def archived(cast, name, **fields):
    return cast.partner(
        name, status="archived", archived_at=timezone.now(), archived_by_id=cast.kubar.pk, **fields
    )


def shared(partner, unit):
    text = ConsentText.objects.get(purpose="share_unit")
    consent = Consent.objects.create(
        partner=partner, purpose="share_unit", decision="given", text=text, at=timezone.now(), channel="link"
    )
    return Share.objects.create(partner=partner, unit=unit, consent=consent)


@pytest.fixture
def people(cast):
    """Rows of everyone's, so that what must not be seen is there to be seen."""
    cast.partner("Sari Wulandari", handles=[("instagram", "sariw")], stage_name="Info Barong")
    cast.partner("Élan", kind="journalist", keep="unconfirmed")
    cast.partner("Andi", status="prospective", region_id="64.07")
    archived(cast, "Zulkifli")
    cast.partner("Rahasia Berau", unit="polres-berau", region_id="64.03.05")
    cast.partner("Rahasia Diskominfo", unit="diskominfo-kalbar", region_id="61.71")
    cast.partner("Rahasia Polda", unit="polda-kaltim", region_id="64")


def test_list_shows_the_officers_own_in_the_order_of_names(sign_in, people):
    response = sign_in("kubar").get(URL)

    assert names(response) == ["Andi", "Élan", "Sari Wulandari"]
    html = response.content.decode()
    assert "Rahasia" not in html
    assert "@sariw" in html and "Info Barong" in html


@pytest.mark.parametrize(
    ("username", "seen"),
    [
        ("berau", ["Rahasia Berau"]),
        ("diskominfo", ["Rahasia Diskominfo"]),
        ("bidhumas", ["Andi", "Élan", "Rahasia Berau", "Rahasia Polda", "Sari Wulandari"]),
        ("divhumas", ["Andi", "Élan", "Rahasia Berau", "Rahasia Polda", "Sari Wulandari"]),
        ("privasi", ["Andi", "Élan", "Rahasia Berau", "Rahasia Polda", "Sari Wulandari"]),
    ],
)
def test_list_shows_a_unit_and_those_below_it(sign_in, people, username, seen):
    assert names(sign_in(username).get(URL)) == seen


@pytest.mark.parametrize("username", ["pimpinan", "admin"])
def test_list_is_closed_to_roles_without_partners(sign_in, people, username):
    response = sign_in(username).get(URL)

    assert response.status_code == 403
    assert "Sari" not in response.content.decode()


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("q=wulan", ["Sari Wulandari"]),
        ("q=SARI+wul", ["Sari Wulandari"]),
        ("q=barong", ["Sari Wulandari"]),
        ("q=%40sariw", ["Sari Wulandari"]),
        ("q=elan", ["Élan"]),
        ("q=rahasia", []),
        ("q=zulkifli", []),
        ("q=zulkifli&status=archived", ["Zulkifli"]),
        ("status=archived", ["Zulkifli"]),
        ("status=prospective", ["Andi"]),
        ("status=active", ["Élan", "Sari Wulandari"]),
        ("keep=none", ["Andi"]),
        ("keep=unconfirmed", ["Élan"]),
        ("kind=journalist", ["Élan"]),
        ("kind=journalist&q=sari", []),
        ("platform=instagram", ["Sari Wulandari"]),
        ("platform=tiktok", []),
        ("district=64.07.07", ["Élan", "Sari Wulandari"]),
        ("kind=hantu", ["Andi", "Élan", "Sari Wulandari"]),
        ("unit=polres-berau", ["Andi", "Élan", "Sari Wulandari"]),
        ("district=64.03.05", ["Andi", "Élan", "Sari Wulandari"]),
        ("q=%25", ["Andi", "Élan", "Sari Wulandari"]),
        ("q=%00", ["Andi", "Élan", "Sari Wulandari"]),
        ("after=kacau", ["Andi", "Élan", "Sari Wulandari"]),
    ],
)
def test_list_is_narrowed_by_what_the_address_says(sign_in, people, query, seen):
    assert names(sign_in("kubar").get(f"{URL}?{query}")) == seen


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("regency=64.07", ["Andi", "Élan", "Sari Wulandari"]),
        ("regency=64.07&district=64.07.07", ["Élan", "Sari Wulandari"]),
        ("regency=64.03&district=64.07.07", ["Rahasia Berau"]),
        ("unit=polres-berau", ["Rahasia Berau"]),
        ("unit=diskominfo-kalbar&q=rahasia", ["Rahasia Berau", "Rahasia Polda"]),
        ("q=rahasia", ["Rahasia Berau", "Rahasia Polda"]),
    ],
)
def test_list_of_a_higher_unit_narrows_by_region_and_unit(sign_in, people, query, seen):
    assert names(sign_in("bidhumas").get(f"{URL}?{query}")) == seen


def test_list_offers_units_only_to_who_has_several(sign_in, people):
    assert 'name="unit"' not in sign_in("kubar").get(URL).content.decode()
    html = sign_in("bidhumas").get(URL).content.decode()
    assert 'name="unit"' in html
    assert "Diskominfo Kalbar" not in html


def test_list_offers_the_districts_of_the_officers_regency_at_once(sign_in, people):
    html = sign_in("kubar").get(URL).content.decode()

    assert 'name="province"' not in html and 'name="regency"' not in html
    assert "Barong Tongkok" in html and "Tanjung Redeb" not in html


def test_list_shows_what_is_shared_while_it_is_shared(cast, sign_in):
    share = shared(cast.partner("Sari", unit="polres-berau", region_id="64.03.05"), cast.unit("polres-kubar"))
    assert names(sign_in("kubar").get(URL)) == ["Sari"]

    share.ended_at = timezone.now()
    share.save(update_fields=["ended_at"])

    assert names(sign_in("kubar").get(URL)) == []


def test_list_says_states_in_words(sign_in, people):
    html = sign_in("kubar").get(f"{URL}?q=andi").content.decode()
    assert html.count('class="state state-info"') == 1
    html = sign_in("kubar").get(f"{URL}?q=elan").content.decode()
    assert html.count('class="state state-warn"') == 1


@pytest.mark.parametrize("query", ["", "?q=warga", "?kind=influencer", "?q=warga&kind=influencer&platform=x"])
def test_list_pages_hold_everybody_once_and_in_order(cast, sign_in, query):
    for number in range(120):
        cast.partner(f"Warga {number:03}", handles=[("x", f"warga{number}")])
    client, seen, url = sign_in("kubar"), [], URL + query
    for _page in range(3):
        response = client.get(url)
        seen += names(response)
        found = re.search(
            r'class="btn btn-primary" href="(/mitra/\?[^"]*after=[^"]*)"', response.content.decode()
        )
        url = found.group(1).replace("&amp;", "&") if found else ""

    assert seen == [f"Warga {number:03}" for number in range(120)]
    assert url == ""


def test_list_pages_do_not_lose_people_of_the_same_name(cast, sign_in):
    for number in range(55):
        cast.partner("Sari", stage_name=f"nomor {number}")
    client = sign_in("kubar")
    first = client.get(URL).content.decode()
    url = re.search(r'href="(/mitra/\?after=[^"]*)"', first).group(1)

    seen = re.findall(r"nomor \d+", first + client.get(url).content.decode())

    assert len(set(seen)) == len(seen) == 55


def test_list_stops_counting_at_a_thousand(cast, sign_in, monkeypatch):
    from partners.queries import listing

    monkeypatch.setattr(listing, "COUNT_CAP", 2)
    for number in range(4):
        cast.partner(f"Warga {number}")

    response = sign_in("kubar").get(f"{URL}?q=warga")

    assert names(response) == [f"Warga {number}" for number in range(4)]
    assert response.context["count"].is_more
    assert "Lebih dari 1.000 mitra" in response.content.decode()


@pytest.mark.parametrize("query", ["", "?q=warga&kind=influencer&regency=64.07&platform=x"])
@pytest.mark.parametrize("username", ["kubar", "bidhumas"])
@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_the_same_number_of_questions_for_one_and_for_three(cast, sign_in, query, username, number):
    for n in range(number):
        cast.partner(
            f"Warga {n}", handles=[("x", f"a{n}"), ("x", f"b{n}")], region_id=["64.07", "64.07.07"][n % 2]
        )
    client = sign_in(username)

    with CaptureQueriesContext(connection) as asked:
        assert len(names(client.get(URL + query))) == number

    expected = {("kubar", ""): 9, ("bidhumas", ""): 10}.get(
        (username, query), 10 if username == "kubar" else 11
    )
    assert len(asked) == expected <= QUERIES, [entry["sql"] for entry in asked]


def test_list_answers_htmx_with_the_results_alone(sign_in, people):
    response = sign_in("kubar").get(f"{URL}?q=sari&kind=&after=", headers={"HX-Request": "true"})

    html = response.content.decode()
    assert "<html" not in html
    assert names(response) == ["Sari Wulandari"]
    assert response["HX-Push-Url"] == "/mitra/?q=sari"
    assert "HX-Request" in response["Vary"]


def test_list_says_what_to_do_when_it_is_empty(sign_in, cast):
    html = sign_in("kubar").get(URL).content.decode()
    assert html.count('class="empty-title"') == 1
    assert html.count(reverse("partners:partner-add")) == 2

    assert reverse("partners:partner-add") not in sign_in("privasi").get(URL).content.decode()


def test_list_offers_to_add_whom_it_did_not_find(sign_in, people):
    html = sign_in("kubar").get(f"{URL}?q=Nur%27aini+%26+co").content.decode()

    assert "/mitra/tambah/?nama=Nur%27aini%20%26%20co" in html


def test_list_cuts_a_long_search(sign_in, people):
    response = sign_in("kubar").get(f"{URL}?q={'x' * 5000}")

    assert response.status_code == 200
    assert response.context["filters"].typed == "x" * 80


def test_list_looks_for_misspelled_names_only_where_few_bear_the_right_one(cast, sign_in):
    for number in range(9):
        cast.partner(f"Sari {number}")
    cast.partner("Sarri Wulandri")
    cast.partner("Wulandari")
    client = sign_in("kubar")
    assert names(client.get(f"{URL}?q=wulandari")) == ["Sarri Wulandri", "Wulandari"]

    for number in range(10):
        cast.partner(f"Wulandari {number}")

    assert "Sarri Wulandri" not in names(client.get(f"{URL}?q=wulandari"))


def test_list_of_a_thousand_hits_keeps_its_order_over_pages(cast, sign_in, monkeypatch):
    from partners.queries import listing

    monkeypatch.setattr(listing, "COUNT_CAP", 5)
    for number in range(60):
        cast.partner(f"Warga {number:02}")

    for query in ("q=warga", "q=w", "kind=influencer"):
        first = sign_in("kubar").get(f"{URL}?{query}")
        after = first.context["page"].after
        second = sign_in("kubar").get(f"{URL}?{query}&after={after}")
        assert names(first) + names(second) == [f"Warga {number:02}" for number in range(60)]
        assert first.context["count"].is_more


@pytest.mark.parametrize("nearby", [3000, 120, 10], ids=["all near", "some near", "none near"])
def test_list_of_common_beginnings_is_the_same_whether_the_hits_stand_near_or_far(
    cast, sign_in, monkeypatch, nearby
):
    from partners.queries import listing

    monkeypatch.setattr(listing, "COUNT_CAP", 5)
    monkeypatch.setattr(listing, "NEARBY", nearby)
    for number in range(110):
        cast.partner(f"Warga {number:03}")
        cast.partner(f"Orang {number:03}")
    cast.partner("Wawan Berau", unit="polres-berau", region_id="64.03.05")
    client = sign_in("kubar")

    seen, after = [], ""
    for _page in range(3):
        response = client.get(f"{URL}?q=wa&kind=influencer&after={after}")
        seen += names(response)
        after = response.context["page"].after

    assert seen == [f"Warga {number:03}" for number in range(110)]
    assert after == ""


@pytest.mark.parametrize("query", ["q=warga", "q=wa", "kind=influencer", ""])
def test_list_of_a_made_up_cursor_is_answered(cast, sign_in, query):
    cast.partner("Warga")
    number_for_a_name = base64.urlsafe_b64encode(b"[7, 1]").decode()

    response = sign_in("kubar").get(f"{URL}?{query}&after={number_for_a_name}")

    assert names(response) == ["Warga"]
