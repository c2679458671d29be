"""Moving a booking to another time or room, with the price difference known beforehand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from bookings import cancelling, owing, reminding, reserving, telling
from bookings.life import locked
from bookings.models import Booking
from bookings.refusals import AlreadyDone, PriceChanged, TooLate
from bookings.states import BookingState
from spaces import availability, claiming, ledger
from spaces.models import Space
from spaces.periods import Period
from spaces.pricing import Quote
from tenants.parties.models import User


@dataclass(frozen=True)
class Move:
    """The new price, and what it differs from the old one (including VAT; negative is cheaper)."""

    quote: Quote
    difference: Decimal

    @property
    def saving(self) -> Decimal:
        """By how much the new price is lower."""
        return -self.difference


def plan(booking: Booking, *, space: Space, period: Period, now: datetime) -> Move:
    """What moving would cost; nothing is written. Raises BookingRefused when it may not be."""
    if booking.starts_at <= now:
        raise TooLate
    if booking.state != BookingState.CONFIRMED:
        raise AlreadyDone
    reserving.check(space, period=period, party=booking.party, now=now)
    quote = reserving.quote(space, period=period, party=booking.party, moved=booking, now=now)
    return Move(quote=quote, difference=quote.taxed.gross - booking.gross)


def move(
    booking: Booking,
    *,
    space: Space,
    period: Period,
    by: User,
    sequence: int,
    agreed: Decimal | None = None,
    now: datetime,
) -> Booking:
    """Move in place: the code, the calendar entry and the history stay. Raises TimeTaken with alternatives.

    `sequence` is that of the booking as the person saw it: changed since then, AlreadyDone. `agreed` is the new
    price including VAT as they saw it: another one by now, PriceChanged.
    """
    return reserving.or_alternatives(
        lambda: _move(booking, space=space, period=period, by=by, seen=(sequence, agreed), now=now),
        space=space,
        period=period,
        now=now,
    )


def freed(booking: Booking, spaces: Collection[Space], *, period: Period, now: datetime) -> set[int]:
    """Which of `spaces` (their pks) would be free and open in `period` once `booking` left its own place.

    Only those that the booking itself keeps from being free. A constant number of queries.
    """
    tree = ledger.atoms_of(booking.hub)
    own = set(tree[booking.space_id])
    touched = [space for space in spaces if not own.isdisjoint(tree[space.pk])]
    if not touched or availability.why_shut(booking.hub, period=period, now=now):
        return set()
    atoms = {atom for space in touched for atom in tree[space.pk]}
    claims = ledger.claims_during(atoms, period=period, now=now)
    others = {atom for atom, held in claims.items() if any(claim.holder != booking.holder for claim in held)}
    return {space.pk for space in touched if others.isdisjoint(tree[space.pk])}


@claiming.retried
@transaction.atomic(durable=True)
def _move(
    booking: Booking,
    *,
    space: Space,
    period: Period,
    by: User,
    seen: tuple[int, Decimal | None],
    now: datetime,
) -> Booking:
    booking = locked(booking)
    if booking.sequence != seen[0]:
        raise AlreadyDone
    planned = plan(booking, space=space, period=period, now=now)
    if seen[1] not in (None, planned.quote.gross):
        raise PriceChanged
    claiming.move(booking.holder, [space], period=period, now=now)
    _rewrite(booking, space=space, period=period, quote=planned.quote, now=now)
    owing.charge_in_full(booking)
    telling.changed(booking, by=by, now=now)
    return booking


def _rewrite(booking: Booking, *, space: Space, period: Period, quote: Quote, now: datetime) -> None:
    late = cancelling.is_late(booking, now)
    booking.policy_starts_at = min(booking.policy_starts_at, period.start) if late else period.start
    booking.space, booking.starts_at, booking.ends_at = space, period.start, period.end
    booking.sequence += 1
    booking.reminded_at = now if reminding.has_passed(booking.hub, period.start, now=now) else None
    reserving.put_price(booking, quote)
    booking.save()
