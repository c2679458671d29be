"""The people and rooms of the journeys."""

from tests.bookings.web.conftest import annas, noon, place

__all__ = ["annas", "noon", "place"]
