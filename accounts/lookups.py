"""``unit__among=ids``: like ``unit__in``, with all ids as one parameter.

A headquarters reaches every unit there is, and its scope stands several times in each statement of the first screen:
hundreds of parameters, each looked at by every layer, were a fifth of that page's time.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models import ForeignKey, Lookup


@ForeignKey.register_lookup
class Among(Lookup):
    """The key is one of these. Needs integers; an empty list matches nothing."""

    lookup_name = "among"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Any) -> None:
        super().__init__(lhs, [int(one) for one in rhs])

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """SQLite has no arrays; it unpacks a text."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, json.dumps(self.rhs)]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", [*parameters, self.rhs]
