"""The bookkeeper looks at the quarter, takes the files and closes the period: two languages, two screens, no scripts."""

from collections.abc import Callable
from datetime import date

import pytest

from spaces.models import Hub
from tenants.billing import invoicing
from tenants.billing.books import posting
from tenants.billing.models import Books, Invoice
from tests import cast
from tests.billing import books
from tests.browser.conftest import DESK, PHONE, Visit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hub(noon: None) -> Hub:
    """Two invoices of this autumn."""
    made = books.hub()
    books.charge(books.party(made), books.owed("27.50", quantity=4), books.owed("42.50", vat=21, quantity=2))
    books.charge(books.party(made, "GGD IJsselland"), books.owed("9.99", vat=21, quantity=3))
    run = books.approve_month(made)
    while invoicing.issue_next(run, now=cast.NOW):
        pass
    for invoice in Invoice.objects.issued():
        posting.invoice(invoice)
    return made


@pytest.mark.parametrize(("screen", "language"), [(PHONE, "nl"), (DESK, "en")])
def test_a_quarter_from_the_figures_to_closed_books(
    hub: Hub, visit: Callable[..., Visit], screen: dict[str, int], language: str
) -> None:
    bookkeeper = cast.staff(hub, "bookkeeper")
    bookkeeper.language = language
    bookkeeper.save()
    window = visit(bookkeeper, viewport=screen)
    name = f"{screen['width']}-{language}"

    window.open("/boeken")
    window.sees("24,14")
    window.is_clean(f"books-{name}")
    window.open("/boeken/rekeningen")
    window.is_clean(f"books-accounts-{name}")
    window.page.locator("table a").first.click()
    window.is_clean(f"books-account-{name}")
    window.open("/boeken/afsluiten")
    window.is_clean(f"books-close-{name}")
    window.page.fill("#id_until", "2026-11-20")
    window.page.locator("main form button.button--primary").click()

    window.sees("20 november 2026" if language == "nl" else "20 November 2026")
    assert Books.objects.get(hub=hub).locked_until == date(2026, 11, 20)
