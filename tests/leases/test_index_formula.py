"""The formula of indexation, and what clauses make of it."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.leases.indexing.formula import Clause, Pair, Rule, indexed, months_for
from tenants.leases.indexing.refusals import MixedBases, NoClause, NoFigures
from tests.leases.figures import figure, pair

SYMMETRIC, UPWARD = Clause("symmetric"), Clause("upward")
RENT = Decimal("19575.00")
VALUES = st.decimals("40.00", "180.00", places=2)
RENTS = st.decimals("0.00", "900000.00", places=2)


def test_oracle_6_index_of_january_2026():
    assert indexed(RENT, clause=SYMMETRIC, pair=pair("100.97", "97.86")).new == Decimal("20197.10")


def test_oracle_6_with_a_cap_of_three_percent():
    outcome = indexed(RENT, clause=Clause("symmetric", cap=Decimal(3)), pair=pair("100.97", "97.86"))

    assert (outcome.new, outcome.rule, outcome.unlimited) == (
        Decimal("20162.25"), Rule.CAPPED, Decimal("20197.10"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("base", "new", "old", "rent"),
    [("2015=100", "127.16", "126.89", "19616.65"), ("2025=100", "94.56", "94.35", "19618.57")],
)
def test_oracle_6_index_of_january_2024_on_each_base(base, new, old, rent):
    assert indexed(RENT, clause=SYMMETRIC, pair=pair(new, old, base=base)).new == Decimal(rent)


def test_oracle_6_two_bases_are_never_mixed():
    with pytest.raises(MixedBases):
        Pair(figure("126.89", base="2015=100"), figure("94.56", base="2025=100"))


def test_oracle_7_a_rent_may_fall_unless_it_only_goes_upwards():
    falling = pair("127.73", "128.25", base="2015=100")

    assert indexed(RENT, clause=SYMMETRIC, pair=falling).new == Decimal("19495.63")
    upward = indexed(RENT, clause=UPWARD, pair=falling)
    assert (upward.new, upward.rule, upward.unlimited) == (RENT, Rule.KEPT, Decimal("19495.63"))


def test_the_forgotten_indexation_of_usg():
    assert indexed(Decimal("20553.75"), clause=SYMMETRIC, pair=pair("101.75", "99.09")).new == Decimal(
        "21105.50"
    )


def test_a_fixed_percentage_needs_no_figures():
    outcome = indexed(Decimal("19359.00"), clause=Clause("fixed", Decimal("2.5")), pair=None)

    assert (outcome.new, outcome.rule) == (Decimal("19842.98"), Rule.FIXED)


def test_nothing_is_guessed():
    with pytest.raises(NoFigures):
        indexed(RENT, clause=SYMMETRIC, pair=None)
    with pytest.raises(NoClause):
        indexed(RENT, clause=Clause("none"), pair=pair("101.75", "99.09"))


@pytest.mark.parametrize(
    ("on", "old", "new"),
    [
        (date(2026, 1, 1), date(2024, 9, 1), date(2025, 9, 1)),
        (date(2026, 7, 1), date(2025, 3, 1), date(2026, 3, 1)),
        (date(2027, 5, 1), date(2026, 1, 1), date(2027, 1, 1)),
        (date(2027, 4, 1), date(2025, 12, 1), date(2026, 12, 1)),
    ],
)
def test_the_figures_lie_four_and_sixteen_months_before(on, old, new):
    assert months_for(on) == (old, new)


@given(RENTS, st.lists(VALUES, min_size=2, max_size=12))
def test_a_chain_stays_within_half_a_cent_a_step_of_the_whole_ratio(rent, values):
    current, slack = rent, Decimal(0)
    for old, new in pairwise(values):
        slack = slack * new / old + Decimal("0.005")
        current = indexed(current, clause=SYMMETRIC, pair=pair(str(new), str(old))).new

    assert abs(current - rent * values[-1] / values[0]) <= slack + Decimal("0.000001")


@given(RENTS, st.lists(VALUES, min_size=2, max_size=12), st.decimals("0", "9.99", places=2))
def test_a_chain_upwards_only_never_falls_and_never_rises_past_its_cap(rent, values, cap):
    current, clause = rent, Clause("upward", cap=cap)
    for old, new in pairwise(values):
        outcome = indexed(current, clause=clause, pair=pair(str(new), str(old)))
        assert current <= outcome.new <= current * (100 + cap) / 100 + Decimal("0.005")
        assert outcome.new == outcome.new.quantize(Decimal("0.01"))
        current = outcome.new


@given(RENTS, VALUES)
def test_the_same_figure_twice_changes_nothing(rent, value):
    assert indexed(rent, clause=SYMMETRIC, pair=pair(str(value), str(value))).new == rent
