"""A hub with rooms and prices, and somebody who books there."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from spaces.models import Hub, Space, SpaceKind
from tenants.parties.models import Party, User
from tests import cast


@dataclass
class Place:
    hub: Hub
    rooms: list[Space]
    anna: User
    party: Party


@pytest.fixture(autouse=True)
def noon():
    """It is Saturday 21 November 2026, noon in Amsterdam."""
    with time_machine.travel(cast.NOW, tick=False):
        yield


@pytest.fixture
def place(db) -> Place:
    hub = cast.hub()
    rooms = [
        cast.space(hub, "B03", name="Spreekkamer 1", features=("daylight",)),
        cast.space(hub, "B04", name="Spreekkamer 2", features=("wash-basin",)),
        cast.space(
            hub,
            "B06",
            name="Behandelkamer 1",
            kind=SpaceKind.TREATMENT_ROOM,
            features=("wash-basin", "treatment-couch"),
        ),
    ]  # fmt: skip
    cast.rate(hub)
    cast.rate(
        hub, kind=SpaceKind.TREATMENT_ROOM, vat=21, per_day_part=Decimal("45.00"), per_hour=Decimal("15.00")
    )
    anna, party = cast.zzper(hub)
    return Place(hub, rooms, anna, party)


@pytest.fixture
def annas(place) -> Client:
    return client_of(place.anna)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
