"""Celery's part: it only wakes; what is due stands in rows."""

from functools import partial

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from bookings import (
    approving,
    arriving,
    options,
    proposing,
    releasing,
    reletting,
    reminding,
    repeating_horizon,
    waiting,
)
from bookings.calendar_import import pending
from bookings.paying import sweeping, syncing
from tenants.billing import stripe
from tenants.billing.online import inbox

TIME_IS_UP = (SoftTimeLimitExceeded,)
"""Strikes whatever happens to be in hand: that is not what went wrong."""


@shared_task
def release_expired_holds() -> int:
    """Each minute: end the holds that ran out."""
    return releasing.release_expired(now=timezone.now())


@shared_task
def release_missed() -> int:
    """Each minute: what nobody came for is free for others, in the rooms that ask for it."""
    return arriving.release_missed(now=timezone.now())


@shared_task
def decline_unanswered() -> int:
    """Each minute: a request whose time has begun is declined, with a letter."""
    return approving.decline_unanswered(now=timezone.now())


@shared_task
def offer_freed() -> int:
    """Each minute: what came free is offered to who waits for it, one at a time."""
    return waiting.offer_freed(now=timezone.now())


@shared_task
def remind_of_options() -> int:
    """Each ten minutes: owe the letters that an option ends tomorrow."""
    return options.remind(now=timezone.now())


@shared_task
def extend_series() -> int:
    """Each day: book the dates of series that came within a year."""
    return repeating_horizon.extend_horizon(now=timezone.now()).booked


@shared_task
def remind() -> int:
    """Each ten minutes: owe the reminders of tomorrow, once it is the hub's hour for it."""
    return reminding.remind(now=timezone.now())


@shared_task
def drop_stale_calendars() -> int:
    """Each day: forget what was read of calendars that nobody confirmed."""
    return pending.drop_stale(now=timezone.now())


@shared_task
def settle_given_back() -> int:
    """Each ten minutes: credit the dates of fixed half-days that were given back and that others have booked by now."""
    return reletting.settle(now=timezone.now())


@shared_task
def propose_holidays() -> int:
    """Daily, in autumn: the public holidays of the coming year, for the director to decide on."""
    return proposing.propose(now=timezone.now())


@shared_task
def handle_stripe_events() -> int:
    """As soon as Stripe rings, and each half minute: look at what it rang for."""
    now = timezone.now()
    with stripe.patiently():
        return inbox.handle_waiting(sync=partial(syncing.sync, now=now), now=now, let_through=TIME_IS_UP)


@shared_task
def look_at_payments() -> int:
    """Each minute: look at attempts to pay that nobody heard of."""
    with stripe.patiently():
        return sweeping.look(now=timezone.now(), let_through=TIME_IS_UP)
