"""An issued invoice on paper: the words, in its language, and the PDF made of them.

Words go into the template as data, never as source. The same invoice gives the same bytes.
"""

import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces import wording
from spaces.explaining import tell
from tenants.billing.models import Invoice, InvoiceLine, InvoiceVat
from tenants.billing.vat import EXEMPT, EXEMPT_TEXT

PAPER = Path(__file__).parent / "paper"
STANDARDS: list[Any] = ["a-3a", "ua-1"]
"""To be kept for ten years (PDF/A-3) and read aloud (PDF/UA)."""


def pdf(invoice: Invoice) -> bytes:
    """The invoice as a tagged PDF. Runs no code and reads no file that its words name; a few milliseconds.

    Letters that no font of ours has would break the archive standard: such an invoice is made without it.
    """
    words = json.dumps(content(invoice), ensure_ascii=False)
    try:
        return _typeset(words, invoice, STANDARDS)
    except typst.TypstError:
        return _typeset(words, invoice, [])


def content(invoice: Invoice) -> dict[str, Any]:
    """All that the paper says, as texts in the language of the invoice. Art. 35a Wet OB names most of it."""
    with translation.override(invoice.language):
        words: dict[str, Any] = _printable(
            {
                "language": invoice.language,
                "title": title(invoice),
                "issued": {name: getattr(_issued_on(invoice), name) for name in ("year", "month", "day")},
                "page": _("page {page} of {pages}"),
                "seller": _seller(invoice.seller),
                "buyer": {"lines": _address(invoice.buyer)},
                "facts": _facts(invoice),
                "references": _references(invoice.buyer),
                "columns": [_("What"), _("Quantity and price"), _("VAT"), _("Excl. VAT")],
                "lines": [_line(line) for line in invoice.lines.all()],
                "totals": _totals(invoice),
                "total": [_("Total incl. VAT"), wording.euro(invoice.gross)],
                "notes": list(_notes(invoice)),
                "pay": _back(invoice) if invoice.is_credit_note else _pay(invoice),
                "footer": _footer(invoice.seller),
            }
        )
        return words


def title(invoice: Invoice) -> str:
    """What it is called: an invoice, or a credit note when it gives more back than it asks for."""
    words = _("Credit note %(number)s") if invoice.is_credit_note else _("Invoice %(number)s")
    return words % {"number": invoice.number}


def quantity(line: InvoiceLine) -> str:
    """How much of what: 2,5 uur, 1 dagdeel, 3 dagen."""
    amount = line.quantity
    few = 1 if amount == 1 else 2
    units = {
        "hour": ngettext("%(number)s hour", "%(number)s hours", few),
        "day_part": ngettext("%(number)s day part", "%(number)s day parts", few),
        "day": ngettext("%(number)s day", "%(number)s days", few),
        "week": ngettext("%(number)s week", "%(number)s weeks", few),
    }
    return units.get(line.unit, "%(number)s") % {"number": wording.number(amount, most=4)}


def unit_price(line: InvoiceLine) -> str:
    """The price of one, excluding VAT, in as many decimals as it has: two at least."""
    if line.unit_price == line.unit_price.quantize(Decimal("0.01")):
        return wording.euro(line.unit_price)
    return f"€{wording.NBSP}{wording.number(line.unit_price, most=4, least=2)}"


def _typeset(words: str, invoice: Invoice, standards: list[Any]) -> bytes:
    made: bytes = typst.compile(
        str(PAPER / "invoice.typ"),
        root=str(PAPER),
        font_paths=[str(PAPER / "fonts")],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"invoice": words},
        pdf_standards=standards,
        timestamp=datetime.combine(_issued_on(invoice), time.min, tzinfo=UTC),
    )
    return made


def _issued_on(invoice: Invoice) -> date:
    """Raises ValueError for a draft: only an issued invoice goes on paper."""
    if invoice.issued_on is None:
        raise ValueError(f"{invoice} has not been issued")
    return invoice.issued_on


def _seller(seller: dict[str, str]) -> dict[str, Any]:
    return {
        "hub": seller["hub"],
        "name": seller["name"],
        "lines": [seller["street"], f"{seller['postal_code']} {seller['city']}", seller["email"]],
    }


