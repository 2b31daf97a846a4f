"""Whoever adds a field says first why it may be held, and the public page says it too."""

import pytest
from django.apps import apps

from tests import classification
from tests.classification import CONTEXT, FIELDS, PERSONAL
from tests.test_architecture import HOUSE


def stored() -> dict[str, set[str]]:
    models = [model for model in apps.get_models() if model._meta.app_label in HOUSE]
    fields = {
        model._meta.label: {field.name for field in model._meta.local_concrete_fields} for model in models
    }
    tables = {f.m2m_db_table() for model in models for f in model._meta.local_many_to_many}
    assert tables == set(), "a hidden join table would hold data that no field names"
    return fields


def test_classification_names_every_field_and_no_other():
    assert {label: set(fields) for label, fields in FIELDS.items()} == stored()


@pytest.mark.parametrize("label", FIELDS)
def test_classification_says_why_and_how_long(label):
    silent = [
        name for name, field in FIELDS[label].items() if not (field.why and field.how_long and field.article)
    ]
    assert silent == []


def test_classification_gives_personal_data_an_article():
    bare = [
        f"{label}.{name}"
        for label, fields in FIELDS.items()
        for name, field in fields.items()
        if field.kind in {PERSONAL, CONTEXT} and field.article == classification.NONE
    ]
    assert bare == []


def test_classification_document_is_current():
    text = classification.DOCUMENT.read_text()
    assert classification.document(text) == text, "run python -m tests.classification"


def test_classification_people_are_not_kept_in_installed_libraries():
    """Tables of Django and allauth that could hold something of a person, each known and with its reason."""
    known = {
        "auth.Permission", "auth.Group",  # come with django.contrib.auth, unused: roles are source
        "contenttypes.ContentType",
        "sessions.Session",  # an officer's session, two weeks
        "account.EmailAddress", "account.EmailConfirmation",  # officers only, unused while verification is off
        "mfa.Authenticator",  # an officer's second factor
        "usersessions.UserSession",  # an officer's session: browser and IP address, while it lives
    }  # fmt: skip
    assert {m._meta.label for m in apps.get_models() if m._meta.app_label not in HOUSE} == known
