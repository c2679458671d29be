"""What a period costs."""

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
from tests.spaces.priced import blocks, quote, told

pytestmark = pytest.mark.django_db


def test_oracle_12_two_day_parts_cover_the_hour_between_them(room: Space) -> None:
    Rate.objects.update(per_day=None)

    found = quote(room, "08:00", "17:00")

    assert (blocks(found), found.net) == ([("day_part", "2", "75.00")], euro("75.00"))


def test_oracle_12_an_extra_hour_stands_next_to_a_day_part(room: Space) -> None:
    found = quote(room, "08:00", "13:00")

    assert blocks(found) == [("day_part", "1", "37.50"), ("hour", "1", "12.50")]
    assert found.net == euro("50.00")


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

    assert (len(found), len(queries)) == (count, 2)


def test_no_spaces_no_queries(hub: Hub) -> None:
    group = cast.rate_group(hub)

    with CaptureQueriesContext(connection) as queries:
        assert (
            pricing.quotes([], period=Period(cast.NOW, cast.at("2026-11-24 09:00")), rate_group=group) == {}
        )

    assert len(queries) == 0