def _address(buyer: dict[str, str]) -> list[str]:
    contact = _("attn. %(name)s") % {"name": buyer["contact_name"]} if buyer["contact_name"] else ""
    lines = [buyer["name"], contact, buyer["street"], f"{buyer['postal_code']} {buyer['city']}".strip()]
    return [line for line in lines if line]


def _facts(invoice: Invoice) -> list[list[str]]:
    lines = list(invoice.lines.all())
    first, last = min(line.starts_on for line in lines), max(line.ends_on for line in lines)
    return [
        [_("Invoice number"), str(invoice.number)],
        [_("Invoice date"), _short(invoice.issued_on)],
        [_("Period"), f"{_short(first)} {wording.DASH} {_short(last)}"],
        [_("We pay by") if invoice.is_credit_note else _("Pay by"), _short(invoice.due_on)],
    ]


def _references(buyer: dict[str, str]) -> list[list[str]]:
    known = [
        [_("Your reference"), buyer["purchase_reference"]],
        [_("Your KvK number"), buyer["kvk"]],
        [_("Your VAT id"), buyer["vat_id"]],
    ]
    return [row for row in known if row[1]]


def _line(line: InvoiceLine) -> dict[str, str]:
    return {
        "date": _short(line.starts_on) if line.starts_on == line.ends_on else _days(line),
        "description": tell(line.description),
        "reason": tell(line.reason),
        "price": f"{quantity(line)} × {unit_price(line)}",
        "vat": wording.percent(line.vat_rate) if line.vat_rate else _("exempt"),
        "net": wording.euro(line.net),
    }


def _days(line: InvoiceLine) -> str:
    return f"{_short(line.starts_on)} {wording.DASH} {_short(line.ends_on)}"


def _totals(invoice: Invoice) -> list[list[str]]:
    sums = [[vat_words(each), wording.euro(each.vat)] for each in invoice.vat_lines.all()]
    return [[_("Total excl. VAT"), wording.euro(invoice.net)], *sums]


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
    seller = invoice.seller
    words = _("Please transfer %(amount)s by %(day)s and name the payment reference.") % {
        "amount": wording.euro(invoice.gross),
        "day": wording.day(invoice.due_on) if invoice.due_on else "",
    }
    facts = [
        ["IBAN", in_fours(seller["iban"])],
        [_("In the name of"), seller["name"]],
        [_("Payment reference"), in_fours(invoice.payment_reference)],
    ]
    return {"title": _("How to pay"), "words": words, "facts": facts}


def _back(invoice: Invoice) -> dict[str, Any]:
    words = _(
        "You get %(amount)s back. We settle it with what you still have to pay, or transfer it by %(day)s."
    )
    day = wording.day(invoice.due_on) if invoice.due_on else ""
    return {
        "title": _("What you get back"),
        "words": words % {"amount": wording.euro(invoice.back), "day": day},
        "facts": [[_("Questions"), invoice.seller["email"]]],
    }


def _footer(seller: dict[str, str]) -> list[str]:
    return [
        seller["name"],
        f"KvK {seller['kvk']}",
        _("VAT id %(id)s") % {"id": seller["vat_id"]},
        f"IBAN {in_fours(seller['iban'])}",
    ]


def _short(day: Any) -> str:
    return f"{day:%d-%m-%Y}"


def in_fours(text: str) -> str:
    """NL91 ABNA 0417 1643 00: for the eye, and text to a spreadsheet, which would round so long a number."""
    bare = text.replace(" ", "")
    return " ".join(bare[at : at + 4] for at in range(0, len(bare), 4))


def _printable(value: Any) -> Any:
    """Without control characters, and with a box for symbols that no text font draws (emoji)."""
    if isinstance(value, dict):
        return {key: _printable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_printable(each) for each in value]
    return "".join(map(_glyph, value)) if isinstance(value, str) else value


def _glyph(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in ("Cc", "Cs", "Cf"):
        return " " if letter in "\t\n\r" else ""
    return "\N{WHITE SQUARE}" if kind in ("So", "Co", "Cn") or ord(letter) > 0xFFFF else letter
