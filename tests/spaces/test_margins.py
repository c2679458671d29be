"""Time to set up and to clean: around a period, never in somebody else's."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spaces import availability, boards, claiming, closing
from spaces.claiming import NO_MARGIN, Margin, Piece, SpaceTaken
from spaces.explaining import tell
from spaces.models import Claim, Hub, Space
from spaces.offering import FreeTime
from spaces.periods import Period
from tests import cast
from tests.cast import NOW, between

pytestmark = pytest.mark.django_db
DAY = "2026-11-24"
MORNING = between(f"{DAY} 10:00", "12:00")
CLEANED = Margin(cleanup_minutes=30)
PREPARED = Margin(setup_minutes=45)


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    return cast.space(hub)


def take(
    space: Space,
    period: Period,
    margin: Margin = NO_MARGIN,
    *,
    holder: str = "booking:2",
    kind: str = "booking",
) -> list[Claim]:
    return claiming.take([space], period=period, kind=kind, holder=holder, margin=margin, now=NOW)


def can_take(space: Space, period: Period, margin: Margin = NO_MARGIN, **fields: str) -> bool:
    try:
        with transaction.atomic():
            take(space, period, margin, **fields)
            transaction.set_rollback(True)
    except SpaceTaken:
        return False
    return True


def test_a_buffer_may_touch_a_buffer_but_never_a_booking(room: Space) -> None:
    take(room, MORNING, CLEANED, holder="booking:1")

    after = {
        minute: can_take(room, between(f"{DAY} 12:{minute}", "14:00"), PREPARED) for minute in (30, 44, 45)
    }

    assert after == {30: False, 44: False, 45: True}
    assert not can_take(room, between(f"{DAY} 12:29", "14:00"))
    assert can_take(room, between(f"{DAY} 12:30", "14:00"))


def test_my_buffer_may_not_run_into_a_booking_without_one(room: Space) -> None:
    take(room, MORNING, holder="booking:1")

    assert can_take(room, between(f"{DAY} 12:00", "13:00"))
    assert not can_take(room, between(f"{DAY} 12:30", "13:00"), PREPARED)
    assert can_take(room, between(f"{DAY} 12:45", "13:00"), PREPARED)
    assert not can_take(room, between(f"{DAY} 09:00", "09:45"), CLEANED)
    assert can_take(room, between(f"{DAY} 09:00", "09:30"), CLEANED)


def test_back_to_back_touches_when_nobody_needs_time(room: Space) -> None:
    take(room, MORNING, holder="booking:1")

    assert can_take(room, between(f"{DAY} 12:00", "13:00"))
    assert can_take(room, between(f"{DAY} 09:00", "10:00"))


def test_a_buffer_moves_with_its_booking(room: Space, hub: Hub) -> None:
    take(room, MORNING, CLEANED, holder="booking:1")
    other = cast.space(hub, "B04")

    claiming.move("booking:1", [other], period=between(f"{DAY} 14:00", "16:00"), margin=CLEANED, now=NOW)

    assert can_take(room, between(f"{DAY} 12:00", "13:00"))
    assert not can_take(other, between(f"{DAY} 16:15", "17:00"))
    assert can_take(other, between(f"{DAY} 16:30", "17:00"))


def test_a_move_that_brings_a_buffer_into_a_booking_is_refused_and_keeps_what_it_had(room: Space) -> None:
    take(room, MORNING, CLEANED, holder="booking:1")
    take(room, between(f"{DAY} 14:00", "15:00"), holder="booking:2")

    with pytest.raises(SpaceTaken):
        claiming.move("booking:1", [room], period=between(f"{DAY} 12:00", "13:45"), margin=CLEANED, now=NOW)

    (kept,) = Claim.objects.filter(holder="booking:1", active=True)
    assert (kept.starts_at, kept.cleanup_minutes) == (MORNING.start, 30)


def test_a_lease_and_a_fixed_half_day_keep_buffers_out_and_have_none(room: Space) -> None:
    take(room, MORNING, holder="fixed:1", kind="lease")

    assert not can_take(room, between(f"{DAY} 12:15", "13:00"), PREPARED)
    assert can_take(room, between(f"{DAY} 12:45", "13:00"), PREPARED)
    take(room, between(f"{DAY} 14:00", "15:00"), CLEANED, holder="booking:1")
    assert not can_take(room, between(f"{DAY} 15:15", "17:00"), holder="fixed:2", kind="lease")


def test_a_buffer_may_lie_in_a_closure_and_a_closure_in_a_buffer(room: Space, hub: Hub) -> None:
    cast.closure(hub, MORNING, space=room)
    with transaction.atomic():
        closing.settle(hub, now=NOW)

    assert can_take(room, between(f"{DAY} 12:00", "13:00"), PREPARED)
    take(room, between(f"{DAY} 14:00", "15:00"), CLEANED, holder="booking:1")
    cast.closure(hub, between(f"{DAY} 15:00", "16:00"), space=room)
    with transaction.atomic():
        closing.settle(hub, now=NOW)
    assert Claim.objects.filter(kind="closure", active=True).count() == 2


def test_setting_up_before_the_doors_open_is_fine(room: Space) -> None:
    Space.objects.filter(pk=room.pk).update(setup_minutes=60)
    room.refresh_from_db()

    assert availability.is_free(room, period=between(f"{DAY} 08:00", "09:00"), now=NOW)


def test_the_buffer_of_a_whole_keeps_off_its_parts_and_that_of_a_part_not_its_sibling(hub: Hub) -> None:
    whole, half_a, half_b = cast.meeting_area(hub)
    take(whole, MORNING, CLEANED, holder="booking:1")
    take(half_a, between(f"{DAY} 15:00", "16:00"), CLEANED, holder="booking:3")
    early, late = between(f"{DAY} 12:15", "13:00"), between(f"{DAY} 16:00", "17:00")

    assert [can_take(space, early) for space in (whole, half_a, half_b)] == [False, False, False]
    assert [can_take(space, late) for space in (whole, half_a, half_b)] == [False, False, True]


def test_a_buffer_crosses_midnight_into_the_next_day(room: Space) -> None:
    take(room, between(f"{DAY} 22:00", "24:00"), Margin(cleanup_minutes=60), holder="booking:1")

    assert not can_take(room, between("2026-11-25 00:30", "02:00"))
    assert can_take(room, between("2026-11-25 01:00", "02:00"))


def test_many_pieces_are_taken_with_their_buffers_or_not_at_all(room: Space) -> None:
    take(room, MORNING, holder="booking:1")
    days = [between(f"2026-11-{day} 12:15", "13:00") for day in (23, 24, 25)]
    pieces = [Piece(room, period, f"booking:{n}0", PREPARED) for n, period in enumerate(days, 2)]

    with pytest.raises(SpaceTaken) as refusal:
        claiming.take_each(pieces, kind="booking", now=NOW)

    assert [claim.holder for claim in refusal.value.conflicts] == ["booking:1"]
    assert Claim.objects.count() == 1
    claiming.take_each([pieces[0], pieces[2]], kind="booking", now=NOW)
    assert set(Claim.objects.exclude(holder="booking:1").values_list("setup_minutes", flat=True)) == {45}


def test_who_finds_no_room_between_two_bookings_is_told_what_is_left(room: Space, hub: Hub) -> None:
    take(room, MORNING, CLEANED, holder="booking:1")
    take(room, between(f"{DAY} 14:00", "15:00"), holder="booking:2")

    found = availability.search(hub, period=between(f"{DAY} 12:00", "14:00"), now=NOW)

    (shut,) = found.unavailable
    assert tell(shut.why) == "Vrij van 12:30 tot 14:00: de rest is nodig om klaar te zetten of op te ruimen"
    assert shut.next_free == between(f"{DAY} 15:00", "17:00")


def test_the_day_table_shows_free_time_that_can_really_be_booked(room: Space, hub: Hub) -> None:
    Space.objects.filter(pk=room.pk).update(setup_minutes=15)
    room.refresh_from_db()
    take(room, MORNING, CLEANED, holder="booking:1")

    (row,) = boards.day_board(hub, day=MORNING.start.date(), spaces=[room], now=NOW)

    assert [(cell.state, cell.period) for cell in row.cells] == [
        ("free", between(f"{DAY} 08:00", "10:00")),
        ("taken", MORNING),
        ("between", between(f"{DAY} 12:00", "12:30")),
        ("free", between(f"{DAY} 12:30", "22:00")),
    ]


def test_a_day_part_that_a_buffer_reaches_into_is_taken(room: Space, hub: Hub) -> None:
    take(room, between(f"{DAY} 10:00", "13:00"), CLEANED, holder="booking:1")

    cells = boards.part_board(hub, days=[MORNING.start.date()], spaces=[room], now=NOW)[room.pk]

    assert [cell.state for cell in cells] == ["taken", "taken", "free"]


QUARTERS = st.integers(0, 47)
MARGINS = st.builds(Margin, st.sampled_from([0, 5, 30, 240]), st.sampled_from([0, 10, 45, 240]))
OTHERS = st.lists(
    st.tuples(QUARTERS, st.integers(1, 12), MARGINS, st.sampled_from(["booking", "lease", "closure"])),
    max_size=6,
)
START = datetime(2026, 11, 24, 7, tzinfo=UTC)


def quarters(start: int, length: int) -> Period:
    begin = START + timedelta(minutes=15 * start)
    return Period(begin, begin + timedelta(minutes=15 * length))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(others=OTHERS, wish=st.tuples(QUARTERS, st.integers(1, 12)), margin=MARGINS)
def test_what_the_search_finds_free_is_what_the_writer_accepts(
    others: list[tuple[int, int, Margin, str]], wish: tuple[int, int], margin: Margin
) -> None:
    with transaction.atomic():
        hub = cast.hub()
        hub.opening_hours.update(opens="00:00", closes="00:00")
        room = cast.space(hub, setup_minutes=margin.setup_minutes, cleanup_minutes=margin.cleanup_minutes)
        for number, (start, length, needed, kind) in enumerate(others):
            needs = needed if kind == "booking" else NO_MARGIN
            if can_take(room, quarters(start, length), needs, kind=kind):
                take(room, quarters(start, length), needs, holder=f"booking:{number}x", kind=kind)
        period = quarters(*wish)
        time = FreeTime(hub, [room], period=period, now=NOW)
        (row,) = boards.day_board(hub, day=START.date(), spaces=[room], now=NOW)
        on_the_board = any(cell.state == "free" and cell.period.contains(period) for cell in row.cells)

        accepted = can_take(room, period, margin)

        assert availability.is_free(room, period=period, now=NOW) == accepted
        assert bool(availability.search(hub, period=period, now=NOW).free) == accepted
        assert time.is_free(room, period) == accepted
        if period.end <= START + timedelta(hours=16):
            assert on_the_board == accepted
        transaction.set_rollback(True)
