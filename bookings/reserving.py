"""Holding a space for ten minutes, and booking it: nobody can ever have the same space at the same time."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from bookings import allowance, owing, telling
from bookings.life import enter
from bookings.models import Booking
from bookings.refusals import (
    AlreadyDone,
    InThePast,
    NotAllowedToBook,
    NotBookable,
    OffGrid,
    OffHours,
    TimeTaken,
    TooBusy,
    TooFarAhead,
    Unpriced,
)
from bookings.states import BookingState
from spaces import availability, cancellation, claiming, opening, pricing
from spaces.models import Claim, Space
from spaces.periods import Period
from spaces.pricing import Quote
from tenants.parties.models import Party, PartyState, User

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 6
GRID_MINUTES = 15
DAYS_AHEAD = 335
"""Eleven months: fixed half-days claim twelve, so they always come first."""


def check(space: Space, *, period: Period, party: Party, now: datetime) -> None:
    """Raise the BookingRefused that says why `party` cannot book `space` then; being taken is not checked."""
    if party.state != PartyState.ACTIVE:
        raise NotAllowedToBook
    if not space.bookable or space.hub_id != party.hub_id:
        raise NotBookable
    if period.end <= now:
        raise InThePast
    if period.start > now + timedelta(days=DAYS_AHEAD):
        raise TooFarAhead(DAYS_AHEAD)
    if any(_off_grid(moment) for moment in (period.start, period.end)):
        raise OffGrid
    why = opening.load(space.hub, period=period).closed_reason(period)
    if why is not None:
        raise OffHours(why)


def quote(space: Space, *, period: Period, party: Party, moved: Booking | None = None) -> Quote:
    """The price of `space` for `party`, with the hours its leases include. Raises Unpriced."""
    hours = allowance.hours_for(party, space, period=period, leaving_out=moved)
    try:
        return pricing.quote(space, period=period, rate_group=party.rate_group, included_hours=hours)
    except pricing.NoPrice as error:
        raise Unpriced(str(error)) from error


def hold(
    space: Space,
    *,
    period: Period,
    party: Party,
    by: User,
    contact: User | None = None,
    title: str = "",
    persons: int | None = None,
    key: UUID,
    now: datetime,
) -> Booking:
    """Keep `space` for `party` while it looks at the price: `hub.hold_minutes` long.

    The same `key` again returns the same booking. Raises BookingRefused; TimeTaken brings alternatives.
    """
    existing = _made_before(key, party)
    if existing is not None:
        return existing
    check(space, period=period, party=party, now=now)
    booking = Booking(
        code=new_code(), hub=space.hub, space=space, party=party, booked_by=by, contact=contact,
        starts_at=period.start, ends_at=period.end, policy_starts_at=period.start,
        held_until=now + timedelta(minutes=space.hub.hold_minutes),
        title=title or party.name[:80], persons=persons, idempotency_key=key, policy=cancellation.steps_of(space.hub),
    )  # fmt: skip
    return or_alternatives(lambda: _hold(booking, now=now), space=space, period=period, now=now)


@claiming.retried
@transaction.atomic(durable=True)
def _hold(booking: Booking, *, now: datetime) -> Booking:
    Party.objects.select_for_update(no_key=True).get(pk=booking.party_id)
    existing = _made_before(booking.idempotency_key, booking.party)
    if existing is not None:  # the other half of a double click, which had the lock first
        return existing
    claiming.take(
        [booking.space],
        period=booking.period,
        kind=Claim.Kind.HOLD,
        holder=booking.holder,
        expires_at=booking.held_until,
        now=now,
    )
    put_price(booking, quote(booking.space, period=booking.period, party=booking.party))
    booking.save(force_insert=True)
    return booking


def _made_before(key: UUID, party: Party) -> Booking | None:
    return Booking.objects.with_everything().filter(idempotency_key=key, party=party).first()


def put_price(booking: Booking, agreed: Quote) -> None:
    """Write the price as agreed onto the booking; does not save."""
    booking.quote = agreed.as_json()
    booking.net, booking.vat, booking.gross = agreed.taxed.net, agreed.taxed.vat, agreed.taxed.gross
    booking.vat_treatment, booking.vat_rate = agreed.vat_treatment, agreed.taxed.rate
    booking.included_hours = agreed.included_hours


@transaction.atomic(durable=True)
def extend(booking: Booking, *, now: datetime) -> Booking:
    """Hold once more for `hub.hold_minutes` from now; a second time, or after it ran out, AlreadyDone."""
    until = now + timedelta(minutes=booking.hub.hold_minutes)
    running = Booking.objects.filter(
        pk=booking.pk, state=BookingState.HELD, extended=False, held_until__gt=now
    ).update(held_until=until, extended=True)
    if not running or not claiming.extend(booking.holder, expires_at=until):
        raise AlreadyDone
    booking.held_until, booking.extended = until, True
    return booking


def confirm(booking: Booking, *, title: str = "", now: datetime) -> Booking:
    """Book what was held, on account. A second call returns the same booking.

    A hold that ran out is taken again when the space is still free; otherwise TimeTaken.
    """
    return or_alternatives(
        lambda: _confirm(booking, title=title, now=now), space=booking.space, period=booking.period, now=now
    )


@claiming.retried
@transaction.atomic(durable=True)
def _confirm(booking: Booking, *, title: str, now: datetime) -> Booking:
    booking = Booking.objects.with_everything().select_for_update(of=("self",)).get(pk=booking.pk)
    if booking.state not in (BookingState.HELD, BookingState.EXPIRED):
        return booking
    if booking.ends_at <= now:
        raise InThePast
    if not claiming.keep(booking.holder, kind=Claim.Kind.BOOKING):
        claiming.take(
            [booking.space], period=booking.period, kind=Claim.Kind.BOOKING, holder=booking.holder, now=now
        )
    enter(booking, BookingState.CONFIRMED, title=title or booking.title, held_until=None)
    owing.charge_in_full(booking)
    telling.booked(booking, now=now)
    return booking


@transaction.atomic(durable=True)
def let_go(booking: Booking) -> None:
    """End a hold early, so that others can have the time; anything but a hold stays as it is."""
    if booking.state == BookingState.HELD:
        enter(booking, BookingState.EXPIRED)
        claiming.release(booking.holder)


def let_go_of_others(by: User, *, party: Party, key: UUID, now: datetime) -> int:
    """Before a new hold with `key`: end the earlier ones of the same person for `party`; returns how many.

    Somebody who changes their choice would otherwise be kept out by their own hold.
    """
    earlier = Booking.objects.filter(party=party).held_by(by, now=now).exclude(idempotency_key=key)
    return sum(_release(booking) for booking in earlier)


def release_expired(*, now: datetime, most: int = 200) -> int:
    """End the holds that ran out; returns how many. Each is its own transaction."""
    expired = Booking.objects.filter(state=BookingState.HELD, held_until__lte=now)[:most]
    return sum(_release(booking) for booking in expired)


@transaction.atomic(durable=True)
def _release(booking: Booking) -> bool:
    try:
        enter(booking, BookingState.EXPIRED)
    except AlreadyDone:
        return False
    claiming.release(booking.holder)
    return True


def or_alternatives(deed: Callable[[], Booking], *, space: Space, period: Period, now: datetime) -> Booking:
    """Do `deed`; when the space is taken raise TimeTaken with the nearest alternatives, or else TooBusy."""
    try:
        return deed()
    except claiming.SpaceTaken as error:
        raise TimeTaken(availability.alternatives(space, period=period, now=now)) from error
    except claiming.SpaceBusy as error:
        raise TooBusy from error


def new_code() -> str:
    """A short code without letters that look alike, for people to say aloud."""
    return "".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH))


def _off_grid(moment: datetime) -> bool:
    return bool(moment.minute % GRID_MINUTES or moment.second or moment.microsecond)
