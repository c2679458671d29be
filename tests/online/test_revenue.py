"""Test payments are nobody's money: the director sees revenue without them, and is told so."""

from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from bookings.occupancy import deals, insights
from bookings.occupancy.months import Month
from tenants.billing.online import clearing_tests
from tests import cast
from tests.cast import AMSTERDAM, NOW
from tests.online import money

pytestmark = pytest.mark.django_db(transaction=True)
DECEMBER = Month.named("2026-12", zone=AMSTERDAM, now=NOW)


def page(user, address: str) -> str:
    user.language = "en"
    user.save()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        return client.get(address, headers={"accept-language": "en"}).content.decode().replace("\xa0", " ")


def test_a_booking_that_a_test_payment_paid_is_no_revenue_until_that_is_taken_back(stripe_server):
    booked = money.booked(stripe_server)
    director = cast.staff(booked.hub)
    actor = cast.actor(director, booked.hub)

    tally = deals.tally(actor, DECEMBER)
    assert (tally.bookings, tally.revenue, tally.tested) == (1, Decimal(0), Decimal("85.00"))
    table = insights.table("omzet", actor, DECEMBER, now=NOW)
    assert table is not None
    assert table.rows == []
    assert "€ 85,00 is not in the revenue: it was only paid by test payments." in page(
        director, "/overzicht?maand=2026-12"
    )
    assert "Test payments of € 102,85 count as paid here" in page(director, "/overzicht/geld")

    by = cast.staff(booked.hub, "bookkeeper")
    clearing_tests.take_back(booked.hub, reason="uitgeprobeerd", by=by, now=NOW)

    tally = deals.tally(actor, DECEMBER)
    assert (tally.revenue, tally.tested) == (Decimal("85.00"), Decimal(0))
    assert "test payments" not in page(director, "/overzicht?maand=2026-12")
    assert "Test payments" not in page(director, "/overzicht/geld")
