"""Which rooms are free; why not, and when again; what can be had instead."""

import random
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from spaces import availability, claiming
from spaces.claiming import SpaceTaken
from spaces.explaining import tell
from spaces.models import Claim, Hub, Space, SpaceKind
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


def take(
    space: Space, period: Period, holder: str = "booking:1", kind: str = "booking", **fields: Any
) -> None:
    claiming.take([space], period=period, kind=kind, holder=holder, now=NOW, **fields)


def let(space: Space, start: str, end: str | None = None) -> None:
    ends_at = at(f"{end} 00:00") if end else None
    claiming.take_until(
        [space], starts_at=at(f"{start} 00:00"), ends_at=ends_at, kind="lease", holder="lease:1", now=NOW
    )


def free(hub: Hub, period: Period = TUESDAY_MORNING, **wishes: Any) -> list[str]:
    return [space.code for space in availability.search(hub, period=period, now=NOW, **wishes).free]


def refusals(
    hub: Hub, period: Period = TUESDAY_MORNING, now: datetime = NOW
) -> dict[str, tuple[str, Period | None]]:
    with translation.override("en"):
        found = availability.search(hub, period=period, now=now)
        return {it.space.code: (tell(it.why), it.next_free) for it in found.unavailable}


def test_a_room_that_nobody_has_is_free(hub: Hub, room: Space) -> None:
    found = availability.search(hub, period=TUESDAY_MORNING, now=NOW)

    assert (found.free, found.unavailable) == ([room], [])


def test_a_taken_room_says_until_when_and_when_it_is_free_again(hub: Hub, room: Space) -> None:
    take(room, TUESDAY_MORNING)

    assert refusals(hub) == {"B03": ("Taken until 12:00", TUESDAY_AFTERNOON)}


def test_what_touches_is_free(hub: Hub, room: Space) -> None:
    take(room, TUESDAY_MORNING)

    assert free(hub, between("2026-11-24 12:00", "13:00")) == ["B03"]


def test_taken_in_the_middle_says_from_when_to_when(hub: Hub, room: Space) -> None:
    take(room, between("2026-11-24 09:00", "10:00"))

    assert refusals(hub)["B03"][0] == "Taken from 09:00 to 10:00"


def test_taken_until_goes_on_over_what_follows_at_once(hub: Hub, room: Space) -> None:
    take(room, between("2026-11-24 08:00", "12:00"))
    take(room, between("2026-11-24 12:00", "15:30"), "booking:2")

    assert refusals(hub, between("2026-11-24 09:00", "10:00")) == {
        "B03": ("Taken until 15:30", between("2026-11-24 15:30", "16:30"))
    }


def test_a_whole_is_free_only_when_all_its_parts_are(hub: Hub) -> None:
    _whole, half_a, _half_b = cast.meeting_area(hub)
    take(half_a, TUESDAY_MORNING)

    assert free(hub) == ["B01B"]


def test_a_taken_whole_takes_both_halves(hub: Hub) -> None:
    whole, _half_a, _half_b = cast.meeting_area(hub)
    take(whole, TUESDAY_MORNING)

    assert set(refusals(hub)) == {"B01", "B01A", "B01B"}


def test_a_pool_that_is_let_by_the_desk_is_not_listed_itself(hub: Hub) -> None:
    pool = cast.space(hub, "111", bookable=False, kind=SpaceKind.HOT_DESK)
    desks = [cast.space(hub, f"111-{number}", parent=pool, kind=SpaceKind.HOT_DESK) for number in (1, 2)]
    take(desks[0], TUESDAY_MORNING)

    assert free(hub) == ["111-2"]


def test_an_expired_hold_blocks_nobody_and_hides_nobody(hub: Hub, room: Space) -> None:
    other = cast.space(hub, "B04")
    take(room, TUESDAY_MORNING, kind="hold", expires_at=NOW)
    take(other, between("2026-11-24 08:00", "09:00"), "booking:2")
    take(other, between("2026-11-24 11:00", "12:00"), "booking:3", kind="hold", expires_at=NOW)

    assert free(hub) == ["B03"]
    assert refusals(hub)["B04"][0] == "Taken until 09:00"


def test_a_running_hold_says_that_somebody_is_booking(hub: Hub, room: Space) -> None:
    take(room, TUESDAY_MORNING, kind="hold", expires_at=NOW + timedelta(minutes=10))

    assert refusals(hub)["B03"][0] == "Someone is booking this time right now"


def test_a_room_that_is_never_bookable_is_not_listed(hub: Hub) -> None:
    let(cast.space(hub, "B10", bookable=False), "2018-09-01")

    found = availability.search(hub, period=TUESDAY_MORNING, now=NOW)

    assert (found.free, found.unavailable) == ([], [])


def test_a_bookable_room_under_lease_says_until_which_day(hub: Hub, room: Space) -> None:
    let(room, "2026-10-01", "2026-12-07")
    let_for_ever = cast.space(hub, "B04")
    let(let_for_ever, "2026-10-01")

    assert refusals(hub) == {
        "B03": ("Let until Monday 7 December 2026", between("2026-12-07 08:00", "12:00")),
        "B04": ("Let, with no end agreed", None),
    }


def test_a_closure_of_one_room_gives_its_reason(hub: Hub, room: Space) -> None:
    closure = cast.closure(hub, TUESDAY_MORNING, space=room, reason="vloer in de was")
    take(room, TUESDAY_MORNING, f"closure:{closure.pk}", kind="closure")

    assert refusals(hub)["B03"][0] == "Closed: vloer in de was"


