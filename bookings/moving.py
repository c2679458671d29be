"""Changing the room or the time of a booking, also while it runs, with the price difference known beforehand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bookings import (
    additions,
    approving,
    busy,
    cancelling,
    extras,
    following,
    lessening,
    owing,
    reminding,
    reserving,
    stretching,
    telling,
)
from bookings.additions import Moved
from bookings.lessening import Kept
from bookings.life import enter, locked
from bookings.models import Addition, Booking
from bookings.refusals import (
    AlreadyDone,
    AsksApproval,
    NothingChanged,
    OnlyTheEnd,
    Overtaken,
    PriceChanged,
    RuleBroken,
    TooLate,
)
from bookings.states import BookingState
from bookings.terms import Terms
from spaces import availability, claiming, ledger
from spaces.models import Space
from spaces.money import Euro, Taxed, euro, total
from spaces.periods import Period
from spaces.pricing import Quote
from tenants.billing.online.crediting import Back
from tenants.parties.models import User


@dataclass(frozen=True)
class Move:
    """What the booking costs after the change, and what that differs (incl. VAT; negative is cheaper).

    `quote` is of the room itself, with what is kept; `fee` the part of it for what this change gives up, zero when that
    is free. `additions` go along.
    """

    quote: Quote
    kept: Kept
    fee: Taxed
    additions: Moved
    difference: Decimal
    asks_approval: bool

    @property
    def total(self) -> Euro:
        """The new price of the room and all that goes with it, including VAT."""
        return euro(self.quote.gross + additions.gross(self.additions.rows))

    @property
    def saving(self) -> Decimal:
        """By how much the new price is lower."""
        return -self.difference


@dataclass(frozen=True)
class Seen:
    """The booking's `sequence` and the new total incl. VAT as the person saw them; price None: whatever it is."""

    sequence: int
    price: Decimal | None = None


def plan(
    booking: Booking,
    *,
    space: Space,
    period: Period,
    terms: Terms = Terms.AGREED,
    by: User | None = None,
    now: datetime,
) -> Move:
    """What the change would cost; nothing is written. Raises BookingRefused when it may not be.

    `by` is who presses: the rules are milder for reception.
    """
    _refuse_late(booking, space=space, period=period, terms=terms, now=now)
    _refuse_by_the_rules(booking, space=space, period=period, terms=terms, by=by, now=now)
    by_staff = terms is not Terms.AGREED
    along = additions.moved(booking, space=space, period=period, by_staff=by_staff, by=by, now=now)
    asks = not by_staff and not approving.still_holds(
        booking, space=space, others=along.spaces, period=period
    )
    if asks and cancelling.is_late(booking, now):
        raise AsksApproval
    fresh = reserving.quote(space, period=period, party=booking.party, moved=booking, now=now)
    net = fresh.net + _rooms(along.rows) - _rooms(additions.of(booking))
    kept = lessening.after(booking, net=net, terms=terms, now=now)
    quote = lessening.agreed(fresh, kept)
    return Move(
        quote=quote,
        kept=kept,
        fee=Taxed.from_net(max(kept.net - lessening.kept(booking).net, Decimal(0)), rate=quote.vat_rate),
        additions=along,
        difference=quote.gross - booking.gross + along.difference,
        asks_approval=asks,
    )


def move(
    booking: Booking,
    *,
    space: Space,
    period: Period,
    terms: Terms = Terms.AGREED,
    by: User,
    sequence: int,
    agreed: Decimal | None = None,
    now: datetime,
) -> Booking:
    """Change in place: the code, the calendar entry and the history stay. Raises TimeTaken with alternatives.

    `sequence` is that of the booking as the person saw it: changed since then, Overtaken. `agreed` is the new
    price including VAT as they saw it: another one by now, PriceChanged.
    """
    seen = Seen(sequence, agreed)
    return reserving.or_alternatives(
        lambda: _move(booking, space=space, period=period, terms=terms, by=by, seen=seen, now=now),
        space=space,
        period=period,
        now=now,
    )


def money_back(booking: Booking, planned: Move) -> Back | None:
    """What comes back at once, and how, of what was paid when it was booked; None when it is on the month invoice."""
    if planned.asks_approval:
        return None
    return owing.back_for_price(booking, planned.quote, planned.additions.rows)


