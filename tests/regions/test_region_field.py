"""Choosing a region: what the field accepts, what the widget offers, what the filter finds."""

from __future__ import annotations

import django_filters
import pytest
from django import forms

from partners.models import Partner
from regions.models import Region
from regions.widgets import Choice, RegionChoiceField, RegionFilter, RegionSelect


def data(province: str = "", regency: str = "", district: str = "", **more: str) -> dict[str, str]:
    return {"region_province": province, "region_regency": regency, "region_district": district, **more}


class PlaceForm(forms.Form):
    region = RegionChoiceField(least="regency")


class DistrictForm(forms.Form):
    region = RegionChoiceField(least="district", within=["64.07"])


class PartnerFilter(django_filters.FilterSet):
    region = RegionFilter()

    class Meta:
        model = Partner
        fields: list[str] = []


def error_of(form: forms.Form) -> str:
    assert not form.is_valid()
    return form.errors.as_data()["region"][0].code


def offered(html: str, level: str) -> list[str]:
    """The codes in one of the selects of a page."""
    select = html.split(f'id="id_region_{level}"')[1].split("</select>")[0]
    return [part.split('"')[0] for part in select.split('<option value="')[1:] if not part.startswith('"')]


@pytest.mark.parametrize(
    ("choice", "code"),
    [(("64", "64.07", "64.07.07"), "64.07.07"), (("64", "64.07", ""), "64.07")],
)
def test_region_field_gives_the_deepest_region(cast, choice, code):
    form = PlaceForm(data(*choice))

    assert form.is_valid()
    assert form.cleaned_data["region"] == Region.objects.get(code=code)


@pytest.mark.parametrize(
    ("form", "sent", "code"),
    [
        (PlaceForm, data(), "required"),
        (PlaceForm, data("64"), "too_shallow"),
        (DistrictForm, data("64", "64.07"), "too_shallow"),
        (PlaceForm, data("61", "64.07"), "mismatch"),
        (PlaceForm, data("64", "64.07", "64.03.05"), "mismatch"),
        (PlaceForm, data("", "64.07"), "mismatch"),
        (PlaceForm, data("64", "64.98"), "invalid_choice"),
        (PlaceForm, data("64", "64.<x>"), "invalid_choice"),
        (DistrictForm, data("61", "61.71", "61.71.01"), "invalid_choice"),
        (PlaceForm, data("64", "64.07", region_show="1"), "shown"),
    ],
)
def test_region_field_refuses(cast, form, sent, code):
    assert error_of(form(sent)) == code


def test_region_field_not_required_may_stay_empty(cast):
    class Form(forms.Form):
        region = RegionChoiceField(required=False)

    form = Form(data())
    assert form.is_valid()
    assert form.cleaned_data["region"] is None


def test_region_field_starts_from_a_region_or_its_code(cast):
    for initial in ("64.07.07", Region.objects.get(code="64.07.07")):
        html = str(PlaceForm(initial={"region": initial}))
        for code in ("64", "64.07", "64.07.07"):
            assert html.count(f'<option value="{code}" selected>') == 1


def test_region_field_knows_whether_it_changed(cast):
    unchanged = PlaceForm(data("64", "64.07", "64.07.07"), initial={"region": "64.07.07"})
    changed = PlaceForm(data("64", "64.07"), initial={"region": "64.07.07"})

    assert (unchanged.has_changed(), changed.has_changed()) == (False, True)


def test_region_field_shown_comes_back_with_the_lists_filled(cast):
    html = str(PlaceForm(data("64", "64.07", region_show="1")))

    assert offered(html, "regency") == ["64.02", "64.03", "64.07", "64.74"]
    assert offered(html, "district") == ["64.07.07"]


def test_region_field_changed_province_drops_the_old_regency(cast):
    html = str(PlaceForm(data("61", "64.07", "64.07.07")))

    assert offered(html, "regency") == ["61.71"]
    assert offered(html, "district") == []


def test_region_field_offers_only_provinces_within(cast):
    form = PlaceForm()
    assert offered(str(form), "province") == ["61", "64", "91"]

    form.fields["region"].within = ["64.02.05", "64.74", "61"]

    assert offered(str(form), "province") == ["61", "64"]
    assert offered(str(PlaceForm()), "province") == ["61", "64", "91"]


