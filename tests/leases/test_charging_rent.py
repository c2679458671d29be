"""Leases are charged once a period, in advance, and follow what is agreed."""

from datetime import date
from decimal import Decimal

import pytest

from spaces.explaining import tell
from spaces.models import Hub, Space
from tenants.billing.models import Charge
from tenants.leases import charging_rent
from tenants.leases.charging_rent import Posted
from tenants.leases.models import RentPeriod
from tenants.parties.models import Party
from tests import cast
from tests.billing import books
from tests.cast import NOW
from tests.leases.rented import DECEMBER, JANUARY, MARCH, advance, amended, charged, issue, rented

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hub() -> Hub:
    return books.hub()


@pytest.fixture
def party(hub: Hub) -> Party:
    return books.party(hub, "GGD IJsselland", kind="organisation")


@pytest.fixture
def room(hub: Hub) -> Space:
    return cast.space(hub, "201", area_m2=Decimal("145.00"), bookable=False)


def test_a_month_is_charged_once_with_its_reason(hub: Hub, party: Party, room: Space):
    rented(party, room)

    assert charging_rent.post_month(hub, month=DECEMBER, now=NOW) == Posted(new=1)
    assert charging_rent.post_month(hub, month=DECEMBER, now=NOW) == Posted()

    charge = Charge.objects.get()
    assert (charge.starts_on, charge.ends_on, charge.net) == (
        DECEMBER,
        date(2026, 12, 31),
        Decimal("1631.25"),
    )
    assert (charge.kind, charge.in_advance, charge.cost_centre) == ("rent", True, "201")
    assert tell(charge.description) == "Rent December 2026, contract HC-1"
    assert tell(charge.reason) == (
        "Rent per year €\xa019.575,00 × 12/12 = €\xa019.575,00, less €\xa017.943,75 for the months before"
        " = €\xa01.631,25. 145,00\xa0m² × €\xa0135,00 a year. Terms from 1 September 2018 (zo getekend)."
    )


def test_what_lies_before_is_in_the_old_books(hub: Hub, party: Party, room: Space):
    rented(party, room, charged_from=date(2027, 2, 1), invoicing="quarter")

    charging_rent.post_month(hub, month=JANUARY, now=NOW)
    assert charged(hub) == []
    charging_rent.post_month(hub, month=date(2027, 4, 1), now=NOW)
    assert [row[:2] for row in charged(hub)] == [
        ("2027-02-01", "2027-02-28"), ("2027-03-01", "2027-03-31"), ("2027-04-01", "2027-06-30"),
    ]  # fmt: skip
    assert RentPeriod.objects.count() == 2


def test_a_quarter_is_one_line_and_its_advances_three_months(hub: Hub, party: Party, room: Space):
    lease = rented(party, room, charged_from=JANUARY, invoicing="quarter")
    advance(lease, "845.00")

    charging_rent.post_month(hub, month=JANUARY, now=NOW)

    rent, service = Charge.objects.order_by("position")
    assert (rent.quantity, rent.unit, rent.net) == (1, "quarter", Decimal("4893.75"))
    assert (service.quantity, service.unit_price, service.net) == (3, Decimal("845.00"), Decimal("2535.00"))
    assert tell(service.description) == "Service charges, advance quarter 1 of 2027, contract HC-1"
    assert tell(service.reason) == (
        "3 months × an advance of €\xa0845,00 a month, agreed from 1 December 2026."
        " What it really cost is settled after the year."
    )


def test_the_first_and_last_month_are_a_part(hub: Hub, party: Party, room: Space):
    rented(party, room, starts="2026-12-15", ends="2027-02-14", charged_from=date(2026, 12, 15))

    charging_rent.post_month(hub, month=MARCH, now=NOW)

    assert charged(hub) == [
        ("2026-12-15", "2026-12-31", "894.56"),
        ("2027-01-01", "2027-01-31", "1631.25"),
        ("2027-02-01", "2027-02-14", "815.63"),
    ]
    first = Charge.objects.order_by("pk")[0]
    assert tell(first.description) == "Rent 15 up to and including 31 December 2026, contract HC-1"
    assert "17 of the 31 days of the month: €\xa01.631,25 × 17 ÷ 31." in tell(first.reason)


def test_an_agreed_step_and_a_discount_each_have_their_line(hub: Hub, party: Party, room: Space):
    lease = rented(party, room)
    amended(lease, "2027-01-01", kind="step", yearly=Decimal("21000.00"))
    lease.discounts.create(starts_on=JANUARY, ends_on=date(2027, 1, 31), percentage=Decimal(100))
    lease.discounts.create(starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 28), percentage=Decimal(50))

    charging_rent.post_month(hub, month=date(2027, 2, 1), now=NOW)

    assert [row[2] for row in charged(hub)] == ["1631.25", "1750.00", "-1750.00", "1750.00", "-875.00"]
    free, half = Charge.objects.filter(topic="discount").order_by("pk")
    assert (free.quantity, free.unit_price) == (-1, Decimal("1750.00"))
    assert tell(free.description) == "Rent-free January 2027, contract HC-1"
    assert tell(half.reason) == (
        "Agreed: 50\xa0% off from 1 February 2027 up to and including 28 February 2027."
        " You pay 50\xa0% of €\xa01.750,00: €\xa0875,00."
    )


