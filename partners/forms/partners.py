"""The one form of a partner, its rows of accounts, and the two that ask for a reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.queries.units import region_codes_of
from partners.choices import MAX_REASON, PartnerKind, Platform, Source
from partners.handles import MAX_HANDLES, MAX_PASTED, MESSAGES, HandleError, parse, shown
from partners.models import Partner
from partners.queries.partners import same_phone
from partners.queries.territory import regency_codes_of
from partners.queries.twins import Asked, Twin, likely_twins
from regions.widgets import RegionChoiceField
from ui.fields import PhoneField
from ui.phones import masked_address, masked_form

MASKED = ("phone", "email")
# Fewer letters than this resemble too many.
SHORTEST_NAME = 3
BLANK_ROWS = [Platform.INSTAGRAM, Platform.TIKTOK, Platform.FACEBOOK]
# Which field a refusal of the operation belongs to.
_FIELD_OF = {
    "no_unit": "region",
    "other_unit": "region",
    "phone": "phone",
    "email": "email",
    "opted_out_phone": "phone",
    "opted_out_email": "email",
    "required": "full_name",
}


class PartnerForm(forms.ModelForm):
    """The facts of a person. Built from a partner's values, never on the row itself: the operation alone writes.

    ``sharing`` names those of the officer's scope who have the same phone; the officer is asked once if it is meant.
    ``twins`` names those who may be the person that is being added, of the same scope, as long as one of them has not
    been shown: the officer says once that it is somebody else.
    """

    phone = PhoneField(
        label=_("Mobile phone"), required=False, help_text=_("May be left empty. Families share numbers.")
    )
    region = RegionChoiceField(label=_("Where this person lives or is known"))
    consent_given = forms.BooleanField(
        label=_("This person has told me that we may keep their data"),
        required=False,
        help_text=_(
            "It counts as not confirmed until the person confirms it. Without it the record is erased in 30 days."
        ),
    )
    phone_removed = forms.BooleanField(label=_("Remove the phone number"), required=False)
    email_removed = forms.BooleanField(label=_("Remove the e-mail address"), required=False)
    phone_seen = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    twins_seen = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    class Meta:
        model = Partner
        fields = [
            *("full_name", "title_before", "title_after", "stage_name", "kind", "source"),
            *("region", "phone", "email"),
        ]
        help_texts = {
            "full_name": _("As the person writes it, without titles. One word is enough."),
            "title_before": _("Such as H., Dr."),
            "title_after": _("Such as S.Sos., M.M."),
            "stage_name": _("The name that the audience knows."),
        }

    def __init__(self, *args: Any, user: Any, partner: Partner | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = (_facts_of(partner) if partner else {}) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.user = user
        self.partner = partner
        self.sharing: list[Partner] = []
        self.twins: list[Twin] = []
        self._offer_regions()
        self.fields["full_name"].widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "words",
            "spellcheck": "false",
        }
        for name, choices in (("kind", PartnerKind.choices), ("source", Source.choices)):
            field: Any = self.fields[name]
            field.choices = [("", _("Choose")), *choices]
        self.fields["email"].widget.attrs |= {"autocomplete": "off", "inputmode": "email"}
        if partner:
            del self.fields["consent_given"]
            self._mask_contact(partner)
        else:
            del self.fields["phone_removed"], self.fields["email_removed"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = self._layout()

    @property
    def facts(self) -> dict[str, Any]:
        """What the operation takes. A contact left empty in a change stays as it is, unless it is to be removed."""
        facts = {name: self.cleaned_data[name] for name in self.Meta.fields}
        if self.partner:
            for name in MASKED:
                if not facts[name] and not self.cleaned_data.get(f"{name}_removed"):
                    del facts[name]
        return facts

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        phone = cleaned.get("phone")
        if self.partner and phone and str(phone) != cleaned.get("phone_seen"):
            self.sharing = list(same_phone(self.user, phone, besides=self.partner))
        return cleaned

    def look_for_twins(self, handles: Iterable[tuple[str, str]]) -> None:
        """Who may be this person already. To be called on a valid form, with the accounts that were typed beside it."""
        cleaned = self.cleaned_data
        found = likely_twins(
            self.user,
            asked_of(cleaned["full_name"], cleaned["stage_name"], str(cleaned["phone"] or ""), handles),
        )
        seen = set(cleaned["twins_seen"].split(","))
        self.twins = found if any(str(twin.public_id) not in seen for twin in found) else []

    def validate_constraints(self) -> None:
        """The operation's task: this instance is never saved."""

    def refuse(self, error: ValidationError) -> None:
        """Put the operation's sentence beside the field that it is about."""
        field = _FIELD_OF.get(getattr(error, "code", "") or "")
        self.add_error(field, ValidationError(error.messages))

    def _mask_contact(self, partner: Partner) -> None:
        """A known contact is not printed into the form: looking at it is an act of its own, with a reason."""
        for name, masked in (("phone", masked_form(partner.phone)), ("email", masked_address(partner.email))):
            if getattr(partner, name):
                self.fields[name].widget.attrs["placeholder"] = masked
                self.fields[name].help_text = _("Leave empty to keep what is known.")
            else:
                del self.fields[f"{name}_removed"]

    def _offer_regions(self) -> None:
        field: Any = self.fields["region"]
        field.within = region_codes_of(self.user)
        known = regency_codes_of(self.user)
        if len(known) == 1 and not self.initial.get("region"):
            self.initial["region"] = known[0]

    def _contact(self, name: str) -> list[str]:
        return [part for part in (name, f"{name}_removed") if part in self.fields]

    def _layout(self) -> Layout:
        last = [] if self.partner else [Fieldset(_("Consent"), "consent_given")]
        twins = [] if self.partner else [HTML('{% include "partners/_twins_place.html" %}')]
        return Layout(
            Fieldset(
                _("Who"),
                "full_name",
                *twins,
                Row(Column("title_before", css_class="col-6"), Column("title_after", css_class="col-6")),
                "stage_name",
                Row(Column("kind", css_class="col-md-6"), Column("source", css_class="col-md-6")),
            ),
            "region",
            Fieldset(
                _("Contact"),
                Row(
                    Column(*self._contact("phone"), css_class="col-md-6"),
                    Column(*self._contact("email"), css_class="col-md-6"),
                ),
                HTML('{% include "partners/_handle_rows.html" %}'),
            ),
            *last,
        )


