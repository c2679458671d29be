"""What was still open in the old books, taken over as it stood there; new invoice numbers go on after the old ones."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from spaces.models import Hub
from tenants.billing.books import posting
from tenants.billing.models import Invoice, NumberRange, Receivable
from tenants.parties.models import Party

OUR_NUMBER = re.compile(r"(20\d\d)-(\d{1,9})")


@dataclass(frozen=True)
class OldItem:
    """One invoice of the old books. `amount` is what is still open of it, net + vat; negative for a credit note."""

    number: str
    party: Party
    issued_on: date
    due_on: date
    net: Decimal
    vat: Decimal
    amount: Decimal
    payment_reference: str = ""
    description: str = ""


def known(hub: Hub, items: Iterable[OldItem]) -> dict[str, bool]:
    """Of the numbers that are here already: whether that is the same item. One query."""
    wanted = {item.number: item for item in items}
    rows = Receivable.objects.filter(hub=hub, number__in=wanted).select_related("party")
    return {row.number: _of(row) == wanted[row.number] for row in rows}


def clashing(hub: Hub, items: Iterable[OldItem]) -> set[str]:
    """Numbers that lie in or after those we have issued in their year: an old one among ours. One query."""
    first: dict[int, int] = {}
    for number in Invoice.objects.issued().filter(hub=hub).values_list("number", flat=True):
        year, place = _parts(number or "")
        first[year] = min(place, first.get(year, place))
    parts = {item.number: _parts(item.number) for item in items}
    return {number for number, (year, place) in parts.items() if year in first and place >= first[year]}


def next_numbers(hub: Hub, items: Iterable[OldItem]) -> dict[int, int]:
    """The number that each year's next invoice gets once these are taken over, where that changes. One query."""
    last: dict[int, int] = defaultdict(int)
    for year, place in (_parts(item.number) for item in items):
        last[year] = max(last[year], place)
    here = dict(NumberRange.objects.filter(hub=hub).values_list("year", "next_number"))
    return {year: place + 1 for year, place in sorted(last.items()) if year and place + 1 > here.get(year, 1)}


def take_over(hub: Hub, items: Iterable[OldItem], *, on: date) -> list[Receivable]:
    """Store items that are not here yet, book them on day `on`, and let our numbers go on after theirs.

    Raises BooksLocked. Call it in a transaction, after `known` and `clashing` found nothing against it.
    """
    rows = list(items)
    for year, number in next_numbers(hub, rows).items():
        NumberRange.objects.get_or_create(hub=hub, year=year)
        numbers = NumberRange.objects.select_for_update().get(hub=hub, year=year)
        NumberRange.objects.filter(pk=numbers.pk, next_number__lt=number).update(next_number=number)
    stored = []
    for item in rows:
        facts = {name: getattr(item, name) for name in OldItem.__dataclass_fields__}
        stored.append(Receivable.objects.create(hub=hub, kind=Receivable.Kind.OLD, **facts))
        posting.old_item(stored[-1], on=on)
    return stored


def _of(row: Receivable) -> OldItem | None:
    if row.kind != Receivable.Kind.OLD:
        return None
    return OldItem(**{name: getattr(row, name) for name in OldItem.__dataclass_fields__})


def _parts(number: str) -> tuple[int, int]:
    """Year and place of a number that looks like ours; zeros for another."""
    found = OUR_NUMBER.fullmatch(number)
    return (int(found[1]), int(found[2])) if found else (0, 0)
