"""What Stripe tells by itself, at the webhook or when it is asked what we missed."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import stripe
from django.conf import settings
from stripe.params import EventListParams

from tenants.billing.stripe import watching
from tenants.billing.stripe.answers import Event
from tenants.billing.stripe.line import ask
from tenants.billing.stripe.refusals import BadSignature

TOLERANCE = 300  # seconds that a signature is good for; more than a fast clock of ours may differ


def read_event(body: bytes, signature: str) -> dict[str, Any]:
    """What came in at the webhook, as it was written, when it was signed with one of our secrets.

    Raises BadSignature for all else: forged, stale, no signature, no text, no event; it is counted for whoever watches.
    """
    try:
        return _read(body, signature)
    except BadSignature:
        watching.count_refused()
        raise


def events_since(since: datetime) -> Iterator[Event]:
    """What Stripe told since a moment (at most 30 days ago), the newest first. Raises Unavailable on the way."""
    after = ""
    while True:
        page = _page(since, after)
        told = json.loads(page.last_response.body)["data"] if page.last_response else []
        yield from map(Event.of, told)
        if not page.has_more or not told:
            return
        after = told[-1]["id"]


def _page(since: datetime, after: str) -> stripe.ListObject[stripe.Event]:
    wish: EventListParams = {"created": {"gte": int(since.timestamp())}, "limit": 100}
    if after:
        wish["starting_after"] = after
    return ask(lambda v1: v1.events.list(wish))


def _read(body: bytes, signature: str) -> dict[str, Any]:
    if not any(_is_signed(body, signature, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):
        raise BadSignature("no secret of ours signed this")
    try:
        payload: dict[str, Any] = json.loads(body)
        Event.of(payload)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as fault:
        raise BadSignature(f"signed, but no event: {type(fault).__name__}") from fault
    return payload


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    """The package raises more than its own error: for no UTF-8, for a time that is no number, for letters like é."""
    try:
        return bool(stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE))
    except (stripe.SignatureVerificationError, ValueError, TypeError, IndexError):
        return False
