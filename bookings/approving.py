"""Rooms for which staff say yes first. A request keeps its time like a booking, so no two can be approved for one."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from bookings import allowing, busy, informing, invitation, owing, reminding, telling
from bookings.life import enter, locked, locked_if_idle
from bookings.models import Booking
from bookings.refusals import RequestTooLate
from bookings.states import BookingState
from spaces import claiming
from spaces.models import Space
from spaces.money import Taxed, euro
from spaces.periods import Period
from tenants.parties.models import User

LONGEST_ANSWER = 300


def still_holds(booking: Booking, *, space: Space, others: Iterable[Space] = (), period: Period) -> bool:
    """Whether `booking` needs no new answer there and then: it stays within what was approved, if that is asked.

    `others` are the rooms that go along; they are the same ones as before.
    """
    if not any(each.needs_approval for each in (space, *others)):
        return True
    starts_at, ends_at = booking.approved_starts_at, booking.approved_ends_at
    if starts_at is None or ends_at is None or (space.needs_approval and booking.space_id != space.pk):
        return False
    return Period(starts_at, ends_at).contains(period)


def needs_answer(booking: Booking, spaces: Iterable[Space], *, by: User) -> bool:
    """Whether `by` booking this asks for approval: one of `spaces` wants it, and `by` is not at the desk. One query.

    Who presses counts, not who held it: staff also take options, and wait, for a party that books them itself.
    """
    return any(space.needs_approval for space in spaces) and not allowing.books_for_others(
        by, hub_id=booking.hub_id
    )


def book_or_ask(booking: Booking, spaces: Iterable[Space], *, title: str, by: User, now: datetime) -> None:
    """Book what is claimed, or ask for it when one of `spaces` needs approval; inside the transaction of the booking.

    What staff book themselves counts as approved by them.
    """
    rooms, fields = list(spaces), {"title": title or booking.title, "held_until": None}
    if needs_answer(booking, rooms, by=by):
        request(booking, now=now, **fields)
    elif any(space.needs_approval for space in rooms):
        _book(booking, now=now, **fields, **_approval(booking, by))
    else:
        _book(booking, now=now, **fields)


def request(booking: Booking, *, now: datetime, **fields: object) -> None:
    """Let the booking wait for approval (again), its time kept; inside the transaction of its change. Both are told."""
    ask(booking, **fields)
    informing.requested(booking, now=now)


def ask(booking: Booking, **fields: object) -> None:
    """`request` without its letters, for who tells of many at once.

    While it waits nothing is owed: what was charged before the change is taken back.
    """
    unanswered = {"approved_starts_at": None, "approved_ends_at": None, "approved_by": None, "answer": ""}
    enter(booking, BookingState.REQUESTED, **unanswered, **fields)
    owing.charge_nothing(booking)


@busy.retried
@transaction.atomic(durable=True)
def approve(booking: Booking, *, by: User, now: datetime) -> bool:
    """Book what was asked, charge it and tell; False when it had been answered already.

    Raises RequestTooLate once its time has begun: the request has lapsed.
    """
    booking = locked(booking)
    if booking.state != BookingState.REQUESTED:
        return False
    if booking.starts_at <= now:
        raise RequestTooLate
    enter(booking, BookingState.CONFIRMED, reminded_at=noted(booking, now=now), **_approval(booking, by))
    owing.charge_in_full(booking)
    owing.give_back(booking, by=by, now=now)
    informing.approved(booking, now=now)
    return True


@busy.retried
@transaction.atomic(durable=True)
def decline(booking: Booking, *, reason: str, now: datetime) -> bool:
    """Give the time back, with the reason in a letter; False when it had been answered already."""
    booking = locked(booking)
    if booking.state != BookingState.REQUESTED:
        return False
    _decline(booking, reason=reason, now=now)
    return True


@busy.retried
@transaction.atomic(durable=True)
def withdraw(booking: Booking, *, by: User | None = None, now: datetime) -> bool:
    """Who asked does not want it any more: the time is free again, at no cost; False when it was answered already.

    What had been booked before (and then asked anew) goes from the calendar by a letter; `by` is who says so.
    """
    booking = locked(booking)
    if booking.state != BookingState.REQUESTED:
        return False
    was_booked = invitation.was_sent(booking)
    enter(
        booking, BookingState.CANCELLED, cancelled_at=now, cancellation_net=Decimal(0), included_hours=0,
        sequence=booking.sequence + 1,
    )  # fmt: skip
    claiming.release(booking.holder)
    online = owing.give_back(booking, by=by, now=now)
    informing.withdrawn(booking, now=now)
    if was_booked:
        who, nothing = (
            by or booking.contact or booking.booked_by,
            Taxed.from_net(Decimal(0), rate=booking.vat_rate),
        )
        telling.cancelled(booking, fee=nothing, back=euro(0), online=online, by=who, now=now)
    return True


def decline_unanswered(*, now: datetime, most: int = 200) -> int:
    """Decline the requests whose time has begun; returns how many. Each is its own transaction.

    What somebody else is busy with waits for the next sweep.
    """
    lapsed = Booking.objects.filter(state=BookingState.REQUESTED, starts_at__lte=now)
    return busy.swept(lambda booking: _lapse(booking, now=now), lapsed.order_by("starts_at")[:most])


@busy.retried
@transaction.atomic(durable=True)
def _lapse(asked: Booking, *, now: datetime) -> bool:
    booking = locked_if_idle(asked)
    if booking is None or booking.state != BookingState.REQUESTED or booking.starts_at > now:
        return False
    to = telling.addressee(booking)
    with translation.override(to.language if to else booking.party.language):
        reason = _("Nobody answered your request before its time began. We are sorry.")
    _decline(booking, reason=reason, now=now)
    return True


def _book(booking: Booking, *, now: datetime, **fields: object) -> None:
    enter(booking, BookingState.CONFIRMED, reminded_at=noted(booking, now=now), **fields)
    owing.charge_in_full(booking)
    telling.booked(booking, now=now)


def _decline(booking: Booking, *, reason: str, now: datetime) -> None:
    enter(
        booking,
        BookingState.DECLINED,
        answer=reason[:LONGEST_ANSWER],
        included_hours=0,
        sequence=booking.sequence + 1,
    )
    claiming.release(booking.holder)
    owing.give_back(booking, by=None, now=now)
    informing.declined(booking, now=now)


def _approval(booking: Booking, by: User) -> dict[str, object]:
    return {
        "approved_starts_at": booking.starts_at,
        "approved_ends_at": booking.ends_at,
        "approved_by": by,
        "answer": "",
    }


def noted(booking: Booking, *, now: datetime) -> datetime | None:
    """That no reminder is due any more, when it is that late already."""
    return now if reminding.has_passed(booking.hub, booking.starts_at, now=now) else None
