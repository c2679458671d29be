"""A hub with a room, and its director."""

import pytest

from spaces.models import Hub, Space
from tenants.parties.models import Role, User
from tests import cast


@pytest.fixture
def hub() -> Hub:
    hub = cast.hub()
    cast.rate(hub)
    return hub


@pytest.fixture
def room(hub: Hub) -> Space:
    return cast.space(hub, "B03")


@pytest.fixture
def director(hub: Hub) -> User:
    return cast.staff(hub, Role.DIRECTOR, "Dirk")
