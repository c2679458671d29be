"""The books leave for the accountant: journal, audit file, VAT; and a period is closed."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import pyxaf
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree

from spaces.models import Hub
from tenants.billing import invoicing
from tenants.billing.books import accounts, audit_file, closing, exporting, journal, posting, vat_overview
from tenants.billing.models import Books, Invoice, LedgerAccount, Payment
from tests import cast
from tests.billing import books

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)
XSD = Path(pyxaf.__file__).parent / "schemas/XmlAuditfileFinancieel3.2.xsd"
NASTY = "=cmd|'/C calc'!A1 <b>&\"]]> Ünïcode"


@pytest.fixture
def hub() -> Hub:
    """A hub with two invoices of 1 December, one paid by the bank, one partly written off."""
    made = books.hub()
    books.charge(books.party(made), books.owed("27.50", quantity=4), books.owed("42.50", vat=21, quantity=2))
    books.charge(books.party(made, NASTY), books.owed("9.99", vat=21, quantity=3), books.owed("1.75", vat=9))
    run = books.approve_month(made)
    while invoicing.issue_next(run, now=books.DECEMBER_1):
        pass
    for invoice in Invoice.objects.issued():
        posting.invoice(invoice)
    for method, amount, day in (("transfer", "212.85", 2), ("write_off", "5.00", 31)):
        row = Payment.objects.create(
            hub=made, party=invoice.party, method=method, received_on=date(2026, 12, day), reason="oninbaar",
            amount=Decimal(amount),
        )  # fmt: skip
        posting.payment(row)
    return made


def test_the_journal_has_the_columns_of_snelstart_and_no_formulas(hub: Hub) -> None:
    written = journal.journal_csv(journal.entries(hub, first=FIRST, last=LAST))

    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == list(journal.SNELSTART)
    added = [sum(Decimal(row[n].replace(",", ".") or "0") for row in rows[1:]) for n in (7, 8)]
    assert added[0] == added[1] == Decimal("468.87")
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_the_audit_file_is_valid_by_its_xsd_and_adds_up(hub: Hub) -> None:
    written = audit_file.written(hub, first=FIRST, last=LAST, today=LAST)

    schema = etree.XMLSchema(etree.parse(XSD))
    document = etree.fromstring(written)
    schema.assertValid(document)
    told = document.find(".//{*}transactions")
    assert [told.findtext(f"{{*}}{tag}") for tag in ("linesCount", "totalDebit", "totalCredit")] == [
        "13", "468.87", "468.87",
    ]  # fmt: skip
    assert document.findtext(".//{*}customerSupplier/{*}custSupName") is not None


def test_the_audit_file_of_next_year_opens_with_the_balance(hub: Hub) -> None:
    document = etree.fromstring(
        audit_file.written(hub, first=date(2027, 1, 1), last=date(2027, 3, 31), today=LAST)
    )

    lines = {row.findtext("{*}accID"): row.findtext("{*}amnt") for row in document.findall(".//{*}obLine")}
    codes = {row.role: row.code for row in LedgerAccount.objects.filter(hub=hub)}
    assert lines == {
        codes["bank"]: "212.85", codes["debtors"]: "33.17", codes["vat_high"]: "24.14", codes["vat_low"]: "0.16",
    }  # fmt: skip


def test_the_vat_overview_is_that_of_the_invoices(hub: Hub) -> None:
    found = vat_overview.over(hub, first=FIRST, last=LAST)

    rates = [(row.rate, row.net, row.vat, row.box[:2]) for row in found.rates]
    assert rates == [
        (21, Decimal("114.97"), Decimal("24.14"), "1a"),
        (9, Decimal("1.75"), Decimal("0.16"), "1b"),
        (0, Decimal("110.00"), Decimal("0.00"), found.rates[2].box[:2]),
    ]
    assert (found.count, found.net, found.vat) == (2, Decimal("226.72"), Decimal("24.30"))


def test_the_command_writes_both_files_and_says_what_is_in_them(hub: Hub, tmp_path: Path) -> None:
    told = io.StringIO()
    call_command("export_books", "2026-12-01", "2026-12-31", str(tmp_path), "--dry-run", stdout=told)
    assert list(tmp_path.iterdir()) == []

    call_command("export_books", "2026-12-01", "2026-12-31", str(tmp_path / "boeken"), stdout=told)

    names = sorted(file.suffix for file in (tmp_path / "boeken").iterdir())
    assert names == [".csv", ".xaf", ".zip"]
    assert "€ 468,87" in told.getvalue().replace("\xa0", " ")


@pytest.mark.parametrize(
    "typed", [("2026-13-01", "2026-12-31"), ("2026-12-31", "2026-12-01"), ("2026-12-01", "2027-01-31")]
)
def test_days_that_make_no_period_are_refused_in_words(
    hub: Hub, tmp_path: Path, typed: tuple[str, str]
) -> None:
    with pytest.raises(CommandError):
        call_command("export_books", *typed, str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_period_is_closed_forward_and_opened_only_by_the_director(hub: Hub) -> None:
    bookkeeper, director = cast.staff(hub, "bookkeeper"), cast.staff(hub, "director")
    now = cast.at("2027-01-05 09:00")
    closing.close(hub, until=LAST, by=bookkeeper, now=now)
    closing.close(hub, until=LAST, by=bookkeeper, now=now)

    with pytest.raises(closing.CloseRefused):
        closing.close(hub, until=FIRST, by=bookkeeper, now=now)
    with pytest.raises(closing.CloseRefused):
        closing.close(hub, until=date(2027, 1, 5), by=bookkeeper, now=now)
    closing.reopen(hub, after=FIRST, by=director, now=now)

    assert Books.objects.get(hub=hub).locked_until == FIRST
    assert list(hub.period_closes.values_list("until", "by")) == [(FIRST, director.pk), (LAST, bookkeeper.pk)]


def test_the_bookkeeper_walks_through_the_books(hub: Hub, client: Client) -> None:
    client.force_login(cast.staff(hub, "bookkeeper"))
    period = {"van": "2026-12-01", "tot": "2026-12-31"}

    page = client.get(reverse("books"), period)
    files = [client.get(reverse(name), period) for name in ("books-csv", "books-xaf")]

    assert "€ 24,30" in page.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")
    assert [file.status_code for file in files] == [200, 200]
    debtors = accounts.by_role(hub)["debtors"]
    client.post(
        reverse("books-account", args=[debtors.pk]),
        {"code": "13000", "name_nl": "Debiteuren", "name_en": "", "rgs": "BVorDebHad"},
    )
    assert LedgerAccount.objects.get(role="debtors").code == "13000"
    taken = client.post(reverse("books-account-new"), {"code": "13000", "name_nl": "Nog een"})
    assert taken.status_code == 422
    wrong = client.get(reverse("books"), {"van": "2026-12-01", "tot": "2027-02-01"})
    assert wrong.status_code == 422


def test_the_list_of_accounts_and_the_books_take_the_same_queries(hub: Hub, client: Client) -> None:
    client.force_login(cast.staff(hub, "bookkeeper"))
    period = {"van": "2026-12-01", "tot": "2026-12-31"}
    client.get(reverse("books"), period)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as few:
            client.get(reverse("books"), period)
            client.get(reverse("books-accounts"))
        counts.append(len(few))
        LedgerAccount.objects.create(hub=hub, code=f"49{number}0", name_nl="Nog een")
        row = Payment.objects.create(
            hub=hub, party=hub.parties.first(), method="cash", received_on=FIRST, amount=number + 1
        )
        posting.payment(row)
    assert counts[0] == counts[1]


def test_an_export_of_an_empty_period_is_a_valid_audit_file_too(hub: Hub) -> None:
    export = exporting.prepare(hub, first=date(2025, 1, 1), last=date(2025, 12, 31), today=LAST)

    content = next(content for name, content in export.files.items() if name.endswith(".xaf"))
    etree.XMLSchema(etree.parse(XSD)).assertValid(etree.fromstring(content))
    assert export.entries == 0
