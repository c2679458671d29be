"""How an invoice goes to who pays it. By e-mail now; an access point of the Peppol network is a sender beside it."""

from datetime import datetime
from typing import Protocol

from tenants.billing import naming
from tenants.billing.models import Invoice
from tenants.billing.online import back_seen, links
from tenants.parties import mailing
from tenants.parties.mailing import File


class EInvoiceSender(Protocol):
    """A way to deliver an invoice. `send` runs in a transaction: it writes what is owed, a worker does it later."""

    def reaches(self, invoice: Invoice) -> bool:
        """Whether this way leads to the buyer."""

    def send(self, invoice: Invoice, *, pdf: bytes, xml: bytes | None, now: datetime) -> None:
        """Owe the delivery of the paper and, if it has one, its e-invoice; once, also when called again."""


class ByEmail:
    """A letter with the paper and the e-invoice as attachments, to the address for invoices."""

    def reaches(self, invoice: Invoice) -> bool:
        """Whether there is an address; without one the paper is printed and posted."""
        return bool(invoice.party.email)

    def send(self, invoice: Invoice, *, pdf: bytes, xml: bytes | None, now: datetime) -> None:
        """Owe the letter, in the language of the invoice."""
        files = [File(naming.pdf_name(invoice), "application/pdf", pdf)]
        if xml:
            files.append(File(naming.xml_name(invoice), "application/xml", xml))
        mailing.post(
            key=letter_key(invoice),
            kind="invoice",
            hub=invoice.hub,
            to_email=invoice.party.email,
            to_name=invoice.party.contact_name or invoice.party.name,
            party=invoice.party,
            language=invoice.language,
            context={
                "invoice": invoice,
                "has_xml": xml is not None,
                "pay_links": _pay_links(invoice),
                "refunds": back_seen.of_note(invoice.receivable) if invoice.is_credit_note else [],
            },
            attachments=files,
            due_at=now,
        )


def _pay_links(invoice: Invoice) -> list[str]:
    """Where it can be paid online, when there is something to pay."""
    return links.offered([invoice.receivable]) if invoice.payable > 0 else []


SENDERS: tuple[EInvoiceSender, ...] = (ByEmail(),)
"""Asked in this order, the first that reaches the buyer sends: an access point is to stand before the e-mail."""


def letter_key(invoice: Invoice) -> str:
    """Names the fact that an invoice is there; two hubs may have the same number."""
    return f"invoice:{invoice.hub.slug}:{invoice.number}"


def send(invoice: Invoice, *, pdf: bytes, xml: bytes | None, now: datetime) -> None:
    """Deliver by the first way that leads to the buyer; nothing when none does."""
    for sender in SENDERS:
        if sender.reaches(invoice):
            sender.send(invoice, pdf=pdf, xml=xml, now=now)
            return
