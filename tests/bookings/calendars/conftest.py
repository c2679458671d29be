"""A hub with a meeting area of two halves, and what reads a calendar for it."""

from dataclasses import dataclass

import pytest

from bookings.calendar_import import planning, reading, storing
from bookings.calendar_import.locating import Rooms
from bookings.calendar_import.planning import Plan
from bookings.calendar_import.reading import Reading
from spaces.models import Hub, Space
from tests import cast
from tests.bookings.calendars.written import AUTUMN, told


@dataclass
class Place:
    hub: Hub
    whole: Space
    half_a: Space
    half_b: Space

    def read(self, content: bytes, *, period=AUTUMN) -> Reading:
        return reading.read(content, rooms=Rooms.of(self.whole), period=period)

    def times(self, content: bytes, *, period=AUTUMN) -> list[str]:
        return [told(date.period) for date in self.read(content, period=period).dates]

    def plan(self, content: bytes, *, now=cast.NOW) -> Plan:
        return planning.plan(self.whole, self.read(content, period=planning.window(now)), now=now)

    def store(self, content: bytes, *, now=cast.NOW) -> Plan:
        return storing.store(self.whole, self.read(content, period=planning.window(now)), now=now)


@pytest.fixture
def place(db) -> Place:
    hub = cast.hub()
    return Place(hub, *cast.meeting_area(hub))


@pytest.fixture
def lasting_place(transactional_db) -> Place:
    """The same, for what opens its own transaction."""
    hub = cast.hub()
    return Place(hub, *cast.meeting_area(hub))
