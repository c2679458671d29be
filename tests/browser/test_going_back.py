"""Money that goes back: who cancels reads how, the bookkeeper gives back and sees what needs them; two screens."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from tenants.billing.models import OnlineRefund
from tenants.billing.online import disputing
from tenants.billing.online import refunding as online
from tests import cast
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.looking import in_both_languages, unseen
from tests.cast import NOW
from tests.online import money
from tests.online.money import Booked
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def it(noon: None, stripe_server: StandIn) -> Booked:
    return money.booked(stripe_server, method="card")


@pytest.mark.parametrize(("screen", "scripts"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_from_a_cancelled_booking_to_money_on_an_account(
    it: Booked,
    stripe_server: StandIn,
    visit: Callable[..., Visit],
    screen: dict[str, int],
    *,
    scripts: bool,
) -> None:
    look = in_both_languages if scripts else unseen
    name = f"back-{screen['width']}"
    anna = visit(it.user, viewport=screen, scripts=scripts)
    anna.open(f"/boeking/{it.booking.code}/annuleer")
    anna.sees("U krijgt € 102,85 terug zoals u betaald hebt (kaart), meestal binnen vijf werkdagen.")
    look(anna, f"{name}-cancel")
    anna.tap("button", "Annuleer kosteloos")
    anna.sees("€ 102,85 komt terug.")
    needs_somebody(it, stripe_server)

    clerk = visit(cast.staff(it.hub, "bookkeeper"), viewport=screen, scripts=scripts)
    clerk.open("/tegoed")
    look(clerk, f"{name}-credits")
    clerk.page.get_by_label("Liever naar een rekening (IBAN)").fill("NL91ABNA0417164300")
    clerk.tap("button", "Overmaken")
    clerk.sees("Staat op de lijst van wat u bij de bank overmaakt.")
    for path, shot in (
        ("/facturen/2026-0001", "invoice"),
        ("/facturen/2026-0002", "note"),
        ("/facturen/2026-0003/crediteren", "credit"),
        (f"/tegoed/betaling/{twice(it, stripe_server)}", "credit-of-party"),
    ):
        clerk.open(path)
        look(clerk, f"{name}-{shot}")


def needs_somebody(it: Booked, server: StandIn) -> None:
    """One refund is refused, one waits, one was made in the dashboard, and a card payment is disputed."""
    server.refunds_end("failed")
    online.send(now=NOW)
    online.sync(it.online, now=NOW)
    server.refunds_end("pending")
    row = money.asked(it.online.party, "100.00", number="OUD-7")
    paid = money.paid(server, row, method="card")
    server.refund_in_dashboard(paid.intent_id, Decimal("40.00"))
    server.dispute(paid.intent_id, amount=Decimal("60.00"))
    online.sync(paid, now=NOW)
    disputing.sync(paid, now=NOW)
    assert OnlineRefund.objects.count() == 2
    books = money.books
    books.charge(it.online.party, books.owed("50.00"), source="booking:more")
    run = books.approve_month(it.hub)
    books.invoicing.issue_approved(now=books.DECEMBER_1)
    money.paid(server, run.invoices.get().receivable)


def twice(it: Booked, server: StandIn) -> int:
    row = money.asked(it.online.party, "30.00", number="OUD-8")
    return money.paid(server, row, amount="80.00").payment_id
