"""The people and rooms of the journeys."""

import pytest
from django.utils import translation

from tests.bookings.web.conftest import annas, noon, place

__all__ = ["annas", "noon", "place"]


@pytest.fixture
def english(place):
    """The words in the code are English; what the pages look up is tested in that language."""
    place.anna.language = "en"
    place.anna.save()
    with translation.override("en"):
        yield
