"""What every paper says: who sends it, to whom, how to pay; as texts in the active language."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from segno import helpers

NAME_LENGTH = 70
"""As many characters as a bank reads of a name (EPC069-12)."""


def frame(
    seller: Mapping[str, str], buyer: Mapping[str, str], *, language: str, title: str
) -> dict[str, Any]:
    """The parts around a paper's own words."""
    return {
        "language": language,
        "title": title,
        "page": _("page {page} of {pages}"),
        "seller": {
            "hub": seller["hub"],
            "name": seller["name"],
            "lines": [seller["street"], f"{seller['postal_code']} {seller['city']}", seller["email"]],
        },
        "buyer": {"lines": _address(buyer)},
        "footer": _footer(seller),
    }


def pay_by_transfer(
    seller: Mapping[str, str], *, amount: Decimal, reference: str, words: str, text: str = ""
) -> dict[str, Any]:
    """The block that tells how to pay; with a QR code when there is something to pay.

    `reference` is the payment reference. Without one `text` says what a transfer has to name (invoice numbers).
    """
    named = [_("Payment reference"), in_fours(reference)] if reference else [_("Please name"), text]
    facts = [["IBAN", in_fours(seller["iban"])], [_("In the name of"), seller["name"]], named]
    return {
        "title": _("How to pay"),
        "words": words,
        "facts": [fact for fact in facts if fact[1]],
        "qr": _qr(seller, amount=amount, reference=reference, text=text),
    }


def plain(title: str, words: str, facts: Sequence[Sequence[str]]) -> dict[str, Any]:
    """The same block when there is nothing to transfer."""
    return {"title": title, "words": words, "facts": [list(fact) for fact in facts], "qr": None}


def short(day: date | None) -> str:
    """01-12-2026"""
    return f"{day:%d-%m-%Y}" if day else ""


def in_fours(text: str) -> str:
    """NL91 ABNA 0417 1643 00: for the eye, and text to a spreadsheet, which would round so long a number."""
    bare = text.replace(" ", "")
    return " ".join(bare[at : at + 4] for at in range(0, len(bare), 4))


def _qr(seller: Mapping[str, str], *, amount: Decimal, reference: str, text: str) -> dict[str, str] | None:
    """The square that a bank's app reads (EPC069-12); only for an amount to pay and with something to name."""
    if amount <= 0 or not (reference or text):
        return None
    code = helpers.make_epc_qr(
        name=" ".join(seller["name"].split())[:NAME_LENGTH].strip(),
        iban="".join(seller["iban"].split()),
        amount=amount,
        reference=reference or None,
        text=None if reference else text[:140],
        encoding="utf-8",
    )
    drawn = io.BytesIO()
    code.save(
        drawn, kind="svg", border=0, xmldecl=False, nl=False, svgclass=None, lineclass=None, dark="#24221c"
    )
    return {
        "svg": drawn.getvalue().decode(),
        "alt": _("QR code to pay with the app of your bank"),
        "words": _("Pay with your bank's app"),
    }


def _address(buyer: Mapping[str, str]) -> list[str]:
    contact = _("attn. %(name)s") % {"name": buyer["contact_name"]} if buyer.get("contact_name") else ""
    lines = [buyer["name"], contact, buyer["street"], f"{buyer['postal_code']} {buyer['city']}".strip()]
    return [line for line in lines if line]


def _footer(seller: Mapping[str, str]) -> list[str]:
    return [
        seller["name"],
        f"KvK {seller['kvk']}",
        _("VAT id %(id)s") % {"id": seller["vat_id"]},
        f"IBAN {in_fours(seller['iban'])}",
    ]
