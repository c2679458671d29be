"""Edges of periods of half-days: a single date, a change in the middle, the same month twice."""

from datetime import date
from decimal import Decimal

import pytest

from spaces.models import Hub, Space
from tenants.billing import invoicing
from tenants.billing.models import InvoiceLine
from tenants.leases import ending, owing
from tenants.parties.models import Party
from tests import cast
from tests.billing import books
from tests.leases.half_days import arranged, charged

pytestmark = pytest.mark.django_db
JANUARY_1 = cast.at("2027-01-01 09:00")
JANUARY_5 = cast.at("2027-01-05 09:00")


@pytest.fixture
def room() -> Space:
    hub = cast.hub()
    cast.rate(hub)
    return cast.space(hub)


@pytest.fixture
def party(room: Space) -> Party:
    return cast.zzper(room.hub)[1]


def test_a_one_day_period_does_not_prorate_to_zero(party: Party, room: Space):
    """Tuesday 29 December is the fifth of its month, and the only one of the half-day."""
    only = date(2026, 12, 29)
    arranged(party, room, charged_per="month", price=Decimal("100.00"), starts_on=only, ends_on=only)

    owing.post_months(now=JANUARY_5)

    assert charged(party.hub) == [("2026-12", 1, Decimal("20.00"))]


def test_another_party_in_the_middle_of_a_month_pays_from_its_first_date_on(party: Party, room: Space):
    first = arranged(party, room, charged_per="month", price=Decimal("100.00"))
    ending.end(first, last=date(2026, 12, 14), now=cast.NOW)
    other = cast.zzper(room.hub, "Bram Visser")[1]
    arranged(
        other,
        room,
        charged_per="month",
        price=Decimal("120.00"),
        starts_on=date(2026, 12, 15),
        ends_on=date(2026, 12, 31),
    )

    owing.post_months(now=JANUARY_5)

    assert charged(party.hub) == [("2026-12", 2, Decimal("40.00")), ("2026-12", 3, Decimal("72.00"))]


def test_a_period_is_never_billed_twice(party: Party, room: Space):
    arranged(party, room, charged_per="month", price=Decimal("100.00"), ends_on=date(2026, 12, 31))

    owing.post_months(now=JANUARY_5)
    once = charged(party.hub)
    owing.post_months(now=JANUARY_5)

    assert charged(party.hub) == once == [("2026-12", 1, Decimal("100.00"))]


@pytest.mark.django_db(transaction=True)
def test_a_period_billed_twice_through_a_merged_first_invoice_cannot_be():
    """Begun on 17 November: the first invoice has the part month and the whole of December. No day comes again."""
    hub = books.hub()
    cast.rate(hub)
    anna = books.party(hub)
    arranged(
        anna, cast.space(hub), charged_per="month", price=Decimal("100.00"), starts_on=date(2026, 11, 17)
    )
    december, both = date(2026, 12, 1), [("2026-11", Decimal("50.00")), ("2026-12", Decimal("100.00"))]
    owing.post_months(now=cast.at("2026-12-31 09:00"))
    first = books.approve_month(hub, month=december, now=JANUARY_1)
    invoicing.issue_approved(now=JANUARY_1)
    assert invoiced(hub) == both

    for month in (books.NOVEMBER, december, books.NOVEMBER):
        owing.post_months(now=cast.at("2026-12-31 10:00"))
        again = invoicing.propose(hub, month=month, now=JANUARY_1)
        assert again.pk != first.pk
        assert not again.invoices.exists()

    assert invoiced(hub) == both
    days = [(line.starts_on, line.ends_on) for line in InvoiceLine.objects.order_by("starts_on")]
    assert days == [(date(2026, 11, 17), date(2026, 11, 30)), (date(2026, 12, 1), date(2026, 12, 31))]


def invoiced(hub: Hub) -> list[tuple[str, Decimal]]:
    """The month and the net of each line on paper."""
    rows = InvoiceLine.objects.filter(charge__hub=hub).order_by("starts_on", "pk")
    return [(row.starts_on.strftime("%Y-%m"), row.net) for row in rows.select_related("charge")]
