"""The invoice of what is paid when it is booked: there with the payment, and every paper of it says what was paid."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation
from lxml import etree

from tenants.billing import charging, documents, einvoice, paying, typesetting
from tenants.billing.models import Invoice, OnlineSettings, Payment
from tenants.billing.online import at_once, links
from tenants.parties.models import Letter, Party
from tests import cast
from tests.billing import books, money
from tests.billing.books import owed
from tests.billing.test_documents import words_of
from tests.einvoices import judge, making
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

SOURCE = "booking:4d1f2c9e-0000-4000-8000-000000000001"
LINES = [owed("37.50"), owed("42.50", vat=21)]
"""88.93 together: 37.50 exempt, 42.50 and 8.93 VAT."""


def booked(party: Party, amount: str = "88.93") -> Payment:
    """So much was paid online, and nothing is said of what for yet."""
    return paying.receive(
        party, amount=Decimal(amount), method=Payment.Method.ONLINE, on=date(2026, 11, 21), is_test=True
    )


def issue(party: Party, amount: str = "88.93") -> Invoice | None:
    with transaction.atomic():
        charging.post(SOURCE, hub=party.hub, party=party, lines=LINES)
        return at_once.issue_for(SOURCE, paid=booked(party, amount), now=cast.NOW)


def said(content: bytes, name: str) -> list[str | None]:
    names = {"cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"}
    return [each.text for each in etree.fromstring(content).iterfind(f".//cbc:{name}", names)]


def letter_of(invoice: Invoice) -> Letter:
    documents.send_documents(now=cast.NOW)
    return Letter.objects.get(key=documents.letter_key(invoice))


def test_what_is_to_be_paid_is_what_the_invoice_comes_to() -> None:
    assert at_once.payable(LINES) == Decimal("88.93")


def test_paid_in_full_nothing_asks_for_money(stripe_server: StandIn) -> None:
    hub = making.hub()
    OnlineSettings.objects.create(hub=hub, takes_payments=True)
    invoice = issue(making.party(hub, email="facturen@praktijk.example.nl"))

    assert invoice
    assert (invoice.at_once, invoice.prepaid, invoice.payable) == (True, Decimal("88.93"), Decimal(0))
    assert money.still_open(hub) == {}
    words = words_of(typesetting.pdf(invoice))
    assert "Online betaald −€ 88,93 Te betalen € 0,00" in words
    assert "Deze factuur is betaald" in words
    letter = letter_of(invoice)
    for text in (words, letter.text):
        assert "overmaken" not in text
        assert "Uiterste betaaldatum" not in text
    assert "/betaal/" not in letter.text
    content = einvoice.ubl(invoice, einvoice.NLCIUS)
    assert judge.errors(content) == []
    assert (said(content, "PrepaidAmount"), said(content, "PayableAmount")) == (["88.93"], ["0.00"])


def test_paid_in_part_the_rest_is_due_on_the_normal_day(stripe_server: StandIn) -> None:
    hub = making.hub()
    OnlineSettings.objects.create(hub=hub, takes_payments=True)
    invoice = issue(making.party(hub, email="facturen@praktijk.example.nl"), "20.00")

    assert invoice
    assert invoice.due_on == date(2026, 12, 5)
    assert money.still_open(hub) == {invoice.number: "68.93"}
    words = words_of(typesetting.pdf(invoice))
    assert "68,93" in words
    assert "Wilt u € 68,93 uiterlijk" in words
    letter = letter_of(invoice)
    assert links.page(invoice.receivable) in letter.text
    assert "68,93" in letter.text
    content = einvoice.ubl(invoice, einvoice.NLCIUS)
    assert judge.errors(content) == []
    assert (said(content, "PrepaidAmount"), said(content, "PayableAmount")) == (["20.00"], ["68.93"])


def test_in_english_too() -> None:
    invoice = issue(books.party(books.hub(), language="en"))
    assert invoice
    with translation.override("nl"):
        assert "Paid online" in words_of(typesetting.pdf(invoice))


def test_its_page_asks_for_nothing_either() -> None:
    invoice = issue(books.party(books.hub()))
    assert invoice
    client = Client()
    client.force_login(cast.staff(invoice.hub, "bookkeeper"))
    page = client.get(f"/facturen/{invoice.number}").content.decode().replace("\xa0", " ")
    assert "Online betaald" in page
    assert "Betaal uiterlijk" not in page
    assert invoice.payment_reference not in page


def test_a_second_call_is_the_first_invoice() -> None:
    party = books.party(books.hub())
    first = issue(party)
    with transaction.atomic():
        again = at_once.issue_for(SOURCE, paid=booked(party), now=cast.NOW)
    assert again == first
    assert Invoice.objects.count() == 1


def test_more_than_the_invoice_is_credit_of_the_party() -> None:
    invoice = issue(books.party(books.hub()), "100.00")
    assert invoice
    assert invoice.prepaid == Decimal("88.93")
    assert money.left_of(Payment.objects.get()) == Decimal("11.07")


def test_without_an_address_the_money_is_credit_and_the_charges_wait() -> None:
    party = cast.party(books.hub(), street="", city="", postal_code="")
    assert issue(party) is None
    assert party.charges.uninvoiced().count() == 2
    assert money.left_of(Payment.objects.get()) == Decimal("88.93")


def test_the_month_leaves_what_was_invoiced_at_once_alone() -> None:
    party = books.party(books.hub())
    issue(party)
    books.charge(party, owed("10.00"), source="booking:other")
    run = books.approve_month(party.hub)
    assert [str(row.gross) for row in run.invoices.all()] == ["10.00"]
