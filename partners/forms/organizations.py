"""The facts of an organisation, and who holds which position in it."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.queries.units import units_visible_to
from partners.choices import OrganizationKind
from partners.models import Organization, Partner
from partners.queries.organizations import addable_partners
from regions.widgets import RegionChoiceField
from ui.fields import PhoneField


class OrganizationForm(forms.ModelForm):
    """Built from values, never on the row itself: the operation alone writes."""

    region = RegionChoiceField(
        label=_("Region"),
        least="province",
        help_text=_("Of a branch: the region it stands for. PWI Kutai Barat is another one than PWI Kaltim."),
    )
    phone = PhoneField(label=_("Phone of the office"), required=False)
    website = forms.URLField(
        label=_("Website"), required=False, max_length=200, assume_scheme="https", widget=forms.TextInput
    )

    class Meta:
        model = Organization
        fields = ["name", "short_name", "kind", "unit", "region", "phone", "email", "website"]
        help_texts = {
            "short_name": _("As people say it, such as PWI Kubar."),
            "unit": _("This unit and those above it change it; those below it see it too."),
            "email": _("Of the office, not of a person."),
        }

    def __init__(
        self, *args: Any, user: Any, organization: Organization | None = None, **kwargs: Any
    ) -> None:
        if organization is not None:
            kwargs["initial"] = {name: getattr(organization, name) for name in self.Meta.fields}
        super().__init__(*args, **kwargs)
        self.user = user
        self.organization = organization
        fields: Any = self.fields
        fields["kind"].choices = [("", _("Choose")), *OrganizationKind.choices]
        fields["unit"].queryset = units_visible_to(user).filter(is_active=True).order_by("short_name")
        fields["unit"].empty_label = None
        fields["unit"].label_from_instance = lambda unit: unit.short_name
        fields["unit"].initial = user.unit_id
        for name in ("name", "short_name", "email", "website"):
            fields[name].widget.attrs |= {"autocomplete": "off"}
        fields["email"].widget.attrs |= {"inputmode": "email"}
        fields["website"].widget.attrs |= {"inputmode": "url"}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "name",
            Row(Column("short_name", css_class="col-md-6"), Column("kind", css_class="col-md-6")),
            "region",
            "unit",
            Fieldset(
                _("Contact of the office"),
                Row(Column("phone", css_class="col-md-6"), Column("email", css_class="col-md-6")),
                "website",
            ),
        )

    def validate_constraints(self) -> None:
        """The operation's task: this instance is never saved."""


class AffiliationForm(forms.Form):
    """One person out of those found, and the position."""

    partner = forms.ModelChoiceField(
        queryset=Partner.objects.none(),
        to_field_name="public_id",
        error_messages={"required": _("Choose a person."), "invalid_choice": _("Choose a person.")},
    )
    position = forms.CharField(
        label=_("Position"),
        max_length=100,
        required=False,
        help_text=_("Such as chairperson, editor, reporter. May be left empty."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        fields: Any = self.fields
        fields["partner"].queryset = addable_partners(user)
        fields["position"].widget.attrs |= {"autocomplete": "off"}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
