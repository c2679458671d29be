"""The day of the desk and the week of a room."""

from datetime import date
from typing import Any

import pytest

from spaces import boards, claiming
from spaces.boards import BoardRow
from spaces.models import Hub, Space
from spaces.periods import Period
from tests import cast
from tests.cast import NOW, between

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


def take(
    space: Space, period: Period, holder: str = "booking:1", kind: str = "booking", **fields: Any
) -> None:
    claiming.take([space], period=period, kind=kind, holder=holder, now=NOW, **fields)


def shown(row: BoardRow) -> list[tuple[str, str, list[str]]]:
    """Cells as ("08:00–12:00", state, holders)."""
    cells = []
    for cell in row.cells:
        start, end = cell.period.local(cast.AMSTERDAM)
        cells.append((f"{start:%H:%M}–{end:%H:%M}", cell.state, [claim.holder for claim in cell.claims]))
    return cells


def board(hub: Hub, *spaces: Space, day: date = TUESDAY) -> list[list[tuple[str, str, list[str]]]]:
    return [shown(row) for row in boards.day_board(hub, day=day, spaces=spaces, now=NOW)]


def test_a_day_is_what_is_taken_and_what_is_free_between(hub: Hub) -> None:
    room = cast.space(hub)
    take(room, between("2026-11-24 09:00", "12:00"))
    take(room, between("2026-11-24 12:00", "13:00"), "booking:2")

    assert board(hub, room) == [
        [
            ("08:00–09:00", "free", []),
            ("09:00–12:00", "taken", ["booking:1"]),
            ("12:00–13:00", "taken", ["booking:2"]),
            ("13:00–22:00", "free", []),
        ]
    ]


def test_a_whole_is_taken_where_any_of_its_halves_is(hub: Hub) -> None:
    whole, half_a, half_b = cast.meeting_area(hub)
    take(half_a, between("2026-11-24 09:00", "11:00"))
    take(half_b, between("2026-11-24 10:00", "12:00"), "booking:2")
    take(whole, between("2026-11-24 14:00", "15:00"), "booking:3")

    assert board(hub, whole, half_a) == [
        [
            ("08:00–09:00", "free", []),
            ("09:00–12:00", "taken", ["booking:1", "booking:2"]),
            ("12:00–14:00", "free", []),
            ("14:00–15:00", "taken", ["booking:3", "booking:3"]),
            ("15:00–22:00", "free", []),
        ],
        [
            ("08:00–09:00", "free", []),
            ("09:00–11:00", "taken", ["booking:1"]),
            ("11:00–14:00", "free", []),
            ("14:00–15:00", "taken", ["booking:3"]),
            ("15:00–22:00", "free", []),
        ],
    ]


def test_closures_and_expired_holds(hub: Hub) -> None:
    room = cast.space(hub)
    cast.closure(hub, between("2026-11-24 18:00", "22:00"))
    take(room, between("2026-11-24 08:00", "09:00"), "closure:1", kind="closure")
    take(room, between("2026-11-24 10:00", "11:00"), "booking:2", kind="hold", expires_at=NOW)

    assert board(hub, room) == [
        [("08:00–09:00", "closed", ["closure:1"]), ("09:00–18:00", "free", []), ("18:00–22:00", "closed", [])]
    ]


def test_a_closed_day_shows_the_usual_hours_and_a_sunday_nothing(hub: Hub) -> None:
    room = cast.space(hub)
    cast.closure(hub, between("2026-11-24 00:00", "24:00"))

    assert board(hub, room) == [[("08:00–22:00", "closed", [])]]
    assert board(hub, room, day=date(2026, 11, 22)) == [[]]


def test_a_booking_outside_the_hours_makes_the_table_longer_and_a_lease_does_not(hub: Hub) -> None:
    room, let = cast.space(hub), cast.space(hub, "B10")
    take(room, between("2026-11-24 07:00", "08:30"))
    claiming.take_until(
        [let], starts_at=cast.at("2026-01-01 00:00"), ends_at=None, kind="lease", holder="lease:1", now=NOW
    )

    assert board(hub, room, let) == [
        [("07:00–08:30", "taken", ["booking:1"]), ("08:30–22:00", "free", [])],
        [("07:00–22:00", "taken", ["lease:1"])],
    ]


@pytest.mark.parametrize("rooms", [1, 3])
def test_a_week_takes_the_same_queries_however_many_rooms_and_days(
    hub: Hub, rooms: int, django_assert_num_queries: Any
) -> None:
    spaces = [cast.space(hub, f"F{number}") for number in range(rooms)]
    for number, space in enumerate(spaces):
        take(space, between("2026-11-24 08:00", "12:00"), f"booking:{number}")
    days = [date(2026, 11, 23 + number) for number in range(2 * rooms)]

    with django_assert_num_queries(3):
        boards.boards(hub, days=days, spaces=spaces, now=NOW)
    with django_assert_num_queries(3):
        boards.part_board(hub, days=days, spaces=spaces, now=NOW)


def test_a_week_of_day_parts_says_free_taken_closed_or_past(hub: Hub) -> None:
    room = cast.space(hub)
    cast.closure(hub, between("2026-11-24 18:00", "22:00"))
    take(room, between("2026-11-24 11:00", "12:00"))

    days = [date(2026, 11, 20), date(2026, 11, 22), TUESDAY]
    cells = boards.part_board(hub, days=days, spaces=[room], now=NOW)[room.pk]

    assert [(cell.day.day, cell.day_part.name_nl, cell.state) for cell in cells] == [
        (20, "ochtend", "past"),
        (20, "middag", "past"),
        (20, "avond", "past"),
        (22, "ochtend", "closed"),
        (22, "middag", "closed"),
        (22, "avond", "closed"),
        (24, "ochtend", "taken"),
        (24, "middag", "free"),
        (24, "avond", "closed"),
    ]
