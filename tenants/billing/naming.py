"""File names of an issued invoice, in its language: factuur-2026-0203.pdf, creditfactuur-2026-0204.xml."""

import re

from django.utils.translation import gettext, override

from tenants.billing.models import Invoice

UNSAFE = re.compile(r"[^0-9A-Za-z._-]+")


def pdf_name(invoice: Invoice) -> str:
    """Of the paper."""
    with override(invoice.language):
        name = (
            gettext("credit-note-%(number)s.pdf")
            if invoice.is_credit_note
            else gettext("invoice-%(number)s.pdf")
        )
        return UNSAFE.sub("-", name % {"number": invoice.number})


def xml_name(invoice: Invoice, profile: str = "") -> str:
    """Of the e-invoice; with the name of the profile where both stand side by side."""
    stem = pdf_name(invoice).removesuffix(".pdf")
    return f"{stem}-{profile}.xml" if profile else f"{stem}.xml"
