"""What a period of a lease owes, line by line, each with the sentence that explains it: pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext_noop

from spaces.explaining import Sentence, sentence
from spaces.money import Euro, euro, total
from tenants.billing.charging import Owed
from tenants.billing.models import LineKind
from tenants.leases import naming, rent, rent_reasons
from tenants.leases.instalments import Days, quarter_of
from tenants.leases.models import LeaseTerms
from tenants.leases.rent import Agreement, Piece
from tenants.leases.rent_vat import Vat, of_advance, of_rent

MONTH, QUARTER, PART = "month", "quarter", "part"
"""Units of a line."""


@dataclass(frozen=True)
class Contract:
    """How the lines name the lease: its number, and the room when it is of one room."""

    number: str
    cost_centre: str = ""


def lines(contract: Contract, agreement: Agreement, *, starts: date, ends: date) -> list[Owed]:
    """The rent, what is taken off it, and the service advances of a period; nothing for what costs nothing."""
    by_line = partial(_together, days=(starts, ends), apart=agreement.payers_change_on)
    return [
        *_rent(contract, by_line(rent.rents(agreement, starts=starts, ends=ends))),
        *_advances(contract, by_line(rent.advances(agreement, starts=starts, ends=ends))),
    ]


def _together(pieces: Sequence[Piece], *, days: Days, apart: Collection[date]) -> list[list[Piece]]:
    """The pieces by line: the three months of a quarter in which nothing changes are one."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        last = groups[-1] if groups else []
        whole = days == quarter_of(piece.first) and piece.first not in apart
        if last and whole and _goes_on(last[-1], piece):
            last.append(piece)
        else:
            groups.append([piece])
    return [
        line for group in groups for line in ([group] if len(group) in (1, 3) else [[it] for it in group])
    ]


def _goes_on(one: Piece, other: Piece) -> bool:
    whole = one.is_whole and other.is_whole and one.last < other.first
    quarterly = one.terms.invoicing == other.terms.invoicing == LeaseTerms.Invoicing.QUARTER
    return whole and quarterly and _alike(one) == _alike(other)


def _alike(piece: Piece) -> tuple[object, ...]:
    return piece.stretch.rate, piece.terms.vat_treatment, piece.discount, piece.advance


def _rent(contract: Contract, groups: Iterable[list[Piece]]) -> Iterator[Owed]:
    for group in groups:
        vat, when = of_rent(group[0].terms), _when(group)
        amount, paid = total(it.amount for it in group), total(it.paid for it in group)
        if amount:
            words = gettext_noop("Rent %(when)s, contract %(number)s")
            what = sentence(words, when=when, number=contract.number)
            why = rent_reasons.of_rent(group)
            yield _owed(contract, group, LineKind.RENT, what, why, vat, amount=amount)
        if amount != paid:
            yield _discount(contract, group, vat, off=euro(amount - paid), paid=paid)


def _discount(contract: Contract, group: list[Piece], vat: Vat, *, off: Euro, paid: Euro) -> Owed:
    words = gettext_noop("Discount on the rent %(when)s, contract %(number)s")
    if not paid:
        words = gettext_noop("Rent-free %(when)s, contract %(number)s")
    what = sentence(words, when=_when(group), number=contract.number)
    why = rent_reasons.of_discount(group, paid=paid)
    return _owed(contract, group, LineKind.RENT, what, why, vat, amount=euro(-off), topic="discount")


def _advances(contract: Contract, groups: Iterable[list[Piece]]) -> Iterator[Owed]:
    for group in groups:
        row, amount = group[0].advance, total(it.amount for it in group)
        if row is None or not amount:
            continue
        words = gettext_noop("%(type)s, advance %(when)s, contract %(number)s")
        what = sentence(words, type=row.type, when=_when(group), number=contract.number)
        why, vat = rent_reasons.of_advance(group), of_advance(row.type, group[0].terms)
        yield _owed(
            contract, group, LineKind.SERVICE, what, why, vat, amount=amount, topic=f"service:{row.type_id}"
        )  # fmt: skip


def _owed(
    contract: Contract,
    group: list[Piece],
    kind: LineKind,
    description: Sentence,
    reason: Sentence,
    vat: Vat,
    *,
    amount: Euro,
    topic: str = "",
) -> Owed:
    quantity, unit = _quantity(group, kind)
    if amount < 0:
        quantity = -quantity
    return Owed(
        kind=kind,
        topic=topic,
        cost_centre=contract.cost_centre,
        description=description,
        reason=reason,
        vat_reason=vat.reason,
        starts_on=group[0].first,
        ends_on=group[-1].last,
        quantity=quantity,
        unit=unit,
        unit_price=Decimal(amount / quantity),
        net=amount,
        vat_treatment=vat.treatment,
        vat_rate=vat.rate,
        in_advance=True,
    )


def _quantity(group: list[Piece], kind: LineKind) -> tuple[Decimal, str]:
    """A quarter of rent is one quarter, of advances three months: their unit price is what was agreed."""
    if len(group) == 3:
        return (Decimal(3), MONTH) if kind == LineKind.SERVICE else (Decimal(1), QUARTER)
    return Decimal(1), MONTH if group[0].is_whole else PART


def _when(group: list[Piece]) -> dict[str, str]:
    first, last = group[0], group[-1]
    if len(group) == 3:
        return naming.both(lambda: naming.quarter(first.first))
    if first.is_whole:
        return naming.both(lambda: naming.month(first.first))
    return naming.both(lambda: naming.part_of_month(first.first, last.last))