class HandleForm(forms.Form):
    """One account: a platform and what was pasted. An address says its platform itself; an empty row is no account."""

    platform = forms.ChoiceField(label=_("Platform"), choices=[("", "—"), *Platform.choices], required=False)
    text = forms.CharField(label=_("Account name or address"), max_length=MAX_PASTED, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted = False  # an unchanged row is read like any other
        self.fields["text"].widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row(
                Column("platform", css_class="col-5 col-md-3"),
                Column("text", css_class="col-7 col-md-9"),
                css_class="g-2",
            )
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        text = cleaned.get("text", "").strip()
        if text:
            try:
                parse(text, cleaned.get("platform", ""))
            except HandleError as error:
                if error.code == "malformed" and not cleaned.get("platform"):
                    self.add_error("platform", _("Choose the platform."))
                else:
                    self.add_error("text", MESSAGES[error.code])
        return cleaned

    @property
    def pair(self) -> tuple[str, str]:
        return self.cleaned_data.get("platform", ""), self.cleaned_data.get("text", "")


class TwinsForm(forms.Form):
    """What stands in the form of a partner so far, half typed as it may be: what cannot be read yet is passed over."""

    full_name = forms.CharField(required=False, max_length=120)
    stage_name = forms.CharField(required=False, max_length=80)
    phone = PhoneField(required=False)

    def asked(self) -> Asked:
        self.full_clean()
        cleaned = self.cleaned_data
        pairs = [
            (self.data.get(f"handles-{number}-platform", ""), self.data.get(f"handles-{number}-text", ""))
            for number in range(MAX_HANDLES + 3)
        ]
        names = (cleaned.get("full_name", ""), cleaned.get("stage_name", ""))
        return asked_of(*names, str(cleaned.get("phone") or ""), pairs)


HandleRows = forms.formset_factory(
    HandleForm, extra=0, max_num=MAX_HANDLES + 3, absolute_max=MAX_HANDLES + 10
)


def handle_rows(data: Any, partner: Partner | None = None) -> forms.BaseFormSet:
    """The partner's accounts and three empty rows."""
    known = [
        {"platform": account.platform, "text": shown(account.platform, account.handle)}
        for account in (partner.social_accounts.all() if partner else [])
    ]
    return HandleRows(
        data, prefix="handles", initial=known + [{"platform": platform} for platform in BLANK_ROWS]
    )


def asked_of(full_name: str, stage_name: str, phone: str, pairs: Iterable[tuple[str, str]]) -> Asked:
    """The question for twins; of an account that cannot be read (yet) nothing is asked."""
    handles = set()
    for platform, text in pairs:
        try:
            handle = parse(text, platform)
        except HandleError:
            continue
        handles.add((str(handle.platform), handle.key))
    names = tuple(name for name in (full_name, stage_name) if len(name) >= SHORTEST_NAME)
    return Asked(names=names, phone=phone, handles=frozenset(handles))


class ReasonForm(forms.Form):
    """Why: asked before an archiving and before a look at a contact."""

    reason = forms.CharField(label=_("Reason"), min_length=3, max_length=MAX_REASON)

    def __init__(self, *args: Any, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = help_text
        self.fields["reason"].widget.attrs |= {"autocomplete": "off"}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


def _facts_of(partner: Partner) -> dict[str, Any]:
    return {name: getattr(partner, name) for name in PartnerForm.Meta.fields if name not in MASKED}
