"""Rent in force and what is expected, from the director's own workbook, to the cent."""

from datetime import date
from decimal import Decimal

import pytest

from spaces.explaining import sentence
from tenants.leases import expecting, rent_roll
from tenants.leases.models import Lease, LeaseTerms, RentDiscount
from tests import cast
from tests.cast import NOW
from tests.leases import figures

pytestmark = pytest.mark.django_db(transaction=True)


def months(hub):
    found = expecting.forecast(hub, starts=date(2026, 11, 21), now=NOW)
    return found, {f"{month.first:%Y-%m}": month for month in found.months}


@pytest.fixture
def one():
    """A hub with one lease of € 12,000 a year, that ends with 2027."""
    party = cast.party(cast.hub(), "GGD", kind="organisation")
    return cast.lease(
        party, ends="2027-12-31", yearly=Decimal(12000), area_m2=Decimal(100), rent_per_m2_year=Decimal(120)
    )


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22)])
def test_the_rent_in_force_today_is_the_sum_of_four_leases(hub, day):
    roll = rent_roll.of_hub(hub, on=day)

    assert [(line.lease.number, line.terms.yearly) for line in roll.lines] == [
        ("HC-2018-01", Decimal("32997.63")), ("HC-2018-02", Decimal("32447.00")),
        ("HC-2019-01", Decimal("19359.00")), ("HC-2024-01", Decimal("20553.75")),
    ]  # fmt: skip
    assert (roll.yearly, roll.area) == (Decimal("105357.38"), Decimal("751.90"))
    assert roll.per_m2 == Decimal("140.12")  # 105357.38 / 751.90 = 140.1215…
    assert roll.would_earn(Decimal("316.15")) == Decimal("44299.42")  # not 316.15 × 140.12


def test_from_april_2027_the_room_of_hc_2027_01_counts_too(hub):
    assert rent_roll.of_hub(hub, on=date(2027, 3, 31)).yearly == Decimal("105357.38")
    assert rent_roll.of_hub(hub, on=date(2027, 4, 1)).yearly == Decimal("108793.78")  # + 24.20 × 142
    assert rent_roll.of_hub(hub, on=date(2027, 4, 1)).area == Decimal("776.10")


def test_the_leases_that_end_within_two_years_with_their_notice_dates(hub):
    found = rent_roll.ending(hub, starts=date(2026, 11, 1), until=expecting.last_day(date(2026, 11, 21)))

    assert [(line.lease.number, line.lease.ends_on, line.notice_by) for line in found] == [
        ("HC-2018-01", date(2028, 8, 31), date(2027, 8, 31)),
        ("HC-2018-02", date(2028, 9, 30), date(2027, 9, 30)),
        ("HC-2027-01", date(2028, 9, 30), date(2027, 9, 30)),
    ]


def test_the_next_24_months_without_figures_count_only_the_fixed_percentage(hub):
    found, month = months(hub)

    assert (len(found.months), found.months[-1].first) == (24, date(2028, 10, 1))
    # 2749.80 + 2703.91 + 1613.25 + 1712.81: November of a year that leads
    assert (month["2026-11"].agreed, month["2026-11"].indexation) == (Decimal("8779.77"), Decimal("0.00"))
    assert [(each.lease.number, each.on, each.yearly) for each in found.known] == [
        ("HC-2019-01", date(2027, 2, 1), Decimal("19842.98")),
        ("HC-2019-01", date(2028, 2, 1), Decimal("20339.05")),
    ]
    assert {each.lease.number for each in found.unknown} == {"HC-2018-01", "HC-2018-02", "HC-2024-01"}
    # GGD goes after August, Accare with both leases after September
    assert [month[name].falls_away for name in ("2028-08", "2028-09", "2028-10")] == [
        Decimal("0.00"), Decimal("2749.80"), Decimal("5740.10"),
    ]  # fmt: skip
    assert [month[name].leases for name in ("2027-03", "2027-04", "2028-09", "2028-10")] == [4, 5, 4, 2]


def test_twelve_months_of_a_calendar_year_are_what_was_agreed_for_it(hub):
    _found, month = months(hub)
    year = [month[f"2027-{number:02}"] for number in range(1, 13)]

    # all of it, and HC-2027-01 from April on: 3436.40 − 859.10 for its first three months
    assert sum(each.agreed for each in year) == Decimal("105357.38") + Decimal("2577.30")
    assert sum(each.indexation for each in year) == Decimal(
        "443.65"
    )  # 483.98 a year, eleven of twelve months


def test_an_indexation_with_its_figures_counts_from_what_is_not_charged_yet(hub):
    figures.load()
    found, month = months(hub)

    assert next((each.lease.number, each.on, each.yearly) for each in found.known) == (
        "HC-2024-01", date(2026, 7, 1), Decimal("21105.50"),
    )  # fmt: skip
    assert month["2026-11"].indexation == 0  # in the old books
    assert month["2026-12"].indexation == Decimal("45.98")  # 551.75 / 12
    assert [(each.lease.number, f"{each.on:%Y-%m}") for each in found.unknown][:2] == [
        ("HC-2018-01", "2027-01"), ("HC-2018-02", "2027-01"),
    ]  # fmt: skip


def test_a_discount_and_an_agreed_step_are_in_it(one):
    RentDiscount.objects.create(
        lease=one, starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 28), percentage=Decimal(50)
    )
    first = one.terms.get()
    facts = {field.attname: getattr(first, field.attname) for field in LeaseTerms._meta.concrete_fields}
    LeaseTerms.objects.create(**facts | {
        "id": None, "starts_on": date(2027, 7, 1), "kind": "step", "yearly": Decimal(18000),
        "explanation": sentence("%(why)s", why="stap"),
    })  # fmt: skip
    _found, month = months(one.hub)

    told = {name: (month[name].agreed, month[name].discount, month[name].expected) for name in month}
    assert told["2026-12"] == (1000, 0, 1000)
    assert told["2027-01"] == told["2027-02"] == (1000, 500, 500)
    assert told["2027-03"] == told["2027-06"] == (1000, 0, 1000)
    assert told["2027-07"] == (1500, 0, 1500)
    assert (month["2028-01"].expected, month["2028-01"].falls_away) == (0, 1500)


def test_a_fixed_percentage_is_taken_over_the_rent_after_the_one_before(one):
    Lease.objects.update(ends_on=date(2030, 12, 31))
    terms = one.terms.get()
    facts = {field.attname: getattr(terms, field.attname) for field in LeaseTerms._meta.concrete_fields}
    LeaseTerms.objects.create(**facts | {
        "id": None, "starts_on": date(2026, 7, 1), "indexing": "fixed", "indexing_percentage": Decimal(10),
        "indexing_month": 7, "price_level_on": date(2026, 7, 1),
    })  # fmt: skip
    _found, month = months(one.hub)

    assert month["2027-06"].expected == 1000
    assert month["2027-07"].expected == 1100
    assert month["2028-07"].expected == 1210


def test_a_hub_without_leases_expects_nothing():
    hub = cast.hub()
    found = expecting.forecast(hub, starts=date(2026, 11, 1), now=NOW)

    assert (len(found.months), found.expected) == (24, 0)
    roll = rent_roll.of_hub(hub, on=date(2026, 11, 21))
    assert (roll.yearly, roll.per_m2, roll.would_earn(Decimal(10))) == (0, None, None)
