"""An issued invoice written as UBL 2.1 from its frozen rows: exact cents, the same bytes each time.

Less than nothing becomes a CreditNote (381) with its amounts turned round; all else is an Invoice (380) whose credit
and discount lines have a negative quantity, for a price may not be negative (BR-27).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import override

from spaces.explaining import tell
from spaces.money import euro
from tenants.billing.einvoice import parties
from tenants.billing.einvoice.identifying import EInvoiceImpossible, obstacles
from tenants.billing.einvoice.tree import EURO, Node, amount, group, root, text, written
from tenants.billing.models import Invoice, InvoiceLine, InvoiceVat
from tenants.billing.vat import EXEMPT, EXEMPT_TEXT, category

UNITS = {"hour": "HUR", "day": "DAY", "week": "WEE", "month": "MON", "m2": "MTK", "kwh": "KWH"}
"""Units in the code list of the United Nations (Recommendation 20); everything else is counted by the piece."""
PIECE = "C62"
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


@dataclass(frozen=True)
class Profile:
    """A way of using EN 16931; `name` is for file names and addresses, `customization` what the document says."""

    name: str
    customization: str


NLCIUS = Profile("nlcius", "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0")
PEPPOL = Profile("peppol", "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0")
PROFILES = {profile.name: profile for profile in (NLCIUS, PEPPOL)}


@dataclass(frozen=True)
class _Kind:
    """An Invoice or a CreditNote: what its elements are called, and the sign that makes its amounts positive."""

    name: str
    code: str
    quantity: str
    sign: int


INVOICE = _Kind("Invoice", "380", "InvoicedQuantity", 1)
CREDIT_NOTE = _Kind("CreditNote", "381", "CreditedQuantity", -1)


def ubl(invoice: Invoice, profile: Profile) -> bytes:
    """The e-invoice of an issued invoice. Raises EInvoiceImpossible; ValueError for a draft.

    The two profiles differ in their CustomizationID only. One query when the lines are at hand.
    """
    if invoice.issued_on is None:
        raise ValueError(f"{invoice} has not been issued")
    if why := obstacles(invoice):
        raise EInvoiceImpossible(" ".join(why))
    with override(invoice.language):
        corrected = _corrected(invoice)
        kind = CREDIT_NOTE if invoice.is_credit_note and corrected else INVOICE
        return written(root(kind.name, _parts(invoice, profile, kind, corrected)))


def _corrected(invoice: Invoice) -> list[str]:
    """The numbers of the invoices that it takes something back of, from their lines and as a whole."""
    by_lines = Invoice.objects.filter(lines__charge__credited_by__invoice_line__invoice=invoice)
    found = set(by_lines.values_list("number", flat=True))
    if invoice.corrects_id:
        found.add(Invoice.objects.values_list("number", flat=True).get(pk=invoice.corrects_id))
    return sorted(str(number) for number in found if number)


def _parts(invoice: Invoice, profile: Profile, kind: _Kind, corrected: list[str]) -> Iterator[Node | None]:
    """In the order of the schema. A credit note has no due date of its own."""
    lines = list(invoice.lines.all())
    yield text("CustomizationID", profile.customization)
    yield text("ProfileID", PROCESS)
    yield text("ID", invoice.number)
    yield text("IssueDate", invoice.issued_on)
    if kind is INVOICE:
        yield text("DueDate", invoice.due_on)
    yield text(f"{kind.name}TypeCode", kind.code)
    yield text("DocumentCurrencyCode", EURO)
    yield text("BuyerReference", parties.reference(invoice.buyer))
    yield _period(min(line.starts_on for line in lines), max(line.ends_on for line in lines))
    for number in corrected:
        yield group("BillingReference", group("InvoiceDocumentReference", text("ID", number)))
    yield group("AccountingSupplierParty", parties.seller(invoice.seller))
    yield group("AccountingCustomerParty", parties.buyer(invoice.buyer))
    yield parties.payment(invoice)
    yield _vat(invoice, kind.sign)
    yield _totals(invoice, kind.sign)
    for line in lines:
        yield _line(line, kind)


def _period(first: date, last: date) -> Node | None:
    return group("InvoicePeriod", text("StartDate", first), text("EndDate", last))


def _vat(invoice: Invoice, sign: int) -> Node | None:
    each = [_subtotal(row, sign) for row in invoice.vat_lines.all()]
    return group("TaxTotal", amount("TaxAmount", sign * invoice.vat), *each)


def _subtotal(row: InvoiceVat, sign: int) -> Node | None:
    reason = EXEMPT_TEXT if row.category == EXEMPT else ""
    return group(
        "TaxSubtotal",
        amount("TaxableAmount", sign * row.net),
        amount("TaxAmount", sign * row.vat),
        _category("TaxCategory", row.category, row.rate, reason=reason),
    )


def _category(name: str, code: str, rate: Decimal, *, reason: str = "") -> Node | None:
    return group(
        name,
        text("ID", code),
        text("Percent", f"{rate:.2f}"),
        text("TaxExemptionReason", reason),
        group("TaxScheme", text("ID", "VAT")),
    )


def _totals(invoice: Invoice, sign: int) -> Node | None:
    return group(
        "LegalMonetaryTotal",
        amount("LineExtensionAmount", sign * invoice.net),
        amount("TaxExclusiveAmount", sign * invoice.net),
        amount("TaxInclusiveAmount", sign * invoice.gross),
        amount("PrepaidAmount", invoice.prepaid) if invoice.prepaid else None,
        amount("PayableAmount", sign * invoice.payable),
    )


def _line(line: InvoiceLine, kind: _Kind) -> Node | None:
    quantity, price = _quantity_and_price(line, kind.sign)
    return group(
        f"{kind.name}Line",
        text("ID", line.position),
        text(kind.quantity, _digits(quantity), unitCode=UNITS.get(line.unit, PIECE)),
        amount("LineExtensionAmount", kind.sign * line.net),
        _period(line.starts_on, line.ends_on),
        group(
            "Item",
            text("Description", tell(line.reason)),
            _name(line),
            _category("ClassifiedTaxCategory", category(line.vat_treatment, line.vat_rate), line.vat_rate),
        ),
        group("Price", text("PriceAmount", _digits(price, least=2), currencyID=EURO)),
    )


def _name(line: InvoiceLine) -> Node | None:
    """What it is; by its kind when the description holds no character that XML has."""
    named = text("Name", tell(line.description))
    return text("Name", line.get_kind_display()) if named is None else named


def _quantity_and_price(line: InvoiceLine, sign: int) -> tuple[Decimal, Decimal]:
    """The price is never negative and the quantity has the sign of the amount; together they make exactly its cents.

    The last part of a credit is a remainder that no multiplication gives: that is one piece of its amount.
    """
    quantity, price = abs(line.quantity), abs(line.unit_price)
    if euro(quantity * price) != abs(line.net):
        quantity, price = Decimal(1), abs(line.net)
    return (-quantity if sign * line.net < 0 else quantity), price


def _digits(value: Decimal, *, least: int = 0) -> str:
    """Without zeros at its end, but with `least` decimals: 1.5000 → 1.5, and a price of 27.5000 → 27.50."""
    whole, _point, decimals = f"{value:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    return f"{whole}.{decimals}" if decimals else whole
