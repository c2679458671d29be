"""Giving dates of a fixed half-day back: free at once, and yours again while nobody has them."""

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from schedule.models import Occurrence

from spaces import availability, claiming, closing, recurrence
from spaces.models import Claim, Space
from spaces.periods import Period
from tenants.leases import fixing, giving, invariants
from tenants.leases.hub_import import importing
from tenants.leases.models import FixedDayPart, GivenBack
from tenants.leases.refusals import DateBegun, DateClosed, NoSuchDate, TakenMeanwhile
from tenants.parties.models import Party, User
from tests import cast
from tests.cast import NOW, between
from tests.leases import workbooks
from tests.leases.half_days import arranged, start

pytestmark = pytest.mark.django_db(transaction=True)
EIGHTH, FIFTEENTH = start("2026-12-08"), start("2026-12-15")
MORNING = between("2026-12-08 08:00", "12:00")


@pytest.fixture
def anna() -> tuple[User, Party]:
    hub = cast.hub()
    cast.rate(hub)
    return cast.zzper(hub)


@pytest.fixture
def fixed(anna: tuple[User, Party]) -> FixedDayPart:
    return arranged(anna[1], cast.space(anna[1].hub))


def held(fixed: FixedDayPart, period: Period = MORNING) -> bool:
    return Claim.objects.held_by(fixed.holder).filter(active=True).overlapping(period).exists()


def give(fixed: FixedDayPart, by: User, *dates: datetime, now: datetime = NOW) -> list[GivenBack]:
    return giving.give_back([(fixed, each) for each in dates], by=by, now=now)


def test_a_date_given_back_can_be_booked_at_once(anna, fixed):
    assert not availability.is_free(fixed.space, period=MORNING, now=NOW)

    given = give(fixed, anna[0], EIGHTH)

    assert [(row.period, row.given_by) for row in given] == [(MORNING, anna[0])]
    assert availability.is_free(fixed.space, period=MORNING, now=NOW)
    assert held(fixed, between("2026-12-15 08:00", "12:00"))


def test_django_scheduler_agrees_that_the_date_is_given_back(anna, fixed):
    give(fixed, anna[0], EIGHTH)

    assert Occurrence.objects.get().cancelled
    month = between("2026-12-01 00:00", "2027-01-01 00:00")
    starts = [
        slot.original_start for slot in recurrence.expand(fixed.event, within=month, zone=fixed.hub.zone)
    ]
    assert starts == [start(f"2026-12-{day:02}") for day in (1, 15, 22, 29)]
    assert invariants.broken(now=NOW) == []


def test_several_dates_go_together_or_not_at_all(anna, fixed):
    with pytest.raises(NoSuchDate):
        give(fixed, anna[0], EIGHTH, start("2026-12-09"))
    assert held(fixed)

    assert len(give(fixed, anna[0], EIGHTH, FIFTEENTH)) == 2


def test_giving_back_twice_gives_back_once(anna, fixed):
    assert give(fixed, anna[0], EIGHTH) == give(fixed, anna[0], EIGHTH)
    assert GivenBack.objects.count() == 1


def test_a_date_that_has_begun_or_is_closed_cannot_be_given_back(anna, fixed):
    with transaction.atomic():
        closure = cast.closure(fixed.hub, between("2026-12-15 00:00", "24:00"))
        fixing.make_way(closure)

    with pytest.raises(DateClosed):
        give(fixed, anna[0], FIFTEENTH)
    with pytest.raises(DateBegun):
        give(fixed, anna[0], EIGHTH, now=EIGHTH + timedelta(hours=1))


def test_taken_back_it_is_as_if_nothing_happened(anna, fixed):
    give(fixed, anna[0], EIGHTH)

    assert giving.take_back([(fixed, EIGHTH)], now=NOW) == 1
    assert giving.take_back([(fixed, EIGHTH)], now=NOW) == 0

    assert held(fixed)
    assert not Occurrence.objects.exists()
    assert invariants.broken(now=NOW) == []
    assert len(give(fixed, anna[0], EIGHTH)) == 1


