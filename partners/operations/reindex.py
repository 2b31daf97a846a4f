"""Rebuilding what partners are searched and ordered by, after the rules of :mod:`partners.search` changed."""

from __future__ import annotations

from typing import Any

from jobs import operations as jobs
from jobs.kinds import Step
from jobs.models import Job
from partners.models import Partner
from partners.search import search_key_for, sort_key_for

KIND = "partners.reindex"
BATCH = 500


def start(*, by: Any | None) -> Job:
    """Queue the rebuilding of all partners' keys."""
    return jobs.enqueue(kind=KIND, by=by)


def count_all(arguments: dict[str, Any]) -> int:
    return Partner.objects.count()


def step(arguments: dict[str, Any], cursor: Any) -> Step:
    """The keys of the next few hundred partners, by id; repeated, it changes nothing."""
    last = cursor.get("last", 0) if cursor else 0
    rows = Partner.objects.select_for_update().filter(pk__gt=last).order_by("pk")
    batch = list(rows.prefetch_related("social_accounts")[:BATCH])
    for partner in batch:
        handles = [account.handle for account in partner.social_accounts.all()]
        partner.search_key = search_key_for(partner.full_name, partner.stage_name, handles=handles)
        partner.sort_key = sort_key_for(partner.full_name)
    Partner.objects.bulk_update(batch, ["search_key", "sort_key"], batch_size=200)
    return Step(done=len(batch), cursor={"last": batch[-1].pk} if len(batch) == BATCH else None)
