"""Form fields that read what people really type."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.phonenumber import PhoneNumber

from ui.phones import spoken_form, written_form

MAX_TYPED = 30
# Days that can be meant. Further out they are slips, and the first and last years leave the calendar in another zone.
PLAUSIBLE_DAYS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 1, 1))]


class _PhoneInput(forms.TextInput):
    """Shows a stored number as people write it: 0812-3456-7890."""

    input_type = "tel"

    def format_value(self, value: Any) -> str | None:
        return written_form(value) if isinstance(value, PhoneNumber) else value


class PhoneField(PhoneNumberField):
    """An Indonesian number in any spelling (0812…, 62812…, +62 812-…), or a foreign one with its plus."""

    widget = _PhoneInput
    default_error_messages = {"invalid": _("Write a phone number such as 0812-3456-7890.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(region="ID", max_length=MAX_TYPED, **kwargs)
        self.widget.attrs.update({"autocomplete": "off", "inputmode": "tel", "maxlength": MAX_TYPED})
        self.error_messages["invalid"] = self.default_error_messages["invalid"]

    def to_python(self, value: Any) -> Any:
        return super().to_python(spoken_form(value) if isinstance(value, str) else value)


class DayField(forms.DateField):
    """A whole day, by the calendar of the browser."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        super().__init__(validators=PLAUSIBLE_DAYS, **kwargs)
