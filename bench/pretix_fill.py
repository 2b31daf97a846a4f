"""Fills pretix for ``bench/pretix.py``, by the interpreter that has it: one event and its paid tickets.

Read from standard input; its arguments are the numbers of tickets and of phones. Prints as JSON what the scans need.
"""

import json
import sys
from datetime import timedelta
from decimal import Decimal

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils.timezone import now  # noqa: E402
from django_scopes import scopes_disabled  # noqa: E402
from pretix.base.models import Device, Event, Order, OrderPosition, Organizer  # noqa: E402


def fill(tickets: int, phones: int) -> dict[str, object]:
    organizer = Organizer.objects.create(name="Bench", slug="bench")
    organizer.set_defaults()
    event = Event.objects.create(
        organizer=organizer,
        name="Pintu",
        slug="pintu",
        live=True,
        currency="IDR",
        date_from=now() - timedelta(hours=1),
        plugins="pretix.plugins.sendmail,pretix.plugins.statistics,pretix.plugins.checkinlists",
    )
    event.set_defaults()
    item = event.items.create(name="Undangan", default_price=Decimal(0), admission=True)
    event.quotas.create(name="Kursi", size=tickets).items.add(item)
    entrance = event.checkin_lists.create(name="Pintu", all_products=True)
    devices = [
        Device.objects.create(
            organizer=organizer,
            name=f"HP-{number}",
            all_events=True,
            initialized=now(),
            api_token=f"bench-of-the-door-{number}",
            security_profile="pretixscan",
            software_brand="pretixSCAN",
        )
        for number in range(phones)
    ]
    return {
        "path": f"/api/v1/organizers/{organizer.slug}/checkinrpc/redeem/",
        "tokens": [device.api_token for device in devices],
        "list": entrance.pk,
        "secrets": [sold(event, item, number) for number in range(tickets)],
    }


@transaction.atomic
def sold(event: Event, item: object, number: int) -> str:
    order = Order.objects.create(
        event=event,
        status=Order.STATUS_PAID,
        email=f"tamu{number}@example.org",
        locale="en",
        datetime=now(),
        expires=now() + timedelta(days=10),
        total=Decimal(0),
        sales_channel=event.organizer.sales_channels.get(identifier="web"),
    )
    ticket = OrderPosition.objects.create(
        order=order,
        item=item,
        price=Decimal(0),
        attendee_name_parts={"_scheme": "full", "full_name": f"Tamu {number}"},
    )
    order.create_transactions()
    return ticket.secret


with scopes_disabled():
    print(json.dumps(fill(*map(int, sys.argv[1:]))))
