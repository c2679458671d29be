"""Time is half-open, in UTC inside, and follows the clock of the hub at the edge: also on the two odd nights."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from spaces.periods import (
    DAY,
    NotAMoment,
    Period,
    days_of,
    first_moment,
    last_moment,
    local_day,
    local_days,
    local_month,
    merged,
    moment,
    on_clock,
    subtract,
)
from tests.cast import AMSTERDAM, at, between

ZONES = [AMSTERDAM, ZoneInfo("Europe/Lisbon"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")]
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
BASE = datetime(2026, 10, 24, tzinfo=UTC)

minutes = st.integers(0, 3 * 24 * 60)
moments = minutes.map(lambda count: BASE + timedelta(minutes=count))
periods = st.tuples(moments, st.integers(1, 600)).map(
    lambda it: Period(it[0], it[0] + timedelta(minutes=it[1]))
)
many = st.lists(periods, max_size=6)
odd_days = st.sampled_from(
    [SPRING, AUTUMN, date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 5), date(2026, 10, 4)]
)
days = st.one_of(st.dates(date(2020, 1, 1), date(2040, 12, 31)), odd_days)
laws = settings(deadline=None, derandomize=True, max_examples=150)


def covers(some: list[Period], instant: datetime) -> bool:
    return any(period.start <= instant < period.end for period in some)


def test_a_period_never_is_empty_or_naive() -> None:
    with pytest.raises(ValueError, match="ends after"):
        Period(BASE, BASE)
    with pytest.raises(ValueError, match="aware"):
        Period(datetime(2026, 1, 1), datetime(2026, 1, 2))


def test_back_to_back_does_not_overlap() -> None:
    first, second = between("2026-11-24 09:00", "10:00"), between("2026-11-24 10:00", "11:00")

    assert not first.overlaps(second)
    assert first.intersection(second) is None
    assert merged([second, first]) == [between("2026-11-24 09:00", "11:00")]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 5), ("2026-10-25", 7), ("2026-11-24", 6)])
def test_hours_are_elapsed_hours(day: str, hours: int) -> None:
    assert between(f"{day} 00:00", "06:00").hours == hours


@laws
@given(periods, periods)
def test_overlapping_is_mutual_and_is_having_an_intersection(one: Period, other: Period) -> None:
    both = one.intersection(other)

    assert one.overlaps(other) == other.overlaps(one) == (both is not None)
    assert both == other.intersection(one)
    assert both is None or (one.contains(both) and other.contains(both))


@laws
@given(many, moments)
def test_merging_keeps_exactly_the_same_time(some: list[Period], instant: datetime) -> None:
    result = merged(some)

    assert covers(result, instant) == covers(some, instant)
    assert all(one.end < following.start for one, following in pairwise(result))
    assert merged(result) == result == merged(reversed(some))


@laws
@given(many, many, moments)
def test_subtracting_leaves_exactly_the_time_outside(
    some: list[Period], taken: list[Period], instant: datetime
) -> None:
    left = subtract(some, taken)

    assert covers(left, instant) == (covers(some, instant) and not covers(taken, instant))
    assert subtract(left, taken) == left
    assert not any(piece.overlaps(hole) for piece in left for hole in taken)


@laws
@given(many, many)
def test_what_is_left_and_what_is_taken_away_make_the_whole(some: list[Period], taken: list[Period]) -> None:
    left = subtract(some, taken)
    away = subtract(some, left)

    assert merged([*left, *away]) == merged(some)


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_twenty_years_of_local_days_tile_time_without_a_gap(zone: ZoneInfo) -> None:
    day, lengths = date(2020, 1, 1), set()
    while day < date(2040, 1, 1):
        period = local_day(day, zone=zone)
        assert period.end == local_day(day + DAY, zone=zone).start
        lengths.add(period.hours)
        day += DAY

    odd = (
        {Decimal("23.5"), Decimal("24.5")}
        if zone.key == "Australia/Lord_Howe"
        else {Decimal(23), Decimal(25)}
    )
    assert lengths == {Decimal(24)} | odd


@laws
@given(days, st.integers(0, 24 * 60 - 1), st.sampled_from(ZONES))
def test_a_moment_is_refused_exactly_in_the_gap_and_the_doubled_hour(
    day: date, minute: int, zone: ZoneInfo
) -> None:
    clock = time(minute // 60, minute % 60)
    wanted = datetime.combine(day, clock)
    whole = local_days(day - DAY, day + DAY, zone=zone)
    shown = sum(
        1
        for step in range(int(whole.hours * 2))
        for instant in [whole.start + timedelta(minutes=30 * step + minute % 30)]
        if instant.astimezone(zone).replace(tzinfo=None) == wanted
    )

    if shown == 1:
        assert moment(day, clock, zone=zone).astimezone(zone).replace(tzinfo=None) == wanted
    else:
        with pytest.raises(NotAMoment):
            moment(day, clock, zone=zone)


def test_on_the_two_odd_nights_each_minute_is_judged_rightly() -> None:
    refused = {SPRING: set(), AUTUMN: set(), date(2026, 11, 24): set()}
    for day, clocks in refused.items():
        for minute in range(24 * 60):
            try:
                moment(day, time(minute // 60, minute % 60), zone=AMSTERDAM)
            except NotAMoment:
                clocks.add(minute)

    assert list(refused.values()) == [set(range(120, 180)), set(range(120, 180)), set()]


def test_a_refused_time_says_why_and_what_to_do() -> None:
    with override("en"):
        with pytest.raises(NotAMoment) as gone:
            moment(SPRING, time(2, 30), zone=AMSTERDAM)
        with pytest.raises(NotAMoment) as doubled:
            moment(AUTUMN, time(2, 30), zone=AMSTERDAM)

    assert gone.value.message == (
        "02:30 does not exist on Sunday 29 March 2026, because the clock goes forward. Choose another time."
    )
    assert doubled.value.message == (
        "02:30 happens twice on Sunday 25 October 2026, because the clock goes back. Choose another time."
    )


def test_the_lenient_edges_take_the_jump_the_first_and_the_last() -> None:
    assert first_moment(SPRING, time(2, 30), zone=AMSTERDAM) == at("2026-03-29 03:00")
    assert last_moment(SPRING, time(2, 30), zone=AMSTERDAM) == at("2026-03-29 03:00")
    assert first_moment(AUTUMN, time(2, 30), zone=AMSTERDAM) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert last_moment(AUTUMN, time(2, 30), zone=AMSTERDAM) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@laws
@given(days, st.times().map(lambda it: it.replace(microsecond=0)), st.sampled_from(ZONES))
def test_the_lenient_edges_agree_with_the_strict_one_where_it_answers(
    day: date, clock: time, zone: ZoneInfo
) -> None:
    first, last = first_moment(day, clock, zone=zone), last_moment(day, clock, zone=zone)

    assert first <= last
    try:
        exact = moment(day, clock, zone=zone)
    except NotAMoment:
        return
    assert first == exact == last


def test_what_a_person_types_may_end_at_midnight() -> None:
    assert on_clock(date(2026, 11, 24), time(18), time(0), zone=AMSTERDAM) == between(
        "2026-11-24 18:00", "24:00"
    )
    with pytest.raises(ValueError, match="ends after"):
        on_clock(date(2026, 11, 24), time(12), time(9), zone=AMSTERDAM)


@laws
@given(days, st.sampled_from(ZONES))
def test_a_month_is_all_of_its_days_and_the_months_tile_the_year(day: date, zone: ZoneInfo) -> None:
    month = local_month(day, zone=zone)
    touched = list(days_of(month, zone=zone))

    assert touched[0].day == 1
    assert {(each.year, each.month) for each in touched} == {(day.year, day.month)}
    assert (touched[-1] + DAY).day == 1
    assert month.end == local_month(touched[-1] + DAY, zone=zone).start


def test_a_leap_year_has_its_29th_of_february() -> None:
    leap = local_month(date(2028, 2, 29), zone=AMSTERDAM)

    assert list(days_of(leap, zone=AMSTERDAM))[-1] == date(2028, 2, 29)
    assert len(list(days_of(local_month(date(2027, 2, 1), zone=AMSTERDAM), zone=AMSTERDAM))) == 28


@laws
@given(days, st.integers(0, 40))
def test_days_of_gives_each_day_once(first: date, count: int) -> None:
    last = first + count * DAY

    assert list(days_of(local_days(first, last, zone=AMSTERDAM), zone=AMSTERDAM)) == [
        first + each * DAY for each in range(count + 1)
    ]


@laws
@given(periods)
def test_the_days_of_a_period_are_those_it_overlaps(period: Period) -> None:
    assume(period.length < 2 * DAY)
    around = [BASE.date() + each * DAY for each in range(-1, 6)]

    assert list(days_of(period, zone=AMSTERDAM)) == [
        day for day in around if local_day(day, zone=AMSTERDAM).overlaps(period)
    ]
