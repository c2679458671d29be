"""What reception does: booking for whoever stands at the desk, and the state of the house right now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bookings import additions, reserving
from bookings.additions import Wish
from bookings.daysheet import Sheet
from bookings.models import Addition, Booking
from bookings.refusals import TimeTaken
from bookings.states import BookingState
from spaces import availability
from spaces.models import Hub
from spaces.pricing import Quote
from tenants.parties import visiting
from tenants.parties.access import Actor
from tenants.parties.models import Party, PartyKind, PartyState, User

SOON = timedelta(hours=1)
FREE = {"free", "past"}


@dataclass(frozen=True)
class Summary:
    """The house right now: rows of the sheet in use, and people expected."""

    taken: int
    rooms: int
    arriving: int
    not_arrived: int


@dataclass(frozen=True)
class Price:
    """What a booking at the desk would cost: the room, and what goes with it."""

    quote: Quote
    additions: list[Addition]


def summary(sheet: Sheet, *, actor: Actor, now: datetime) -> Summary:
    """Counts each room once: a whole that is let in parts counts by its parts. One query."""
    parents = {row.space.parent_id for row in sheet.rows}
    rows = [row for row in sheet.rows if row.space.pk not in parents]
    taken = [
        row for row in rows for slot in row.slots
        if slot.period.start <= now < slot.period.end and slot.state not in FREE and slot.occupants
    ]  # fmt: skip
    expected = Booking.objects.visible_to(actor).filter(state=BookingState.CONFIRMED)
    soon = expected.filter(starts_at__gt=now, starts_at__lte=now + SOON).count()
    late = expected.filter(starts_at__lte=now, ends_at__gt=now).count()
    return Summary(taken=len(taken), rooms=len(rows), arriving=soon, not_arrived=late)


def price(asked: Mapping[str, Any], wish: Wish, *, by: User, hub: Hub, now: datetime) -> Price:
    """The price for the party that asks, or for somebody new. Raises BookingRefused; nothing is written."""
    space, period = asked["ruimte"], asked["period"]
    party = asked.get("party") or _someone_new(hub)
    known = reserving.check(space, period=period, party=party, by=by, now=now)
    rules = known.rulebook.for_others()
    if not availability.is_free(space, period=period, rules=rules, now=now) and period.start > now:
        raise TimeTaken(availability.alternatives(space, period=period, rules=rules, now=now))
    booking = Booking(
        hub=hub, space=space, party=party, booked_by=by, persons=asked.get("persons"),
        starts_at=period.start, ends_at=period.end,
    )  # fmt: skip
    return Price(
        quote=reserving.quote(space, period=period, party=party, known=known, now=now),
        additions=additions.chosen(wish, booking, now=now),
    )


def book(asked: Mapping[str, Any], wish: Wish, *, by: User, hub: Hub, now: datetime) -> Booking:
    """Book at once; the same key again returns the same booking. Raises BookingRefused.

    Somebody new becomes a party only once it is clear that they can have the room.
    """
    if not Booking.objects.filter(idempotency_key=asked["sleutel"]).exists():
        price(asked, wish, by=by, hub=hub, now=now)
    party = asked.get("party") or visiting.welcome(
        hub, name=asked["name"], phone=asked["phone"], email=asked.get("email", "")
    )
    held = reserving.hold(
        asked["ruimte"],
        period=asked["period"],
        party=party,
        by=by,
        title=asked.get("title", ""),
        persons=asked.get("persons"),
        wish=wish,
        key=asked["sleutel"],
        now=now,
    )
    return reserving.confirm(held, now=now)


def _someone_new(hub: Hub) -> Party:
    """Not stored: who walks in pays the external prices."""
    return Party(
        hub=hub,
        kind=PartyKind.EXTERNAL,
        state=PartyState.ACTIVE,
        rate_group=hub.rate_groups.get(code=visiting.RATE_GROUP),
    )
