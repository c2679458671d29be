"""Fixed half-days: claimed a year ahead, a day further every day, over the change of the clock."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from spaces import claiming
from spaces.models import Claim, Space
from spaces.periods import Period
from tenants.leases import fixing, invariants
from tenants.leases.hub_import import importing
from tenants.leases.models import FixedDayPart
from tenants.parties.models import Letter, Role, User
from tests import cast
from tests.cast import NOW, at, between
from tests.leases import workbooks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def thursday() -> FixedDayPart:
    importing.store(workbooks.real(), now=NOW)
    return FixedDayPart.objects.select_related("hub", "space", "event__rule").get(weekday=3)


def held(fixed: FixedDayPart, start: str, end: str) -> list[Claim]:
    period = Period(at(start), at(end))
    claims = Claim.objects.held_by(fixed.holder).filter(active=True).overlapping(period)
    return list(claims.order_by("starts_at"))


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


def test_a_date_that_somebody_has_is_left_to_them_and_the_director_is_told_once(thursday: FixedDayPart):
    director = cast.staff(thursday.hub, Role.DIRECTOR, "Dirk")
    english = cast.staff(thursday.hub, Role.DIRECTOR, "Emma")
    User.objects.filter(pk=english.pk).update(language="en")
    room = Space.objects.get(code="B03")
    with transaction.atomic():
        claiming.take(
            [room], period=between("2027-11-25 09:00", "10:00"), kind="booking", holder="booking:1", now=NOW
        )

    extended = fixing.extend_horizon(now=NOW + timedelta(days=15))
    fixing.extend_horizon(now=NOW + timedelta(days=15))

    assert [claim.holder for claim in extended.clashes] == ["booking:1"]
    assert [claim.starts_at for claim in held(thursday, "2027-11-22 00:00", "2028-01-01 00:00")] == [
        at("2027-12-02 08:00")
    ]
    letters = Letter.objects.filter(kind="fixed_day_part_clash").order_by("language")
    assert {letter.key for letter in letters} == {
        f"fixed:{thursday.pk}:clash:2027-11-25:{person.pk}" for person in (director, english)
    }
    assert [letter.subject for letter in letters] == [
        "Logopedie aan het Plein does not have Spreekkamer 1: Thursday 25 November 2027, 08:00–12:00",
        "Logopedie aan het Plein heeft Spreekkamer 1 niet: donderdag 25 november 2027, 08:00–12:00",
    ]
    assert "Plein does not try this date again" in letters[0].text
    assert invariants.broken(now=NOW + timedelta(days=15)) == []


def test_arrangements_that_are_claimed_to_their_end_cost_nothing(
    thursday: FixedDayPart, django_assert_num_queries
):
    last = date(2026, 12, 31)
    FixedDayPart.objects.update(ends_on=last, claimed_until=last)

    with django_assert_num_queries(1):
        fixing.extend_horizon(now=NOW + timedelta(days=400))


def test_one_that_begins_later_keeps_its_year_ahead(thursday: FixedDayPart):
    importing.store(
        workbooks.with_cells(
            {"Vaste dagdelen!D4": "B07", "Vaste dagdelen!E4": "1-6-2027", "Vaste dagdelen!F4": None}
        ),
        now=NOW,
    )

    fixing.extend_horizon(now=NOW + timedelta(days=15))

    added = FixedDayPart.objects.get(space__code="B07")
    assert len(held(added, "2027-11-22 00:00", "2028-01-01 00:00")) == 2


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
