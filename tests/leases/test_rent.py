"""What a lease costs over some days: the oracles of the rule book, and what must hold for any lease."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces.money import divided, euro
from tenants.leases import rent
from tenants.leases.instalments import Rate, instalments, month_of
from tenants.leases.rent import Agreement
from tests.leases.agreements import advance, agreed, day, discount, terms

YEARLY = "12468.75"


def months(yearly: str, **fields: str) -> list[str]:
    facts = {"leading": "year", "invoicing": "month", "pro_rata": "actual"} | fields
    return [str(each) for each in instalments(Rate(Decimal(yearly), **facts))]


def over(agreement: Agreement, starts: str, ends: str) -> str:
    return str(rent.over(agreement, starts=day(starts), ends=day(ends)))


def test_oracle_5_with_the_year_leading_the_months_add_up_to_it():
    assert months(YEARLY) == [
        "1039.06", "1039.07", "1039.06", "1039.06", "1039.06", "1039.07",
        "1039.06", "1039.06", "1039.06", "1039.07", "1039.06", "1039.06",
    ]  # fmt: skip
    assert sum(map(Decimal, months(YEARLY))) == Decimal(YEARLY)
    assert months(YEARLY, invoicing="quarter") == ["3117.19", "3117.19", "3117.18", "3117.19"]


def test_oracle_5_with_the_instalment_leading_every_month_is_the_same():
    assert months(YEARLY, leading="instalment") == ["1039.06"] * 12
    assert months(YEARLY, leading="instalment", invoicing="quarter") == ["3117.19"] * 4


def test_oracle_6_a_month_of_145_m2_at_135_euros():
    assert over(agreed(), "2026-12-01", "2026-12-31") == "1631.25"
    assert over(agreed(), "2026-01-01", "2026-12-31") == "19575.00"


@pytest.mark.parametrize(("pro_rata", "due"), [("actual", "894.56"), ("30/360", "870.00"), ("365", "911.71")])
def test_oracle_8_a_first_month_from_the_15th_of_december(pro_rata: str, due: str):
    agreement = agreed(terms("2026-12-15", pro_rata=pro_rata), starts="2026-12-15")

    assert over(agreement, "2026-12-01", "2026-12-31") == due
    assert over(agreement, "2027-01-01", "2027-01-31") == "1631.25"


def test_oracle_8_half_of_february_is_rounded_up_whichever_half():
    assert over(agreed(starts="2027-02-15"), "2027-02-01", "2027-02-28") == "815.63"
    assert over(agreed(ends="2027-02-14"), "2027-02-01", "2027-02-28") == "815.63"


def test_oracle_9_a_graduated_rent():
    steps = [discount("2027-01-01", "2027-12-31", "50"), discount("2028-01-01", "2028-12-31", "25")]
    agreement = agreed(discounts=steps)

    assert [over(agreement, f"{year}-03-01", f"{year}-03-31") for year in (2027, 2028, 2029)] == [
        "815.63", "1223.44", "1631.25",
    ]  # fmt: skip


def test_oracle_10_parts_add_up_by_largest_remainder():
    shares = [Decimal(each) for each in ("145", "310", "87.5", "957.5")]

    assert [str(part) for part in divided(Decimal("61234.56"), shares)] == [
        "5919.34", "12655.14", "3572.02", "39088.06",
    ]  # fmt: skip
    assert [str(part) for part in divided(Decimal("100.00"), [1, 1, 1])] == ["33.34", "33.33", "33.33"]
    assert [str(part) for part in divided(Decimal("-100.00"), [1, 1, 1])] == ["-33.34", "-33.33", "-33.33"]


def test_months_of_30_days_count_the_last_day_as_the_thirtieth():
    def due(starts: str, ends: str) -> str:
        agreement = agreed(terms(pro_rata="30/360"), starts=starts, ends=ends)
        return over(agreement, starts, ends)

    assert due("2027-02-01", "2027-02-28") == "1631.25"
    assert due("2027-02-15", "2027-02-28") == str(euro(Decimal("1631.25") * 16 / 30))
    assert due("2026-12-01", "2026-12-30") == "1631.25"
    assert due("2026-12-31", "2026-12-31") == "0.00"


def test_a_room_given_up_in_the_middle_of_a_month_costs_each_rent_for_its_days():
    agreement = agreed(terms(), terms("2026-12-15", "15000.00", kind="rooms"))

    assert over(agreement, "2026-12-01", "2026-12-14") == str(euro(Decimal("1631.25") * 14 / 31))
    assert over(agreement, "2026-12-15", "2026-12-31") == str(euro(Decimal("1250.00") * 17 / 31))


def test_of_two_terms_from_the_same_day_the_later_counts():
    assert over(agreed(terms(), terms(yearly="12000.00")), "2026-12-01", "2026-12-31") == "1000.00"


def test_other_vat_in_the_middle_of_a_month_splits_it_without_losing_a_cent():
    opted = terms("2027-02-15", vat_treatment="opted_rent")
    pieces = rent.rents(agreed(terms(), opted), starts=day("2027-02-01"), ends=day("2027-02-28"))

    assert [(piece.first.day, piece.last.day, str(piece.amount)) for piece in pieces] == [
        (1, 14, "815.63"), (15, 28, "815.62"),
    ]  # fmt: skip


def test_terms_that_change_nothing_of_the_money_split_nothing():
    agreement = agreed(terms(), terms("2026-12-15", notice_months=6))

    assert len(rent.rents(agreement, starts=day("2026-12-01"), ends=day("2026-12-31"))) == 1


def test_an_advance_follows_its_own_days():
    agreement = agreed(advances=[advance("100.00", ends="2026-12-10"), advance("130.00", "2026-12-11")])
    pieces = rent.advances(agreement, starts=day("2026-12-01"), ends=day("2027-01-31"))

    assert [str(piece.amount) for piece in pieces] == ["32.26", "88.06", "130.00"]


BEGIN = date(2026, 1, 1)
days = st.integers(0, 1200).map(lambda number: BEGIN + timedelta(days=number))
amounts = st.integers(0, 10_000_000).map(lambda cents: Decimal(cents) / 100)


@st.composite
def any_terms(draw: st.DrawFn, starts: date) -> object:
    return terms(
        starts.isoformat(),
        str(draw(amounts)),
        leading=draw(st.sampled_from(["year", "instalment"])),
        invoicing=draw(st.sampled_from(["month", "quarter"])),
        pro_rata=draw(st.sampled_from(["actual", "30/360", "365"])),
        vat_treatment=draw(st.sampled_from(["exempt_rent", "opted_rent"])),
    )


@st.composite
def any_lease(draw: st.DrawFn) -> Agreement:
    starts = draw(days)
    rows = [
        draw(any_terms(starts)),
        *(draw(any_terms(each)) for each in sorted(draw(st.lists(days, max_size=4)))),
    ]
    ends = draw(st.none() | st.integers(0, 1200).map(lambda count: starts + timedelta(days=count)))
    discounts, after = [], BEGIN
    for _ in range(draw(st.integers(0, 3))):
        first = after + timedelta(days=draw(st.integers(0, 200)))
        after = first + timedelta(days=draw(st.integers(1, 300)))
        percentage = str(draw(st.integers(1, 10_000)) / Decimal(100))
        discounts.append(discount(first.isoformat(), (after - timedelta(days=1)).isoformat(), percentage))
    later = sorted(rows, key=lambda row: row.starts_on)
    return Agreement(
        starts, ends, tuple(later), tuple(discounts), (advance(str(draw(amounts)), BEGIN.isoformat()),)
    )


@settings(max_examples=300, deadline=None)
@given(any_lease(), days, days, st.lists(days, max_size=5))
def test_the_rent_of_any_lease_over_any_period_is_the_sum_of_its_parts(
    agreement: Agreement, one: date, other: date, cuts: list[date]
):
    first, last = min(one, other), max(one, other)
    firsts = sorted({first, *(cut for cut in cuts if first < cut <= last)})
    lasts = [*(each - timedelta(days=1) for each in firsts[1:]), last]

    def service(starts: date, ends: date) -> Decimal:
        return sum((piece.amount for piece in rent.advances(agreement, starts=starts, ends=ends)), Decimal(0))

    parts = list(zip(firsts, lasts, strict=True))
    assert sum(rent.over(agreement, starts=a, ends=b) for a, b in parts) == rent.over(
        agreement, starts=first, ends=last
    )
    assert sum(service(a, b) for a, b in parts) == service(first, last)


@settings(max_examples=200, deadline=None)
@given(any_lease(), days)
def test_a_piece_of_rent_is_never_negative_and_no_day_of_the_lease_is_missing(
    agreement: Agreement, day: date
):
    first, last = month_of(day)
    pieces = rent.rents(agreement, starts=first, ends=last)
    runs = agreement.within((first, last))

    counted = sum((piece.last - piece.first).days + 1 for piece in pieces)
    assert counted == ((runs[1] - runs[0]).days + 1 if runs else 0)
    assert all(0 <= piece.paid <= piece.amount for piece in pieces)


@settings(max_examples=300, deadline=None)
@given(st.integers(-10_000_000, 10_000_000), st.lists(st.integers(1, 1000), min_size=1, max_size=8))
def test_parts_by_weight_always_add_up(cents: int, weights: list[int]):
    amount = Decimal(cents) / 100
    parts = divided(amount, weights)

    assert sum(parts) == amount
    assert all(
        abs(part - amount * weight / sum(weights)) < Decimal("0.01")
        for part, weight in zip(parts, weights, strict=True)
    )
