"""Finding people by what somebody typed: word beginnings, parts of words, and misspellings."""

from __future__ import annotations

from typing import Any

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
        word = str(self.rhs)
        lead = " " if len(word) <= SHORT_WORD else ""
        return _LIKE[connection.vendor].format(column), [*params, f"%{lead}{_escaped(word)}%"]


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


def _escaped(word: str) -> str:
    """Words as we fold them hold no wildcard; a caller's own might."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
