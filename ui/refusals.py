"""Showing what an operation refused beside the field that it concerns."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404


def show_refusal(form: BaseForm, error: ValidationError) -> None:
    """Add the refusal to the form: to its field where the form has one of that name, else to the form as a whole."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def first_message(error: ValidationError) -> str:
    """The refusal as one sentence, where there is no form to show it."""
    return str(error.messages[0])


@contextmanager
def absent_when_gone() -> Iterator[None]:
    """A row that was erased between being found and being acted on is not found, as it would be a moment later."""
    try:
        yield
    except ValidationError as refusal:
        if getattr(refusal, "code", "") == "gone":
            raise Http404 from refusal
        raise
