"""What fixed half-days are charged: exactly their dates, once a month, and never anew what has been invoiced."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from spaces import claiming
from spaces.explaining import tell
from spaces.models import Closure, Space
from spaces.money import VatTreatment
from tenants.billing import invoicing
from tenants.billing.models import Charge, Invoice
from tenants.leases import ending, fixing, invariants, owing
from tenants.leases.hub_import import importing
from tenants.leases.models import FixedDayPart
from tenants.parties.models import Party
from tests import cast
from tests.billing import books
from tests.cast import NOW, at, between
from tests.leases import workbooks
from tests.leases.half_days import THURSDAY, arranged, charged

pytestmark = pytest.mark.django_db(transaction=True)
DECEMBER_20, JANUARY_5 = at("2026-12-20 09:00"), at("2027-01-05 09:00")


@pytest.fixture
def party() -> Party:
    hub = books.hub()
    cast.rate(hub)
    return books.party(hub)


@pytest.fixture
def room(party: Party) -> Space:
    return cast.space(party.hub)


def close(party: Party, start: str, end: str = "24:00") -> Closure:
    with transaction.atomic():
        closure = cast.closure(party.hub, between(start, end))
        fixing.make_way(closure)
    return closure


def invoiced(party: Party, month: date, *, on: str) -> Invoice:
    books.approve_month(party.hub, month=month, now=at(on))
    assert invoicing.issue_approved(now=at(on)) == 1
    return Invoice.objects.issued().latest("pk")


def test_the_half_days_of_the_workbook_are_charged_to_the_date():
    """September 2026 to January 2027: 22 − 1, 22 − 2, 22 − 2, and 18 of which 2 are closed but charged."""
    importing.store(workbooks.real(), now=NOW)
    FixedDayPart.objects.update(charged_from=date(2026, 9, 1))

    assert owing.post_months(now=at("2027-01-31 12:00")) == 0

    times = {
        fixed.weekday: sum(
            Charge.objects.filter(source__startswith=f"{fixed.holder}:").values_list("quantity", flat=True)
        )
        for fixed in FixedDayPart.objects.all()
    }
    assert times == {1: 21, 2: 20, 3: 20, 4: 18}
    assert all(charge.net == charge.quantity * charge.unit_price for charge in Charge.objects.all())


def test_months_before_the_hub_came_to_plein_are_in_the_old_books():
    importing.store(workbooks.real(), now=NOW)

    owing.post_months(now=NOW)

    assert {source for source, _quantity, _net in charged(FixedDayPart.objects.first().hub)} == {"2026-11"}


def test_a_second_sweep_changes_nothing(party: Party, room: Space):
    arranged(party, room)

    owing.post_months(now=DECEMBER_20)
    first = list(Charge.objects.values())
    owing.post_months(now=DECEMBER_20)

    assert list(Charge.objects.values()) == first
    assert charged(party.hub) == [("2026-12", 5, Decimal("187.50"))]


def test_a_line_says_which_dates_and_why(party: Party, room: Space):
    close(party, "2026-12-29 00:00")
    arranged(party, room)

    owing.post_months(now=DECEMBER_20)

    charge = Charge.objects.get()
    assert tell(charge.description) == "Fixed half-day Spreekkamer B03, Tuesday morning, December 2026"
    assert (
        tell(charge.reason)
        == "4 × €\xa037,50: 1, 8, 15 and 22 December. Closed, so not charged: 29 December."
    )
    assert (charge.starts_on, charge.ends_on) == (date(2026, 12, 1), date(2026, 12, 31))


def test_a_contract_that_charges_closed_days_charges_them(party: Party, room: Space):
    close(party, "2026-12-29 00:00")
    arranged(party, room, on_closure="charged")

    owing.post_months(now=DECEMBER_20)

    assert charged(party.hub) == [("2026-12", 5, Decimal("187.50"))]


def test_a_monthly_amount_is_the_amount_with_the_share_of_closed_dates_taken_off(party: Party, room: Space):
    close(party, "2026-12-29 00:00")
    arranged(party, room, charged_per="month", price=Decimal("101.00"))

    owing.post_months(now=JANUARY_5)

    assert charged(party.hub) == [
        ("2026-12", 1, Decimal("101.00")),
        ("2026-12", -1, Decimal("-20.20")),
        ("2027-01", 1, Decimal("101.00")),
    ]
    assert tell(Charge.objects.get(position=2).reason) == (
        "Closed, so not charged: 29 December. €\xa0101,00 × 1 ÷ 5."
    )


def test_the_first_and_last_month_are_charged_for_their_dates(party: Party, room: Space):
    arranged(
        party, room, charged_per="month", price=Decimal("100.00"), starts_on=date(2026, 12, 9), ends_on=date(2027, 1, 14)
    )  # fmt: skip

    owing.post_months(now=JANUARY_5)

    assert charged(party.hub) == [("2026-12", 3, Decimal("60.00")), ("2027-01", 2, Decimal("50.00"))]
    first = Charge.objects.get(source__endswith="2026-12")
    assert tell(first.reason) == "3 of the 5 times in this month: €\xa0100,00 × 3 ÷ 5."
    assert (first.starts_on, first.ends_on) == (date(2026, 12, 9), date(2026, 12, 31))


def test_the_vat_is_that_of_the_price_list_with_its_reason(party: Party, room: Space):
    cast.rate(
        party.hub,
        space=room,
        vat=21,
        vat_treatment=VatTreatment.SERVICE_OWN,
        vat_reason="met balie en koffie",
    )
    arranged(party, room)

    owing.post_months(now=DECEMBER_20)

    charge = Charge.objects.get()
    assert (charge.vat_treatment, charge.vat_rate, charge.vat_reason) == (
        VatTreatment.SERVICE_OWN, 21, "met balie en koffie",
    )  # fmt: skip


def test_without_a_price_list_nothing_is_charged_and_the_sweep_says_so(party: Party, room: Space):
    arranged(party, room)
    party.hub.rates.all().delete()

    assert owing.post_months(now=DECEMBER_20) == 1
    assert not Charge.objects.exists()


def test_a_closure_that_comes_later_lowers_a_month_that_is_not_invoiced_yet(party: Party, room: Space):
    arranged(party, room)
    owing.post_months(now=DECEMBER_20)

    close(party, "2026-12-22 00:00")
    owing.post_months(now=DECEMBER_20)

    assert charged(party.hub) == [("2026-12", 4, Decimal("150.00"))]
    assert invariants.broken(now=DECEMBER_20) == []


def test_what_changes_after_the_invoice_is_a_credit_that_names_it(party: Party, room: Space):
    arranged(party, room)
    owing.post_months(now=DECEMBER_20)
    invoice = invoiced(party, date(2026, 12, 1), on="2027-01-04 09:00")
    assert invoice.net == Decimal("187.50")

    close(party, "2026-12-22 00:00")
    FixedDayPart.objects.update(price=Decimal("40.00"))
    owing.post_months(now=JANUARY_5)
    owing.post_months(now=JANUARY_5)

    december = [row for row in charged(party.hub) if row[0].startswith("2026-12")]
    assert december == [
        ("2026-12", 5, Decimal("187.50")),
        ("2026-12:2", -5, Decimal("-187.50")),
        ("2026-12:2", 4, Decimal("150.00")),
    ]


def test_a_price_or_a_name_that_changes_leaves_invoiced_months_alone(party: Party, room: Space):
    arranged(party, room, charged_per="month", price=Decimal("100.00"))
    owing.post_months(now=DECEMBER_20)
    invoiced(party, date(2026, 12, 1), on="2027-01-04 09:00")

    FixedDayPart.objects.update(price=Decimal("120.00"))
    Space.objects.update(name="Kamer Geel")
    owing.post_months(now=JANUARY_5)

    assert charged(party.hub) == [
        ("2026-12", 1, Decimal("100.00")),
        ("2027-01", 1, Decimal("120.00")),
    ]


def test_one_that_ends_is_charged_to_its_last_day(party: Party, room: Space):
    fixed = arranged(party, room)
    owing.post_months(now=DECEMBER_20)

    ending.end(fixed, last=date(2026, 12, 24), now=DECEMBER_20)
    owing.post_months(now=JANUARY_5)

    assert charged(party.hub) == [("2026-12", 4, Decimal("150.00"))]


def test_a_date_that_somebody_else_kept_is_not_charged(party: Party, room: Space):
    with transaction.atomic():
        claiming.take(
            [room], period=between("2026-12-10 09:00", "10:00"), kind="booking", holder="booking:1", now=NOW
        )
    arranged(party, room, weekday=THURSDAY, starts_on=date(2026, 12, 1))

    owing.post_months(now=DECEMBER_20)

    assert charged(party.hub) == [("2026-12", 4, Decimal("150.00"))]
