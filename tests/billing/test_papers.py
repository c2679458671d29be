"""Invoices and letters as PDF: what they say, the e-invoice inside, the QR code, and hostile words."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
import segno
from pypdf import PdfReader

from tenants.billing import documents, einvoice, letterhead, letters_pdf
from tenants.billing.letters_pdf import Demand, Movement, OpenItem, Statement
from tenants.parties.models import Letter
from tests import cast
from tests.billing.books import DECEMBER_1, owed
from tests.billing.test_documents import words_of
from tests.einvoices import making

SELLER = {
    "hub": "LOC+", "name": "Stichting Plein LOC+", "street": "Zorgplein 1", "postal_code": "7771 ZZ",
    "city": "Hardenberg", "email": "facturen@locplus.example.nl", "kvk": "00018012", "vat_id": "NL991000109B01",
    "iban": "NL91ABNA0417164300",
}  # fmt: skip
BUYER = {
    "name": "Praktijk De Vries", "contact_name": "Anna de Vries", "street": "Voorbeeldstraat 12",
    "postal_code": "7771 ZZ", "city": "Hardenberg",
}  # fmt: skip
ITEMS = [
    OpenItem(
        "2026-0201", date(2026, 11, 1), date(2026, 12, 1), Decimal("2054.17"), Decimal("2054.17"), "huur"
    ),
    OpenItem("2026-0187", date(2026, 10, 1), date(2026, 10, 31), Decimal("233.83"), Decimal("133.83")),
]
REFERENCE = "5000056789012345"
with_books = pytest.mark.django_db(transaction=True)


def demand(kind: str, **fields) -> Demand:
    facts = {
        "language": "nl", "sent_on": date(2026, 12, 22), "pay_by": date(2027, 1, 5), "items": ITEMS[:1],
        "payment_reference": REFERENCE,
    }  # fmt: skip
    return Demand(kind, SELLER, BUYER, **facts | fields)


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def is_archival(pdf: bytes) -> bool:
    """PDF/A-3 and PDF/UA-1, tagged."""
    read = reader(pdf)
    metadata = str(read.xmp_metadata.stream.get_data())
    marked = read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return "pdfaid:part>3<" in metadata and "pdfuaid:part>1<" in metadata and bool(marked)


@with_books
def test_the_e_invoice_inside_the_paper_is_the_one_that_goes_beside_it_to_the_byte() -> None:
    invoice = making.issued(making.ggd(making.hub()), *making.ORACLE_4)

    documents.send_documents(now=DECEMBER_1)

    pdf, xml = (bytes(file.content) for file in Letter.objects.get().attachments.order_by("pk"))
    files = reader(pdf).attachments
    assert list(files) == ["factuur-2026-0001.xml"]
    assert files["factuur-2026-0001.xml"] == [xml] == [einvoice.ubl(invoice, einvoice.NLCIUS)]
    attached = reader(pdf).trailer["/Root"]["/AF"][0].get_object()
    assert (attached["/AFRelationship"], is_archival(pdf)) == ("/Alternative", True)
    assert pdf == documents.paper(invoice)
    assert "e-factuur" in Letter.objects.get().text


@with_books
def test_without_a_kvk_number_there_is_a_paper_and_a_letter_with_only_that() -> None:
    invoice = making.issued(making.party(making.hub(), kvk=""), owed())

    documents.send_documents(now=DECEMBER_1)

    names = list(Letter.objects.get().attachments.values_list("name", flat=True))
    assert names == ["factuur-2026-0001.pdf"]
    assert (dict(reader(documents.paper(invoice)).attachments), is_archival(documents.paper(invoice))) == (
        {},
        True,
    )
    assert "e-factuur" not in Letter.objects.get().text


@with_books
def test_a_credit_note_asks_for_nothing_and_has_its_own_e_invoice() -> None:
    hub = making.hub()
    note = making.credited(making.issued(making.ggd(hub), *making.ORACLE_4), by=cast.staff(hub, "bookkeeper"))

    pdf = documents.paper(note)

    words = words_of(pdf)
    assert ("Creditfactuur 2026-0002" in words, "233,83 terug" in words, "app van uw bank" in words) == (
        True,
        True,
        False,
    )
    assert list(reader(pdf).attachments) == ["creditfactuur-2026-0002.xml"]


@with_books
def test_who_pays_by_direct_debit_is_not_asked_to_transfer() -> None:
    debit = {
        "payment_method": "incasso", "mandate_reference": "LOC-000001", "mandate_signed_on": date(2026, 8, 24),
        "iban": "NL09ABNA9999900633",
    }  # fmt: skip
    words = words_of(documents.paper(making.issued(making.party(making.hub(), **debit), owed())))

    for fact in [
        "wij schrijven € 37,50 van uw rekening af",
        "NL09 ABNA 9999 9006 33",
        "LOC-000001",
        "NL00ZZZ000180120000",
    ]:
        assert fact in words, fact
    assert "overmaken" not in words


@with_books
def test_sixty_lines_and_the_longest_names_stay_on_their_pages() -> None:
    party = making.party(
        making.hub(),
        "Stichting voor zeer lange namen van samenwerkingsverbanden " * 2,
        street="Van Heemstralaan " * 6,
    )
    invoice = making.issued(party, *[owed()] * 60)

    pdf = documents.paper(invoice)

    assert len(reader(pdf).pages) == 3
    assert words_of(pdf).count("Excl. btw") == 3, "the head of the table stands on each page"
    assert is_archival(pdf)


def test_the_qr_code_holds_the_payment_in_the_structured_field() -> None:
    told = ["BCD", "002", "1", "SCT", "", "Stichting Plein LOC+", "NL91ABNA0417164300", "EUR233.83", "", REFERENCE]  # fmt: skip
    drawn = io.BytesIO()
    segno.make("\n".join(told).encode(), error="m", boost_error=False, micro=False).save(
        drawn, kind="svg", border=0, omitsize=True
    )

    block = letterhead.pay_by_transfer(SELLER, amount=Decimal("233.83"), reference=REFERENCE, words="")

    path = re.compile(r' d="([^"]+)"')
    assert path.search(block["qr"]["svg"])[1] == path.search(drawn.getvalue().decode())[1]


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_there_is_no_qr_code_for_nothing(amount: str) -> None:
    assert (
        letterhead.pay_by_transfer(SELLER, amount=Decimal(amount), reference=REFERENCE, words="")["qr"]
        is None
    )


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("notice", ["Uw factuur moet bijna betaald zijn", "Hebt u al betaald?"]),
        ("reminder", ["Herinnering", "ontschoten", "Kruist uw betaling deze brief?"]),
        ("second", ["Tweede herinnering", "al eerder herinnerd"]),
        ("formal", ["binnen 14 dagen", "nadat u deze brief hebt gekregen", "€ 308,13 incassokosten", "6:96"]),
    ],
)
def test_each_reminder_says_what_is_open_and_how_to_pay(kind: str, facts: list[str]) -> None:
    pdf = letters_pdf.reminder_pdf(demand(kind, costs=Decimal("308.13"), interest=Decimal("12.34")))

    words = words_of(pdf)
    for fact in [
        *facts,
        "Anna de Vries",
        "2026-0201",
        "01-12-2026",
        "€ 2.054,17",
        "€ 12,34",
        "€ 2.066,51",
        "5000 0567 8901 2345",
        "dinsdag 5 januari 2027",
    ]:
        assert fact in words, fact
    assert (is_archival(pdf), "NL91 ABNA 0417 1643 00" in words) == (True, True)


def test_only_the_formal_letter_speaks_of_costs() -> None:
    assert "308,13" not in words_of(letters_pdf.reminder_pdf(demand("second", costs=Decimal("308.13"))))


def test_a_reminder_of_more_invoices_names_them_for_the_transfer_in_english_too() -> None:
    pdf = letters_pdf.reminder_pdf(demand("reminder", items=ITEMS, payment_reference="", language="en"))

    words = words_of(pdf)
    for fact in [
        "Reminder",
        "the invoices below",
        "2026-0201, 2026-0187",
        "€ 2.188,00",
        "Tuesday 5 January 2027",
    ]:
        assert fact in words, fact


def test_a_statement_reads_like_that_of_a_bank() -> None:
    movements = [
        Movement(date(2026, 11, 2), "Factuur 2026-0201", Decimal("100.00"), None, Decimal("110.00")),
        Movement(date(2026, 11, 20), "Overboeking", None, Decimal("60.00"), Decimal("50.00")),
    ]
    statement = Statement(
        SELLER, BUYER, "nl", date(2026, 11, 30), date(2026, 11, 1), date(2026, 11, 30), Decimal("10.00"), movements,
        Decimal("50.00"), ITEMS,
    )  # fmt: skip

    pdf = letters_pdf.statement_pdf(statement)

    words = words_of(pdf)
    for fact in [
        "Rekeningoverzicht",
        "Stond al open € 10,00",
        "€ 100,00 € 110,00",
        "€ 60,00 € 50,00",
        "Open aan het eind € 50,00",
        "Nog open",
    ]:
        assert fact in words, fact
    assert (is_archival(pdf), pdf == letters_pdf.statement_pdf(statement)) == (True, True)


@pytest.mark.parametrize(
    "name", ['#read("/etc/passwd")', '"] #panic("x")', "$ x $ @label *vet*", "שלום ]", "😀 \u202e"]
)
def test_what_a_person_typed_is_only_ever_text_in_a_letter(name: str) -> None:
    hostile = {**BUYER, "name": name, "contact_name": name}
    pdf = letters_pdf.reminder_pdf(
        Demand("formal", {**SELLER, "hub": name}, hostile, "nl", date(2026, 12, 22), date(2027, 1, 5), ITEMS)
    )

    assert pdf.startswith(b"%PDF-")
    if name.isascii():
        assert words_of(pdf).replace(" ", "").count(name.replace(" ", "")) >= 3
