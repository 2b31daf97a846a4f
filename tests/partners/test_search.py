"""Names are found in every spelling that people use."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from partners.models import Partner
from partners.queries.search import matching
from partners.search import normalised, query_words, resembles, search_key_for, sort_key_for

FOUND = [
    ("Pegiat Kubar", "penggiat"),
    ("Penggiat Kubar", "pegiat"),
    ("Info Marangkayu", "marang kayu"),
    ("Info Marang Kayu", "marangkayu"),
    ("I Made Pasek Riawan", "i made"),
    ("I Made Pasek Riawan", "imade"),
    ("I Made Pasek Riawan", "made pasek"),
    ("Nur'aini", "nuraini"),
    ("Nur’aini", "nur'aini"),
    ("Nur'aini", "nur aini"),
    ("Nur Aini", "nuraini"),
    ("José Simão", "jose simao"),
    ("Soeharto", "suharto"),
    ("Soeharto", "so"),
    ("Suharto", "soeharto"),
    ("Djoko Tjahjono", "joko"),
    ("Achmad Chairul", "ahmad"),
    ("Muhammad", "muhamad"),
    ("Rizky Aditya", "riski aditia"),
    ("Yuliyanto", "yulianto"),
    ("Syarifuddin", "sarifudin"),
    ("Sari Wulandari", "SARI wul"),
    ("Sari Wulandari", "wulandri"),
    ("Sari Wulandari", "ri"),
    ("Kade Budiyarta", "budiarta"),
    ("Yuliyanto", "yul"),
]
NOT_FOUND = [
    ("Sari Wulandari", "ari"),
    ("Sari Wulandari", "xyz"),
    ("Sari Wulandari", "sari hartono"),
    ("Budi", "siti"),
]


@pytest.mark.parametrize(("name", "typed"), [pair for pair in FOUND if pair[1] != "ri"])
def test_search_forgives_the_spelling(cast, name, typed):
    partner = cast.partner(name)
    cast.partner("Xaverius Qo")

    assert list(matching(Partner.objects.all(), typed)) == [partner]


@pytest.mark.parametrize(("name", "typed"), [*NOT_FOUND, ("Sari Wulandari", "ri")])
def test_search_of_three_letters_or_another_name_finds_no_middle(cast, name, typed):
    cast.partner(name)

    assert list(matching(Partner.objects.all(), typed)) == []


def test_search_finds_stage_name_and_handle(cast):
    stage = cast.partner("Rina", stage_name="Info Barong")
    handle = cast.partner("Budi", handles=[("tiktok", "kubarhits")])

    assert list(matching(Partner.objects.all(), "barong")) == [stage]
    assert list(matching(Partner.objects.all(), "kubarhi")) == [handle]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "%%%%", "____", "'", '"', "--", "' OR 1=1", "\x00"])
def test_search_takes_no_wildcard_and_no_quote(cast, typed):
    cast.partner("Sari")

    found = list(matching(Partner.objects.all(), typed))

    assert [partner.full_name for partner in found] == (["Sari"] if not query_words(typed) else [])


def test_search_lookup_escapes_wildcards_of_its_own(cast):
    cast.partner("Sari")

    for word in ("%", "_", "s%i", "_ar", "%%%%%", "_____", "%a%r%i%"):
        assert not Partner.objects.filter(search_key__has_word=word).exists()


def test_search_by_a_name_with_its_title(cast):
    found = cast.partner("Dadang Lestari")
    cast.partner("Hana Dewi")
    for typed in ("Dr. Dadang L", "H. Dadang", "Prof. Dr. Dadang Lestari"):
        assert list(matching(Partner.objects.all(), typed)) == [found]
    # Alone it may be the beginning of a name.
    assert [one.full_name for one in matching(Partner.objects.all(), "h")] == ["Hana Dewi"]


def test_search_reads_six_words_of_eighty_letters():
    assert query_words("satu dua tiga empat lima enam tujuh") == [
        "satu",
        "dua",
        "tiga",
        "empat",
        "lima",
        "enam",
    ]
    assert query_words("a" * 79 + "b" + "c" * 400) == ["ab"]
    assert query_words("  ") == []


@given(st.text(max_size=60))
def test_search_finds_every_name_by_itself(name):
    key = search_key_for(name)

    assert all(word in key for word in query_words(name)[:3])


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz '", min_size=1, max_size=30), st.integers(1, 3))
def test_search_finds_every_word_by_its_first_letters(name, letters):
    """Except while half of a doubled sound is typed, the beginning of a word is the beginning of what is kept."""
    key = search_key_for(name)
    for word in name.replace("'", "").split():
        assert any(f" {part}" in key for part in query_words(word[:letters])) or not query_words(
            word[:letters]
        )


@given(st.text(max_size=60))
def test_search_key_is_bare_and_folds_once_and_for_all(name):
    key = search_key_for(name)

    assert key == "".join(f" {word}" for word in key.split())
    assert "%" not in key and "_" not in key and "\\" not in key
    assert normalised(name) == " ".join(normalised(name).split())


def test_search_on_sqlite_forgives_what_trigrams_forgive():
    assert resembles(" sari wulandari", "wulandri")
    assert resembles(" kade budiarta", "budiata")
    assert not resembles(" sari wulandari", "hartono")
    assert not resembles("", "sari")


def test_sort_key_reads_past_case_and_accents():
    assert sorted(["Élan", "budi", "Citra", "ani"], key=sort_key_for) == ["ani", "budi", "Citra", "Élan"]


def test_search_uses_the_trigram_index(cast):
    """On PostgreSQL both halves of the condition are served by one index; SQLite has none and scans one office."""
    if connection.vendor != "postgresql":
        assert "LIKE" in str(matching(Partner.objects.all(), "wulandari").query)
        return
    Partner.objects.bulk_create(
        Partner(
            full_name=f"Nama {n}",
            kind="influencer",
            region_id="64.07",
            unit=cast.unit("polres-kubar"),
            source="in_person",
            status="active",
            keep="confirmed",
            search_key=search_key_for(f"Nama{n % 97} Orang{n}"),
            sort_key=f"nama {n}",
        )
        for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE partners_partner")
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    plan = matching(Partner.objects.all(), "wulandari").explain()

    assert "partner_by_search" in plan
    assert plan.count("Index Cond: (search_key ~~") == 1
    assert plan.count("Index Cond: (search_key %>") == 1
