"""What a booking says of itself: the name on the door, how many persons, how the room is set up."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bookings import additions, busy, extras, owing, reserving
from bookings.additions import Moved
from bookings.life import locked
from bookings.models import Booking
from bookings.moving import refuse_overtaken
from bookings.refusals import AdditionRefused, AlreadyDone, PriceChanged, TooLate
from bookings.states import BOOKED, BookingState
from bookings.terms import Terms
from spaces import claiming
from spaces.models import Extra

MAY_DESCRIBE = (BookingState.CONFIRMED, BookingState.ARRIVED, BookingState.REQUESTED)


@dataclass(frozen=True)
class Details:
    """`layout` is "" as the room stands; `persons` None is not known."""

    title: str
    persons: int | None
    layout: str


def details(booking: Booking) -> Details:
    """The details as they are."""
    return Details(booking.title, booking.persons, booking.layout)


def may_describe(booking: Booking, *, now: datetime) -> bool:
    """Whether its people may still say something else: booked or asked for, and not over."""
    return booking.state in MAY_DESCRIBE and booking.released_at is None and booking.ends_at > now


def plan(
    booking: Booking, wanted: Details, *, terms: Terms = Terms.AGREED, now: datetime
) -> tuple[Moved, Booking]:
    """What goes with the booking then and what that differs, and the booking itself as it would be, with its margins.

    Nothing is written. Raises BookingRefused.
    """
    if booking.ends_at <= now:
        raise TooLate
    if not may_describe(booking, now=now):
        raise AlreadyDone
    capacity = booking.space.capacity
    if wanted.persons and capacity and wanted.persons > capacity:
        words = _("%(room)s has room for %(capacity)s persons. Choose a larger room.")
        raise AdditionRefused(words % {"room": booking.space.name, "capacity": capacity})
    by_staff = terms is not Terms.AGREED
    if wanted.persons != booking.persons:
        _refuse_recount(booking, wanted.persons, by_staff=by_staff, now=now)
    there = _as_wanted(booking, wanted)
    along = additions.moved(there, space=there.space, period=there.period, by_staff=by_staff, now=now)
    return along, there


def describe(
    booking: Booking,
    wanted: Details,
    *,
    terms: Terms = Terms.AGREED,
    sequence: int,
    agreed: Decimal | None = None,
    now: datetime,
) -> Booking:
    """Say something else of the booking. The same again changes nothing.

    `sequence` is that of the booking as the person saw it: changed since then, Overtaken. `agreed` is the new total
    incl. VAT as they saw it: another one, PriceChanged. Raises AdditionRefused when the room cannot be so.
    """
    try:
        return _describe(booking, wanted, terms=terms, seen=(sequence, agreed), now=now)
    except claiming.SpaceTaken as error:
        words = _("There is no time to set up the room like that: somebody else has it just before.")
        raise AdditionRefused(words) from error


@busy.retried
@transaction.atomic(durable=True)
def _describe(
    booking: Booking, wanted: Details, *, terms: Terms, seen: tuple[int, Decimal | None], now: datetime
) -> Booking:
    booking = locked(booking)
    if details(booking) == wanted:
        return booking
    refuse_overtaken(booking, seen[0])
    claiming.lock(reserving.spaces_of(booking))
    planned, there = plan(booking, wanted, terms=terms, now=now)
    if seen[1] not in (None, booking.total + planned.difference):
        raise PriceChanged
    margin = reserving.margin_of(there)
    if margin != reserving.margin_of(booking):
        spaces = [there.space, *planned.spaces]
        claiming.move(there.holder, spaces, period=there.period, margin=margin, now=now)
    additions.rewrite(there, planned)
    there.sequence += 1
    there.save()
    if planned.difference and there.state in BOOKED:
        owing.charge_in_full(there)
        owing.give_back(there, by=None, now=now)
    return there


def _as_wanted(booking: Booking, wanted: Details) -> Booking:
    there = copy(booking)
    there.title, there.persons, there.layout = wanted.title, wanted.persons, wanted.layout
    return there


def _refuse_recount(booking: Booking, persons: int | None, *, by_staff: bool, now: datetime) -> None:
    """What is served per person is ordered for so many by then; only reception can still tell the kitchen."""
    counted = [row.extra for row in additions.of(booking) if row.extra and row.extra.per == Extra.Per.PERSON]
    for extra in counted:
        if not persons:
            words = _("%(extra)s is counted per person: fill in the number of persons.")
            raise AdditionRefused(words % {"extra": extra})
        if not by_staff and extras.too_late(extra, booking.starts_at, now):
            words = _("It is too late to order %(extra)s for another number of persons. Ask reception.")
            raise AdditionRefused(words % {"extra": extra})
