"""When the hub is open: its hours, minus its closures, in local time."""

from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces import opening
from spaces.models import Closure, DayPart, Hub
from spaces.opening import Timetable
from spaces.periods import DAY, Period, local_day, local_days
from tests import cast
from tests.cast import AMSTERDAM, at, between

TUESDAY, SATURDAY, SUNDAY = date(2026, 11, 24), date(2026, 11, 28), date(2026, 11, 29)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
laws = settings(deadline=None, derandomize=True, max_examples=150)


@pytest.fixture
def hub(db: None) -> Hub:
    return cast.hub()


def timetable(hub: Hub, first: date = TUESDAY, last: date | None = None) -> Timetable:
    return opening.load(hub, period=local_days(first, last or first, zone=AMSTERDAM))


def test_a_weekday_a_saturday_and_a_sunday(hub: Hub) -> None:
    week = timetable(hub, TUESDAY, SUNDAY)

    assert [week.open_periods(day) for day in (TUESDAY, SATURDAY, SUNDAY)] == [
        [between("2026-11-24 08:00", "22:00")],
        [between("2026-11-28 09:00", "17:00")],
        [],
    ]


def test_open_until_midnight_is_open_until_the_next_day_begins(hub: Hub) -> None:
    hub.opening_hours.all().delete()
    for weekday in (1, 2):
        cast.opening(hub, weekday, 0, 24)

    night = between("2026-11-24 23:00", "2026-11-25 01:00")

    assert opening.load(hub, period=night).is_open(night)


def test_a_closure_takes_its_hours_and_gives_its_reason(hub: Hub) -> None:
    cast.closure(hub, between("2026-11-24 13:00", "17:00"), reason="onderhoud verwarming")
    day = timetable(hub)

    assert day.open_periods(TUESDAY) == [
        between("2026-11-24 08:00", "13:00"),
        between("2026-11-24 17:00", "22:00"),
    ]
    assert day.is_open(between("2026-11-24 09:00", "13:00"))
    assert not day.is_open(between("2026-11-24 09:00", "13:15"))
    with override("en"):
        assert day.closed_reason(between("2026-11-24 12:00", "14:00")) == (
            "The building is closed on Tuesday 24 November 2026: onderhoud verwarming."
        )


def test_a_closure_of_one_space_does_not_close_the_hub(hub: Hub) -> None:
    cast.closure(hub, local_day(TUESDAY, zone=AMSTERDAM), space=cast.space(hub))

    assert timetable(hub).is_open(between("2026-11-24 09:00", "12:00"))


def test_outside_the_hours_the_person_hears_the_hours(hub: Hub) -> None:
    week = timetable(hub, TUESDAY, SUNDAY)

    with override("en"):
        assert week.closed_reason(between("2026-11-24 07:00", "09:00")) == (
            "On Tuesday 24 November 2026 the building is open 08:00–22:00."
        )
        assert week.closed_reason(between("2026-11-29 10:00", "11:00")) == (
            "The building is closed on Sunday 29 November 2026."
        )
    assert week.closed_reason(between("2026-11-24 08:00", "22:00")) is None


def test_over_several_days_the_first_obstacle_is_named(hub: Hub) -> None:
    period = between("2026-11-27 20:00", "2026-11-30 09:00")

    with override("en"):
        assert opening.load(hub, period=period).closed_reason(period) == (
            "On Friday 27 November 2026 the building is open 08:00–22:00."
        )


def test_day_parts_are_there_also_on_a_closed_day(hub: Hub) -> None:
    parts = timetable(hub, SUNDAY).day_part_periods(SUNDAY)

    assert [(part.name_nl, period) for part, period in parts] == [
        ("ochtend", between("2026-11-29 08:00", "12:00")),
        ("middag", between("2026-11-29 13:00", "17:00")),
        ("avond", between("2026-11-29 18:00", "22:00")),
    ]


def test_a_day_that_was_not_loaded_is_an_error_not_a_guess(hub: Hub) -> None:
    with pytest.raises(LookupError):
        timetable(hub).open_periods(TUESDAY + DAY)


@pytest.mark.parametrize("days", [1, 30])
def test_a_timetable_is_one_query_however_long(hub: Hub, days: int) -> None:
    for number in range(days):
        cast.closure(hub, local_day(TUESDAY + number * DAY, zone=AMSTERDAM))

    with CaptureQueriesContext(connection) as queries:
        timetable(hub, TUESDAY, TUESDAY + (days - 1) * DAY)

    assert len(queries) == 1


