"""The dates on which series go wrong elsewhere: nights of the clock, months without the day, days that never come."""

from datetime import date, time

import pytest

from bookings import repeating, repeating_plan
from bookings.models import Series
from bookings.repeating_refusals import NoDates, NothingFree
from bookings.states import BookingState
from spaces import patterns
from spaces.models import Hub, Space
from tenants.parties.models import Party, User
from tests import cast
from tests.bookings.repeated import made, planned, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    cast.rate(hub)
    return cast.space(hub)


@pytest.fixture
def dietitian(hub: Hub) -> tuple[User, Party]:
    return cast.zzper(hub)


def days(series: Series) -> list[str]:
    return [str(row.starts_at.date()) for row in series.bookings.filter(state=BookingState.CONFIRMED)]


def states(plan: repeating_plan.Plan) -> list[str]:
    return [str(each.state) for each in plan.dates]


def test_weekdays_that_never_occur_are_no_series(room, dietitian):
    with pytest.raises(NoDates):
        planned(wish(room, dietitian, pattern=patterns.weekly([6]), last=date(2026, 11, 28)))


def test_a_series_of_which_nothing_is_free_is_not_made(room, dietitian):
    sundays = wish(room, dietitian, pattern=patterns.weekly([6]))
    with pytest.raises(NothingFree):
        made(sundays)


def test_a_first_day_the_rule_does_not_hit_is_snapped_to_the_first_it_does(room, dietitian):
    series = made(wish(room, dietitian, first=date(2026, 11, 25)))

    assert days(series)[0] == "2026-12-01"
    assert series.starts_on == date(2026, 12, 1)


def test_a_series_that_overlaps_itself_is_refused_date_by_date(room, dietitian):
    made(wish(room, dietitian))

    again = planned(wish(room, dietitian, hours=(time(10), time(11))))
    assert states(again) == ["taken"] * 4


@pytest.mark.parametrize(
    ("first", "last"), [(date(2026, 10, 19), date(2026, 11, 2)), (date(2027, 3, 22), date(2027, 4, 5))]
)
def test_a_series_over_both_dst_nights_keeps_its_hours(room, dietitian, first, last):
    series = made(
        wish(room, dietitian, pattern=patterns.weekly([0]), first=first, last=last),
        now=cast.at("2026-10-01 12:00"),
    )

    local = [row.period.local(cast.AMSTERDAM) for row in series.bookings.all()]
    assert {(start.time(), end.time()) for start, end in local} == {(time(9), time(12))}
    assert len({start.utcoffset() for start, _end in local}) == 2
    assert repeating.audit(series) == []


def test_the_autumn_hour_is_there_twice_and_the_spring_hour_is_missing(hub, room, dietitian):
    """25 October 2026 and 28 March 2027 at half past two: neither date can be booked, and the plan says why."""
    cast.opening(hub, 6, 0, 24)
    nights = wish(
        room, dietitian, pattern=patterns.weekly([6]), hours=(time(2, 30), time(3, 30)),
        first=date(2026, 10, 18), last=date(2027, 4, 4),
    )  # fmt: skip
    now = cast.at("2026-10-01 12:00")
    plan = planned(nights, now=now)
    series = made(nights, now=now)

    refused = {str(each.original_start.date()): each.why for each in plan.clashes}
    assert list(refused) == ["2026-10-25", "2027-03-28"]
    assert "komt twee keer voor" in refused["2026-10-25"] or "2" in refused["2026-10-25"]
    assert repeating.audit(series) == []


def test_monthly_on_the_31st_skips_the_months_without_it_and_says_so(room, dietitian):
    monthly = patterns.monthly_day(31)
    series = made(wish(room, dietitian, pattern=monthly, first=date(2026, 12, 31), last=date(2027, 5, 31)))

    assert days(series) == ["2026-12-31", "2027-03-31", "2027-05-31"]  # 31 January is a Sunday
    assert monthly.words == "elke maand op dag 31 (een maand zonder die dag slaan we over)"


def test_the_fifth_monday_skips_the_months_without_it(room, dietitian):
    fifth = patterns.monthly_weekday(0, nth=5)
    series = made(wish(room, dietitian, pattern=fifth, first=date(2026, 11, 30), last=date(2027, 6, 1)))

    assert days(series) == ["2026-11-30", "2027-03-29", "2027-05-31"]
