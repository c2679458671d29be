"""The bookkeeper fetches papers and e-invoices: two languages, two screens, no scripts."""

import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from lxml import etree

from spaces.models import Hub
from tenants.billing import documents, invoicing
from tests import cast
from tests.billing import books
from tests.billing.books import owed
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.looking import in_both_languages
from tests.einvoices import making

pytestmark = pytest.mark.django_db(transaction=True)
OCTOBER = {"starts_on": date(2026, 10, 13), "ends_on": date(2026, 10, 13)}


@pytest.fixture
def hub() -> Hub:
    """A coach without KvK number (2026-0001) and a public body without a reference (2026-0002)."""
    hub = making.hub()
    books.charge(making.party(hub, "Coach De Wit", kvk=""), owed("37.50", **OCTOBER))
    books.charge(making.ggd(hub, purchase_reference=""), owed("85.00", vat=21, **OCTOBER))
    books.approve_month(hub, month=date(2026, 10, 1), now=cast.NOW)
    invoicing.issue_approved(now=cast.NOW)
    documents.send_documents(now=cast.NOW)
    return hub


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_files_of_an_invoice_stand_on_its_page_or_why_there_are_none(
    hub: Hub, visit: Callable[..., Visit], screen: dict[str, int]
) -> None:
    window = visit(cast.staff(hub, "bookkeeper"), viewport=screen)
    window.open("/facturen/2026-0001")
    in_both_languages(window, f"no-e-invoice-{screen['width']}")
    window.open("/facturen/2026-0002")
    in_both_languages(window, f"e-invoice-{screen['width']}")
    window.open("/facturen/maand?maand=2026-10")
    in_both_languages(window, f"month-files-{screen['width']}")


def test_the_downloads_are_what_they_say_also_without_scripts(hub: Hub, visit: Callable[..., Visit]) -> None:
    window = visit(cast.staff(hub, "bookkeeper"), viewport=PHONE, scripts=False)

    window.open("/facturen/2026-0002")
    with window.page.expect_download() as xml:
        window.tap("link", "UBL, Peppol")
    window.open("/facturen/maand?maand=2026-10")
    with window.page.expect_download() as archive:
        window.tap("link", "Alle bestanden van oktober 2026 (zip)")

    assert xml.value.suggested_filename == "factuur-2026-0002-peppol.xml"
    assert etree.QName(etree.parse(xml.value.path()).getroot()).localname == "Invoice"
    assert archive.value.suggested_filename == "facturen-2026-10.zip"
    assert len(zipfile.ZipFile(archive.value.path()).namelist()) == 4