def refuse_overtaken(booking: Booking, sequence: int) -> None:
    """Raise Overtaken unless the (locked) booking is still the version that the person saw."""
    if booking.sequence != sequence:
        raise Overtaken


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
    claims = ledger.in_the_way(atoms, period=period, margin=reserving.margin_of(booking), now=now)
    others = {claim.space_id for claim in claims if claim.holder != booking.holder}
    return {space.pk for space in touched if others.isdisjoint(tree[space.pk])}


def _refuse_late(booking: Booking, *, space: Space, period: Period, terms: Terms, now: datetime) -> None:
    if booking.state not in stretching.MAY_CHANGE or booking.released_at is not None:
        raise AlreadyDone
    if (space.pk, period) == (booking.space_id, booking.period):
        raise NothingChanged
    if terms is not Terms.AGREED or booking.starts_at > now:
        return
    if booking.ends_at <= now:
        raise TooLate
    if (space.pk, period.start) != (booking.space_id, booking.starts_at) or period.end < now:
        raise OnlyTheEnd


def _refuse_by_the_rules(
    booking: Booking, *, space: Space, period: Period, terms: Terms, by: User | None, now: datetime
) -> None:
    """No rule forbids giving time back. Staff put right what has been as well: as if they had asked before it began."""
    if not stretching.fits_grid(period):
        raise RuleBroken(_("Choose times on the quarter hour, for example 09:00 or 09:15."))
    if space.pk == booking.space_id and booking.period.contains(period):
        return
    asked = now if terms is Terms.AGREED else min(now, period.start)
    reserving.check(space, period=period, party=booking.party, by=by, moved=booking, now=asked)


@busy.retried
@transaction.atomic(durable=True)
def _move(
    booking: Booking,
    *,
    space: Space,
    period: Period,
    terms: Terms,
    by: User,
    seen: Seen,
    now: datetime,
) -> Booking:
    booking = locked(booking)
    refuse_overtaken(booking, seen.sequence)
    claiming.lock([space, *_all_spaces(booking)])
    planned = plan(booking, space=space, period=period, terms=terms, by=by, now=now)
    if seen.price not in (None, planned.total):
        raise PriceChanged
    spaces, margin = [space, *planned.additions.spaces], reserving.margin_of(booking)
    claiming.move(booking.holder, spaces, period=period, margin=margin, now=now)
    if terms is not Terms.AGREED and any(each.needs_approval for each in spaces):
        _approve(booking, period, by=by)
    if booking.state == BookingState.ARRIVED and period.start > now:
        enter(booking, BookingState.CONFIRMED, arrived_at=None)  # nobody has arrived for what is yet to come
    _rewrite(booking, planned, space=space, period=period, terms=terms, now=now)
    if planned.asks_approval:
        approving.request(booking, now=now)
        return booking
    owing.charge_in_full(booking)
    online = owing.give_back(booking, by=by, now=now)
    telling.changed(booking, by=by, terms=terms, fee=planned.fee, online=online, now=now)
    return booking


def _all_spaces(booking: Booking) -> list[Space]:
    """What it has, and every piece that could take the place of one of its own: all locked at once, in one order."""
    rows = additions.of(booking)
    lent = [row.extra for row in rows if row.extra is not None]
    return [booking.space, *additions.spaces_of(rows), *extras.pieces_of(lent)]


def _rooms(rows: Iterable[Addition]) -> Decimal:
    """What the other rooms cost, excluding VAT: giving them up costs as giving up the room itself."""
    return total(row.net for row in rows if row.extra is None)


def _approve(booking: Booking, period: Period, *, by: User) -> None:
    """What staff change is approved by them."""
    booking.approved_starts_at, booking.approved_ends_at, booking.approved_by = period.start, period.end, by


def _rewrite(
    booking: Booking, planned: Move, *, space: Space, period: Period, terms: Terms, now: datetime
) -> None:
    late = cancelling.is_late(booking, now) and terms is not Terms.HOUSE
    hours = booking.included_hours if late else Decimal(0)
    booking.policy_starts_at = min(booking.policy_starts_at, period.start) if late else period.start
    booking.space, booking.starts_at, booking.ends_at = space, period.start, period.end
    booking.sequence += 1
    booking.reminded_at = now if reminding.has_passed(booking.hub, period.start, now=now) else None
    reserving.put_price(booking, planned.quote)
    additions.rewrite(booking, planned.additions)
    booking.given_up_net = planned.kept.given_up
    booking.included_hours = max(booking.included_hours, hours)
    booking.save()
    following.moved(booking)
