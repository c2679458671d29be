"""An issued invoice on paper: the words, in its language, and the PDF made of them, with its e-invoice inside."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from spaces import wording
from spaces.explaining import tell
from tenants.billing import letterhead, naming, printing
from tenants.billing.letterhead import in_fours, short
from tenants.billing.models import Invoice, InvoiceLine, InvoiceVat
from tenants.billing.online import back_seen
from tenants.billing.vat import EXEMPT, EXEMPT_TEXT
from tenants.parties.mailing import File


def pdf(invoice: Invoice, *, inside: bytes | None = None) -> bytes:
    """The invoice as a tagged PDF with its e-invoice `inside`, if it has one; the same bytes each time.

    Raises ValueError for a draft: only an issued invoice goes on paper.
    """
    if invoice.issued_on is None:
        raise ValueError(f"{invoice} has not been issued")
    with override(invoice.language):
        file = File(naming.xml_name(invoice), "application/xml", inside) if inside else None
        told = _("The same invoice for a computer (UBL, NLCIUS)")
        return printing.typeset("invoice", content(invoice), on=invoice.issued_on, attached=file, told=told)


def content(invoice: Invoice) -> dict[str, Any]:
    """All that the paper says, as texts in the language of the invoice. Art. 35a Wet OB names most of it."""
    with override(invoice.language):
        frame = letterhead.frame(
            invoice.seller, invoice.buyer, language=invoice.language, title=title(invoice)
        )
        return frame | {
            "facts": _facts(invoice),
            "references": _references(invoice.buyer),
            "columns": [_("What"), _("Quantity and price"), _("VAT"), _("Excl. VAT")],
            "lines": [_line(line) for line in invoice.lines.all()],
            "totals": _totals(invoice),
            "total": [_("Total incl. VAT"), wording.euro(invoice.gross)],
            "paid": _paid(invoice),
            "notes": list(_notes(invoice)),
            "pay": _pay(invoice),
        }


def title(invoice: Invoice) -> str:
    """What it is called: an invoice, or a credit note when it gives more back than it asks for."""
    words = _("Credit note %(number)s") if invoice.is_credit_note else _("Invoice %(number)s")
    return words % {"number": invoice.number}


def quantity(line: InvoiceLine) -> str:
    """How much of what: 2,5 uur, 1 dagdeel, 3 dagen."""
    amount = line.quantity
    few = 1 if abs(amount) == 1 else 2
    units = {
        "hour": ngettext("%(number)s hour", "%(number)s hours", few),
        "day_part": ngettext("%(number)s day part", "%(number)s day parts", few),
        "day": ngettext("%(number)s day", "%(number)s days", few),
        "week": ngettext("%(number)s week", "%(number)s weeks", few),
        "month": ngettext("%(number)s month", "%(number)s months", few),
        "quarter": ngettext("%(number)s quarter", "%(number)s quarters", few),
    }
    return units.get(line.unit, "%(number)s") % {"number": wording.number(amount, most=4)}


def unit_price(line: InvoiceLine) -> str:
    """The price of one, excluding VAT, in as many decimals as it has: two at least."""
    if line.unit_price == line.unit_price.quantize(Decimal("0.01")):
        return wording.euro(line.unit_price)
    return f"€{wording.NBSP}{wording.number(line.unit_price, most=4, least=2)}"


def _facts(invoice: Invoice) -> list[list[str]]:
    lines = list(invoice.lines.all())
    first, last = min(line.starts_on for line in lines), max(line.ends_on for line in lines)
    return [
        [_("Invoice number"), str(invoice.number)],
        [_("Invoice date"), short(invoice.issued_on)],
        [_("Period"), f"{short(first)} {wording.DASH} {short(last)}"],
        _by_when(invoice),
    ]


def _by_when(invoice: Invoice) -> list[str]:
    if invoice.prepaid and not invoice.payable:
        return [_("Paid on"), short(invoice.issued_on)]
    return [_("We pay by") if invoice.is_credit_note else _("Pay by"), short(invoice.due_on)]


def _references(buyer: dict[str, str]) -> list[list[str]]:
    known = [
        [_("Your reference"), buyer["purchase_reference"]],
        [_("Your KvK number"), buyer["kvk"]],
        [_("Your VAT id"), buyer["vat_id"]],
    ]
    return [row for row in known if row[1]]


def _line(line: InvoiceLine) -> dict[str, str]:
    return {
        "date": short(line.starts_on) if line.starts_on == line.ends_on else _days(line),
        "description": tell(line.description),
        "reason": tell(line.reason),
        "price": f"{quantity(line)} × {unit_price(line)}",
        "vat": wording.percent(line.vat_rate) if line.vat_rate else _("exempt"),
        "net": wording.euro(line.net),
    }


def _days(line: InvoiceLine) -> str:
    return f"{short(line.starts_on)} {wording.DASH} {short(line.ends_on)}"


def _totals(invoice: Invoice) -> list[list[str]]:
    sums = [[vat_words(each), wording.euro(each.vat)] for each in invoice.vat_lines.all()]
    return [[_("Total excl. VAT"), wording.euro(invoice.net)], *sums]


def _paid(invoice: Invoice) -> list[list[str]]:
    """What was paid when it was made, and what is left of it."""
    if not invoice.prepaid:
        return []
    return [
        [_("Paid online"), wording.euro(-invoice.prepaid)],
        [_("To pay"), wording.euro(invoice.payable)],
    ]


def vat_words(each: InvoiceVat) -> str:
    """Over what which rate was computed."""
    if each.category == EXEMPT:
        return _("Exempt from VAT over %(net)s") % {"net": wording.euro(each.net)}
    return _("%(rate)s VAT over %(net)s") % {
        "rate": wording.percent(each.rate),
        "net": wording.euro(each.net),
    }


def _notes(invoice: Invoice) -> Iterator[str]:
    if any(each.category == EXEMPT for each in invoice.vat_lines.all()):
        yield f"{EXEMPT_TEXT}."


def _pay(invoice: Invoice) -> dict[str, Any]:
    if invoice.is_credit_note:
        return _back(invoice)
    if invoice.gross == 0:
        return letterhead.plain(_("How to pay"), _("There is nothing to pay."), [])
    if invoice.payable == 0:
        words = _("This invoice has been paid. You need not do anything.")
        return letterhead.plain(_("Paid"), words, [])
    if invoice.is_collected:
        return _collected(invoice)
    words = _("Please transfer %(amount)s by %(day)s and name the payment reference.") % {
        "amount": wording.euro(invoice.payable),
        "day": wording.day(invoice.due_on) if invoice.due_on else "",
    }
    return letterhead.pay_by_transfer(
        invoice.seller, amount=invoice.payable, reference=invoice.payment_reference, words=words
    )


def _collected(invoice: Invoice) -> dict[str, Any]:
    words = _(
        "You need not do anything: we collect %(amount)s from your account. We tell you the day beforehand."
    )
    facts = [
        (_("From account"), _account(invoice.buyer)),
        (_("Mandate reference"), invoice.buyer["mandate"]),
        (_("Our creditor id"), invoice.seller.get("creditor_id", "") if invoice.buyer.get("iban") else ""),
        (_("Payment reference"), in_fours(invoice.payment_reference)),
    ]
    return letterhead.plain(
        _("We collect it"),
        words % {"amount": wording.euro(invoice.payable)},
        [fact for fact in facts if fact[1]],
    )


def _account(buyer: dict[str, str]) -> str:
    """Of a mandate that was given online only the end of the number is known here."""
    if buyer.get("iban"):
        return in_fours(buyer["iban"])
    return f"… {buyer['account']}" if buyer.get("account") else ""


def _back(invoice: Invoice) -> dict[str, Any]:
    day = wording.day(invoice.due_on) if invoice.due_on else ""
    words = _(
        "You get %(amount)s back. We settle it with what you still have to pay, or transfer it by %(day)s."
    ) % {"amount": wording.euro(invoice.back), "day": day}
    if refunds := back_seen.of_note(invoice.receivable):
        line = _("%(amount)s of it goes back the way you paid: %(way)s. You need not do anything.")
        words = " ".join(
            line % {"amount": wording.euro(row.refund.amount), "way": row.way} for row in refunds
        )
    return letterhead.plain(
        _("What you get back"),
        words,
        [(_("Questions"), invoice.seller["email"])],
    )
