"""Many people pasted at once: what is read, what is said of each line, and what is saved."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from partners import pasting
from partners.choices import PartnerStatus
from partners.models import OptOut, Partner, SocialAccount
from partners.operations.pasting import Wanted, save_lines
from partners.opt_outs import handle_address, hash_of, phone_address
from partners.pasting import MAX_LINES, Line, read_contact, read_lines, read_name
from partners.queries.pasting import Verdict, judge
from regions.models import Region

PHONE = "+6281234567890"
COMMON = {"kind": "activist", "source": "phone"}
KUBAR = {"region_province": "64", "region_regency": "64.07", "region_district": ""}
QUERIES = 15
SYLLABLES = [
    *("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu"),
    *("na", "pe", "ri", "so", "tu", "wa", "ye", "zi", "ra", "ko"),
]


@pytest.fixture
def kubar(cast):
    for code, name in (("64.07.01", "Melak"), ("64.07.02", "Long Iram"), ("64.07.03", "Muara Lawa")):
        Region.objects.create(
            code=code, name=name, level="district", parent_id="64.07", timezone="Asia/Makassar"
        )
    return cast.kubar


def verdicts(user, *lines, default=""):
    return [row.verdict for row in judge(user, lines, default=default)]


def pasted(*lines, **fields):
    return COMMON | KUBAR | {"text": "\n".join(lines)} | fields


def preview_fields(*lines, ticked=(), seen="", **fields):
    data = COMMON | KUBAR | {"count": len(lines), "seen": seen} | fields
    for number, (name, contact, place) in enumerate(lines, start=1):
        data |= {f"name-{number}": name, f"contact-{number}": contact, f"place-{number}": place}
    return data | {f"take-{number}": "on" for number in ticked}


def somebody(number):
    """A name unlike those of the other numbers."""
    return f"{SYLLABLES[number // 20]}{SYLLABLES[number % 20]}ndo {SYLLABLES[number % 20]}wi".title()


# Reading --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "1. Rina Sari - 0812 3456 7890 - Barong Tongkok",
            Line("Rina Sari", "0812-3456-7890", "Barong Tongkok"),
        ),
        ("Budi (@budi.kubar), Melak", Line("Budi", "@budi.kubar", "Melak")),
        ("2) Budi", Line("Budi", "", "")),
        (
            "• *Hj. Siti Aminah, S.Sos.* 08131111222 Melak",
            Line("Hj. Siti Aminah, S.Sos.", "0813-1111-222", "Melak"),
        ),
        ("[12/11 14.32] Joko: Andi wa 6281234567890, Melak", Line("Andi", "0812-3456-7890", "Melak")),
        ("- Andi / IG: andi.tv / Melak", Line("Andi", "IG: andi.tv", "Melak")),
        ("Rudi 12345, Melak", Line("Rudi", "12345", "Melak")),
        ("rina@gmail.com Rina Mawar", Line("Rina Mawar", "rina@gmail.com", "")),
        ("Nur'aini, tiktok.com/@nur?x=1, Melak", Line("Nur'aini", "tiktok.com/@nur?x=1", "Melak")),
        ("Rina Sari\t81234567890\tMelak", Line("Rina Sari", "0812-3456-7890", "Melak")),
        ("7\tRina Sari\t\tMelak", Line("Rina Sari", "", "Melak")),
        ("=cmd|' /C calc'!A0\t0812", Line("=cmd, ' /C calc'!A0", "0812", "")),
        ("081234567890", Line("", "0812-3456-7890", "")),
        ("I Made Suardana", Line("I Made Suardana", "", "")),
        ("21/10/24, 20.15 - Joko: Andi 081234567890, Melak", Line("Andi", "0812-3456-7890", "Melak")),
        ("1 Rina Sari 081234567890 Melak", Line("Rina Sari", "0812-3456-7890", "Melak")),
        ("1️⃣0️⃣ Rina Sari ✅ 081234567890 👍🏽", Line("Rina Sari", "0812-3456-7890", "")),
        ("Rina Sari https://wa.me/6281234567890 Melak", Line("Rina Sari", "0812-3456-7890", "Melak")),
        ("Rina Sari threads.net/@rina Melak", Line("Rina Sari", "threads.net/@rina", "Melak")),
        ("Rina Sari ig rina.sari Melak", Line("Rina Sari", "ig rina.sari", "Melak")),
        ("Nama: Rina Sari HP: 081234567890 Alamat: Melak", Line("Rina Sari", "0812-3456-7890", "Melak")),
        ("Nama : Rina\nNo. HP: 081234567890\nKecamatan: Melak", Line("Rina", "0812-3456-7890", "Melak")),
        ("1\tRina Sari\t'081234567890\tMelak", Line("Rina Sari", "0812-3456-7890", "Melak")),
        ('"Rina Sari, S.Pd"\t081234567890\tMelak', Line("Rina Sari, S.Pd", "0812-3456-7890", "Melak")),
    ],
)
def test_a_line_is_read_as_people_write_it(text, line):
    found = read_lines(text)

    assert len(found) == 1
    if not text.startswith("="):
        assert found == [line]
    else:
        assert found[0].name.startswith("=cmd")


def test_a_header_row_names_the_columns_and_is_passed_over():
    text = "No.\tKecamatan\tNama\tNo HP\tTikTok\n1\tMelak\tRina Sari\t'0812 3456 7890\trina\n\n2\tMelak\tBudi\t\t@b\n"

    assert read_lines(text) == [
        Line("Rina Sari", "0812-3456-7890, tiktok rina", "Melak"),
        Line("Budi", "tiktok @b", "Melak"),
    ]


def test_contact_says_number_address_and_accounts():
    contact = read_contact("0812-3456-7890, Rina@Gmail.com, tiktok @rina, @rina.ig, fb: rina.sari")

    assert (contact.phone, contact.email, contact.unread) == (PHONE, "rina@gmail.com", "")
    assert [(str(one.platform), one.handle) for one in contact.handles] == [
        ("tiktok", "rina"),
        ("instagram", "rina.ig"),
        ("facebook", "rina.sari"),
    ]


def test_titles_stand_apart_from_the_name():
    name = read_name("H. Rina  Sari, S.Sos., M.M.")

    assert (name.title_before, name.full_name, name.title_after) == ("H.", "Rina Sari", "S.Sos., M.M.")
    assert read_name("H.").full_name == "H."


@pytest.mark.parametrize(
    "text", ["", "\n\n", "\t\t", "---", "\0", "*" * 3000, "@" * 500, "1." * 400, "‮\u200b", "((((("]
)
def test_strange_text_is_read_without_breaking(text):
    for line in read_lines(text):
        read_contact(line.contact)
        read_name(line.name)


@pytest.mark.parametrize("text", ["a." * 20_000, "-" * 40_000, "no " * 13_000])
def test_a_line_without_end_is_looked_at_no_further_than_a_line_is_long(text, monkeypatch):
    """The patterns take the square of the length: forty thousand characters held a worker for over a minute."""
    looked_at = []
    taken = pasting._LABEL

    class Watched:
        def sub(self, by, line):
            looked_at.append(len(line))
            return taken.sub(by, line)

    monkeypatch.setattr(pasting, "_LABEL", Watched())
    read_lines(text)

    assert len(looked_at) == 1 and looked_at[0] <= pasting.MAX_LINE


def test_a_line_reads_the_same_again():
    for line in read_lines("Hj. Siti, S.Sos. 08131111222 @siti Melak\nBudi - tiktok @budi - Barong Tongkok"):
        assert read_lines(line.text) == [line]


@pytest.mark.parametrize(
    "line",
    [
        Line("", "0812-3456-7890", "Melak"),
        Line("", "", "Melak"),
        Line("Tuti", "", "64.07.02"),
        Line("Tuti", "0812-3456-7890", "64.07.02"),
        Line("Tuti", "12", "64.07"),
    ],
)
def test_a_line_that_was_left_over_reads_the_same_again(line):
    """Without a name it is nobody, not the place; the code of a place that was chosen is no number to call."""
    assert read_lines(line.text) == [line]


# Judging --------------------------------------------------------------------------------------------------------------


def test_verdicts_of_new_maybe_and_cannot(cast, kubar):
    cast.partner("Rina Sari")

    rows = judge(
        kubar,
        [
            Line("Budi Santoso", "0812-3456-7890", "Melak"),
            Line("Rina Sary", "", "Melak"),
            Line("", "0812-3456-7891", "Melak"),
            Line("Tuti", "12345", "Melak"),
            Line("Andi", "rina sari", "Melak"),
            Line("Tuti Dua", "", "Atlantis"),
            Line("Tuti Tiga", "", "Tanjung Redeb"),
            Line("x" * 121, "", "Melak"),
            Line("Tuti Empat", "", ""),
        ],
    )

    assert [row.verdict for row in rows] == [Verdict.NEW, Verdict.MAYBE, *[Verdict.CANNOT] * 7]
    assert [twin.name for twin in rows[1].twins] == ["Rina Sari"]
    assert [len(row.reasons) for row in rows[2:]] == [1] * 7, [row.reasons for row in rows]


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("Melak", "64.07.01"),
        ("kec. melak", "64.07.01"),
        ("Barongtongkok", "64.07.07"),
        ("Barong Tongkog", "64.07.07"),
        ("Melak, Kutai Barat", "64.07.01"),
        ("Kutai Barat, Melak", "64.07.01"),
        ("Kab. Kutai Barat", "64.07"),
        ("64.07.02", "64.07.02"),
    ],
)
def test_a_place_is_found_whatever_its_spelling(kubar, place, code):
    assert judge(kubar, [Line("Budi", "", place)])[0].place.code == code


def test_a_place_of_two_meanings_is_asked_unless_the_default_says(cast, kubar):
    Region.objects.create(
        code="64.02.09", name="Melak", level="district", parent_id="64.02", timezone="Asia/Makassar"
    )
    line = Line("Budi", "", "Melak")

    asked = judge(cast.bidhumas, [line])[0]

    assert asked.verdict == Verdict.CANNOT
    assert [place.code for place in asked.options] == ["64.02.09", "64.07.01"]
    assert judge(cast.bidhumas, [line], default="64.07")[0].place.code == "64.07.01"
    assert judge(cast.bidhumas, [Line("Budi", "", "Melak, Kutai Barat")])[0].place.code == "64.07.01"


def test_a_district_that_a_neighbour_polices_says_whose_it_is(cast):
    row = judge(cast.kukar, [Line("Budi", "", "Muara Badak")])[0]

    assert row.verdict == Verdict.CANNOT and "Polres Bontang" in row.reasons[0]


def test_a_line_without_a_place_takes_the_default(kubar):
    assert verdicts(kubar, Line("Budi", "", ""), default="64.07") == [Verdict.NEW]


def test_the_same_person_twice_and_a_shared_number(kubar):
    rows = judge(
        kubar,
        [
            Line("Rina Sari", "0812-3456-7890", "Melak"),
            Line("rina sari", "", "Melak"),
            Line("Rina Sari", "081234567890", "Long Iram"),
            Line("Budi", "0812-3456-7890", "Melak"),
            Line("Rina Sari", "", "Long Iram"),
        ],
    )

    assert [row.verdict for row in rows] == ["new", "cannot", "cannot", "maybe", "cannot"]
    assert "1" in rows[1].reasons[0] and "1" in rows[2].reasons[0] and "1" in rows[3].notes[0]


def test_an_address_that_asked_for_quiet_is_refused(kubar):
    OptOut.objects.create(address_hash=hash_of(phone_address(PHONE)), kind="phone")
    OptOut.objects.create(address_hash=hash_of(handle_address("instagram", "budi")), kind="handle")

    found = verdicts(
        kubar,
        Line("Rina Sari", "081234567890", "Melak"),
        Line("Budi", "@Budi", "Melak"),
        Line("Budi", "tiktok @budi", "Long Iram"),
    )

    assert found == [Verdict.CANNOT, Verdict.CANNOT, Verdict.NEW]


def test_an_agency_pastes_for_itself(cast, kubar):
    assert verdicts(cast.diskominfo, Line("Budi", "", "Kota Pontianak")) == [Verdict.NEW]


# The preview ----------------------------------------------------------------------------------------------------------


def test_preview_shows_each_line_and_ticks_the_new(sign_in, cast, kubar):
    twin = cast.partner("Rina Sari")

    html = (
        sign_in("kubar")
        .post("/mitra/tempel/", pasted("Budi - 081234567890 - Melak", "Rina Sary", "Tuti - 12"))
        .content.decode()
    )

    assert re.findall(r'id="take-(\d)" checked', html) == ["1"]
    assert f'href="/mitra/{twin.public_id}/"' in html and f'name="seen" value="2:{twin.public_id}"' in html
    assert 'value="0812-3456-7890"' in html and "Melak, Kabupaten Kutai Barat" in html
    assert not Partner.objects.filter(full_name="Budi").exists()


@pytest.mark.parametrize("count", [1, 60])
def test_preview_costs_the_same_however_many_lines(sign_in, cast, kubar, count):
    cast.partner("Rina Sari", phone=PHONE)
    lines = [f"{somebody(n)} - 08123456{n:04} (@budi{n}) - Melak" for n in range(count)]
    client = sign_in("kubar")

    with CaptureQueriesContext(connection) as queries:
        html = client.post("/mitra/tempel/", pasted(*lines)).content.decode()

    assert html.count("paste-row paste-new") == count
    assert len(queries) == QUERIES, [query["sql"][:100] for query in queries]


def test_preview_says_nothing_of_people_elsewhere(sign_in, cast, kubar):
    client = sign_in("kubar")
    fields = pasted("Rina Sari - 081234567890 (@rina) - Melak")
    before = _blind(client.post("/mitra/tempel/", fields))
    cast.partner(
        "Rina Sari", unit="polres-berau", region_id="64.03.05", phone=PHONE, handles=[("instagram", "rina")]
    )
    cast.partner("Rina Sari", unit="diskominfo-kalbar", region_id="61.71", phone=PHONE)

    assert _blind(client.post("/mitra/tempel/", fields)) == before


def _blind(response):
    assert response.status_code == 200
    return re.sub(r'value="[^"]{60,}"|X-CSRFToken[^}]*|nonce="[^"]*"', "", response.content.decode())


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": "\n \n"},
        {"text": "\n".join(f"Budi {n}" for n in range(MAX_LINES + 1))},
        {"text": "x" * 40_001},
        {"kind": ""},
        {"source": "intelijen"},
    ],
)
def test_paste_that_cannot_be_read_is_said_and_kept(sign_in, kubar, fields):
    response = sign_in("kubar").post("/mitra/tempel/", pasted("Budi") | fields)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert fields.get("text", "Budi").strip()[:20] in response.content.decode()


def test_two_hundred_lines_with_a_header_fit(sign_in, kubar):
    lines = ["Nama\tHP\tKecamatan", *(f"{somebody(n)}\t08123456{n:04}\tMelak" for n in range(MAX_LINES))]
    client = sign_in("kubar")

    html = client.post("/mitra/tempel/", pasted(*lines)).content.decode()
    rows = [(f"{somebody(n)}", f"08123456{n:04}", "Melak") for n in range(MAX_LINES)]
    client.post("/mitra/tempel/simpan/", preview_fields(*rows, ticked=range(1, MAX_LINES + 1)))

    assert html.count("paste-row paste-new") == MAX_LINES
    assert Partner.objects.count() == MAX_LINES


def test_check_reads_what_was_mended_and_keeps_the_ticks(sign_in, kubar):
    rows = [("Budi", "081234567890", "Melak"), ("Tuti", "", "64.07.02"), ("<b>Andi</b>", "12", "Melak")]

    html = (
        sign_in("kubar").post("/mitra/tempel/periksa/", preview_fields(*rows, ticked=[2, 3])).content.decode()
    )

    assert re.findall(r'id="take-(\d)" checked', html) == ["2"]
    assert "Long Iram, Kabupaten Kutai Barat" in html and "<b>Andi" not in html
    assert not Partner.objects.exists()


@pytest.mark.parametrize("step", ["periksa/", "simpan/"])
def test_steps_are_posts_and_a_broken_preview_begins_again(sign_in, kubar, step):
    client = sign_in("kubar")

    assert client.get(f"/mitra/tempel/{step}").status_code == 405
    for broken in ({"kind": ""}, {"count": "kacau"}, {"count": "5000"}, {"seen": "x" * 100_001}):
        response = client.post(
            f"/mitra/tempel/{step}", preview_fields(("Budi", "", "Melak"), ticked=[1]) | broken
        )
        assert response.status_code == 200
    assert not Partner.objects.exists()


def test_paste_is_closed_to_those_who_do_not_add(sign_in, kubar):
    for step in ("", "periksa/", "simpan/"):
        assert sign_in("privasi").post(f"/mitra/tempel/{step}", pasted("Budi")).status_code == 403
    assert "/mitra/tempel/" in sign_in("kubar").get("/mitra/").content.decode()
    assert "/mitra/tempel/" not in sign_in("privasi").get("/mitra/").content.decode()


# Saving ---------------------------------------------------------------------------------------------------------------


def test_save_registers_the_ticked_and_keeps_the_rest(sign_in, cast, kubar):
    cast.partner("Rina Sari")
    rows = [
        ("Hj. Siti Aminah, S.Sos.", "0812-3456-7890, tiktok @siti", "Melak"),
        ("Budi", "", "Melak"),
        ("Tuti", "12", "Melak"),
        ("Rina Sary", "", "Melak"),
    ]

    html = (
        sign_in("kubar")
        .post("/mitra/tempel/simpan/", preview_fields(*rows, ticked=[1, 3, 4]))
        .content.decode()
    )

    siti = Partner.objects.get(full_name="Siti Aminah")
    assert Partner.objects.count() == 2
    assert (siti.title_before, siti.title_after, str(siti.phone)) == ("Hj.", "S.Sos.", PHONE)
    assert (siti.region_id, siti.unit, siti.kind, siti.source) == (
        "64.07.01",
        cast.unit("polres-kubar"),
        "activist",
        "phone",
    )
    assert siti.status == PartnerStatus.PROSPECTIVE and siti.created_by_id == kubar.pk
    assert list(SocialAccount.objects.values_list("platform", "handle")) == [("tiktok", "siti")]
    assert Entry.objects.filter(verb="partner.registered").count() == 1
    left = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.S).group(1)
    assert left.split("\n")[-3:] == ["Budi\t\tMelak", "Tuti\t12\tMelak", "Rina Sary\t\tMelak"]


def test_a_line_left_over_names_the_place_that_was_chosen(sign_in, cast, kubar):
    cast.partner("Rina Sari")

    page = sign_in("kubar").post(
        "/mitra/tempel/simpan/", preview_fields(("Rina Sary", "", "64.07.02"), ticked=[1])
    )
    left = page.context["form"].initial["text"]

    assert left == "Rina Sary\t\tLong Iram, Kabupaten Kutai Barat"
    assert [row.place.code for row in judge(kubar, read_lines(left))] == ["64.07.02"]


def test_save_takes_a_twin_that_was_shown_and_ticked(sign_in, cast, kubar):
    twin = cast.partner("Rina Sari")
    fields = preview_fields(("Rina Sary", "", "Melak"), ticked=[1], seen=f"1:{twin.public_id}")
    client = sign_in("kubar")

    client.post("/mitra/tempel/simpan/", fields)
    assert Partner.objects.count() == 2
    client.post("/mitra/tempel/simpan/", fields)
    assert Partner.objects.count() == 2  # the record of the first press was not shown


def test_save_twice_makes_no_second_record(sign_in, kubar):
    fields = preview_fields(("Budi", "", "Melak"), ("Tuti", "", "Melak"), ticked=[1, 2])
    client = sign_in("kubar")

    for _press in range(2):
        assert client.post("/mitra/tempel/simpan/", fields).status_code == 200
    assert Partner.objects.count() == 2


def test_save_is_all_or_none(kubar, monkeypatch):
    from partners.operations import pasting

    register, calls = pasting.register, []

    def breaks(**facts):
        calls.append(facts)
        if len(calls) == 2:
            raise RuntimeError
        return register(**facts)

    monkeypatch.setattr(pasting, "register", breaks)
    lines = [Wanted(Line("Budi", "", "Melak"), True), Wanted(Line("Tuti", "", "Melak"), True)]

    with pytest.raises(RuntimeError):
        save_lines(by=kubar, lines=lines, **COMMON)

    assert not Partner.objects.exists() and not Entry.objects.filter(verb="partner.registered").exists()


def test_save_of_a_line_outside_the_territory_is_refused(sign_in, cast, kubar):
    rows = [("Budi", "", "Tanjung Redeb"), ("Tuti", "", "64.03.05")]

    sign_in("kubar").post("/mitra/tempel/simpan/", preview_fields(*rows, ticked=[1, 2]))

    assert not Partner.objects.exists()
