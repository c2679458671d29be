"""Dividing service costs by their keys: exact, and never more for a tenant because others are away."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from spaces.money import divided
from tenants.leases.settling import weights
from tenants.leases.settling.weights import Stay, Use

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
YEAR = {"first": FIRST, "last": LAST}
DAYS = st.integers(0, 364).map(lambda days: FIRST + timedelta(days=days))
AREAS = st.decimals("0.01", "400.00", places=2)
AMOUNTS = st.decimals("0.00", "250000.00", places=2)


def stay(lease, area="100.00", *, first=FIRST, last=LAST, space=0):
    return Stay(lease, space or lease, f"B{lease}", Decimal(area), first, last)


def shares(amount, key):
    return divided(Decimal(amount), [*key.leases.values(), key.vacant])


@st.composite
def stays(draw):
    found = []
    for lease in range(1, draw(st.integers(1, 6)) + 1):
        first, last = sorted((draw(DAYS), draw(DAYS)))
        found.append(stay(lease, draw(AREAS), first=first, last=last))
    return found


def test_oracle_10_vacant_m2_are_on_the_account_of_the_hub():
    rented = [stay(1, "145"), stay(2, "310"), stay(3, "87.5")]

    key = weights.by_area(rented, building_m2=Decimal(1500), **YEAR)

    assert key.vacant == Fraction(Decimal("957.5")) * 365
    assert shares("61234.56", key) == [
        Decimal("5919.34"), Decimal("12655.14"), Decimal("3572.02"), Decimal("39088.06"),
    ]  # fmt: skip


def test_oracle_10_the_cent_that_is_left_goes_to_the_first_of_equals():
    key = weights.equally([stay(1), stay(2), stay(3)], **YEAR)

    assert shares("100.00", key) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33"), Decimal(0)]


def test_who_was_there_for_a_part_of_the_year_pays_for_those_days():
    half = stay(1, "100", last=date(2026, 6, 30))

    key = weights.by_area([half, stay(2, "100")], building_m2=Decimal(200), **YEAR)

    assert key.leases == {1: 100 * 181, 2: 100 * 365}
    assert shares("36500.00", key) == [Decimal("9050.00"), Decimal("18250.00"), Decimal("9200.00")]


def test_a_day_is_shared_by_who_was_there_and_a_day_of_nobody_is_the_hubs_own():
    key = weights.equally(
        [stay(1, last=date(2026, 6, 30)), stay(2, first=date(2026, 4, 1), last=date(2026, 6, 30))], **YEAR
    )

    assert key.leases == {1: 90 + Fraction(91, 2), 2: Fraction(91, 2)}
    assert key.vacant == 184


def test_a_meter_counts_for_who_had_the_room_and_only_for_days_of_the_year():
    uses = [Use(1, Decimal(365), FIRST, LAST), Use(9, Decimal(100), FIRST, LAST)]
    crossing = Use(2, Decimal(731), date(2025, 12, 31), date(2027, 12, 31))

    key = weights.by_meter([*uses, crossing], [stay(1, last=date(2026, 1, 31)), stay(2)], **YEAR)

    assert key.leases == {1: 31, 2: 365}
    assert key.vacant == 365 - 31 + 100


@given(AMOUNTS, stays(), AREAS)
def test_the_shares_by_m2_add_up_to_the_bills_and_never_rise_because_others_left(amount, rented, spare):
    building = sum((each.area for each in rented), spare)

    key = weights.by_area(rented, building_m2=building, **YEAR)
    parts = divided(amount, [*key.leases.values(), key.vacant])

    assert sum(parts) == amount
    assert key.whole == Fraction(building) * 365
    for each, part in zip(rented, parts, strict=False):
        alone = Fraction(amount) * Fraction(each.area) * each.days / (Fraction(building) * 365)
        assert abs(Fraction(part) - alone) < Fraction(1, 100)


@given(AMOUNTS, stays())
def test_the_shares_in_equal_parts_add_up_to_the_bills_and_to_all_days(amount, rented):
    key = weights.equally(rented, **YEAR)

    assert key.whole == 365
    assert sum(divided(amount, [*key.leases.values(), key.vacant])) == amount


@given(AMOUNTS, stays(), st.lists(st.tuples(st.integers(1, 8), AREAS), min_size=1, max_size=8))
def test_the_shares_by_meter_add_up_to_the_bills_and_to_all_that_was_used(amount, rented, read):
    uses = [Use(space, quantity, FIRST, LAST) for space, quantity in dict(read).items()]

    key = weights.by_meter(uses, rented, **YEAR)

    assert key.whole == sum(Fraction(use.quantity) for use in uses)
    assert sum(divided(amount, [*key.leases.values(), key.vacant])) == amount
