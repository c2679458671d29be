"""Closing in the tests: somebody has booked, something is to be closed, who holds what."""

from uuid import uuid4

from bookings import closing_hits, reserving
from bookings.closing_hits import Wish
from bookings.models import Booking
from spaces.models import Claim, Hub, Space
from spaces.periods import Period
from tests import cast
from tests.cast import NOW, between

TUESDAY = "2026-12-01"


def book(
    room: Space, start: str = f"{TUESDAY} 09:00", end: str = "12:00", name: str = "Anna de Vries", **more
) -> Booking:
    person, party = cast.zzper(room.hub, name)
    held = reserving.hold(
        room, period=between(start, end), party=party, by=person, contact=person, key=uuid4(), now=NOW, **more
    )
    return reserving.confirm(held, now=NOW)


def wish(hub: Hub, space: Space | None = None, start: str = f"{TUESDAY} 00:00", end: str = "24:00") -> Wish:
    return Wish(hub, space, between(start, end), "Lekkage")


def keys(wish: Wish) -> frozenset[str]:
    return closing_hits.find(wish, now=NOW).keys


def held(holder: str) -> list[tuple[str, Period]]:
    claims = (
        Claim.objects.filter(holder=holder, active=True)
        .select_related("space")
        .order_by("starts_at", "space")
    )
    return [(claim.space.code, Period(claim.starts_at, claim.ends_at)) for claim in claims]
