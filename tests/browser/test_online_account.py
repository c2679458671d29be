"""The bookkeeper looks whether Stripe and the books agree: two languages, two screens, and without scripts."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from spaces.models import Hub
from tenants.billing.books import posting
from tenants.billing.models import StripeLook
from tenants.billing.online import reconciling, refunding
from tests import cast
from tests.billing import books
from tests.billing import money as bills
from tests.browser.conftest import DESK, PHONE, Visit
from tests.cast import NOW
from tests.online import money
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hub(noon: None, stripe_server: StandIn) -> Hub:
    """Three payments and a refund that were paid out; one came after."""
    row = money.hub()
    for number, amount, method in (
        ("0001", "102.85", "ideal"),
        ("0002", "50.00", "card"),
        ("0003", "37.50", "ideal"),
    ):
        asked = bills.asked(books.party(row, f"Praktijk De Vries {number}"), amount, number=f"2026-{number}")
        posting.old_item(asked, on=NOW.date())
        online = money.paid(stripe_server, asked, method=method)
        if number == "0001":
            stripe_server.refund_in_dashboard(online.intent_id, Decimal(40))
            refunding.sync(online, now=NOW)
        if number == "0002":
            stripe_server.pay_out()
    reconciling.run(now=NOW)
    return row


@pytest.mark.parametrize(
    ("screen", "language", "scripts"), [(PHONE, "nl", True), (DESK, "en", True), (DESK, "nl", False)]
)
def test_from_what_agrees_to_what_differs_and_what_is_in_a_payout(
    hub: Hub, visit: Callable[..., Visit], screen: dict[str, int], language: str, *, scripts: bool
) -> None:
    bookkeeper = cast.staff(hub, "bookkeeper")
    bookkeeper.language = language
    bookkeeper.save()
    window = visit(bookkeeper, viewport=screen, scripts=scripts)
    name = f"{screen['width']}-{language}"

    window.open("/beheer")
    window.tap("link", "Online betalingen" if language == "nl" else "Online payments", exact=True)
    window.sees("alles klopt" if language == "nl" else "everything agrees")
    if scripts:
        window.is_clean(f"online-agrees-{name}")
    StripeLook.objects.filter(what="balance").update(balance=Decimal("12.34"))
    window.open("/boeken/online")
    window.sees("Wat u doet" if language == "nl" else "What to do")
    if scripts:
        window.is_clean(f"online-differs-{name}")
    window.page.locator("table a").first.click()
    window.sees("Praktijk De Vries 0001")
    if scripts:
        window.is_clean(f"online-payout-{name}")
