"""A hub with a consult room, a desk and a place to stay, each with its prices."""

from decimal import Decimal

import pytest

from spaces.models import Hub, Space, SpaceKind
from tests import cast


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    cast.rate(hub)
    return cast.space(hub)


@pytest.fixture
def desk(hub: Hub) -> Space:
    cast.rate(
        hub, kind=SpaceKind.HOT_DESK, per_hour=None, per_day_part=Decimal("10.00"), per_day=Decimal("17.50")
    )
    return cast.space(hub, "111-1", name="Flexplek 1", kind=SpaceKind.HOT_DESK)


@pytest.fixture
def lodging(hub: Hub) -> Space:
    prices = {"per_day_part": Decimal(75), "per_day": Decimal(110), "per_week": Decimal(448)}
    cast.rate(hub, per_hour=None, **prices)
    return cast.space(hub)
