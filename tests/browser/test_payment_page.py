"""The imitation payment page: clear that it is a test, in both languages, on a phone and a desk, without JavaScript."""

from typing import Any

import pytest
import stripe

from tests.browser.conftest import DESK, PHONE, Visit
from tests.stand_in.stand_in import KEY, StandIn
from tests.stand_in.words import WORDS

pytestmark = pytest.mark.django_db(transaction=True)
SCREENS = {"phone": PHONE, "desk": DESK}


@pytest.fixture
def opened(stripe_server: StandIn, live_server: Any) -> Any:
    """opened("nl", mode="payment"): the address of a page."""
    v1 = stripe.StripeClient(KEY, base_addresses={"api": stripe_server.url}).v1
    way_back = {"success_url": f"{live_server.url}/gezond/levend", "cancel_url": f"{live_server.url}/"}

    def open_page(language: str, *, mode: str = "payment") -> str:
        if mode == "setup":
            customer = v1.customers.create({"name": "Accare"}).id
            wanted = {"currency": "eur", "customer": customer, "allowed_payment_method_types": ["sepa_debit"]}
        else:
            line = {"currency": "eur", "unit_amount": 123456, "product_data": {"name": "Spreekkamer 3"}}
            wanted = {
                "line_items": [{"quantity": 1, "price_data": line}],
                "allowed_payment_method_types": ["ideal", "card", "bancontact"],
            }
        return v1.checkout.sessions.create({"mode": mode, "locale": language, **wanted, **way_back}).url

    return open_page


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_declined_by_card_and_then_paid_at_the_bank(visit, opened, stripe_server, language, screen):
    words = {name: both[language == "en"] for name, both in WORDS.items()}
    there: Visit = visit(None, viewport=SCREENS[screen])
    address = opened(language)

    there.page.goto(address)
    there.sees(words["test"])
    assert there.page.locator(".amount").inner_text() == ("€1,234.56" if language == "en" else "€ 1.234,56")
    there.is_clean(f"pay-{language}-{screen}")
    there.page.get_by_label(words["card_declined"]).check()
    there.tap("button", words["on"])
    there.sees(words["declined"])
    there.is_clean(f"declined-{language}-{screen}")
    there.page.get_by_label(words["ideal"]).check()
    there.tap("button", words["on"])
    there.is_clean(f"bank-{language}-{screen}")
    there.tap("button", words["yes"], exact=True)

    assert there.page.url.endswith("/gezond/levend")
    assert stripe_server.thing(address)["payment_status"] == "paid"
    there.page.goto(address)
    there.sees(words["ended_why"])
    there.is_clean(f"ended-{language}-{screen}")


def test_without_javascript_a_mandate_is_given_and_the_office_says_what_the_bank_does(
    visit, opened, stripe_server
):
    there: Visit = visit(None, scripts=False)
    given, paid = opened("nl", mode="setup"), opened("nl")

    there.page.goto(given)
    there.page.get_by_label("Naam van de rekeninghouder").fill("A. de Boer")
    there.page.get_by_label("de bank kent deze rekening niet").check()
    there.tap("button", "Ja, ik geef de machtiging")
    there.sees("De bank kent deze rekening niet. Kies een andere.")
    there.page.get_by_label("NL39").check()
    there.tap("button", "Ja, ik geef de machtiging")
    assert stripe_server.thing(given)["status"] == "complete"

    there.page.goto(paid)
    there.page.get_by_label("Bancontact").check()
    there.tap("button", "Verder")
    there.tap("button", "Ja, maar de bank bevestigt later")
    there.page.goto(f"{stripe_server.url}/")
    there.tap("button", "De bank betaalt")
    there.tap("button", "Betaal terug vanuit dit kantoor")
    there.tap("button", "De terugbetaling mislukt")
    there.tap("button", "Laat de bank het terughalen")
    there.tap("button", "De bank geeft u gelijk")
    there.tap("button", "Betaal het tegoed uit")
    there.tap("button", "De uitbetaling is binnen")

    [payout] = stripe_server.account.all("payout")
    assert (payout["amount"], payout["status"]) == (123456 - 35, "paid")


def test_the_office_is_clean(visit, opened, stripe_server):
    stripe_server.pay(opened("nl"), "ideal", "waiting")
    there: Visit = visit(None)
    there.page.goto(f"{stripe_server.url}/")
    there.is_clean("office-phone")
    there.page.set_viewport_size(DESK)
    there.is_clean("office-desk")
