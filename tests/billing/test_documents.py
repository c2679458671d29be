"""The PDF of an invoice and the letter that brings it."""

import io

import pytest
from pypdf import PdfReader

from spaces.explaining import sentence
from tenants.billing import documents, invoicing, typesetting
from tenants.billing.models import AwaitedDocument, Invoice, InvoiceDocument, InvoiceLine
from tenants.parties.models import Letter
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1, NOVEMBER, owed

pytestmark = pytest.mark.django_db(transaction=True)


def issued(party, *lines, now=DECEMBER_1) -> Invoice:
    books.charge(party, *lines)
    run = invoicing.propose(party.hub, month=NOVEMBER, now=now)
    bookkeeper = cast.staff(party.hub, "bookkeeper", name=f"boekhouder {run.pk}")
    invoicing.approve(run, by=bookkeeper, seen=invoicing.fingerprint(invoicing.drafts_of(run)), now=now)
    invoicing.issue_approved(now=now)
    return Invoice.objects.get(run=run, party=party)


def words_of(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_paper_says_all_that_the_law_asks() -> None:
    party = books.party(
        books.hub(), "Fysiotherapie N. de Boer", vat_id="NL000099911B64", purchase_reference="PO 12"
    )
    invoice = issued(
        party,
        *[owed("27.50")] * 4,
        *[owed("42.50", vat=21)] * 2,
        owed("1.75", vat=9, quantity=11, unit="piece"),
    )

    words = words_of(typesetting.pdf(invoice))

    for fact in [
        "Stichting Plein LOC+", "Zorgplein 1", "7771 ZZ Hardenberg", "KvK 00018012", "NL991000109B01",
        "NL91 ABNA 0417 1643 00", "Fysiotherapie N. de Boer", "Voorbeeldstraat 12", "NL000099911B64", "PO 12",
        "2026-0001", "01-12-2026", "15-12-2026", "10-11-2026", "Spreekkamer 2", "08:00–12:00", "27,50", "11 × € 1,75",
        "85,00", "17,85", "19,25", "1,73", "110,00", "214,25", "233,83",
        "Vrijgesteld van btw: verhuur van onroerende zaken (art. 11 lid 1 onderdeel b Wet OB 1968)",
    ]:  # fmt: skip
        assert fact in words, fact


def test_the_paper_is_the_same_to_the_byte_each_time() -> None:
    invoice = issued(books.party(books.hub()))

    assert typesetting.pdf(invoice) == typesetting.pdf(Invoice.objects.get())


def test_the_paper_can_be_kept_and_read_aloud() -> None:
    pdf = PdfReader(io.BytesIO(typesetting.pdf(issued(books.party(books.hub())))))

    metadata = str(pdf.xmp_metadata.stream.get_data())
    assert ("pdfaid:part>3<" in metadata, "pdfuaid:part>1<" in metadata) == (True, True)
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "nl"
    fonts = {str(font["/BaseFont"]) for page in pdf.pages for font in _fonts(page)}
    assert all("Figtree" in font for font in fonts), fonts


def _fonts(page):
    return [each.get_object() for each in page["/Resources"]["/Font"].values()]


@pytest.mark.parametrize(
    "name",
    [
        '#read("/etc/passwd")',
        '"] #panic("x")',
        "$ x $ @label *vet* <b>",
        "= kop\n- lijst",
        "\\u{41} // weg /* weg",
        "']}",
    ],
)
def test_what_a_person_typed_is_only_ever_text(name: str) -> None:
    party = books.party(books.hub(), name)
    invoice = issued(party, owed(description=sentence("%(what)s", what=name)))

    words = words_of(typesetting.pdf(invoice)).replace(" ", "")

    assert words.count(name.replace("\n", "").replace(" ", "")) >= 2


@pytest.mark.parametrize(
    "name", ["😀 Praktijk", "שלום", "مركز", "診療所", "a\u202eb", "x\x01y", "Łódź Ümit Şahin"]
)
def test_no_letter_keeps_an_invoice_from_being_made(name: str) -> None:
    name = name.replace("\x01", "\x7f")
    assert typesetting.pdf(issued(books.party(books.hub(), name))).startswith(b"%PDF-")


def test_thirty_lines_go_on_to_another_page_and_each_page_says_which_it_is() -> None:
    invoice = issued(books.party(books.hub(), language="en"), *[owed()] * 30)

    pages = PdfReader(io.BytesIO(typesetting.pdf(invoice))).pages

    assert len(pages) > 1
    assert f"page {len(pages)} of {len(pages)}" in words_of(typesetting.pdf(invoice))


def test_each_invoice_is_sent_once_with_its_pdf() -> None:
    hub = books.hub()
    invoice = issued(
        books.party(hub, "De Vries", email="anna@example.nl", contact_name="Anna de Vries", language="en")
    )

    assert [documents.send_documents(now=DECEMBER_1) for _each in range(2)] == [1, 0]

    letter = Letter.objects.get()
    assert (letter.key, letter.to_email, letter.to_name, letter.language) == (
        "invoice:locplus:2026-0001", "anna@example.nl", "Anna de Vries", "en",
    )  # fmt: skip
    assert invoice.number in letter.subject
    assert "37,50" in letter.text
    file = letter.attachments.get()
    assert (file.content_type, bytes(file.content)) == (
        "application/pdf",
        bytes(InvoiceDocument.objects.get().pdf),
    )


def test_two_hubs_with_the_same_number_both_send_their_letter() -> None:
    for slug in ("noord", "zuid"):
        issued(books.party(books.hub(slug)))

    documents.send_documents(now=DECEMBER_1)

    assert set(Letter.objects.values_list("key", flat=True)) == {
        "invoice:noord:2026-0001",
        "invoice:zuid:2026-0001",
    }


def test_without_an_address_there_is_a_document_and_no_letter() -> None:
    issued(books.party(books.hub(), email=""))

    documents.send_documents(now=DECEMBER_1)

    assert (InvoiceDocument.objects.count(), Letter.objects.count()) == (1, 0)


def test_one_that_cannot_be_made_holds_up_no_other_and_is_parked_after_five_tries() -> None:
    hub = books.hub()
    books.charge(books.party(hub, "Goed"))
    broken = books.party(hub, "Kapot")
    poisoned = issued(broken, owed(description=sentence("%(missing)s")))

    made = [documents.send_documents(now=DECEMBER_1) for _each in range(7)]

    assert made == [1, 0, 0, 0, 0, 0, 0]
    failure = AwaitedDocument.objects.get()
    assert (failure.invoice, failure.attempts) == (poisoned, 5)
    assert "missing" in failure.error
    documents.try_again(poisoned)
    documents.send_documents(now=DECEMBER_1)
    assert AwaitedDocument.objects.get().attempts == 1


def test_a_document_that_was_lost_between_issuing_and_sending_is_made_by_the_next_sweep() -> None:
    issued(books.party(books.hub()))
    assert InvoiceDocument.objects.count() == 0

    documents.send_documents(now=cast.at("2026-12-05 09:00"))

    assert (InvoiceDocument.objects.count(), InvoiceLine.objects.count()) == (1, 1)
