"""What reception does: booking for whoever stands at the desk, and the state of the house right now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bookings import reserving
from bookings.daysheet import Sheet
from bookings.models import Booking
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


def quote(wish: Mapping[str, Any], *, by: User, hub: Hub, now: datetime) -> Quote:
    """The price for the party in `wish`, or for somebody new. Raises BookingRefused; nothing is written."""
    space, period = wish["ruimte"], wish["period"]
    party = wish.get("party") or _someone_new(hub)
    reserving.check(space, period=period, party=party, by=by, now=now)
    if not availability.is_free(space, period=period, now=now) and period.start > now:
        raise TimeTaken(availability.alternatives(space, period=period, now=now))
    return reserving.quote(space, period=period, party=party, now=now)


def book(wish: Mapping[str, Any], *, by: User, hub: Hub, now: datetime) -> Booking:
    """Book at once; the same key again returns the same booking. Raises BookingRefused.

    Somebody new becomes a party only once it is clear that they can have the room.
    """
    if not Booking.objects.filter(idempotency_key=wish["sleutel"]).exists():
        quote(wish, by=by, hub=hub, now=now)
    party = wish.get("party") or visiting.welcome(
        hub, name=wish["name"], phone=wish["phone"], email=wish.get("email", "")
    )
    held = reserving.hold(
        wish["ruimte"],
        period=wish["period"],
        party=party,
        by=by,
        title=wish.get("title", ""),
        key=wish["sleutel"],
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
