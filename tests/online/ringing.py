"""Webhooks for the tests: what Stripe tells us, kept and looked at as the worker does it."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.test import Client

from bookings.paying import syncing
from tenants.billing.models import StripeEvent
from tenants.billing.online import inbox
from tests.cast import NOW
from tests.stand_in.stand_in import StandIn


def handle(*, now: datetime = NOW) -> int:
    """What `bookings.tasks.handle_stripe_events` does."""
    return inbox.handle_waiting(sync=partial(syncing.sync, now=now), now=now)


def told(server: StandIn, *, now: datetime = NOW) -> int:
    """Stripe delivers what it owes us, and we look."""
    server.deliver(Client())
    return handle(now=now)


def event(kind: str = "invoice.created", **fields: Any) -> dict[str, Any]:
    """An event that the stand-in would never send."""
    thing = fields.pop("object", {"id": "in_1", "object": "invoice"})
    known = {
        "id": "evt_other", "object": "event", "type": kind, "livemode": False, "created": int(NOW.timestamp()),
        "api_version": "2031-01-01.unheard", "data": {"object": thing},
    }  # fmt: skip
    return known | fields


def kept() -> list[tuple[str, bool, str]]:
    """Each event that is kept: its kind, whether it was handled, and what went wrong."""
    rows = StripeEvent.objects.order_by("pk")
    return [(row.kind, row.handled_at is not None, row.error) for row in rows]


def later(**by: int) -> datetime:
    return NOW + timedelta(**by)
