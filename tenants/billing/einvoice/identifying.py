"""By which numbers an e-invoice finds its seller and buyer, and what stands in its way.

Dutch parties only: a VAT id that is not Dutch cannot be stored, and who has neither KvK number nor OIN (a consumer,
somebody abroad) gets the PDF.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tenants.billing.models import Invoice

KVK = re.compile(r"\d{8}", re.ASCII)
OIN = re.compile(r"\d{20}", re.ASCII)
ADDRESS = ("street", "postal_code", "city")


class EInvoiceImpossible(Exception):
    """Something that every e-invoice must name is not known; `message` is for the person."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True)
class Number:
    """A number and its scheme in the list of electronic addresses: 0106 is KvK, 0190 is OIN."""

    value: str
    scheme: str


def endpoint(party: Mapping[str, str]) -> Number | None:
    """Where an e-invoice is delivered: a public body by its OIN, everybody else by KvK number."""
    return _oin(party) or _kvk(party)


def legal_entity(party: Mapping[str, str]) -> Number | None:
    """Who it is in law: by KvK number, or by OIN for a public body without one (BR-NL-1 and 10)."""
    return _kvk(party) or _oin(party)


def obstacles(invoice: Invoice) -> list[str]:
    """Why there can be no e-invoice of `invoice`, in sentences for the person; none when it can be made."""
    return [*_of_seller(invoice.seller), *_of_buyer(invoice.buyer)]


def hints(invoice: Invoice) -> list[str]:
    """What is allowed and deserves a look: a public body that gave no reference may send the invoice back."""
    if _oin(invoice.buyer) and not invoice.buyer.get("purchase_reference", "").strip():
        return [
            _(
                "%(party)s is a public body and gave no purchase reference. It may refuse the e-invoice. Ask for one."
            )
            % {"party": invoice.buyer["name"]}
        ]
    return []


def _of_seller(seller: Mapping[str, str]) -> Iterator[str]:
    if not _kvk(seller):
        yield _("Our own KvK number is not right: it has 8 digits.")
    if not _complete(seller):
        yield _("Our own address is not complete.")


def _of_buyer(buyer: Mapping[str, str]) -> Iterator[str]:
    if legal_entity(buyer) is None:
        yield _("%(party)s has no KvK number and no OIN; an e-invoice must name one of them.") % {
            "party": buyer["name"]
        }
    if not _complete(buyer):
        yield _("The address of %(party)s is not complete: street, postal code and place.") % {
            "party": buyer["name"]
        }


def _kvk(party: Mapping[str, str]) -> Number | None:
    return _matching(party.get("kvk", ""), KVK, "0106")


def _oin(party: Mapping[str, str]) -> Number | None:
    return _matching(party.get("oin", ""), OIN, "0190")


def _matching(value: str, form: re.Pattern[str], scheme: str) -> Number | None:
    return Number(value, scheme) if form.fullmatch(value) else None


def _complete(party: Mapping[str, str]) -> bool:
    return all(party.get(name, "").strip() for name in ADDRESS)
