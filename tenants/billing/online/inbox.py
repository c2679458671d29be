"""What Stripe rings for: each event is kept once, then what it is about is looked at. Any order, any number of times.

An event is a doorbell: what happened is asked of Stripe, never read from the event.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import DataError, transaction
from django.db.models import F, Q, QuerySet

from tenants.billing import stripe
from tenants.billing.models import OnlinePayment, StripeEvent, StripeLook
from tenants.billing.online import disputing, mandating, reconciling, refunding
from tenants.billing.online.events import Ring, payments, rings_for

logger = logging.getLogger(__name__)

MOST = 200
"""Events at a time: the next sweep takes the rest."""
KEPT = timedelta(days=30)
"""So long the words of an event are kept; they hold names and addresses. Stripe keeps its events as long."""
MOST_IN_VAIN = 3
"""Questions without an answer after which the rest waits for the next time: each of them takes long."""
LONGEST_WAIT = 64
"""Minutes until what failed is tried again: 2, 4, 8, … and then this many."""
OVERLAP = timedelta(days=3)
"""So long Stripe tries to deliver an event; what it still brings is asked for again and kept once."""

Sync = Callable[[OnlinePayment], object]


class NotAnEvent(Exception):
    """It is signed, but no event that can be kept: nothing of it was written."""


def store(payload: dict[str, Any], *, now: datetime, was_fetched: bool = False) -> None:
    """Keep an event; the same id again changes nothing. One statement. Raises NotAnEvent."""
    try:
        event = stripe.Event.of(payload)
        row = StripeEvent(
            event_id=event.id[:100], kind=event.kind[:100], about=event.about[:200], is_test=event.is_test,
            payload=payload, happened_at=event.happened_at, received_at=now, was_fetched=was_fetched,
        )  # fmt: skip
        with transaction.atomic():
            StripeEvent.objects.bulk_create([row], ignore_conflicts=True)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, DataError) as error:
        raise NotAnEvent from error


def handle_waiting(*, sync: Sync, now: datetime, let_through: tuple[type[BaseException], ...] = ()) -> int:
    """Look at what each waiting event is about; returns how many are done. Call it with no transaction open.

    `sync` looks at a payment and all that hangs on it. What fails is kept with its reason and tried again later; it
    keeps no other event waiting. Of `let_through` nothing is caught. Without a key nothing is looked at.
    """
    looked: dict[Ring, Exception | None] = {}
    done = in_vain = 0
    for event in _due(now) if stripe.is_on() else ():
        if in_vain == MOST_IN_VAIN:
            break
        if not _taken(event, now=now):
            continue  # another worker is at it
        try:
            _handle(event, looked, sync=sync, now=now)
        except let_through:
            raise
        except Exception as fault:
            in_vain = sum(isinstance(each, stripe.Unavailable) for each in looked.values())
            logger.warning("Event %s (%s) is tried again later: %s", event.event_id, event.kind, fault)
            StripeEvent.objects.filter(pk=event.pk).update(error=f"{type(fault).__name__}: {fault}"[:500])
        else:
            done += StripeEvent.objects.filter(pk=event.pk).update(handled_at=now, error="")
    return done


def fetch_missed(*, now: datetime) -> int:
    """Keep the events of which Stripe could not deliver any; returns how many were new. Raises `stripe.Unavailable`."""
    if not stripe.is_on():
        return 0
    look = StripeLook.objects.filter(what=StripeLook.What.EVENTS, is_test=stripe.is_test()).first()
    since = max(look.at - OVERLAP if look else now - OVERLAP, now - KEPT)
    known = StripeEvent.objects.count()
    for event in stripe.events_since(since):
        store(event.payload, now=now, was_fetched=True)
    StripeLook.objects.update_or_create(
        what=StripeLook.What.EVENTS, is_test=stripe.is_test(), defaults={"at": now}
    )
    return StripeEvent.objects.count() - known


def forget(*, now: datetime) -> int:
    """Empty what is older than `KEPT`; what could not be handled in all that time is given up. Returns how many."""
    old = StripeEvent.objects.filter(received_at__lt=now - KEPT)
    old.filter(handled_at=None).update(handled_at=now)
    return old.filter(payload__isnull=False).update(payload=None)


def unhandled(*, now: datetime, longer_than: timedelta) -> QuerySet[StripeEvent]:
    """Events that wait for longer than they should."""
    return StripeEvent.objects.filter(handled_at=None, received_at__lt=now - longer_than)


def _due(now: datetime) -> list[StripeEvent]:
    """Never tried, or long enough ago: each failure doubles the wait."""
    due = Q(tried_at=None) | Q(tried_at__lte=now - timedelta(minutes=LONGEST_WAIT))
    for attempts in range(LONGEST_WAIT.bit_length() - 1):
        due |= Q(attempts=attempts, tried_at__lte=now - timedelta(minutes=2**attempts))
    waiting = StripeEvent.objects.filter(due, handled_at=None)
    return list(waiting.order_by("attempts", "received_at", "pk")[:MOST])


def _taken(event: StripeEvent, *, now: datetime) -> bool:
    """Of two workers that found it one goes on; when that one is killed it is tried again after its wait."""
    mine = StripeEvent.objects.filter(pk=event.pk, attempts=event.attempts, handled_at=None)
    return bool(mine.update(attempts=F("attempts") + 1, tried_at=now))


def _handle(event: StripeEvent, looked: dict[Ring, Exception | None], *, sync: Sync, now: datetime) -> None:
    """Several events about one thing came before we look: looking once answers them all, or none of them."""
    if event.is_test is not stripe.is_test() or event.payload is None:
        return
    ring = rings_for(event.payload)
    if ring.is_ours and ring not in looked:
        looked[ring] = None
        try:
            _look(ring, sync=sync, now=now)
        except Exception as fault:
            looked[ring] = fault
    if went_wrong := looked.get(ring):
        raise went_wrong


def _look(ring: Ring, *, sync: Sync, now: datetime) -> None:
    if ring.payment:
        sync(ring.payment)
        if not (ring.payment.session_id or ring.payment.intent_id):
            # asked under its key again Stripe repeats its first answer, of before it was paid: it has its number now
            sync(payments().get(pk=ring.payment.pk))
    if ring.payment and (ring.refunds or ring.disputes):
        payment = payments().get(pk=ring.payment.pk)  # as it is now that it was looked at
        (refunding if ring.refunds else disputing).sync(payment, now=now)
    if ring.mandate:
        mandating.sync(ring.mandate, now=now)
    if ring.payouts:
        reconciling.run(now=now)
