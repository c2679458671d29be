"""The bookkeeper invoices a month; the one who has to pay looks at it: two languages, two screens, no scripts."""

from collections.abc import Callable
from datetime import date

import pypdf
import pytest

from spaces.models import Hub
from tenants.billing import tasks
from tenants.billing.models import Invoice
from tenants.parties.models import Letter
from tests import cast
from tests.billing import books
from tests.billing.books import owed
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.looking import in_both_languages, watch

pytestmark = pytest.mark.django_db(transaction=True)
OCTOBER = {"starts_on": date(2026, 10, 13), "ends_on": date(2026, 10, 13)}
WAYS = [
    pytest.param(PHONE, "nl", id="phone-nl"),
    pytest.param(PHONE, "en", id="phone-en"),
    pytest.param(DESK, "nl", id="desk-nl"),
    pytest.param(DESK, "en", id="desk-en"),
]


@pytest.fixture
def hub() -> Hub:
    """Four parties used rooms in October; one of them has no address yet."""
    hub = books.hub()
    books.charge(
        books.party(hub, "Fysiotherapie N. de Boer"),
        owed("37.50", **OCTOBER),
        owed("42.50", vat=21, **OCTOBER),
    )
    books.charge(books.party(hub, "GGD IJsselland", kvk="00018101"), owed("85.00", vat=21, **OCTOBER))
    books.charge(books.party(hub, "Logopedie aan het Plein", email=""), *[owed("12.50", **OCTOBER)] * 3)
    books.charge(cast.party(hub, "Nieuwe coach zonder adres"), owed("30.00", **OCTOBER))
    return hub


def enter_password(window: Visit) -> None:
    """The only bookkeeper approves what she proposed after a second look and her password."""
    window.page.locator(".approve a").click()
    window.page.locator('input[name="password"]').fill(cast.PASSWORD)
    window.page.locator("main button[type=submit]").first.click()
    window.page.locator("form.approve").wait_for()


@pytest.mark.parametrize(("screen", "language"), WAYS)
def test_from_an_empty_month_to_invoices_in_the_post(
    hub: Hub, visit: Callable[..., Visit], screen: dict[str, int], language: str
) -> None:
    bookkeeper = cast.staff(hub, "bookkeeper")
    bookkeeper.language = language
    bookkeeper.save()
    window = visit(bookkeeper, viewport=screen)
    name = f"{screen['width']}-{language}"

    window.open("/facturen/maand")
    window.is_clean(f"month-empty-{name}")
    window.page.locator('form[action="/facturen/maand"] button').click()
    window.sees("GGD IJsselland")
    window.sees("Nieuwe coach zonder adres")
    window.page.locator(".bill-of summary").first.click()
    window.is_clean(f"month-proposal-{name}")
    enter_password(window)
    window.page.locator("form.approve button").click()
    window.page.locator("progress").wait_for()
    window.is_clean(f"month-progress-{name}")

    tasks.issue_approved()
    tasks.send_documents()
    window.open("/facturen/maand?maand=2026-10")
    window.sees("2026-0003")
    window.is_clean(f"month-report-{name}")
    window.open("/facturen")
    window.is_clean(f"invoices-{name}")
    window.page.get_by_role("link", name="2026-0001").click()
    window.page.locator('a[href="/facturen/2026-0001.pdf"]').wait_for()
    window.is_clean(f"invoice-{name}")


def test_without_scripts_the_same_deeds_do_the_same(hub: Hub, visit: Callable[..., Visit]) -> None:
    window = visit(cast.staff(hub, "bookkeeper"), viewport=PHONE, scripts=False)
    window.open("/facturen/maand")
    window.page.locator('form[action="/facturen/maand"] button').click()
    enter_password(window)
    window.page.locator("form.approve button").click()
    window.page.locator("progress").wait_for()

    tasks.issue_approved()
    window.page.locator("noscript a, section a.button").first.click()

    assert Invoice.objects.issued().count() == 3
    window.sees("2026-0003")


