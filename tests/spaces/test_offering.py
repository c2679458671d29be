"""What can be had instead: rooms like it, other times, the first free moment."""

from datetime import timedelta
from typing import Any

import pytest

from spaces import availability, claiming
from spaces.availability import Offer
from spaces.models import Hub, Space, SpaceKind
from spaces.periods import Period
from tests import cast
from tests.cast import NOW, at, between

pytestmark = pytest.mark.django_db
TUESDAY_MORNING = between("2026-11-24 08:00", "12:00")
TUESDAY_AFTERNOON = between("2026-11-24 13:00", "17:00")


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    return cast.space(hub)


def take(space: Space, period: Period, holder: str = "booking:1") -> None:
    claiming.take([space], period=period, kind="booking", holder=holder, now=NOW)


def test_alternatives_are_the_same_kind_at_the_same_time_and_the_same_room_at_another(
    hub: Hub, room: Space
) -> None:
    same = cast.space(hub, "B04")
    bigger = cast.space(hub, "B09", area_m2="20.40")
    cast.space(hub, "B06", kind=SpaceKind.TREATMENT_ROOM)
    take(room, TUESDAY_MORNING)

    assert availability.alternatives(room, period=TUESDAY_MORNING, now=NOW) == [
        Offer(same, TUESDAY_MORNING),
        Offer(bigger, TUESDAY_MORNING),
        Offer(room, TUESDAY_AFTERNOON),
    ]


def test_alternatives_of_some_hours_lie_as_near_as_they_can_before_or_after(hub: Hub, room: Space) -> None:
    take(room, between("2026-11-24 10:00", "12:00"))

    assert availability.alternatives(room, period=between("2026-11-24 10:00", "11:00"), now=NOW) == [
        Offer(room, between("2026-11-24 09:00", "10:00")),
        Offer(room, between("2026-11-24 12:00", "13:00")),
        Offer(room, between("2026-11-25 10:00", "11:00")),
    ]


def test_alternatives_are_never_in_the_past_or_closed(hub: Hub, room: Space) -> None:
    now = at("2026-11-21 12:20")
    take(room, between("2026-11-21 13:00", "17:00"))

    offers = availability.alternatives(room, period=between("2026-11-21 13:00", "13:30"), now=now)

    assert offers == [
        Offer(room, between("2026-11-21 12:30", "13:00")),
        Offer(room, between("2026-11-23 13:00", "13:30")),
        Offer(room, between("2026-11-24 13:00", "13:30")),
    ]


@pytest.mark.parametrize("rooms", [1, 3])
def test_alternatives_take_the_same_queries_however_many_rooms(
    hub: Hub, room: Space, rooms: int, django_assert_num_queries: Any
) -> None:
    take(room, TUESDAY_MORNING)
    for number in range(rooms):
        cast.space(hub, f"F{number}")

    with django_assert_num_queries(5):
        availability.alternatives(room, period=TUESDAY_MORNING, now=NOW)


def test_the_first_free_moment_over_all_rooms(hub: Hub, room: Space) -> None:
    other = cast.space(hub, "B04")
    take(room, between("2026-11-23 08:00", "22:00"))
    take(other, between("2026-11-23 08:00", "10:45"), "booking:2")
    after = at("2026-11-22 09:00")

    assert availability.first_free(hub, length=timedelta(hours=2), after=after, now=NOW) == Offer(
        other, between("2026-11-23 11:00", "13:00")
    )
    assert availability.first_free(hub, length=timedelta(hours=4), after=after, now=NOW) == Offer(
        other, between("2026-11-23 13:00", "17:00")
    )


def test_nothing_free_within_the_days_is_none(hub: Hub, room: Space) -> None:
    take(room, Period(NOW, NOW + timedelta(days=60)))

    assert availability.first_free(hub, length=timedelta(hours=1), after=NOW, now=NOW) is None


@pytest.mark.parametrize("rooms", [1, 3])
def test_the_first_free_moment_takes_the_same_queries_however_many_rooms(
    hub: Hub, rooms: int, django_assert_num_queries: Any
) -> None:
    for number in range(rooms):
        take(cast.space(hub, f"F{number}"), Period(NOW, NOW + timedelta(days=5)), f"booking:{number}")

    with django_assert_num_queries(5):
        assert availability.first_free(hub, length=timedelta(hours=1), after=NOW, now=NOW)