def test_another_hub_keeps_other_hours(hub: Hub) -> None:
    other = cast.hub("elders")
    other.opening_hours.all().delete()
    cast.closure(hub, local_day(TUESDAY, zone=AMSTERDAM))

    assert timetable(other).open_periods(TUESDAY) == []
    assert timetable(hub).closures != timetable(other).closures == ()


def in_memory(hours: list[tuple[time, time]], closures: list[Period], first: date, last: date) -> Timetable:
    return Timetable(
        zone=AMSTERDAM,
        first=first,
        last=last,
        hours={weekday: tuple(hours) for weekday in range(7)},
        day_parts=(DayPart(pk=1, name_nl="nacht", starts=time(2), ends=time(3)),),
        closures=tuple(Closure(starts_at=each.start, ends_at=each.end) for each in closures),
    )


@pytest.mark.parametrize(
    ("day", "hours", "expected"),
    [
        (SPRING, (time(0), time(0)), 23),
        (AUTUMN, (time(0), time(0)), 25),
        (SPRING, (time(1), time(4)), 2),
        (AUTUMN, (time(1), time(4)), 4),
        (SPRING, (time(2, 30), time(3, 30)), 0.5),
        (AUTUMN, (time(2, 30), time(3, 30)), 2),
    ],
)
def test_on_the_odd_nights_open_hours_are_elapsed_hours(
    day: date, hours: tuple[time, time], expected: float
) -> None:
    (period,) = in_memory([hours], [], day, day).open_periods(day)

    assert float(period.hours) == expected


def test_hours_and_day_parts_within_the_gap_are_not_there() -> None:
    night = in_memory([(time(2), time(2, 45))], [], SPRING, SPRING)

    assert (night.open_periods(SPRING), night.day_part_periods(SPRING)) == ([], [])


clocks = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
pairs = st.tuples(clocks, clocks).filter(lambda it: it[0] < it[1] or it[1] == time.min)
odd_days = st.sampled_from(
    [SPRING, AUTUMN, date(2027, 3, 28), date(2028, 2, 29), date(2026, 12, 31), TUESDAY]
)
days = st.one_of(odd_days, st.dates(date(2026, 1, 1), date(2029, 12, 31)))


@st.composite
def timetables(draw: st.DrawFn) -> tuple[date, Timetable]:
    day = draw(days)
    start = local_day(day, zone=AMSTERDAM).start - timedelta(hours=5)
    closed = draw(st.lists(st.tuples(st.integers(0, 1800), st.integers(1, 900)), max_size=4))
    closures = [
        Period(start + timedelta(minutes=begin), start + timedelta(minutes=begin + length))
        for begin, length in closed
    ]
    return day, in_memory(draw(st.lists(pairs, max_size=4)), closures, day - DAY, day + DAY)


@laws
@given(timetables())
def test_open_time_is_in_order_apart_within_its_day_and_never_in_a_closure(
    drawn: tuple[date, Timetable],
) -> None:
    day, table = drawn
    pieces = table.open_periods(day)

    assert all(one.end < following.start for one, following in pairwise(pieces))
    assert all(piece.length > timedelta(0) for piece in pieces)
    assert all(local_day(day, zone=AMSTERDAM).contains(piece) for piece in pieces)
    assert not any(piece.overlaps(closure.period) for piece in pieces for closure in table.closures)


@laws
@given(timetables())
def test_each_open_piece_is_open_and_a_minute_around_it_is_not(drawn: tuple[date, Timetable]) -> None:
    day, table = drawn
    for piece in table.open_periods(day):
        assert table.is_open(piece)
        assert table.why_closed(piece) is None
        longer = Period(piece.start - timedelta(minutes=1), piece.end)
        if day == longer.start.astimezone(AMSTERDAM).date():
            assert not table.is_open(longer)


@laws
@given(timetables(), st.integers(0, 1400), st.integers(1, 600))
def test_open_or_a_reason_never_both_never_neither(
    drawn: tuple[date, Timetable], begin: int, length: int
) -> None:
    day, table = drawn
    start = local_day(day, zone=AMSTERDAM).start + timedelta(minutes=begin)
    period = Period(start, min(start + timedelta(minutes=length), local_day(day + DAY, zone=AMSTERDAM).end))
    within = table.open_within(period)

    assert table.is_open(period) == (table.why_closed(period) is None) == (within == [period])
    assert all(period.contains(piece) for piece in within)


def test_the_clock_of_the_hub_counts_not_that_of_the_reader(hub: Hub) -> None:
    assert timetable(hub).open_periods(TUESDAY)[0].start == at("2026-11-24 08:00")
