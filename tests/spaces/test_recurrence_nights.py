"""Twenty years of nights on which the clock changes: no date of an arrangement shifts."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces import patterns, recurrence
from spaces.periods import local_days
from tests.cast import AMSTERDAM

pytestmark = pytest.mark.django_db


@settings(max_examples=60, deadline=None)
@given(
    weekday=st.integers(0, 6),
    starts=st.integers(0, 86),
    quarters=st.integers(1, 40),
    year=st.integers(2020, 2039),
)
def test_no_night_of_a_changing_clock_shifts_a_date_in_twenty_years(weekday, starts, quarters, year):
    """Every weekday, every quarter of the day from five in the morning on: what the clock on the wall says stays."""
    opens = datetime(2020, 1, 1, 5) + timedelta(minutes=15 * (starts % 70))
    closes = min(opens + timedelta(minutes=15 * quarters), datetime(2020, 1, 1, 23, 45))
    hours = (opens.time(), closes.time())
    event = recurrence.draft(
        patterns.weekly([weekday]), hours=hours, first=date(2020, 1, 1), last=None, zone=AMSTERDAM
    )
    window = local_days(date(year, 1, 1), date(year, 12, 31), zone=AMSTERDAM)
    local = [
        slot.period.local(AMSTERDAM) for slot in recurrence.regular(event, within=window, zone=AMSTERDAM)
    ]

    assert {(start.time(), end.time(), start.weekday()) for start, end in local} == {(*hours, weekday)}
    assert len(local) in (52, 53)


def test_twenty_years_of_every_weekday_have_no_shifted_date():
    shifted = []
    for weekday in range(7):
        event = recurrence.draft(
            patterns.weekly([weekday]),
            hours=(time(9), time(12)),
            first=date(2020, 1, 1),
            last=None,
            zone=AMSTERDAM,
        )
        for year in range(2020, 2040):
            window = local_days(date(year, 1, 1), date(year, 12, 31), zone=AMSTERDAM)
            for slot in recurrence.regular(event, within=window, zone=AMSTERDAM):
                starts, ends = slot.period.local(AMSTERDAM)
                if (starts.time(), ends.time(), starts.weekday()) != (time(9), time(12), weekday):
                    shifted.append(slot)
    assert shifted == []
