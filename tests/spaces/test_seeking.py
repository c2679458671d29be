"""The first free time of each room: soonest first, within the rules, no further than needed."""

from datetime import timedelta

import pytest

from spaces import claiming, ruling, seeking
from spaces.models import BookingRule, Hub, SpaceKind
from spaces.seeking import Search
from tests import cast
from tests.cast import NOW, between

pytestmark = pytest.mark.django_db
TWO_HOURS = timedelta(hours=2)


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


def firsts(hub, length=TWO_HOURS, *, now=NOW, most=12, **asked):
    rules = ruling.rulebook(hub, rate_group=None)
    offers = seeking.first_of_each(hub, Search(length, **asked), rules=rules, most=most, now=now)
    return [(offer.space.code, offer.period) for offer in offers]


def take(space, start, end):
    claiming.take([space], period=between(start, end), kind="booking", holder="booking:1", now=NOW)


def test_each_room_at_its_first_free_time_the_soonest_first(hub):
    busy, free = cast.space(hub, "B03"), cast.space(hub, "B04")
    take(busy, "2026-11-21 12:00", "17:00")
    assert firsts(hub) == [
        (free.code, between("2026-11-21 12:00", "14:00")),
        (busy.code, between("2026-11-23 08:00", "10:00")),
    ]


def test_a_half_day_is_a_whole_part_of_the_day(hub):
    cast.space(hub)
    assert firsts(hub, timedelta(hours=4)) == [("B03", between("2026-11-21 13:00", "17:00"))]


def test_kind_needs_and_persons_narrow(hub):
    cast.space(hub, "B03", features=("projector",))
    cast.space(hub, "B04", features=("projector", "wheelchair-accessible"), capacity=12)
    cast.space(
        hub,
        "B06",
        kind=SpaceKind.TREATMENT_ROOM,
        features=("projector", "wheelchair-accessible"),
        capacity=20,
    )
    asked = {"features": ["projector", "wheelchair-accessible"], "persons": 5}
    assert [code for code, _period in firsts(hub, **asked)] == ["B04", "B06"]
    assert [code for code, _period in firsts(hub, kinds=["treatment_room"], **asked)] == ["B06"]


def test_nothing_beyond_the_days_that_were_asked(hub):
    space = cast.space(hub)
    take(space, "2026-11-21 12:00", "2026-12-04 08:00")
    assert firsts(hub, days=7) == []
    assert firsts(hub, days=14) == [("B03", between("2026-12-04 08:00", "10:00"))]


def test_the_rules_of_the_room_count(hub):
    space = cast.space(hub)
    BookingRule.objects.create(hub=hub, space=space, notice_minutes=3 * 24 * 60)
    assert firsts(hub) == [("B03", between("2026-11-24 12:00", "14:00"))]
    BookingRule.objects.filter(space=space).update(longest_minutes=60)
    assert firsts(hub) == []


def test_what_is_not_accepted_waits_for_another_day(hub):
    cast.space(hub)
    offers = seeking.first_of_each(
        hub, Search(TWO_HOURS), accepts=lambda offer, _timetable: offer.period.start > cast.at("2026-11-24 00:00"),
        now=NOW,
    )  # fmt: skip
    assert [offer.period for offer in offers] == [between("2026-11-24 08:00", "10:00")]


def test_it_stops_at_the_number_that_was_asked(hub):
    for number in range(5):
        cast.space(hub, f"B0{number}")
    assert [code for code, _period in firsts(hub, most=3)] == ["B00", "B01", "B02"]


@pytest.mark.parametrize("rooms", [1, 3])
def test_the_queries_do_not_grow_with_the_rooms(hub, rooms, django_assert_num_queries):
    for number in range(rooms):
        space = cast.space(hub, f"B0{number}")
        take(space, "2026-11-23 08:00", "2026-12-10 08:00")
    with django_assert_num_queries(5):
        seeking.first_of_each(hub, Search(TWO_HOURS), now=NOW)
