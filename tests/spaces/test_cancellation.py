"""What cancelling costs, until when it is free, and how the person reads that beforehand."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces import cancellation
from spaces.explaining import tell
from spaces.models import CancellationStep
from spaces.money import euro
from tests import cast
from tests.cast import AMSTERDAM, at

START = at("2026-11-24 09:00")
LONG_BEFORE = at("2026-11-01 09:00")


def step(hours_before: int, percentage: object, minimum: object = 0) -> dict[str, Any]:
    return {
        "hours_before": hours_before,
        "percentage": str(percentage),
        "minimum": str(minimum),
        "zone": "Europe/Amsterdam",
    }


FRIENDLY = [step(48, 0), step(24, 50), step(-1, 100)]
LADDER = [step(168, 10), step(48, 50), step(0, 75), step(-1, 100)]


def cost(net: str, steps: list[dict[str, Any]], when: str) -> Decimal:
    return cancellation.cost(Decimal(net), steps=steps, starts_at=START, at=at(when))


@pytest.mark.parametrize(
    ("when", "fee"),
    [
        ("2026-11-16 09:00", "8.50"),
        ("2026-11-17 09:00", "8.50"),
        ("2026-11-17 09:01", "42.50"),
        ("2026-11-21 09:00", "42.50"),
        ("2026-11-22 09:00", "42.50"),
        ("2026-11-22 09:01", "63.75"),
        ("2026-11-24 09:00", "63.75"),
        ("2026-11-24 09:01", "85.00"),
        ("2026-11-25 12:00", "85.00"),
    ],
)
def test_oracle_13_the_ladder_of_four_steps(when: str, fee: str) -> None:
    assert cost("85.00", LADDER, when) == euro(fee)


@pytest.mark.parametrize(
    ("when", "fee"),
    [
        ("2026-11-01 09:00", "0.00"),
        ("2026-11-22 09:00", "0.00"),
        ("2026-11-22 10:00", "18.75"),
        ("2026-11-23 09:00", "18.75"),
        ("2026-11-23 10:00", "37.50"),
        ("2026-11-24 10:00", "37.50"),
    ],
)
def test_the_friendly_ladder_is_free_until_two_days_before(when: str, fee: str) -> None:
    assert cost("37.50", FRIENDLY, when) == euro(fee)


def test_the_order_of_the_steps_does_not_matter() -> None:
    assert cost("85.00", LADDER[::-1], "2026-11-21 09:00") == euro("42.50")


def test_a_minimum_is_never_more_than_the_price() -> None:
    steps = [step(48, 10, minimum="7.50"), step(-1, 100)]

    assert cost("37.50", steps, "2026-11-20 09:00") == euro("7.50")
    assert cost("5.00", steps, "2026-11-20 09:00") == euro("5.00")
    assert cost("100.00", steps, "2026-11-20 09:00") == euro("10.00")


def test_without_a_last_step_late_cancelling_costs_the_full_price() -> None:
    assert cost("37.50", [step(48, 0)], "2026-11-23 09:00") == euro("37.50")


def test_a_day_before_is_the_same_time_on_the_clock_when_the_clock_changes() -> None:
    for sunday, saturday in [("2026-03-29", "2026-03-28"), ("2026-10-25", "2026-10-24")]:
        starts_at = at(f"{sunday} 10:00")

        until = cancellation.mildest_until([step(24, 0), step(-1, 100)], starts_at=starts_at)

        assert until == at(f"{saturday} 10:00")


def test_hours_that_make_no_day_are_elapsed_hours() -> None:
    until = cancellation.mildest_until([step(12, 0)], starts_at=at("2026-03-29 10:00"))

    assert until == at("2026-03-28 21:00")


def test_the_mildest_step_lasts_until_its_deadline_also_when_it_costs_something() -> None:
    assert cancellation.mildest_until(LADDER, starts_at=START) == START - timedelta(days=7)
    assert cancellation.mildest_until([step(-1, 100)], starts_at=START) is None


def test_not_coming_costs_the_last_resort_whatever_the_moment() -> None:
    assert cancellation.not_coming(Decimal("85.00"), steps=LADDER) == Decimal("85.00")
    assert cancellation.not_coming(Decimal("85.00"), steps=[step(48, 0), step(-1, 80)]) == Decimal("68.00")
    assert cancellation.not_coming(Decimal("85.00"), steps=[step(0, 0)]) == Decimal("85.00")


def test_the_ladder_reads_with_its_dates_filled_in() -> None:
    told = cancellation.in_words(FRIENDLY, starts_at=START, zone=AMSTERDAM, now=LONG_BEFORE)
    stored = json.loads(json.dumps(told))

    with override("en"):
        assert [tell(each, today=START.date()) for each in stored] == [
            "Until Sunday 22 November, 09:00: free of charge.",
            "Until Monday 23 November, 09:00: 50% of the price.",
            "After that, or if you do not come: the full price.",
        ]


@pytest.mark.parametrize(
    ("hours", "first"),
    [
        (30, "Until Monday 23 November, 09:00: 50% of the price."),
        (24, "Until Monday 23 November, 09:00: 50% of the price."),
        (23, "If you cancel, or do not come: the full price."),
    ],
)
def test_a_step_that_is_over_is_not_read_any_more(hours: int, first: str) -> None:
    with override("en"):
        told = cancellation.in_words(
            FRIENDLY, starts_at=START, zone=AMSTERDAM, now=START - timedelta(hours=hours)
        )

        assert tell(told[0], today=START.date()) == first


def test_minimums_and_a_lenient_end_are_said() -> None:
    steps = [step(48, "12.50", minimum=5), step(-1, 80)]

    with override("en"):
        stored = cancellation.in_words(steps, starts_at=START, zone=AMSTERDAM, now=LONG_BEFORE)
        told = [tell(each, today=START.date()) for each in stored]

    assert told == [
        "Until Sunday 22 November, 09:00: 12,5% of the price, at least €\u00a05,00.",
        "After that, or if you do not come: 80% of the price.",
    ]


@pytest.mark.django_db
def test_a_booking_keeps_the_steps_of_its_day() -> None:
    hub = cast.hub()
    steps = json.loads(json.dumps(cancellation.steps_of(hub)))

    CancellationStep.objects.all().delete()

    assert cost("37.50", steps, "2026-11-23 09:00") == euro("18.75")
    kept = [(each["hours_before"], each["percentage"]) for each in steps]
    assert kept == [(48, "0.00"), (24, "50.00"), (-1, "100.00")]


@pytest.mark.django_db
def test_a_hub_without_steps_is_free_until_the_start() -> None:
    hub = cast.hub()
    hub.cancellation_steps.all().delete()
    steps = cancellation.steps_of(hub)

    assert cost("37.50", steps, "2026-11-24 09:00") == euro(0)
    assert cost("37.50", steps, "2026-11-24 09:01") == euro("37.50")


rungs = st.lists(
    st.tuples(st.integers(-1, 400), st.integers(0, 100), st.integers(0, 2000)),
    min_size=1,
    max_size=5,
    unique_by=lambda it: it[0],
)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(rungs, st.integers(0, 100_000), st.integers(-300, 600))
def test_a_fee_lies_between_nothing_and_the_price(
    ladder: list[tuple[int, int, int]], cents: int, hours: int
) -> None:
    net = Decimal(cents) / 100
    steps = [step(before, percentage, Decimal(minimum) / 100) for before, percentage, minimum in ladder]

    fee = cancellation.cost(net, steps=steps, starts_at=START, at=START - timedelta(hours=hours))

    assert 0 <= fee <= net


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=5, unique=True),
    st.lists(st.integers(0, 100), min_size=6, max_size=6),
    st.lists(st.integers(-48, 500), min_size=2, max_size=2),
)
def test_a_ladder_that_climbs_never_rewards_waiting(
    hours: list[int], percentages: list[int], moments: list[int]
) -> None:
    climbing = sorted(percentages)
    steps = [
        step(before, share) for before, share in zip(sorted(hours, reverse=True), climbing, strict=False)
    ]
    steps.append(step(-1, climbing[-1]))
    early, late = sorted(moments, reverse=True)

    fees = [
        cancellation.cost(Decimal(100), steps=steps, starts_at=START, at=START - timedelta(hours=before))
        for before in (early, late)
    ]

    assert fees[0] <= fees[1]
