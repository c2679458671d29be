"""What an e-invoice says, that it breaks no rule, and that a broken one is told."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from lxml import etree

from tenants.billing import charging, einvoice, invoicing
from tenants.billing.models import Invoice
from tests import cast
from tests.billing import books
from tests.billing.books import owed
from tests.einvoices import judge, making
from tests.einvoices.dutch_rules import NS

pytestmark = pytest.mark.django_db(transaction=True)
PROFILES = list(einvoice.PROFILES.values())


def said(content: bytes, path: str) -> list[str]:
    return [found.text for found in etree.fromstring(content).findall(path, NS)]


def numbers(content: bytes, party: str) -> list[tuple[str, str]]:
    """Endpoint and legal entity of a party, with their schemes."""
    found = etree.fromstring(content).find(f"{party}/cac:Party", NS)
    elements = [found.find("cbc:EndpointID", NS), found.find("cac:PartyLegalEntity/cbc:CompanyID", NS)]
    return [(each.get("schemeID"), each.text) for each in elements]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_oracle_4_as_e_invoice_to_the_cent(profile: einvoice.Profile) -> None:
    content = einvoice.ubl(making.issued(making.ggd(making.hub()), *making.ORACLE_4), profile)

    assert judge.errors(content) == []
    subtotals = "cac:TaxTotal/cac:TaxSubtotal"
    assert list(
        zip(
            said(content, f"{subtotals}/cac:TaxCategory/cbc:ID"),
            said(content, f"{subtotals}/cac:TaxCategory/cbc:Percent"),
            said(content, f"{subtotals}/cbc:TaxableAmount"),
            said(content, f"{subtotals}/cbc:TaxAmount"),
            strict=True,
        )
    ) == [("E", "0.00", "110.00", "0.00"), ("S", "21.00", "85.00", "17.85"), ("S", "9.00", "19.25", "1.73")]
    assert said(content, "cac:LegalMonetaryTotal/cbc:PayableAmount") == ["233.83"]
    assert said(content, f"{subtotals}/cac:TaxCategory/cbc:TaxExemptionReason") == [
        "Vrijgesteld van btw: verhuur van onroerende zaken (art. 11 lid 1 onderdeel b Wet OB 1968)"
    ]
    assert said(content, "cac:InvoiceLine/cac:Price/cbc:PriceAmount")[-1:] == ["1.75"]
    assert said(content, "cac:InvoiceLine/cbc:InvoicedQuantity")[-1:] == ["11"]


def test_the_profiles_differ_in_their_customization_only() -> None:
    invoice = making.issued(making.ggd(making.hub()), owed())

    nlcius, peppol = (einvoice.ubl(invoice, profile).splitlines() for profile in PROFILES)

    different = [pair for pair in zip(nlcius, peppol, strict=True) if pair[0] != pair[1]]
    assert [b"CustomizationID" in each for pair in different for each in pair] == [True, True]


def test_a_ggd_is_reached_by_its_oin_and_finds_its_reference() -> None:
    content = einvoice.ubl(making.issued(making.ggd(making.hub()), owed()), einvoice.NLCIUS)

    assert numbers(content, "cac:AccountingCustomerParty") == [("0190", making.OIN), ("0106", making.KVK)]
    assert numbers(content, "cac:AccountingSupplierParty") == [("0106", "00018012"), ("0106", "00018012")]
    assert said(content, "cbc:BuyerReference") == ["PO 12-345"]
    assert said(content, "cac:PaymentMeans/cbc:PaymentMeansCode") == ["30"]
    assert said(content, "cac:PaymentMeans/cbc:PaymentID") == [Invoice.objects.get().payment_reference]


def test_who_has_a_kvk_number_is_reached_by_it() -> None:
    content = einvoice.ubl(making.issued(making.party(making.hub()), owed()), einvoice.PEPPOL)

    assert numbers(content, "cac:AccountingCustomerParty") == [("0106", making.KVK), ("0106", making.KVK)]
    assert said(content, "cbc:BuyerReference") == ["Fysiotherapie N. de Boer"]


def test_a_direct_debit_names_its_mandate_both_accounts_and_our_creditor_id() -> None:
    debit = {
        "payment_method": "incasso", "mandate_reference": "LOC-000001", "mandate_signed_on": date(2026, 8, 24),
        "iban": "NL09ABNA9999900633",
    }  # fmt: skip
    content = einvoice.ubl(making.issued(making.party(making.hub(), **debit), owed()), einvoice.PEPPOL)

    assert judge.errors(content) == []
    means = "cac:PaymentMeans"
    assert [
        said(content, f"{means}/cbc:PaymentMeansCode"), said(content, f"{means}/cac:PaymentMandate/cbc:ID"),
        said(content, f"{means}/cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID"),
        said(content, "cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification/cbc:ID"),
    ] == [["59"], ["LOC-000001"], ["NL09ABNA9999900633"], ["NL00ZZZ000180120000"]]  # fmt: skip


def test_a_credit_note_is_a_document_of_its_own_with_positive_amounts_that_names_its_invoice() -> None:
    hub = making.hub()
    invoice = making.issued(making.ggd(hub), *making.ORACLE_4)
    note = making.credited(invoice, by=cast.staff(hub, "bookkeeper"))

    for profile in PROFILES:
        content = einvoice.ubl(note, profile)
        assert judge.errors(content) == []
    assert etree.QName(etree.fromstring(content)).localname == "CreditNote"
    assert said(content, "cbc:CreditNoteTypeCode") == ["381"]
    assert said(content, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID") == [invoice.number]
    assert said(content, "cac:LegalMonetaryTotal/cbc:PayableAmount") == ["233.83"]


def test_a_last_part_whose_vat_differs_a_cent_from_its_rate_keeps_our_cents() -> None:
    hub = making.hub()
    invoice = making.issued(making.party(hub), *[owed("9.99", vat=21)] * 3)
    clerk = cast.staff(hub, "bookkeeper")

    notes = [making.credited(invoice, by=clerk, parts={place: "-9.99"[1:]}) for place in range(3)]

    assert [note.vat for note in notes] == [Decimal("-2.10"), Decimal("-2.10"), Decimal("-2.09")]
    for note in notes:
        content = einvoice.ubl(note, einvoice.PEPPOL)
        assert judge.errors(content) == []
        assert said(content, "cac:TaxTotal/cbc:TaxAmount") == [str(-note.vat)]


def test_an_invoice_with_a_line_that_takes_something_back_names_that_invoice_too() -> None:
    hub = making.hub()
    party = making.party(hub)
    first = making.issued(party, owed("30.00"), source="booking:1")
    charging.correct("booking:1", hub=hub, party=party, lines=[owed("20.00")])
    second = making.issued(party, owed("50.00", vat=21))

    content = einvoice.ubl(second, einvoice.PEPPOL)

    assert judge.errors(content) == []
    assert said(content, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID") == [first.number]
    assert [q for q in said(content, "cac:InvoiceLine/cbc:InvoicedQuantity") if q.startswith("-")] == ["-1"]


def test_less_than_nothing_that_takes_no_invoice_back_is_an_invoice_below_zero() -> None:
    discount = owed("-25.00")
    content = einvoice.ubl(making.issued(making.party(making.hub()), discount), einvoice.PEPPOL)

    assert judge.errors(content) == []
    assert said(content, "cbc:InvoiceTypeCode") == ["380"]
    assert said(content, "cac:LegalMonetaryTotal/cbc:PayableAmount") == ["-25.00"]
    assert said(content, "cac:InvoiceLine/cbc:InvoicedQuantity") == ["-1"]
    assert said(content, "cac:InvoiceLine/cac:Price/cbc:PriceAmount") == ["25.00"]


def test_a_draft_is_no_e_invoice() -> None:
    party = making.party(making.hub())
    books.charge(party)
    run = invoicing.propose(party.hub, month=books.NOVEMBER, now=books.DECEMBER_1)

    with pytest.raises(ValueError, match="not been issued"):
        einvoice.ubl(run.invoices.get(), einvoice.NLCIUS)


@pytest.mark.parametrize(
    ("kvk", "words"),
    [
        ("", "Diëtiste heeft geen KvK-nummer en geen OIN"),
        ("1234", "Diëtiste heeft geen KvK-nummer en geen OIN"),
    ],
)
def test_what_is_missing_is_said_plainly(kvk: str, words: str) -> None:
    invoice = making.issued(making.party(making.hub(), "Diëtiste", kvk=kvk), owed())

    assert words in " ".join(einvoice.obstacles(invoice))
    with pytest.raises(einvoice.EInvoiceImpossible, match=words):
        einvoice.ubl(invoice, einvoice.NLCIUS)


def test_a_public_body_without_a_reference_is_asked_for_one() -> None:
    invoice = making.issued(
        making.ggd(making.hub(), purchase_reference="", contact_name="locatiecoördinator"), owed()
    )

    assert ["inkoopreferentie" in hint for hint in einvoice.hints(invoice)] == [True]
    content = einvoice.ubl(invoice, einvoice.PEPPOL)
    assert (judge.errors(content), said(content, "cbc:BuyerReference")) == ([], ["locatiecoördinator"])


@cache
def sound() -> bytes:
    """A Peppol invoice without errors."""
    return einvoice.ubl(making.issued(making.ggd(making.hub()), *making.ORACLE_4), einvoice.PEPPOL)


def without(path: str) -> Callable[[bytes], bytes]:
    """The document less the first element at `path`."""

    def change(content: bytes) -> bytes:
        tree = etree.fromstring(content)
        found = tree.find(path, NS)
        found.getparent().remove(found)
        return etree.tostring(tree)

    return change


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """The document with something else once."""
    return lambda content: content.replace(old, new, 1)


REPRESENTATIVE = b"""<cac:TaxRepresentativeParty><cac:PartyName><cbc:Name>X</cbc:Name></cac:PartyName><cac:PostalAddress>
<cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country></cac:PostalAddress><cac:PartyTaxScheme>
<cbc:CompanyID>NL000099911B64</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
</cac:TaxRepresentativeParty><cac:PaymentMeans>"""
SELLER, BUYER = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("xsd: ", without("cbc:IssueDate")),
        ("xsd: ", replaced(b"<cbc:ID>2026-", b"<cbc:Nonsense/><cbc:ID>2026-")),
        ("cen BR-CO-15", replaced(b">233.83<", b">233.84<")),
        ("cen BR-CO-10", replaced(b'LineExtensionAmount currencyID="EUR">27.50', b'LineExtensionAmount currencyID="EUR">27.51')),
        ("cen BR-27", replaced(b'PriceAmount currencyID="EUR">1.75', b'PriceAmount currencyID="EUR">-1.75')),
        ("cen BR-E-10", without("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:TaxExemptionReason")),
        ("peppol PEPPOL-EN16931-R010", without(f"{BUYER}/cbc:EndpointID")),
        ("peppol PEPPOL-EN16931-R110", replaced(b"<cbc:StartDate>2026-11-10", b"<cbc:StartDate>2026-11-11")),
        ("peppol PEPPOL-EN16931-R120", replaced(b'PriceAmount currencyID="EUR">1.75', b'PriceAmount currencyID="EUR">1.80')),
        ("nl BR-NL-1", replaced(b'schemeID="0106">00018012</cbc:CompanyID', b'schemeID="0088">00018012</cbc:CompanyID')),
        ("nl BR-NL-2", without("cbc:BuyerReference")),
        ("nl BR-NL-3", without(f"{SELLER}/cac:PostalAddress/cbc:CityName")),
        ("nl BR-NL-4", without(f"{BUYER}/cac:PostalAddress/cbc:StreetName")),
        ("nl BR-NL-5", replaced(b"<cac:PaymentMeans>", REPRESENTATIVE)),
        ("nl BR-NL-7", replaced(b">380<", b">325<")),
        ("nl BR-NL-8", replaced(b">380<", b">381<")),
        ("nl BR-NL-9", replaced(b">380<", b">384<")),
        ("nl BR-NL-10", without(f"{BUYER}/cac:PartyLegalEntity/cbc:CompanyID")),
        ("nl BR-NL-11", without("cac:PaymentMeans")),
        ("nl BR-NL-12", replaced(b"PaymentMeansCode>30<", b"PaymentMeansCode>31<")),
        ("nl BR-NL-13", replaced(b"<cac:Item>", b"<cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference><cac:Item>")),
        ("nl empty element", replaced(b">PO 12-345<", b"> <")),
    ],
)  # fmt: skip
def test_each_rule_set_bites(rule: str, change: Callable[[bytes], bytes]) -> None:
    broken = change(sound())

    assert broken != sound()
    assert judge.errors(sound()) == []
    assert [error for error in judge.errors(broken) if error.startswith(rule)], judge.errors(broken)


@pytest.mark.parametrize("party", [SELLER, BUYER])
def test_rules_of_a_foreign_address_are_not_ours(party: str) -> None:
    """The control of the country: an invoice to Belgium needs no KvK number of the buyer."""
    tree = etree.fromstring(without(f"{party}/cac:PartyLegalEntity/cbc:CompanyID")(sound()))
    tree.find(f"{party}/cac:PostalAddress/cac:Country/cbc:IdentificationCode", NS).text = "BE"

    broken = [error for error in judge.errors(etree.tostring(tree)) if error.startswith("nl")]

    assert broken == (["nl BR-NL-1"] if party == SELLER else [])