def test_the_page_follows_the_work_by_itself(hub: Hub, visit: Callable[..., Visit]) -> None:
    window = visit(cast.staff(hub, "bookkeeper"), viewport=DESK)
    window.open("/facturen/maand")
    window.page.locator('form[action="/facturen/maand"] button').click()
    enter_password(window)
    window.page.locator("form.approve button").click()
    window.page.locator("progress").wait_for()

    tasks.issue_approved()
    window.page.clock.run_for(4000)

    window.sees("2026-0003")


def test_who_has_to_pay_sees_their_own_invoice(visit: Callable[..., Visit]) -> None:
    hub = books.hub()
    anna, party = cast.zzper(hub, **books.ADDRESS)
    books.charge(party, owed("37.50", **OCTOBER))
    books.approve_month(hub, month=date(2026, 10, 1), now=cast.NOW)
    tasks.issue_approved()
    tasks.send_documents()
    window = visit(anna)

    window.open("/facturen")
    window.is_clean("invoices-own")
    window.page.get_by_role("link", name="2026-0001").click()
    window.is_clean("invoice-own")
    with window.page.expect_download() as download:
        window.page.locator('a[href="/facturen/2026-0001.pdf"]').click()

    assert download.value.suggested_filename.endswith("2026-0001.pdf")
    paper = "".join(page.extract_text() for page in pypdf.PdfReader(download.value.path()).pages)
    assert "2026-0001" in paper
    assert "37,50" in paper
    letter = Letter.objects.get(kind="invoice")
    assert letter.to_email == party.email
    assert "2026-0001" in letter.subject


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_each_page_of_the_month_is_in_one_language(
    hub: Hub, visit: Callable[..., Visit], screen: dict[str, int]
) -> None:
    window = visit(cast.staff(hub, "bookkeeper"), viewport=screen)
    faults = watch(window.page, window.address)
    window.open("/facturen/maand")
    in_both_languages(window, f"books-{screen['width']}-1-empty")
    window.page.locator('form[action="/facturen/maand"] button').click()
    in_both_languages(window, f"books-{screen['width']}-2-proposal")
    enter_password(window)
    window.page.locator("form.approve button").click()
    window.page.locator("progress").wait_for()
    tasks.issue_approved()
    tasks.send_documents()
    for number, path in enumerate(
        ["/facturen/maand?maand=2026-10", "/facturen", "/facturen/2026-0001"], start=3
    ):
        window.open(path)
        in_both_languages(window, f"books-{screen['width']}-{number}")
    assert faults == []


@pytest.mark.parametrize(
    ("screen", "language", "scripts"),
    [(PHONE, "nl", True), (DESK, "en", True), (PHONE, "en", False), (DESK, "nl", True)],
)
def test_an_invoice_is_credited_in_part(
    visit: Callable[..., Visit], screen: dict[str, int], language: str, *, scripts: bool
) -> None:
    hub = books.hub()
    books.charge(
        books.party(hub, "Accare"), owed("37.50", **OCTOBER), owed("42.50", vat=21, quantity=2, **OCTOBER)
    )
    books.approve_month(hub, month=date(2026, 10, 1), now=cast.NOW)
    tasks.issue_approved()
    bookkeeper = cast.staff(hub, "bookkeeper")
    bookkeeper.language = language
    bookkeeper.save()
    window = visit(bookkeeper, viewport=screen, scripts=scripts)
    name = f"{screen['width']}-{language}"

    window.open("/facturen/2026-0001")
    window.page.locator('a[href="/facturen/2026-0001/crediteren"]').click()
    window.page.locator('input[value="some"]').check()
    window.page.locator("td input").last.fill("10,00")
    window.page.locator('input[name="reason"]').fill("De beamer deed het niet")
    if scripts:
        window.is_clean(f"credit-form-{name}")
    window.page.locator(".form__actions button").click()
    window.page.locator('button[name="final"]').wait_for()
    if scripts:
        window.is_clean(f"credit-look-{name}")
    window.page.locator('button[name="final"]').click()

    window.sees("2026-0002")
    window.sees("De beamer deed het niet")
    if scripts:
        window.is_clean(f"credit-note-{name}")
