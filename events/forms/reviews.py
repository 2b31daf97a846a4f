"""What an officer says of marks that needed a look."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import Event, Participant
from events.queries.reviews import open_reviews

PICK = _("Pick at least one mark.")


class _Marks(forms.MultipleChoiceField):
    def clean(self, value: Any) -> list[str]:
        return super().clean([one for one in value or [] if self.valid_value(one)])


class ReviewForm(forms.Form):
    """Which marks are meant; those that somebody decided meanwhile are passed over."""

    scan = _Marks(error_messages={"required": PICK})

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = open_reviews(event).values_list("client_uuid", flat=True)
        self.fields["scan"].choices = [(str(name), str(name)) for name in names]  # type: ignore[attr-defined]


class WhoForm(forms.Form):
    """Who it was, of the people on the list."""

    person = forms.ModelChoiceField(
        label=_("Who was it?"),
        queryset=Participant.objects.none(),
        to_field_name="public_id",
        empty_label=_("Choose a name"),
        error_messages={"required": _("Say who it was."), "invalid_choice": _("Say who it was.")},
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = (
            Participant.objects.filter(event=event)
            .exclude(display_name="", organization__isnull=True)
            .select_related("organization")
            .order_by("search_key", "pk")
        )
