"""The door's API keeps to its own description, whatever is sent: schemathesis invents it."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    missing_required_header,
    negative_data_rejection,
    positive_data_acceptance,
)

from config.wsgi import application
from events.operations import devices

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
# The header is always sent here; what is right by its form may be about nobody; a bad item is answered for itself, and
# what is not asked for is not read.
EXCLUDED = [missing_required_header, positive_data_acceptance, negative_data_rejection]
pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(cast):
    """(event, token) of a phone that is admitted, with a guest who could come."""
    event = cast.event(pledge_text=cast.pledge_text())
    cast.guest(event, cast.partner())
    return event, devices.register(event=event, by=cast.kubar, kind="officer", label="Kubar-1")[1]


@pytest.fixture(autouse=True)
def one_connection():
    """The rows of a test are seen through its own connection alone, which Django closes after each request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_api_answers_as_it_is_described(case, phone):
    event, token = phone
    if case.path_parameters:
        case.path_parameters = {"public_id": str(event.public_id)}

    case.call_and_validate(
        headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"},
        excluded_checks=EXCLUDED,
    )
