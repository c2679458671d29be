"""Rules of booking: which one counts, what it forbids, and what would fit."""

from datetime import datetime, timedelta

import pytest

from spaces import availability, ruling
from spaces.explaining import tell
from spaces.models import BookingRule, Hub, Space
from spaces.offering import FreeTime, first_free
from spaces.periods import Period
from spaces.ruling import Rulebook, Rules
from tests import cast
from tests.cast import AMSTERDAM, NOW, at, between

pytestmark = pytest.mark.django_db
TUESDAY = "2026-11-24"


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    return cast.space(hub)


def rule(hub: Hub, **fields: object) -> BookingRule:
    return BookingRule.objects.create(hub=hub, **fields)


def book(hub: Hub, group: str = "zzp-zorg") -> Rulebook:
    return ruling.rulebook(hub, rate_group=cast.rate_group(hub, group))


def refusal(rules: Rules, period: Period, *, now: datetime = NOW) -> str:
    why = rules.refusal(period, now=now, zone=AMSTERDAM)
    return tell(why, today=now.date()) if why else ""


def test_without_rules_the_quarter_hour_and_eleven_months_count(hub: Hub, room: Space) -> None:
    rules = book(hub).of(room)

    assert rules == Rules()
    assert refusal(rules, between(f"{TUESDAY} 09:15", "09:30")) == ""
    assert (
        refusal(rules, between(f"{TUESDAY} 09:05", "10:00"))
        == "Kies tijden op het kwartier. 09:00–10:00 past."
    )
    assert refusal(rules, between("2027-10-22 09:00", "10:00")) == ""
    assert "tot 335 dagen vooruit" in refusal(rules, between("2027-10-23 09:00", "10:00"))


def test_the_most_particular_rule_that_says_something_counts_field_by_field(hub: Hub, room: Space) -> None:
    group = cast.rate_group(hub)
    rule(hub, shortest_minutes=60, longest_minutes=600, grid_minutes=60, notice_minutes=60)
    rule(hub, rate_group=group, longest_minutes=500, notice_minutes=120)
    rule(hub, kind=room.kind, longest_minutes=400)
    rule(hub, space=room, notice_minutes=0)
    rule(hub, space=room, rate_group=group, shortest_minutes=30)

    mine, others = book(hub).of(room), book(hub, "extern").of(room)

    assert (mine.shortest, mine.longest, mine.grid, mine.notice) == (30, 400, 60, 0)
    assert (others.shortest, others.longest, others.grid, others.notice) == (60, 400, 60, 0)


@pytest.mark.parametrize(
    ("fields", "wish", "words"),
    [
        ({"shortest_minutes": 120}, ("09:00", "10:00"), "voor minstens 2 uur. 09:00–11:00 past."),
        ({"longest_minutes": 240}, ("09:00", "17:00"), "voor hooguit 4 uur. 09:00–13:00 past."),
        ({"grid_minutes": 30}, ("09:15", "10:45"), "per 30 minuten. 09:00–11:00 past."),
        ({"may_book": False}, ("09:00", "10:00"), "niet zelf boeken"),
        ({"days_ahead": 2}, ("09:00", "10:00"), "tot 2 dagen vooruit boeken: tot en met maandag 23 november"),
        (
            {"notice_minutes": 4320},
            ("09:00", "10:00"),
            "3 dagen van tevoren: vanaf dinsdag 24 november, 12:00",
        ),
    ],
)
def test_a_refusal_says_which_rule_and_what_would_fit(
    hub: Hub, room: Space, fields: dict[str, object], wish: tuple[str, str], words: str
) -> None:
    rule(hub, **fields)

    assert words in refusal(book(hub).of(room), between(f"{TUESDAY} {wish[0]}", wish[1]))


def test_policy_over_dst_a_day_before_is_the_same_clock_the_day_before(hub: Hub, room: Space) -> None:
    rules = Rules(notice=24 * 60)
    monday = between("2027-03-29 09:00", "10:00")

    assert refusal(rules, monday, now=at("2027-03-28 09:00")) == ""
    assert refusal(rules, monday, now=at("2027-03-28 09:01")) != ""
    sunday = between("2027-03-28 09:00", "10:00")
    assert refusal(rules, sunday, now=at("2027-03-27 09:00")) == ""
    assert refusal(rules, sunday, now=at("2027-03-27 09:01")) != ""


def test_reception_is_held_to_the_rules_of_the_room_only(hub: Hub, room: Space) -> None:
    rule(hub, may_book=False, notice_minutes=4320, party_week_hours=1, shortest_minutes=120)
    rules = book(hub).for_others().of(room)

    assert refusal(rules, between(f"{TUESDAY} 09:00", "11:00")) == ""
    assert rules.quotas == ()
    assert "minstens 2 uur" in refusal(rules, between(f"{TUESDAY} 09:00", "10:00"))


def test_the_search_explains_what_a_rule_forbids_and_offers_what_it_allows(hub: Hub, room: Space) -> None:
    rule(hub, notice_minutes=4 * 24 * 60)
    wish = between(f"{TUESDAY} 09:00", "11:00")

    found = availability.search(hub, period=wish, rules=book(hub), now=NOW)

    (shut,) = found.unavailable
    assert "4 dagen van tevoren" in tell(shut.why)
    assert shut.next_free == between("2026-11-25 12:00", "14:00")
    assert availability.search(hub, period=wish, now=NOW).free == [room]
    assert not availability.is_free(room, period=wish, rules=book(hub), now=NOW)


def test_a_room_that_is_open_outside_hours_is_found_at_night_but_not_on_a_closed_day(
    hub: Hub, room: Space
) -> None:
    rule(hub, space=room, outside_hours=True)
    cast.space(hub, "B04")
    night = between(f"{TUESDAY} 22:00", "23:30")

    assert availability.search(hub, period=night, rules=book(hub), now=NOW).free == [room]
    cast.closure(hub, between(f"{TUESDAY} 00:00", "24:00"))
    assert availability.search(hub, period=night, rules=book(hub), now=NOW).free == []


def test_free_moments_keep_to_the_grid_and_the_length_of_the_rules(hub: Hub, room: Space) -> None:
    rule(hub, grid_minutes=60, longest_minutes=120)
    week = Period(NOW, NOW + timedelta(days=7))
    time = FreeTime(hub, [room], period=week, rules=book(hub), now=NOW)

    first = first_free(hub, length=timedelta(hours=2), rules=book(hub), after=at(f"{TUESDAY} 09:30"), now=NOW)

    assert first is not None
    assert first.period == between(f"{TUESDAY} 10:00", "12:00")
    assert first_free(hub, length=timedelta(hours=3), rules=book(hub), after=NOW, now=NOW) is None
    assert not time.is_free(room, between(f"{TUESDAY} 09:30", "10:30"))
