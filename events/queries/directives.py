"""Directives of coordination meetings, and what each unit reported on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.choices import UnitKind
from accounts.models import Unit
from accounts.queries.units import scope_of, unit_ids_below
from events.choices import DirectiveState
from events.models import Directive, DirectiveUnit, Event
from events.queries.events import events_visible_to
from files.models import StoredFile
from ui.times import at_place, days_by_place

OPEN, REPORTED, OVERDUE = "open", "reported", "overdue"


def directives_visible_to(user: Any) -> QuerySet[Directive]:
    """Those given at events that the officer can see, and those that a unit of theirs was told to carry out."""
    if not user.can("event.view"):
        return Directive.objects.none()
    told = DirectiveUnit.objects.filter(directive=OuterRef("pk"), unit__in=scope_of(user))
    return Directive.objects.filter(Q(event__in=events_visible_to(user)) | Exists(told))


def directive_units_visible_to(user: Any) -> QuerySet[DirectiveUnit]:
    """Whoever sees the meeting of their own side sees what every unit reported; anybody else their own line alone.

    An agency at a meeting of the police heard the directives; what the police report is not for it, nor the reverse.
    """
    if not user.can("event.view"):
        return DirectiveUnit.objects.none()
    by_agency = Q(directive__event__host_unit__kind=UnitKind.AGENCY)
    own_side = ~by_agency if user.unit.is_police else by_agency
    return DirectiveUnit.objects.filter(
        (Q(directive__event__in=events_visible_to(user)) & own_side) | Q(unit__in=scope_of(user))
    )


def directives_concerning(user: Any) -> QuerySet[Directive]:
    """Those that the officer's units gave or carry out, for the list: what is still open, the next due first; then what
    every unit reported."""
    scope = scope_of(user)
    told = DirectiveUnit.objects.filter(directive=OuterRef("pk"), unit__in=scope)
    found = with_counts(
        directives_visible_to(user).filter(Q(event__host_unit__in=scope) | Exists(told)), user
    )
    return found.annotate(is_closed=_flag(Q(reported__gte=F("total")))).order_by(
        "is_closed", "due_on", "event", "number"
    )


def directives_of(event: Event, user: Any) -> QuerySet[Directive]:
    """The directives of one meeting, with how many units reported. One query."""
    return with_counts(directives_visible_to(user).filter(event=event), user).order_by("number")


def with_counts(queryset: QuerySet[Directive], user: Any, now: datetime | None = None) -> QuerySet[Directive]:
    """Annotate ``total`` and ``reported`` over the lines this officer sees, and ``is_overdue`` at the host."""
    lines = directive_units_visible_to(user).filter(directive=OuterRef("pk")).order_by().values("directive")
    done = lines.filter(state=DirectiveState.REPORTED)
    open_lines = directive_units_visible_to(user).filter(directive=OuterRef("pk"), state=DirectiveState.OPEN)
    return queryset.select_related("event__host_unit").annotate(
        total=Coalesce(Subquery(lines.annotate(n=Count("pk")).values("n")), 0),
        reported=Coalesce(Subquery(done.annotate(n=Count("pk")).values("n")), 0),
        is_overdue=_flag(Exists(open_lines) & past_due("", now)),
    )


def in_state(queryset: QuerySet[Any], state: str) -> QuerySet[Any]:
    """:param state: ``open``, ``reported`` (by every unit that this officer sees) or ``overdue``."""
    # Asked of the annotations: the figures on the line and the filter never disagree.
    if state == OPEN:
        return queryset.filter(reported__lt=F("total"))
    if state == REPORTED:
        return queryset.filter(total__gt=0, reported__gte=F("total"))
    return queryset.filter(is_overdue=True) if state == OVERDUE else queryset


def lines_of(directive: Directive, user: Any) -> QuerySet[DirectiveUnit]:
    """What each unit reported, as far as this officer sees it; those still silent first."""
    return (
        directive_units_visible_to(user)
        .filter(directive=directive)
        .select_related("unit", "evidence_file")
        .order_by("state", "unit__code")
    )


def directives_due(user: Any) -> QuerySet[DirectiveUnit]:
    """What the officer's units have yet to report, the next due first, with ``is_overdue``."""
    if not user.can("directive.report"):
        return DirectiveUnit.objects.none()
    # Whatever a unit in scope was told, the officer sees.
    return (
        DirectiveUnit.objects.filter(state=DirectiveState.OPEN, unit__among=scope_of(user))
        .select_related("unit", "directive__event__host_unit")
        .annotate(is_overdue=_flag(past_due("directive__")))
        .order_by("directive__due_on", "directive__number", "pk")
    )


def past_due(prefix: str = "", now: datetime | None = None) -> Q:
    """The due day is over by the calendar of the host: the zones may have two days, and each a condition."""
    condition = Q(pk__in=[])
    for day, zones in days_by_place(now or timezone.now()).items():
        condition |= Q(**{f"{prefix}event__host_unit__timezone__in": zones, f"{prefix}due_on__lt": day})
    return condition


def is_past_due(due_on: date, host: Unit, now: datetime | None = None) -> bool:
    """The same for one row at hand."""
    return due_on < at_place(now or timezone.now(), host.timezone).date()


def units_to_direct(event: Event) -> QuerySet[Unit]:
    """Whom a meeting may tell to act: the host and every active unit below it."""
    return Unit.objects.filter(pk__in=unit_ids_below(event.host_unit_id), is_active=True).order_by("code")


def next_number(event: Event) -> int:
    last = Directive.objects.filter(event=event).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def sees_directive_evidence(user: Any, stored: StoredFile) -> bool:
    """Whoever sees the line of a unit may open what shows that it acted."""
    return directive_units_visible_to(user).filter(evidence_file=stored).exists()


def _flag(condition: Any) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())
