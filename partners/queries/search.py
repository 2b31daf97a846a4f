"""Finding people by what somebody typed: word beginnings, parts of words, and misspellings."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Lookup, QuerySet, TextField

from partners.search import query_words

SHORT_WORD = 3
# PostgreSQL escapes by backslash of itself; saying so would hide the pattern from the index.
_SQL = {
    "postgresql": ("{} LIKE %s", "{} %%> %s"),
    "sqlite": ("{} LIKE %s ESCAPE '\\'", "rembuk_resembles({}, %s)"),
}


def matching(queryset: QuerySet, text: str, *, field: str = "search_key") -> QuerySet:
    """Rows of which every typed word is found in the search key. Nothing typed leaves the queryset as it is.

    :param field: path of a column that :func:`partners.search.search_key_for` filled.
    """
    for word in query_words(text):
        queryset = queryset.filter(**{f"{field}__has_word": word})
    return queryset


@TextField.register_lookup
@CharField.register_lookup
class HasWord(Lookup):
    """``search_key__has_word="budi"``, for a word as :func:`partners.search.query_words` gives it.

    Up to three letters match the beginning of a word. Longer ones match anywhere, or nearly: by trigram on PostgreSQL,
    where one GIN index serves both halves, and by edit distance on SQLite (a function of :mod:`partners.search`).
    """

    lookup_name = "has_word"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        word = str(self.rhs)
        like, nearly = _SQL[connection.vendor]
        if len(word) <= SHORT_WORD:
            return like.format(column), [*params, f"% {_escaped(word)}%"]
        sql = f"({like.format(column)} OR {nearly.format(column)})"
        return sql, [*params, f"%{_escaped(word)}%", *params, word]


def _escaped(word: str) -> str:
    """Words as we fold them hold no wildcard; a caller's own might."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