def test_a_closed_hub_says_why_and_when_it_is_open_again(hub: Hub, room: Space) -> None:
    cast.closure(hub, between("2026-12-24 00:00", "2027-01-04 00:00"), reason="kerstsluiting")

    assert refusals(hub, between("2026-12-28 08:00", "12:00")) == {
        "B03": (
            "The building is closed on Monday 28 December 2026: kerstsluiting.",
            between("2027-01-04 08:00", "12:00"),
        )
    }


def test_outside_opening_hours_names_the_hours(hub: Hub, room: Space) -> None:
    assert refusals(hub, between("2026-11-24 07:00", "09:00")) == {
        "B03": (
            "On Tuesday 24 November 2026 the building is open 08:00–22:00.",
            between("2026-11-24 08:00", "10:00"),
        )
    }


def test_the_past_is_past(hub: Hub, room: Space) -> None:
    assert refusals(hub, between("2026-11-21 10:00", "11:00")) == {
        "B03": ("Past", between("2026-11-21 12:00", "13:00"))
    }


def test_no_reason_names_another_party(hub: Hub, room: Space) -> None:
    take(room, TUESDAY_MORNING, "booking:accare")

    assert "accare" not in str(availability.search(hub, period=TUESDAY_MORNING, now=NOW).unavailable[0].why)


def test_the_next_free_moment_of_some_hours_is_on_the_half_hour(hub: Hub, room: Space) -> None:
    take(room, between("2026-11-24 08:00", "13:10"))

    assert refusals(hub, between("2026-11-24 09:00", "11:00"))["B03"][1] == between(
        "2026-11-24 13:30", "15:30"
    )


def test_no_next_free_moment_after_thirty_days(hub: Hub, room: Space) -> None:
    take(room, Period(TUESDAY_MORNING.start, TUESDAY_MORNING.start + timedelta(days=40)))

    assert refusals(hub)["B03"][1] is None


def test_wishes_narrow_the_list(hub: Hub) -> None:
    cast.space(hub, "B03", features=("wifi", "rolstoeltoegankelijk"))
    cast.space(hub, "B05", features=("wifi",), capacity=3)
    cast.space(hub, "B06", kind=SpaceKind.TREATMENT_ROOM, features=("wifi", "wastafel"))

    assert free(hub, kinds=[SpaceKind.CONSULT_ROOM]) == ["B03", "B05"]
    assert free(hub, features=["wifi", "wastafel"]) == ["B06"]
    assert free(hub, capacity=4, kinds=[SpaceKind.CONSULT_ROOM]) == ["B03"]
    assert free(hub, features=["wifi", "zwembad"]) == []


def test_another_hub_is_another_building(hub: Hub, room: Space) -> None:
    elsewhere = cast.space(cast.hub("elders"), "X1")

    assert free(hub) == ["B03"]
    assert availability.search(elsewhere.hub, period=TUESDAY_MORNING, now=NOW).free == [elsewhere]


@pytest.mark.parametrize("rooms", [1, 3])
def test_searching_takes_the_same_queries_however_many_rooms(
    hub: Hub, rooms: int, django_assert_num_queries: Any
) -> None:
    for number in range(rooms):
        cast.space(hub, f"F{number}", features=("wifi",))
        taken = cast.space(hub, f"T{number}", features=("wifi",))
        take(taken, TUESDAY_MORNING, f"booking:{number}")
        take(taken, TUESDAY_AFTERNOON, f"booking:x{number}")

    with django_assert_num_queries(6):
        found = availability.search(hub, period=TUESDAY_MORNING, now=NOW)
    assert (len(found.free), len(found.unavailable)) == (rooms, rooms)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (TUESDAY_MORNING, False),
        (TUESDAY_AFTERNOON, True),
        (between("2026-11-24 07:00", "08:00"), False),
        (between("2026-11-20 13:00", "17:00"), False),
    ],
)
def test_is_free_means_free_and_open_and_still_to_come(
    room: Space, period: Period, *, expected: bool
) -> None:
    take(room, TUESDAY_MORNING)

    assert availability.is_free(room, period=period, now=NOW) is expected


def test_free_now_lists_the_rooms_nobody_has_at_this_moment(hub: Hub, room: Space) -> None:
    other = cast.space(hub, "B04")
    take(room, between("2026-11-21 11:00", "13:00"))

    assert availability.free_now(hub, now=NOW) == [other]
    assert availability.free_now(hub, now=at("2026-11-22 12:00")) is None


def test_what_is_free_agrees_with_comparing_every_claim(hub: Hub) -> None:
    chance = random.Random(20261124)
    whole, half_a, half_b = cast.meeting_area(hub)
    rooms = [cast.space(hub), whole, half_a, half_b]
    for number in range(80):
        start = TUESDAY_MORNING.start + timedelta(minutes=30 * chance.randrange(60))
        period = Period(start, start + timedelta(minutes=30 * chance.randrange(1, 6)))
        expires_at = chance.choice([None, NOW, NOW + timedelta(minutes=5)])
        with suppress(SpaceTaken):
            kind = "hold" if expires_at else "booking"
            take(chance.choice(rooms), period, f"booking:{number}", kind=kind, expires_at=expires_at)

    for hour in range(14):
        period = Period(
            TUESDAY_MORNING.start + timedelta(hours=hour), TUESDAY_MORNING.start + timedelta(hours=hour + 1)
        )
        in_the_way = set(
            Claim.objects.in_force(now=NOW).overlapping(period).values_list("space__code", flat=True)
        )
        parts = {"B01": {"B01A", "B01B"}}
        expected = [room.code for room in rooms if in_the_way.isdisjoint(parts.get(room.code, {room.code}))]
        assert free(hub, period) == sorted(expected)
