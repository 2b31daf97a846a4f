"""Finding people by what somebody typed: word beginnings, parts of words, and misspellings."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import CharField, Lookup, QuerySet, TextField

from partners.search import query_words

SHORT_WORD = 3
# PostgreSQL escapes by backslash of itself; saying so would hide the pattern from the index.
_LIKE = {"postgresql": "{} LIKE %s", "sqlite": "{} LIKE %s ESCAPE '\\'"}
_NEARLY = {"postgresql": "{} %%> %s", "sqlite": "rembuk_resembles({}, %s)"}


def matching(queryset: QuerySet, text: str, *, field: str = "search_key", nearly: bool = True) -> QuerySet:
    """Rows of which every typed word is found in the search key. Nothing typed leaves the queryset as it is.

    :param field: path of a column that :func:`partners.search.search_key_for` filled.
    :param nearly: misspelled words count too; without them a search of a large table is five times quicker.
    """
    lookup = "has_word" if nearly else "has_part"
    for word in query_words(text):
        queryset = queryset.filter(**{f"{field}__{lookup}": word})
    return queryset


@TextField.register_lookup
@CharField.register_lookup
class HasPart(Lookup):
    """``search_key__has_part="budi"``, for a word as :func:`partners.search.query_words` gives it.

    Up to three letters match the beginning of a word, longer ones any part. One trigram index serves both.
    """

    lookup_name = "has_part"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return _LIKE[connection.vendor].format(column), [*params, _pattern(str(self.rhs))]


@TextField.register_lookup
@CharField.register_lookup
class HasWord(HasPart):
    """As ``has_part``, and words of four letters and more also match nearly: by trigram on PostgreSQL, where the same
    index serves it, and by edit distance on SQLite (a function of :mod:`partners.search`)."""

    lookup_name = "has_word"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = super().as_sql(compiler, connection)
        if len(str(self.rhs)) <= SHORT_WORD:
            return sql, params
        column, own = self.process_lhs(compiler, connection)
        return f"({sql} OR {_NEARLY[connection.vendor].format(column)})", [*params, *own, str(self.rhs)]


def within(queryset: QuerySet, words: list[str], *, limit: int) -> list[int]:
    """Of the rows of an ordered, sliced queryset of (pk, sort_key, search_key), in its order, those that bear all
    words: the keys of no more than ``limit``. The database stops at the last one, or where the slice ends."""
    sql, params = queryset.query.sql_with_params()
    has_word = _LIKE[connection.vendor].format("near.search_key")
    conditions = " AND ".join(has_word for _word in words)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT near.pk FROM ({sql}) AS near WHERE {conditions} "
            "ORDER BY near.sort_key, near.pk LIMIT %s",
            [*params, *(_pattern(word) for word in words), limit],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _pattern(word: str) -> str:
    lead = " " if len(word) <= SHORT_WORD else ""
    return f"%{lead}{_escaped(word)}%"


def _escaped(word: str) -> str:
    """Words as we fold them hold no wildcard; a caller's own might."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
