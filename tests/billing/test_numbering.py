"""Numbers and payment references."""

from datetime import date

import pytest
from django.db import transaction

from tenants.billing import numbering
from tenants.billing.models import NumberRange
from tests import cast

pytestmark = pytest.mark.django_db


def test_numbers_count_on_from_the_old_books_and_begin_again_each_year() -> None:
    hub = cast.hub()
    NumberRange.objects.create(hub=hub, year=2026, next_number=203)

    taken = [
        numbering.take(hub, on=day) for day in [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1)]
    ]

    assert taken == ["2026-0203", "2026-0204", "2027-0001"]


def test_each_hub_counts_by_itself() -> None:
    assert [numbering.take(cast.hub(slug), on=date(2026, 1, 1)) for slug in ("a", "b")] == [
        "2026-0001",
        "2026-0001",
    ]


def test_the_tenthousandth_number_has_a_digit_more() -> None:
    hub = cast.hub()
    NumberRange.objects.create(hub=hub, year=2026, next_number=9999)

    assert [numbering.take(hub, on=date(2026, 5, 1)) for _each in range(2)] == ["2026-9999", "2026-10000"]


def test_a_rollback_gives_the_number_back() -> None:
    hub = cast.hub()
    with transaction.atomic():
        numbering.take(hub, on=date(2026, 5, 1))
        transaction.set_rollback(True)

    assert numbering.take(hub, on=date(2026, 5, 1)) == "2026-0001"


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("000056789012345", "5000056789012345"),
        ("234534622567", "12234534622567"),
        ("1234567", "1234567"),
    ],
)
def test_oracle_14_payment_references_carry_their_check_digit(digits: str, expected: str) -> None:
    assert numbering.reference(digits) == expected


def test_a_payment_reference_is_made_of_the_number() -> None:
    made = numbering.payment_reference("2026-0203")

    assert (len(made), made[1:]) == (16, "000000020260203")


@pytest.mark.parametrize("digits", ["123456", "1234567890123", "1234567890123456"])
def test_other_lengths_are_no_payment_reference(digits: str) -> None:
    with pytest.raises(ValueError, match="payment reference"):
        numbering.reference(digits)