def test_oracle_9_a_graduated_rent_is_charged_as_a_discount(hub: Hub, party: Party, room: Space):
    lease = rented(party, room)
    lease.discounts.create(starts_on=DECEMBER, ends_on=date(2026, 12, 31), percentage=Decimal(50))
    lease.discounts.create(starts_on=JANUARY, ends_on=date(2027, 1, 31), percentage=Decimal(25))

    charging_rent.post_month(hub, month=date(2027, 2, 1), now=NOW)

    paid: dict[date, Decimal] = {}
    for charge in Charge.objects.all():
        paid[charge.starts_on] = paid.get(charge.starts_on, Decimal(0)) + charge.net
    assert [str(net) for net in paid.values()] == ["815.63", "1223.44", "1631.25"]


OPTION = {
    "option_choice": "ja, art. 5", "option_description": "Zorgplein 1", "option_book_year": "1 januari",
    "option_declared_on": date(2026, 12, 1), "vat_treatment": "opted_rent",
}  # fmt: skip


def test_vat_follows_the_terms_of_the_day_also_inside_a_month(hub: Hub, party: Party, room: Space):
    lease = rented(party, room)
    advance(lease, "100.00")
    advance(lease, "30.00", name_nl="Koffie", name_en="Coffee", vat="own", vat_rate=Decimal(9))
    amended(lease, "2026-12-15", **OPTION)

    charging_rent.post_month(hub, month=DECEMBER, now=NOW)

    rows = Charge.objects.order_by("position").values_list("net", "vat_treatment", "vat_rate")
    assert [(str(net), treatment, int(rate)) for net, treatment, rate in rows] == [
        ("736.69", "exempt_rent", 0),
        ("894.56", "opted_rent", 21),
        ("30.00", "service_own", 9),
        ("45.16", "service_follows", 0),
        ("54.84", "service_follows", 21),
    ]


def test_oracle_11_rent_with_and_without_vat(hub: Hub, room: Space):
    ggd = books.party(hub, "GGD IJsselland", kind="organisation")
    usg = books.party(hub, "USG Restart", kind="organisation", vat_id="NL991000407B01")
    rented(ggd, room)
    rented(usg, cast.space(hub, "202", area_m2=Decimal("145.00")), number="HC-2", **OPTION)
    books.charge(
        ggd, books.owed("42.50", vat=21, quantity=2, starts_on=DECEMBER, ends_on=DECEMBER), source="booking:1"
    )

    charging_rent.post_month(hub, month=DECEMBER, now=NOW)
    invoices = issue(hub, DECEMBER, on="2026-12-02 09:00")

    assert [(str(it.net), str(it.vat), str(it.gross)) for it in invoices] == [
        ("1716.25", "17.85", "1734.10"), ("1631.25", "342.56", "1973.81"),
    ]  # fmt: skip
    assert [(vat.category, str(vat.net), str(vat.vat)) for vat in invoices[0].vat_lines.all()] == [
        ("E", "1631.25", "0.00"), ("S", "85.00", "17.85"),
    ]  # fmt: skip


def test_parties_pay_their_part_and_the_parts_are_the_whole(hub: Hub, party: Party, room: Space):
    lease = rented(party, room, rent_per_m2_year="100")
    others = [books.party(hub, name) for name in ("Praktijk A", "Praktijk B")]
    for payer in (party, *others):
        lease.shares.create(party=payer, numerator=1, denominator=3)

    charging_rent.post_month(hub, month=DECEMBER, now=NOW)

    rows = Charge.objects.order_by("pk")
    assert [(row.party, str(row.net)) for row in rows] == [
        (party, "402.78"), (others[0], "402.78"), (others[1], "402.77"),
    ]  # fmt: skip
    assert {row.source for row in rows} == {
        f"lease:{lease.pk}:2026-12-01:p{payer.pk}" for payer in (party, *others)
    }
    assert tell(rows[0].reason).endswith("Your part is 1/3 of €\xa01.208,33: €\xa0402,78.")


def test_the_sweep_charges_this_month_and_the_next(hub: Hub, party: Party, room: Space):
    rented(party, room, charged_from=date(2026, 11, 1))

    charging_rent.post_due(now=NOW)

    assert [row[0] for row in charged(hub)] == ["2026-11-01", "2026-12-01"]
