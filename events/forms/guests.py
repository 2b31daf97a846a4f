"""Guests by hand, their answers, and the tick list of partners."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.choices import Answer, AnswerChannel, ParticipantKind
from events.models import Participant
from partners.models import Partner
from partners.queries.partners import selectable_partners

NOT_SELECTABLE = gettext_lazy("One of the people picked can no longer be invited. Look at the list again.")


class GuestByHandForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Comes as"),
        choices=[
            (ParticipantKind.DELEGATE.value, gettext_lazy("Delegate of an organisation (guest)")),
            (ParticipantKind.OFFICIAL.value, gettext_lazy("Official (counted apart)")),
            (ParticipantKind.PERSONNEL.value, gettext_lazy("Personnel (counted apart)")),
        ],
        widget=forms.RadioSelect,
        initial=ParticipantKind.DELEGATE.value,
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    institution = forms.CharField(label=gettext_lazy("Organisation"), max_length=120, required=False)


class AnswerForm(forms.Form):
    """The whole answer; the buttons on the list send the same fields, without a name."""

    answer = forms.ChoiceField(label=gettext_lazy("Answer"), choices=Answer.choices, widget=forms.RadioSelect)
    channel = forms.ChoiceField(
        label=gettext_lazy("Came by"), choices=[("", "—"), *AnswerChannel.choices], required=False
    )
    delegate_name = forms.CharField(
        label=gettext_lazy("Name of the delegate"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("May follow later."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, participant: Participant, **kwargs: Any) -> None:
        invitation = participant.invitation
        kwargs["initial"] = {
            "answer": invitation.answer,
            "channel": invitation.answer_channel or AnswerChannel.WHATSAPP,
            "delegate_name": "".join(delegate.display_name for delegate in participant.delegates.all()),
        }
        super().__init__(*args, **kwargs)
        if participant.organization_id is not None:
            # Whoever comes for an organisation is its delegate already, and named on a page of their own.
            fields: Any = self.fields
            fields["answer"].choices = [pair for pair in Answer.choices if pair[0] != Answer.DELEGATE]
            del self.fields["delegate_name"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        answer = data.get("answer")
        if answer and answer != Answer.NONE and not data.get("channel") and "channel" not in self.errors:
            self.add_error("channel", _("Say how the answer came."))
        return data


class _TickedPartners(forms.ModelMultipleChoiceField):
    """Answers every tick that may not be with the same sentence, whether it is foreign, archived or invented."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except ValidationError as error:
            if error.code == "required":
                raise
            raise ValidationError(NOT_SELECTABLE, code="not_selectable") from error


class PickForm(forms.Form):
    """The ticked partners of one page; only those whom the officer may pick are taken."""

    partners = _TickedPartners(
        queryset=Partner.objects.none(),
        to_field_name="public_id",
        error_messages={"required": gettext_lazy("Tick somebody first.")},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["partners"].queryset = selectable_partners(user)
