"""Many people at once: text is pasted, looked through line by line, and the good ones are saved.

Nothing is kept between the steps: the preview sends all its lines again, and each is judged anew.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import requires
from partners.forms.pasting import PasteForm, PasteRowsForm, PasteSettingsForm
from partners.operations.pasting import Outcome, Wanted, save_lines
from partners.pasting import MAX_CONTACT, MAX_NAME, MAX_PLACE
from partners.queries.pasting import Judged, Verdict, judge

_LIMITS = {"max_name": MAX_NAME, "max_contact": MAX_CONTACT, "max_place": MAX_PLACE}


@requires("partner.add")
@require_http_methods(["GET", "HEAD", "POST"])
def partner_paste(request: HttpRequest) -> HttpResponse:
    """GET asks for the lines; POST shows what was read from them. Nothing is saved here."""
    if request.method != "POST":
        return _paste_page(request, PasteForm(user=request.user))
    form = PasteForm(request.POST, user=request.user)
    if not form.is_valid():
        return _paste_page(request, form)
    rows = judge(request.user, form.lines, default=form.default)
    return _preview(request, form, rows, {row.number for row in rows if row.verdict == Verdict.NEW})


@requires("partner.add")
@require_POST
def partner_paste_check(request: HttpRequest) -> HttpResponse:
    """The preview again, after lines were mended. A line that has become good is ticked; one that was not, is not."""
    form = PasteRowsForm(request.POST, user=request.user)
    if not form.is_valid():
        return _begin_again(request, form)
    rows = judge(request.user, form.lines, default=form.default)
    return _preview(request, form, rows, form.ticked)


@requires("partner.add")
@require_POST
def partner_paste_save(request: HttpRequest) -> HttpResponse:
    """Save the ticked lines that can be; the page that follows keeps the others for another try."""
    form = PasteRowsForm(request.POST, user=request.user)
    if not form.is_valid():
        return _begin_again(request, form)
    ticked, seen = form.ticked, form.seen_by_line
    lines = [
        Wanted(line, number in ticked, seen.get(number, frozenset()))
        for number, line in enumerate(form.lines, start=1)
    ]
    outcome = save_lines(
        by=request.user,
        lines=lines,
        kind=form.cleaned_data["kind"],
        source=form.cleaned_data["source"],
        default=form.default,
    )
    return _paste_page(request, _form_of(request, form, outcome.left), outcome)


def _paste_page(request: HttpRequest, form: PasteForm, outcome: Outcome | None = None) -> HttpResponse:
    return render(request, "partners/partner_paste.html", {"form": form, "outcome": outcome})


def _preview(
    request: HttpRequest, form: PasteSettingsForm, rows: list[Judged], ticked: set[int]
) -> HttpResponse:
    verdicts = [row.verdict for row in rows]
    context: dict[str, Any] = {
        "rows": [(row, row.number in ticked and row.verdict != Verdict.CANNOT) for row in rows],
        "seen": " ".join(f"{row.number}:{twin.public_id}" for row in rows for twin in row.twins),
        "hidden": form.hidden,
        "new": verdicts.count(Verdict.NEW),
        "maybe": verdicts.count(Verdict.MAYBE),
        "cannot": verdicts.count(Verdict.CANNOT),
        **_LIMITS,
    }
    return render(request, "partners/partner_paste_preview.html", context)


def _begin_again(request: HttpRequest, form: PasteRowsForm) -> HttpResponse:
    """A preview that lost what all lines have in common: the lines go back into the text field."""
    text = "\n".join(line.text for line in form.lines)
    data = request.POST.dict() | {"text": text}
    return _paste_page(request, PasteForm(data, user=request.user))


def _form_of(request: HttpRequest, form: PasteRowsForm, left: list[Judged]) -> PasteForm:
    """What is left, in the text field, with the same choices."""
    initial = {
        "text": "\n".join(row.text for row in left),
        "kind": form.cleaned_data["kind"],
        "source": form.cleaned_data["source"],
        "region": form.default,
    }
    return PasteForm(user=request.user, initial=initial)