def test_region_field_single_province_is_chosen_already(cast):
    html = str(DistrictForm())

    assert offered(html, "province") == ["64"]
    assert '<option value="64" selected>' in html
    assert offered(html, "regency") == ["64.02", "64.03", "64.07", "64.74"]


def test_region_widget_costs_one_query_and_reading_one_more(cast, django_assert_num_queries):
    form = PlaceForm(data("64", "64.07", "64.07.07"))
    with django_assert_num_queries(1):
        form.full_clean()
    with django_assert_num_queries(1):
        str(form)


def test_region_widget_reads_what_it_writes():
    widget = RegionSelect()
    assert widget.value_from_datadict(data("64", "64.07"), {}, "region") == Choice("64", "64.07", "")
    assert widget.value_omitted_from_data({}, {}, "region")
    assert not widget.value_omitted_from_data(data(), {}, "region")


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ((), ["Badak", "Bontang", "Barong", "Pontianak"]),
        (("64",), ["Badak", "Bontang", "Barong"]),
        (("64", "64.02"), ["Badak"]),
        (("64", "64.07", "64.07.07"), ["Barong"]),
        (("61", "64.07", "64.07.07"), ["Pontianak"]),
        (("99",), ["Badak", "Bontang", "Barong", "Pontianak"]),
    ],
)
def test_region_filter_finds_the_region_and_all_below(cast, choice, names):
    for name, region in [
        ("Badak", "64.02.05"),
        ("Bontang", "64.74"),
        ("Barong", "64.07.07"),
        ("Pontianak", "61.71"),
    ]:
        cast.partner(name, region_id=region)

    found = PartnerFilter(data(*choice), queryset=Partner.objects.order_by("pk")).qs

    assert [partner.full_name for partner in found] == names


def test_region_options_answers_the_lists_below_the_choice(sign_in, django_assert_num_queries):
    client = sign_in("kubar")
    with django_assert_num_queries(3):
        response = client.get("/wilayah/pilihan/", {**data("64", "64.02"), "least": "district"})

    html = response.content.decode()
    assert offered(html, "province") == ["61", "64", "91"]
    assert offered(html, "regency") == ["64.02", "64.03", "64.07", "64.74"]
    assert offered(html, "district") == ["64.02.05", "64.02.06"]


def test_region_options_keeps_to_the_provinces_within(sign_in):
    html = sign_in("kubar").get("/wilayah/pilihan/", {**data("64"), "within": "64,61"}).content.decode()

    assert offered(html, "province") == ["61", "64"]


@pytest.mark.parametrize("bad", ['x"><script>', "a b", "é", "x" * 80])
def test_region_options_ignores_what_it_cannot_read(sign_in, bad):
    sent = {"name": bad, "id": bad, "least": bad, "within": bad, "region_province": bad}

    response = sign_in("kubar").get("/wilayah/pilihan/", sent)

    assert response.status_code == 200
    assert offered(response.content.decode(), "province") == ["61", "64", "91"]
    assert bad not in response.content.decode()


def test_region_options_asks_for_a_login(client, db):
    response = client.get("/wilayah/pilihan/")

    assert (response.status_code, response["Location"]) == (302, "/akun/masuk/?next=/wilayah/pilihan/")


def test_region_options_of_htmx_bring_no_button(sign_in):
    """Swapped in, the button of <noscript> would be a real one, and the first of its form: Enter would press it."""
    html = sign_in("kubar").get("/wilayah/pilihan/", data("64")).content.decode()

    assert "<button" not in html
    assert 'name="region_show"' in str(PlaceForm()["region"])


@pytest.mark.parametrize("typed", ["\x00", "6\x004"])
def test_zero_bytes_are_answered_like_an_empty_choice(cast, sign_in, typed):
    """PostgreSQL takes no zero bytes in a text: they must not get as far."""
    client = sign_in("bidhumas")

    page = client.get("/kegiatan/baru/")
    lists = client.get("/wilayah/pilihan/", {"name": "region", "region_province": typed})
    event = client.post("/kegiatan/baru/", {"region_province": typed, "region_regency": typed})

    assert (page.status_code, lists.status_code, event.status_code) == (200, 200, 200)
    assert event.context["form"].errors.as_data()["region"][0].code == "required"
