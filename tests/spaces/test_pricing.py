"""What a period costs, why, and what would be cheaper."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from spaces import pricing
from spaces.explaining import tell
from spaces.models import DayPart, Hub, OpeningHours, Rate, Space, SpaceKind
from spaces.money import Taxed, euro
from spaces.periods import Period
from spaces.pricing import NoPrice, Quote
from tests import cast
from tests.cast import between

pytestmark = pytest.mark.django_db
TUESDAY = "2026-11-24"


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    cast.rate(hub)
    return cast.space(hub)


@pytest.fixture
def desk(hub: Hub) -> Space:
    cast.rate(
        hub, kind=SpaceKind.HOT_DESK, per_hour=None, per_day_part=Decimal("10.00"), per_day=Decimal("17.50")
    )
    return cast.space(hub, "111-1", name="Flexplek 1", kind=SpaceKind.HOT_DESK)


def quote(space: Space, start: str, end: str, **options: object) -> Quote:
    period = between(start if "-" in start else f"{TUESDAY} {start}", end)
    return pricing.quote(space, period=period, rate_group=cast.rate_group(space.hub), **options)  # type: ignore[arg-type]


def blocks(found: Quote) -> list[tuple[str, str, str]]:
    return [(line.unit, f"{line.quantity.normalize():f}", str(line.net)) for line in found.lines]


def told(found: Quote) -> str:
    with override("en"):
        return tell(found.reason)


# The oracles of the money rules, by number.


def test_oracle_12_two_day_parts_cover_the_hour_between_them(room: Space) -> None:
    Rate.objects.update(per_day=None)

    found = quote(room, "08:00", "17:00")

    assert (blocks(found), found.net) == ([("day_part", "2", "75.00")], euro("75.00"))


def test_oracle_12_an_extra_hour_stands_next_to_a_day_part(room: Space) -> None:
    found = quote(room, "08:00", "13:00")

    assert blocks(found) == [("day_part", "1", "37.50"), ("hour", "1", "12.50")]
    assert found.net == euro("50.00")


@pytest.fixture
def lodging(hub: Hub) -> Space:
    prices = {"per_day_part": Decimal(75), "per_day": Decimal(110), "per_week": Decimal(448)}
    cast.rate(hub, per_hour=None, **prices)
    return cast.space(hub)


def test_oracle_12_two_day_parts_of_one_day_are_a_day(lodging: Space) -> None:
    assert blocks(quote(lodging, "08:00", "17:00")) == [("day", "1", "110.00")]


def test_oracle_12_five_days_are_a_week(lodging: Space) -> None:
    found = quote(lodging, "2026-11-23 08:00", "2026-11-27 22:00")

    assert blocks(found) == [("week", "1", "448.00")]
    assert told(found) == "1 week (€\u00a0448,00) is cheaper than 5 days (€\u00a0550,00)."


def test_oracle_12_four_days_are_not(lodging: Space) -> None:
    assert blocks(quote(lodging, "2026-11-23 08:00", "2026-11-26 22:00")) == [("day", "4", "440.00")]


def test_oracle_11_a_ggd_pays_vat_on_a_meeting_room(hub: Hub) -> None:
    cast.rate(
        hub, kind=SpaceKind.MEETING_ROOM, vat=21, per_hour=Decimal("42.50"), per_day_part=None, per_day=None
    )
    room = cast.space(hub, "B02", kind=SpaceKind.MEETING_ROOM)

    found = quote(room, "09:00", "11:00")

    assert (found.net, found.vat, found.gross) == (euro("85.00"), euro("17.85"), euro("102.85"))
    assert (found.vat_treatment, found.vat_reason) == (
        "meeting_taxed",
        "vergaderruimte, alleen als zodanig gebruikt",
    )


def test_vat_is_computed_once_over_the_sum_of_the_lines(hub: Hub) -> None:
    cast.rate(hub, vat=21, per_hour=Decimal("0.99"), per_day_part=Decimal("3.33"), per_day=None)

    found = quote(cast.space(hub), "08:00", "12:30")

    assert blocks(found) == [("day_part", "1", "3.33"), ("hour", "0.5", "0.50")]
    assert found.taxed == Taxed.from_net(Decimal("3.83"), rate=Decimal(21))


# Which blocks.


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("09:00", "10:00", [("hour", "1", "12.50")]),
        ("09:00", "09:30", [("hour", "1", "12.50")]),
        ("09:00", "10:10", [("hour", "1.25", "15.63")]),
        ("09:00", "11:45", [("hour", "2.75", "34.38")]),
        ("09:00", "12:00", [("day_part", "1", "37.50")]),
        ("08:00", "12:00", [("day_part", "1", "37.50")]),
        ("10:00", "14:00", [("hour", "4", "50.00")]),
        ("08:00", "14:00", [("day_part", "1", "37.50"), ("hour", "2", "25.00")]),
        ("08:00", "17:00", [("day", "1", "65.00")]),
        ("08:00", "22:00", [("day", "1", "65.00")]),
        ("17:00", "18:00", [("hour", "1", "12.50")]),
    ],
)
def test_a_consult_room_costs_the_cheapest_combination(
    room: Space, start: str, end: str, expected: list[tuple[str, str, str]]
) -> None:
    assert blocks(quote(room, start, end)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("09:00", "11:00", [("day_part", "1", "10.00")]),
        ("12:00", "13:00", [("day", "1", "17.50")]),
        ("08:00", "17:00", [("day", "1", "17.50")]),
        ("18:30", "19:00", [("day_part", "1", "10.00")]),
    ],
)
def test_a_desk_without_an_hour_price_is_let_by_day_part_or_day(
    desk: Space, start: str, end: str, expected: list[tuple[str, str, str]]
) -> None:
    assert blocks(quote(desk, start, end)) == expected


def test_day_parts_further_apart_than_an_hour_do_not_include_the_time_between(room: Space) -> None:
    Rate.objects.update(per_day=None, per_hour=None)
    DayPart.objects.filter(name_nl="middag").delete()

    with pytest.raises(NoPrice):
        quote(room, "08:00", "22:00")


def test_a_day_on_saturday_is_the_whole_saturday(room: Space) -> None:
    assert blocks(quote(room, "2026-11-28 09:00", "17:00")) == [("day", "1", "65.00")]


def test_a_booking_over_several_days_is_counted_day_by_day(room: Space) -> None:
    found = quote(room, "2026-11-24 18:00", "2026-11-25 12:00")

    assert blocks(found) == [("day_part", "2", "75.00")]
    with override("en"):
        assert tell(found.lines[0].description) == "2 day parts: evening, morning"


def test_a_booking_over_midnight_counts_for_one_hour_at_least_not_two(hub: Hub, room: Space) -> None:
    OpeningHours.objects.update(opens="00:00", closes="00:00")

    assert blocks(quote(room, "2026-11-24 23:45", "2026-11-25 00:15")) == [("hour", "1", "12.50")]
    assert blocks(quote(room, "2026-11-24 22:30", "2026-11-25 00:30")) == [("hour", "2", "25.00")]


def test_an_hour_that_exists_twice_is_two_hours_and_a_missing_one_is_none(hub: Hub, room: Space) -> None:
    for weekday in range(7):
        OpeningHours.objects.update_or_create(
            hub=hub, weekday=weekday, defaults={"opens": "00:00", "closes": "00:00"}
        )
    Rate.objects.update(per_day=None, per_day_part=None)

    assert blocks(quote(room, "2026-10-25 01:00", "05:00")) == [("hour", "5", "62.50")]
    assert blocks(quote(room, "2026-03-29 01:00", "05:00")) == [("hour", "3", "37.50")]


def test_a_closure_within_the_days_is_not_paid(hub: Hub, lodging: Space) -> None:
    cast.closure(hub, between("2026-11-25 00:00", "24:00"))

    assert blocks(quote(lodging, "2026-11-23 08:00", "2026-11-27 22:00")) == [("day", "4", "440.00")]


# Which price list.


def test_the_price_list_is_that_of_the_local_day_the_booking_starts(hub: Hub, room: Space) -> None:
    OpeningHours.objects.update(opens="00:00", closes="00:00")
    cast.rate(hub, per_hour=Decimal("12.90"), valid_from=date(2027, 1, 1))

    assert quote(room, "2026-12-31 09:00", "10:00").net == euro("12.50")
    assert quote(room, "2027-01-01 00:00", "01:00").net == euro("12.90")
    assert quote(room, "2026-12-31 22:00", "2027-01-01 02:00").net == euro("50.00")


def test_a_price_of_the_room_itself_beats_a_newer_one_of_its_kind(hub: Hub, room: Space) -> None:
    cast.rate(hub, space=room, per_hour=Decimal("14.50"))
    cast.rate(hub, per_hour=Decimal("11.00"), valid_from=date(2026, 6, 1))
    other = cast.space(hub, "B04")

    assert quote(room, "09:00", "10:00").net == euro("14.50")
    assert quote(other, "09:00", "10:00").net == euro("11.00")


def test_each_rate_group_pays_its_own_price(hub: Hub, room: Space) -> None:
    cast.rate(hub, group="extern", per_hour=Decimal("17.50"))

    found = pricing.quote(
        room, period=between("2026-11-24 09:00", "10:00"), rate_group=cast.rate_group(hub, "extern")
    )

    assert found.net == euro("17.50")


def test_without_a_price_the_person_hears_for_whom_and_when(hub: Hub) -> None:
    room = cast.space(hub)

    with override("en"), pytest.raises(NoPrice) as refusal:
        quote(room, "09:00", "10:00")

    assert str(refusal.value) == (
        "There is no price for Spreekkamer B03 for self-employed in care on Tuesday 24 November 2026. "
        "Ask reception for the price."
    )


def test_a_price_that_has_not_begun_is_no_price(hub: Hub) -> None:
    cast.rate(hub, valid_from=date(2026, 11, 25))

    with pytest.raises(NoPrice):
        quote(cast.space(hub), "09:00", "10:00")


def test_time_outside_every_day_part_says_what_is_possible(hub: Hub, desk: Space) -> None:
    Rate.objects.update(per_day=None)
    DayPart.objects.filter(name_nl="middag").delete()

    with override("en"), pytest.raises(NoPrice) as refusal:
        quote(desk, "13:00", "15:00")

    assert str(refusal.value) == (
        "This space is let by day part: morning 08:00–12:00, evening 18:00–22:00. Choose a time within one of them."
    )
    with override("nl"):
        assert "ochtend 08:00–12:00" in refusal.value.message


def test_a_closed_day_has_no_price_and_says_why(hub: Hub, room: Space) -> None:
    cast.closure(hub, between("2026-12-24 00:00", "24:00"), reason="kerstsluiting")

    with override("en"), pytest.raises(NoPrice) as refusal:
        quote(room, "2026-12-24 09:00", "10:00")

    assert str(refusal.value) == "The building is closed on Thursday 24 December 2026: kerstsluiting."


# Why, and what would be cheaper.


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ("08:00", "12:00", "1 day part (€\u00a037,50) is cheaper than 4 hours (€\u00a050,00)."),
        ("09:00", "11:00", "2 hours (€\u00a025,00) is cheaper than 1 day part (€\u00a037,50)."),
        ("09:00", "09:30", "A booking counts for at least 1 hour (€\u00a012,50)."),
        ("08:00", "13:00", "1 day part and 1 hour (€\u00a050,00) is cheaper than 5 hours (€\u00a062,50)."),
        ("08:00", "17:00", "1 day (€\u00a065,00) is cheaper than 2 day parts (€\u00a075,00)."),
    ],
)
def test_the_reason_says_what_the_next_best_would_cost(
    room: Space, start: str, end: str, reason: str
) -> None:
    assert told(quote(room, start, end)) == reason


def test_a_taxed_reason_says_that_its_amounts_exclude_vat(hub: Hub) -> None:
    cast.rate(hub, vat=21, per_day=None)

    assert told(quote(cast.space(hub), "08:00", "12:00")) == (
        "1 day part (€\u00a037,50 excl. VAT) is cheaper than 4 hours (€\u00a050,00 excl. VAT)."
    )


def test_lines_name_their_day_parts_and_where_the_price_comes_from(room: Space) -> None:
    Rate.objects.update(per_day=None)

    line = quote(room, "08:00", "17:00").lines[0]

    with override("en"):
        assert tell(line.description) == "2 day parts: morning, afternoon"
        assert tell(line.reason) == (
            "€\u00a037,50 a day part, price list of 1 January 2026 for self-employed in care."
        )


def test_a_desk_is_advised_to_end_where_its_day_part_ends(desk: Space) -> None:
    found = quote(desk, "10:00", "13:00")

    with override("en"):
        assert found.advice is not None
        assert tell(found.advice) == (
            "This time touches 2 day parts. If you end at 12:00, you save €\u00a07,50."
        )


def test_a_desk_is_advised_to_start_where_its_day_part_starts(desk: Space) -> None:
    found = quote(desk, "12:30", "17:00")

    with override("en"):
        assert found.advice is not None
        assert tell(found.advice) == (
            "This time touches 2 day parts. If you start at 13:00, you save €\u00a07,50."
        )


def test_the_saving_of_a_taxed_space_includes_vat(hub: Hub) -> None:
    cast.rate(hub, vat=21, per_hour=None, per_day=None, per_day_part=Decimal("10.00"))

    found = quote(cast.space(hub), "10:00", "13:00")

    with override("en"):
        assert found.advice is not None
        assert "you save €\u00a012,10 incl. VAT" in tell(found.advice)


@pytest.mark.parametrize(("start", "end"), [("10:00", "13:00"), ("08:00", "13:00"), ("08:00", "12:00")])
def test_giving_up_an_hour_at_the_price_of_an_hour_is_no_advice(room: Space, start: str, end: str) -> None:
    assert quote(room, start, end).advice is None


# Hours that a lease includes.


def test_included_hours_come_first_and_the_rest_is_charged_by_the_same_rule(room: Space) -> None:
    found = quote(room, "09:00", "12:00", included_hours=Decimal(2))

    assert blocks(found) == [("included", "2", "0.00"), ("hour", "1", "12.50")]
    assert found.included_hours == 2
    assert told(found) == (
        "The first 2 hours are included in your lease. "
        "The rest: 1 hour (€\u00a012,50) is cheaper than 1 day part (€\u00a037,50)."
    )


def test_more_included_hours_than_needed_leave_the_rest_for_later(room: Space) -> None:
    found = quote(room, "09:00", "12:00", included_hours=Decimal(10))

    assert (blocks(found), found.gross) == ([("included", "3", "0.00")], euro(0))
    assert told(found) == "These hours are included in your lease."


def test_included_hours_that_save_nothing_are_not_used_up(room: Space) -> None:
    found = quote(room, "08:00", "22:00", included_hours=Decimal(2))

    assert blocks(found) == [("day", "1", "65.00")]
    assert found.included_hours == 0


def test_included_hours_count_per_quarter_and_the_first_hour_counts_whole(room: Space) -> None:
    assert blocks(quote(room, "09:00", "11:00", included_hours=Decimal("1.40"))) == [
        ("included", "1.25", "0.00"),
        ("hour", "0.75", "9.38"),
    ]
    assert blocks(quote(room, "09:00", "09:30", included_hours=Decimal(4))) == [("included", "1", "0.00")]
    assert blocks(quote(room, "09:00", "09:30", included_hours=Decimal("0.25"))) == [
        ("included", "0.25", "0.00"),
        ("hour", "0.75", "9.38"),
    ]


def test_a_quarter_that_has_begun_is_included_as_a_whole(room: Space) -> None:
    assert blocks(quote(room, "09:00", "09:55", included_hours=Decimal(10))) == [("included", "1", "0.00")]
    assert blocks(quote(room, "09:00", "10:05", included_hours=Decimal(10))) == [("included", "1.25", "0.00")]


def test_no_included_hours_left_changes_nothing(room: Space) -> None:
    assert quote(room, "09:00", "12:00", included_hours=Decimal(-3)) == quote(room, "09:00", "12:00")


# Snapshots and many at once.


def test_a_quote_survives_the_database_whole(desk: Space) -> None:
    found = quote(desk, "10:00", "13:00")

    assert Quote.from_json(json.loads(json.dumps(found.as_json()))) == found


def test_the_same_question_gets_the_same_answer(room: Space) -> None:
    assert quote(room, "08:00", "13:00") == quote(room, "08:00", "13:00")


def test_many_spaces_are_priced_as_one_by_one_and_those_without_a_price_are_left_out(
    hub: Hub, room: Space, desk: Space
) -> None:
    unpriced = cast.space(hub, "109", kind=SpaceKind.OFFICE)
    period = between("2026-11-24 10:00", "13:00")
    group = cast.rate_group(hub)

    found = pricing.quotes([room, desk, unpriced], period=period, rate_group=group)

    assert found == {each.pk: pricing.quote(each, period=period, rate_group=group) for each in (room, desk)}


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_number_of_queries_does_not_grow_with_the_number_of_spaces(
    hub: Hub, room: Space, count: int
) -> None:
    others = [cast.space(hub, f"S{number}") for number in range(count - 1)]
    group = cast.rate_group(hub)

    with CaptureQueriesContext(connection) as queries:
        found = pricing.quotes([room, *others], period=between("2026-11-24 09:00", "12:00"), rate_group=group)

    assert (len(found), len(queries)) == (count, 4)


def test_no_spaces_no_queries(hub: Hub) -> None:
    group = cast.rate_group(hub)

    with CaptureQueriesContext(connection) as queries:
        assert (
            pricing.quotes([], period=Period(cast.NOW, cast.at("2026-11-24 09:00")), rate_group=group) == {}
        )

    assert len(queries) == 0
