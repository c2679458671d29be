"""What collecting costs by law, and the interest by day."""

from datetime import date
from decimal import Decimal

import pytest

from tenants.billing.dunning import bik, interest, rates
from tenants.billing.dunning.interest import Paid, Rate
from tenants.billing.dunning.refusals import DunningRefused, RateUnknown
from tenants.billing.models import InterestRate

TEN = [Rate(date(2023, 1, 1), date(2029, 12, 31), Decimal(10))]
KNOWN = [Rate(first, last, Decimal(rate)) for first, last, rate in rates.SEEDS]


@pytest.mark.parametrize(
    ("principal", "costs"),
    [
        ("125", "40.00"), ("2500", "375.00"), ("10000", "875.00"), ("1000000", "6775.00"), ("0", "0.00"),
        ("0.01", "40.00"), ("266.66", "40.00"), ("266.70", "40.01"), ("2500.01", "375.00"), ("5000", "625.00"),
        ("200000", "2775.00"), ("200001", "2775.01"), ("999999.99", "6775.00"), ("5000000", "6775.00"), ("-5", "0.00"),
    ],
)  # fmt: skip
def test_oracle_15_costs_by_the_tiers_of_the_law(principal: str, costs: str) -> None:
    assert bik.costs_of(Decimal(principal)) == Decimal(costs)


def over(amount: str, due: str, until: str, *paid: Paid, known=KNOWN):
    return interest.over(
        Decimal(amount),
        due_on=date.fromisoformat(due),
        until=date.fromisoformat(until),
        paid=paid,
        rates=known,
    )


def summed(parts) -> Decimal:
    return sum((part.amount for part in parts), Decimal(0))


def test_interest_runs_from_the_day_after_the_due_date_and_a_leap_year_has_366_days() -> None:
    (part,) = over("1000", "2023-06-29", "2023-06-30")
    assert (part.starts_on, part.days, part.amount) == (date(2023, 6, 30), 1, Decimal("0.29"))
    assert summed(over("1000", "2024-01-31", "2024-02-29")) == Decimal("9.90")  # 29 × 12.5 % / 366
    assert over("1000", "2023-06-30", "2023-06-30") == []


def test_a_new_rate_and_a_new_year_begin_a_new_part() -> None:
    parts = over("10000", "2023-06-20", "2024-01-10")
    assert [(part.days, part.percentage, part.amount) for part in parts] == [
        (10, Decimal("10.50"), Decimal("28.77")),
        (184, Decimal("12.00"), Decimal("604.93")),
        (10, Decimal("12.50"), Decimal("34.15")),
    ]


def test_after_each_whole_year_interest_is_counted_over_the_interest_too() -> None:
    parts = over("1000", "2025-12-31", "2027-12-31", known=TEN)
    assert [(part.over, part.amount) for part in parts] == [
        (Decimal(1000), Decimal("100.00")), (Decimal(1100), Decimal("110.00")),
    ]  # fmt: skip


def test_what_was_paid_bears_no_interest_from_the_next_day_on() -> None:
    half = Paid(date(2026, 1, 10), Decimal(500))
    parts = over("1000", "2025-12-31", "2026-01-20", half, known=TEN)
    assert [(part.days, part.over) for part in parts] == [(10, Decimal(1000)), (10, Decimal(500))]


@pytest.mark.parametrize(("due", "until", "missing"), [
    ("2024-12-30", "2025-01-01", date(2025, 1, 1)), ("2022-12-30", "2023-01-02", date(2022, 12, 31)),
])  # fmt: skip
def test_a_day_without_a_rate_is_an_error_that_asks_for_it_never_zero(due, until, missing) -> None:
    with pytest.raises(RateUnknown) as refused:
        over("100", due, until)
    assert refused.value.day == missing


def test_a_due_date_on_29_february_has_its_year_on_1_march() -> None:
    parts = over("1000", "2024-02-28", "2025-03-02", known=TEN)
    assert parts[-1].starts_on == date(2025, 3, 1)
    assert parts[-1].over > 1000


@pytest.mark.django_db(transaction=True)
def test_the_table_begins_with_what_is_known_and_takes_no_second_rate_for_a_day() -> None:
    assert [(row.starts_on, row.percentage) for row in reversed(rates.table())] == [
        (date(2023, 1, 1), Decimal("10.50")), (date(2023, 7, 1), Decimal("12.00")),
        (date(2024, 1, 1), Decimal("12.50")), (date(2024, 7, 1), Decimal("12.25")),
    ]  # fmt: skip
    following = rates.next_empty()
    assert (following.starts_on, following.ends_on) == (date(2025, 1, 1), date(2025, 6, 30))
    following.percentage = Decimal(10)
    rates.store(following)
    assert rates.known()[0] == Rate(date(2025, 1, 1), date(2025, 6, 30), Decimal(10))
    for first, last in [(date(2025, 6, 30), date(2025, 12, 31)), (date(2025, 12, 1), date(2025, 11, 1))]:
        with pytest.raises(DunningRefused):
            rates.store(InterestRate(starts_on=first, ends_on=last, percentage=Decimal(9)))
