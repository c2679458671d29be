"""The list of open items as a bookkeeper exports it, understood cell by cell; all that is wrong with it at once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from spaces import wording
from spaces.money import euro
from tenants.billing import numbering
from tenants.billing.old_items import OldItem
from tenants.leases import tabular
from tenants.leases.hub_import import cells, moments
from tenants.leases.hub_import.findings import Findings, Place, Unreadable
from tenants.leases.hub_import.recognising import is_same_name
from tenants.leases.hub_import.sheets import Column, Row, Table, TableSpec
from tenants.parties.models import Party

SPEC = TableSpec(
    "",
    (
        Column("number", "Factuurnummer", ("factuur", "nummer", "factuurnr")),
        Column("party", "Partij", ("debiteur", "relatie", "klant", "naam")),
        Column("issued_on", "Factuurdatum", ("datum",)),
        Column("due_on", "Vervaldatum", ("vervalt op", "te betalen voor")),
        Column("net", "Bedrag excl. btw", ("excl btw", "netto", "bedrag excl")),
        Column("vat", "Btw", ("btw bedrag",)),
        Column("gross", "Bedrag incl. btw", ("incl btw", "bruto", "bedrag incl", "bedrag")),
        Column("open", "Openstaand", ("open", "saldo", "nog te betalen")),
        Column("reference", "Betalingskenmerk", ("kenmerk",), required=False),
        Column("description", "Omschrijving", ("betreft",), required=False),
        Column("method", "Betaalwijze", ("betaling",), required=False),
    ),
    anchors=("number", "open"),
)


@dataclass(frozen=True)
class Read:
    """An item with where it stands in the file."""

    item: OldItem
    place: Place
    description_at: Place


def read(content: bytes, *, parties: Iterable[Party]) -> tuple[list[Read], Findings]:
    """The items of the file and all that is wrong with it. Raises tabular.FileRefused when it is no such list."""
    findings = Findings()
    table = Table(SPEC, tabular.grid(tabular.text_of(content)), findings)
    known, seen, found = list(parties), dict[str, int](), []
    for row in table.rows():
        item = _item(row, known)
        number = row.text_with_numbers("number", most=30)
        if number in seen:
            row.error("number", _("This number is there twice, also in row %(row)d.") % {"row": seen[number]})
        seen.setdefault(number, row.number)
        if item is not None and not row.failed:
            found.append(Read(item, row.place("number"), row.place("description")))
    if not seen and not findings.errors:
        findings.error(Place(), _("There is nothing in this list. Choose the file with the open items."))
    return found, findings.sorted()


def _item(row: Row, parties: list[Party]) -> OldItem | None:
    """One row; None when it cannot be read, or when nothing of it is open any more."""
    number = (
        row.text_with_numbers("number", most=30) if row.has("number") else row.text("number", required=True)
    )
    party = row.read("party", lambda value: _party(str(value), parties), required=True)
    issued_on = row.read("issued_on", moments.day, required=True)
    due_on = row.read("due_on", moments.day, required=True)
    net, vat, gross, left = (row.read(key, _cents, required=True) for key in ("net", "vat", "gross", "open"))
    reference = row.read("reference", _reference) or ""
    description = row.text_with_numbers("description", most=200)
    if not (party and issued_on and due_on) or net is None or vat is None or gross is None or left is None:
        row.failed = True
        return None
    if due_on < issued_on:
        row.error("due_on", _("This is before the invoice date."))
    _check_amounts(row, net=net, vat=vat, gross=gross, left=left)
    _check_reference(row, reference)
    item = OldItem(
        number=number, party=party, issued_on=issued_on, due_on=due_on, net=net, vat=vat, amount=gross,
        payment_reference=reference, description=description,
    )  # fmt: skip
    return _what_is_left(row, item, left) if not row.failed else None


def _check_amounts(row: Row, *, net: Decimal, vat: Decimal, gross: Decimal, left: Decimal) -> None:
    if net + vat != gross:
        words = _("This is not the amount excl. VAT and the VAT together: that makes %(sum)s.")
        row.error("gross", words % {"sum": wording.euro(net + vat)})
    elif left and (left > 0) is not (gross > 0):
        row.error("open", _("An invoice is open above zero, and a credit note below it."))
    elif abs(left) > abs(gross):
        row.error("open", _("More is open than was asked: %(gross)s.") % {"gross": wording.euro(gross)})


def _what_is_left(row: Row, item: OldItem, left: Decimal) -> OldItem | None:
    """Of what was paid in part before, the rest with its part of the VAT."""
    if left == item.amount:
        return item
    if left == 0:
        row.remark("open", _("Nothing of it is open. It is not read in."))
        return None
    words = _("%(paid)s of %(gross)s was paid before: %(left)s is taken over.")
    row.remark(
        "open",
        words
        % {
            "paid": wording.euro(item.amount - left),
            "gross": wording.euro(item.amount),
            "left": wording.euro(left),
        },
    )
    vat = euro(item.vat * left / item.amount)
    return replace(item, net=euro(left - vat), vat=vat, amount=euro(left))


def _party(name: str, parties: list[Party]) -> Party:
    exact = [party for party in parties if party.name.casefold() == name.casefold()]
    found = exact or [party for party in parties if is_same_name(party.name, name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise Unreadable(_("There are more parties with this name. Write it as it is in Plein."))
    close = get_close_matches(name, [party.name for party in parties], n=1, cutoff=0.7)
    if close:
        words = _("“%(name)s” is not known. Do you mean “%(close)s”? Write the name as it is in Plein.")
        raise Unreadable(words % {"name": name[:60], "close": close[0]})
    words = _("“%(name)s” is not known. Read the parties in first, or write the name as it is in Plein.")
    raise Unreadable(words % {"name": name[:60]})


def _cents(value: Any) -> Decimal:
    amount = cells.number(value)
    if euro(amount) != amount:
        raise Unreadable(_("Write an amount in whole cents: 37,50."))
    return euro(amount)


def _reference(value: Any) -> str:
    bare = str(value).replace(" ", "").replace(".", "")
    if not (bare.isascii() and bare.isdigit() and 7 <= len(bare) <= 16):
        raise Unreadable(_("A payment reference has 7 to 16 digits, zeros in front included."))
    return bare


def _check_reference(row: Row, reference: str) -> None:
    if not reference or numbering.is_reference(reference):
        return
    if numbering.is_reference(f"0{reference}"):
        row.error(
            "reference",
            _("The zero in front got lost: write 0%(reference)s, as text.") % {"reference": reference},
        )
    else:
        row.remark("reference", _("The check digit of this payment reference is wrong; it is kept as it is."))
