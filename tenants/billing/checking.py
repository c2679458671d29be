"""What stands in the way of an invoice, or deserves a look, before it is made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces.money import VatTreatment
from tenants.billing import vat
from tenants.billing.models import Line
from tenants.billing.vat import DocumentTotal
from tenants.parties.models import Party, PartyKind

PUBLIC_FORMS = frozenset(
    {
        "gemeenschappelijke regeling",
        "gemeente",
        "provincie",
        "waterschap",
        "rijksoverheid",
        "publiekrechtelijke rechtspersoon",
    }
)


@dataclass(frozen=True)
class Remark:
    """Something to look at, in the active language; `stops` means no invoice until it is put right."""

    text: str
    stops: bool = False


def missing_of(seller: Mapping[str, str]) -> list[str]:
    """What every invoice must say about its seller and is not known (art. 35a Wet OB, and where to pay)."""
    needed = {
        "name": _("legal name"),
        "street": _("street and number"),
        "postal_code": _("postal code"),
        "city": _("place"),
        "kvk": _("KvK number"),
        "vat_id": _("VAT id"),
        "iban": _("IBAN"),
    }
    return [words for key, words in needed.items() if not seller.get(key, "").strip()]


def remarks_on(party: Party, lines: Sequence[Line]) -> list[Remark]:
    """What to know about the invoice of `party` with these lines; the ones that stop it come first."""
    found = [*_on_party(party), *_on_lines(party, lines), *_on_total(lines)]
    return sorted(found, key=lambda remark: not remark.stops)


def total_of(lines: Sequence[Line]) -> DocumentTotal | None:
    """The totals, or None when a line's VAT cannot be told."""
    try:
        return vat.of_document(lines)
    except vat.NoVatReason:
        return None


def _on_party(party: Party) -> Iterator[Remark]:
    if not party.has_address:
        yield Remark(_("The address is missing: an invoice must name it. Complete it first."), stops=True)
    if not party.email:
        yield Remark(_("No e-mail address: print this invoice and post it."))
    if not party.kvk and party.kind != PartyKind.EXTERNAL:
        yield Remark(_("No KvK number."))
    if is_public(party) and not party.purchase_reference:
        yield Remark(
            _("A public body without a purchase reference: it may send the invoice back. Ask for it.")
        )


def is_public(party: Party) -> bool:
    """Whether it is a government body: those have an OIN, or the legal form of one."""
    return bool(party.oin) or party.legal_form.strip().lower() in PUBLIC_FORMS


def _on_lines(party: Party, lines: Sequence[Line]) -> Iterator[Remark]:
    if any(not line.vat_reason.strip() for line in lines):
        yield Remark(_("A line does not say why it carries this VAT."), stops=True)
    if not party.vat_id and any(line.vat_treatment == VatTreatment.OPTED_RENT for line in lines):
        yield Remark(_("Taxed letting needs a tenant with a VAT id, and there is none."), stops=True)
    elif not party.vat_id and party.kind == PartyKind.ORGANISATION and any(line.vat_rate for line in lines):
        yield Remark(_("No VAT id, and this invoice carries VAT. Ask for it, if this party has one."))
    if zero := sum(not line.net for line in lines):
        yield Remark(
            ngettext("%(number)s line of zero euros.", "%(number)s lines of zero euros.", zero)
            % {"number": zero}
        )


def _on_total(lines: Sequence[Line]) -> Iterator[Remark]:
    total = total_of(lines)
    if total is None:
        yield Remark(_("A line has no VAT and no exemption that allows it."), stops=True)
    elif total.gross < 0:
        yield Remark(
            _(
                "The total is below zero: this becomes a credit note. Pay it back, or settle it with what is open."
            )
        )
    elif total.gross == 0:
        yield Remark(_("The total is zero."))
