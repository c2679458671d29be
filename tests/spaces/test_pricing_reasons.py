"""Why a price is what it is, what would be cheaper, and the hours a lease includes."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from spaces.explaining import tell
from spaces.models import Hub, Rate, Space
from spaces.money import euro
from tests import cast
from tests.spaces.priced import blocks, quote, told

pytestmark = pytest.mark.django_db


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
