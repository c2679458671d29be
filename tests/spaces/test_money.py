"""Cents are exact: rounded half up, VAT and net always make the gross."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces.money import CENT, Taxed, euro, total

cents = st.integers(-5_000_000, 5_000_000).map(lambda amount: Decimal(amount) / 100)
exact = st.decimals("-99999", "99999", places=6)
rates = st.sampled_from([Decimal(0), Decimal(9), Decimal(21), Decimal("21.00"), Decimal("5.5")])
laws = settings(deadline=None, derandomize=True, max_examples=300)


def test_oracle_1_vat_over_the_sum_not_per_line() -> None:
    taxed = Taxed.from_net(total([Decimal("9.99")] * 3), rate=Decimal(21))

    assert (taxed.net, taxed.vat, taxed.gross) == (Decimal("29.97"), Decimal("6.29"), Decimal("36.26"))


@pytest.mark.parametrize(
    ("amount", "cents"), [("20.124", "20.12"), ("20.125", "20.13"), ("-20.125", "-20.13")]
)
def test_oracle_2_half_a_cent_goes_away_from_zero(amount: str, cents: str) -> None:
    assert euro(amount) == Decimal(cents)


def test_oracle_3_the_net_inside_a_gross_amount() -> None:
    taxed = Taxed.from_gross(Decimal("42.50"), rate=Decimal(21))

    assert (taxed.net, taxed.vat, taxed.gross) == (Decimal("35.12"), Decimal("7.38"), Decimal("42.50"))


def test_oracle_11_a_meeting_room_for_a_ggd() -> None:
    assert Taxed.from_net(2 * Decimal("42.50"), rate=Decimal(21)).gross == Decimal("102.85")
    assert Taxed.from_net(Decimal("1631.25"), rate=Decimal(21)) == Taxed(
        net=euro("1631.25"), vat=euro("342.56"), rate=Decimal(21)
    )


@laws
@given(exact)
def test_rounding_moves_at_most_half_a_cent_and_mirrors(amount: Decimal) -> None:
    assert abs(euro(amount) - amount) <= CENT / 2
    assert euro(-amount) == -euro(amount)
    assert euro(euro(amount)) == euro(amount)


@laws
@given(exact, exact)
def test_rounding_keeps_order(one: Decimal, other: Decimal) -> None:
    assert (euro(one) <= euro(other)) or one > other


@laws
@given(exact, rates)
def test_net_and_vat_always_make_the_gross_in_whole_cents(amount: Decimal, rate: Decimal) -> None:
    taxed = Taxed.from_net(amount, rate=rate)

    assert taxed.net + taxed.vat == taxed.gross
    assert taxed.gross.as_tuple().exponent == -2


@laws
@given(cents, rates)
def test_a_gross_amount_keeps_its_cents_and_comes_back_within_one(gross: Decimal, rate: Decimal) -> None:
    taxed = Taxed.from_gross(gross, rate=rate)

    assert taxed.gross == gross
    assert abs(Taxed.from_net(taxed.net, rate=rate).gross - gross) <= CENT


@laws
@given(cents, rates)
def test_what_is_paid_back_mirrors_what_was_paid(amount: Decimal, rate: Decimal) -> None:
    for make in (Taxed.from_net, Taxed.from_gross):
        paid, back = make(amount, rate=rate), make(-amount, rate=rate)

        assert (back.net, back.vat, back.gross) == (-paid.net, -paid.vat, -paid.gross)


@laws
@given(cents)
def test_without_vat_net_is_gross(amount: Decimal) -> None:
    assert (
        Taxed.from_net(amount, rate=Decimal(0)).gross
        == amount
        == Taxed.from_gross(amount, rate=Decimal(0)).net
    )


@laws
@given(st.lists(cents, max_size=20))
def test_a_total_of_cents_is_exact_in_any_order(amounts: list[Decimal]) -> None:
    assert total(amounts) == sum(amounts) == total(reversed(amounts))