def test_what_somebody_has_cannot_be_taken_back(anna, fixed):
    give(fixed, anna[0], EIGHTH)
    with transaction.atomic():
        claiming.take(
            [fixed.space],
            period=between("2026-12-08 11:00", "12:00"),
            kind="booking",
            holder="booking:1",
            now=NOW,
        )

    with pytest.raises(TakenMeanwhile):
        giving.take_back([(fixed, EIGHTH)], now=NOW)
    assert not held(fixed)
    assert GivenBack.objects.open().count() == 1


def test_what_is_closed_by_now_cannot_be_taken_back_and_an_unknown_date_neither(anna, fixed):
    give(fixed, anna[0], EIGHTH)
    with transaction.atomic():
        cast.closure(fixed.hub, between("2026-12-08 00:00", "24:00"))
        closing.settle(fixed.hub, now=NOW)

    with pytest.raises(TakenMeanwhile):
        giving.take_back([(fixed, EIGHTH)], now=NOW)
    with pytest.raises(NoSuchDate):
        giving.take_back([(fixed, start("2026-12-09"))], now=NOW)


def test_the_horizon_and_a_new_claim_leave_given_dates_alone(anna, fixed):
    give(fixed, anna[0], EIGHTH, start("2027-11-16"))

    fixing.extend_horizon(now=NOW + timedelta(days=9))
    with transaction.atomic():
        fixing.claim(fixed, now=NOW)

    assert not held(fixed)
    assert not held(fixed, between("2027-11-16 08:00", "12:00"))
    assert invariants.broken(now=NOW) == []


def test_an_import_of_the_same_workbook_leaves_given_dates_alone():
    hub = importing.store(workbooks.real(), now=NOW).hub
    thursday = FixedDayPart.objects.select_related("hub", "space", "event__rule").get(weekday=3)
    director = cast.staff(hub)
    give(thursday, director, start("2026-12-03"))

    importing.store(workbooks.with_cells({"Vaste dagdelen!F6": "31-12-2027"}), now=NOW)

    assert not held(thursday, between("2026-12-03 08:00", "12:00"))
    assert held(thursday, between("2026-12-10 08:00", "12:00"))
    assert invariants.broken(now=NOW) == []


def test_a_closure_that_goes_away_gives_the_dates_back_but_not_those_given_back(anna, fixed):
    give(fixed, anna[0], FIFTEENTH)
    week = between("2026-12-07 00:00", "2026-12-19 00:00")
    with transaction.atomic():
        closure = cast.closure(fixed.hub, week)
        fixing.make_way(closure)
        assert not held(fixed)
        closure.delete()
        assert fixing.come_back(fixed.hub, period=week, now=NOW) == 1

    assert held(fixed)
    assert invariants.broken(now=NOW) == []


def test_a_closure_of_another_room_takes_no_half_day(anna, fixed):
    other: Space = cast.space(fixed.hub, "B04")
    with transaction.atomic():
        closure = cast.closure(fixed.hub, between("2026-12-08 00:00", "24:00"), space=other)
        assert fixing.make_way(closure) == 0

    assert held(fixed)
    assert fixing.dates(fixed, within=MORNING)[0][1] is False


def test_the_invariant_finds_a_date_that_is_not_held_and_one_that_is_held_for_nothing(anna, fixed):
    claiming.release_during(fixed.holder, period=MORNING)
    recurrence.cancel_slot(fixed.event, FIFTEENTH, between("2026-12-15 08:00", "12:00"))

    assert invariants.broken(now=NOW) == [
        f"{fixed.holder} does not hold {date(2026, 12, 8)}",
        f"{fixed.holder} holds {date(2026, 12, 15)} for nothing",
    ]
