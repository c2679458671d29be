"""Somebody pays an invoice from its mail: two screens, two languages, and once without scripts."""

from collections.abc import Callable

import pytest

from tenants.billing.models import OnlineSettings, Receivable
from tenants.billing.online import links
from tests.billing import books, money
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.looking import in_both_languages, unseen
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(noon: None, stripe_server: StandIn) -> Receivable:
    hub = books.hub(invoice_email="facturen@locplus.example.nl")
    OnlineSettings.objects.create(hub=hub, takes_payments=True)
    return money.asked(books.party(hub), number="2026-0042", payment_reference="5000056789012345")


@pytest.mark.parametrize(("screen", "scripts"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_from_the_link_to_paid(
    asked: Receivable,
    stripe_server: StandIn,
    visit: Callable[..., Visit],
    screen: dict[str, int],
    *,
    scripts: bool,
) -> None:
    there = visit(None, viewport=screen, scripts=scripts)
    look = in_both_languages if scripts else unseen
    name = f"pay-{screen['width']}"
    path = links.path(asked)
    there.open(path)
    look(there, f"{name}-open")
    there.tap("button", "Betaal € 100,00 online")
    there.page.wait_for_url(f"{stripe_server.url}/**")
    session = there.page.url
    there.open(path)
    look(there, f"{name}-started")
    intent = stripe_server.pay(session, outcome="waiting")
    there.page.wait_for_timeout(3500)
    there.open(path)
    there.sees("We wachten op de bank; u hoeft niets te doen.")
    look(there, f"{name}-waiting")
    stripe_server.settle(intent["id"])
    if scripts:
        there.page.clock.run_for(5000)
    there.page.locator("#pay", has_text="Deze factuur is betaald").wait_for(
        timeout=10_000
    )  # nobody presses anything
    look(there, f"{name}-paid")
    there.open("/betaal/onbekend")
    look(there, f"{name}-unknown")
