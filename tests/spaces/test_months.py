"""A month of one room: each day free, partly free, full, closed or past."""

from datetime import date

import pytest

from spaces import claiming, months
from tests import cast
from tests.cast import NOW, between

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 24)


@pytest.fixture
def room():
    return cast.space(cast.hub())


def days(room, *, month=NOVEMBER, now=NOW):
    return {
        each.day.day: each for week in months.weeks_of(room, month=month, now=now) for each in week if each
    }


def take(room, start, end):
    claiming.take([room], period=between(start, end), kind="booking", holder="booking:1", now=NOW)


def test_a_month_is_whole_weeks_with_nothing_on_the_days_of_another(room):
    weeks = months.weeks_of(room, month=NOVEMBER, now=NOW)
    assert [len(week) for week in weeks] == [7] * 6
    assert [each and each.day.day for each in weeks[0]] == [None] * 6 + [1]
    assert [each and each.day.day for each in weeks[5]] == [30] + [None] * 6


def test_free_partly_full_closed_and_past(room):
    take(room, "2026-11-24 09:00", "10:00")
    take(room, "2026-11-25 08:00", "22:00")
    cast.closure(room.hub, between("2026-11-26 00:00", "24:00"))
    states = {number: each.state for number, each in days(room).items()}
    assert [states[number] for number in (20, 21, 22, 23, 24, 25, 26)] == [
        "past", "free", "closed", "free", "partly", "full", "closed",
    ]  # fmt: skip


def test_the_day_parts_that_are_free_are_named(room):
    take(room, "2026-11-24 09:00", "10:00")
    assert [str(part.day_part) for part in days(room)[24].free] == ["middag", "avond"]


def test_today_what_has_passed_is_no_reason_to_call_it_partly(room):
    monday = cast.at("2026-11-23 12:30")
    assert days(room, now=monday)[23].state == "free"
    take(room, "2026-11-23 13:00", "22:00")
    assert days(room, now=monday)[23].state == "full"


def test_a_hub_without_day_parts_says_nothing_of_a_day(room):
    room.hub.day_parts.all().delete()
    assert {each.state for each in days(room).values()} == {"past", ""}


def test_february_and_the_turn_of_the_year(room):
    assert len(days(room, month=date(2027, 2, 3))) == 28
    assert months.next_month(date(2026, 12, 31)) == date(2027, 1, 1)
    assert months.month_before(date(2027, 1, 31)) == date(2026, 12, 1)


@pytest.mark.parametrize("bookings", [1, 3])
def test_a_month_is_three_queries_and_one_of_claims(room, bookings, django_assert_num_queries):
    for number in range(bookings):
        take(room, f"2026-11-{23 + number} 09:00", "10:00")
    with django_assert_num_queries(3) as queries:
        months.weeks_of(room, month=NOVEMBER, now=NOW)
    assert sum("spaces_claim" in query["sql"] for query in queries.captured_queries) == 1
