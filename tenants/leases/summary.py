"""A lease on one page of paper, in plain words; it does not replace the contract that was signed."""

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from spaces.wording import calendar_date
from tenants.billing import drafting, printing
from tenants.leases.contracts import in_words
from tenants.leases.models import Lease


def pdf(lease: Lease, *, language: str, now: datetime) -> bytes:
    """What counts today (of a lease to come: from its first day on) as a tagged PDF in nl or en.

    `lease` is read with everything.
    """
    today = now.astimezone(lease.hub.zone).date()
    with translation.override(language):
        return printing.typeset("letter", _words(lease, language=language, now=now), on=today)


def file_name(lease: Lease, *, language: str) -> str:
    """contract-HC-1.pdf, lease-HC-1.pdf"""
    number = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in lease.number)
    with translation.override(language):
        return _("lease-%(number)s.pdf") % {"number": number}


def _words(lease: Lease, *, language: str, now: datetime) -> dict[str, Any]:
    day = in_words.day_of(lease, now)
    seller = drafting.seller_of(lease.hub)
    rows = [[fact.name, "\n".join(fact.lines)] for fact in in_words.facts(lease, day)]
    table = {"heads": [_("What"), _("As agreed")], "wide": 1, "numbers": 2, "rows": rows, "total": []}
    return {
        "language": language,
        "title": _("Summary of lease %(number)s") % {"number": lease.number},
        "page": _("page {page} of {pages}"),
        "seller": {
            "hub": seller["hub"],
            "name": seller["name"],
            "lines": [seller["street"], f"{seller['postal_code']} {seller['city']}", seller["email"]],
        },
        "buyer": {"lines": _address(lease)},
        "facts": [[_("As on"), calendar_date(day)], [_("Contract number"), lease.number]],
        "sections": [{"title": "", "words": [], "facts": [], "table": table}],
        "pay": None,
        "closing": [
            _("This is a summary. What was signed counts. Amounts exclude VAT unless it says otherwise.")
        ],
        "footer": [seller["name"], f"KvK {seller['kvk']}"],
    }


def _address(lease: Lease) -> list[str]:
    buyer = drafting.buyer_of(lease.party)
    lines = [
        buyer["name"],
        buyer.get("street", ""),
        f"{buyer.get('postal_code', '')} {buyer.get('city', '')}".strip(),
    ]
    return [line for line in lines if line]
