"""Showing what an operation refused beside the field that it concerns."""

from django.core.exceptions import ValidationError
from django.forms import BaseForm


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
