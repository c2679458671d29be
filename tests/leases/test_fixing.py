"""Fixed half-days: claimed a year ahead, a day further every day, over the change of the clock."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from spaces import claiming
from spaces.models import Claim, Space
from spaces.periods import Period
from tenants.leases import fixing
from tenants.leases.hub_import import importing
from tenants.leases.models import FixedDayPart
from tests.cast import NOW, at, between
from tests.leases import workbooks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def thursday() -> FixedDayPart:
    importing.store(workbooks.real(), now=NOW)
    return FixedDayPart.objects.select_related("hub", "space", "event__rule").get(weekday=3)


def held(fixed: FixedDayPart, start: str, end: str) -> list[Claim]:
    period = Period(at(start), at(end))
    return list(Claim.objects.held_by(fixed.holder).filter(active=True).overlapping(period))


def test_claims_reach_a_year_ahead(thursday: FixedDayPart):
    assert thursday.claimed_until == date(2027, 11, 21)
    assert len(held(thursday, "2027-11-18 00:00", "2028-01-01 00:00")) == 1


def test_a_half_day_stays_on_the_clock_over_the_summer_time(thursday: FixedDayPart):
    winter, summer = held(thursday, "2027-03-25 00:00", "2027-04-02 00:00")

    assert (winter.starts_at, summer.starts_at) == (at("2027-03-25 08:00"), at("2027-04-01 08:00"))
    assert summer.starts_at - winter.starts_at == timedelta(days=7, hours=-1)


def test_the_horizon_moves_and_a_second_run_claims_nothing(thursday: FixedDayPart):
    later = NOW + timedelta(days=15)

    first, second = fixing.extend_horizon(now=later), fixing.extend_horizon(now=later)

    assert (first.claimed, first.clashes, second.claimed) == (4, [], 0)
    assert len(held(thursday, "2027-11-22 00:00", "2028-01-01 00:00")) == 2


def test_a_date_that_somebody_has_is_left_to_them_and_reported(thursday: FixedDayPart):
    room = Space.objects.get(code="B03")
    with transaction.atomic():
        claiming.take(
            [room], period=between("2027-11-25 09:00", "10:00"), kind="booking", holder="booking:1", now=NOW
        )

    extended = fixing.extend_horizon(now=NOW + timedelta(days=15))

    assert [claim.holder for claim in extended.clashes] == ["booking:1"]
    assert [claim.starts_at for claim in held(thursday, "2027-11-22 00:00", "2028-01-01 00:00")] == [
        at("2027-12-02 08:00")
    ]


def test_a_half_day_that_ends_gives_its_dates_back(thursday: FixedDayPart):
    importing.store(workbooks.with_cells({"Vaste dagdelen!F6": "31-12-2026"}), now=NOW)

    assert held(thursday, "2027-01-01 00:00", "2028-01-01 00:00") == []
    assert len(held(thursday, "2026-12-01 00:00", "2026-12-31 23:59")) == 3
    assert fixing.extend_horizon(now=NOW + timedelta(days=400)).clashes == []
    assert held(thursday, "2027-01-01 00:00", "2029-01-01 00:00") == []


def test_a_half_day_whose_end_is_moved_on_claims_the_rest(thursday: FixedDayPart):
    importing.store(workbooks.with_cells({"Vaste dagdelen!F6": "31-12-2026"}), now=NOW)
    importing.store(workbooks.with_cells({"Vaste dagdelen!F6": "31-1-2027"}), now=NOW)

    assert len(held(thursday, "2027-01-01 00:00", "2028-01-01 00:00")) == 4
