"""What a lease costs over any days: pure, from its dated terms, to the cent.

A month costs its instalment. A part of a month costs a part of it, counted from the first day of the month on which
this rent counts; so whole months are always exactly the instalment, and the parts of any period add up to it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from spaces.money import Euro, euro, total
from spaces.periods import DAY
from tenants.leases.instalments import Days, Rate, Stretch, month_of, quarter_of
from tenants.leases.models import LeaseTerms, RentDiscount, ServiceAdvance, ServiceType

_QUARTER = LeaseTerms.Invoicing.QUARTER


@dataclass(frozen=True)
class Agreement:
    """All that decides what a lease costs, and whom: its term, its terms by first day, discounts and advances."""

    starts_on: date
    ends_on: date | None
    terms: tuple[LeaseTerms, ...]
    discounts: tuple[RentDiscount, ...] = ()
    advances: tuple[ServiceAdvance, ...] = ()
    payers_change_on: frozenset[date] = frozenset()

    def terms_on(self, day: date) -> LeaseTerms | None:
        """The terms that count on `day`; of two with the same first day the later."""
        return next((row for row in reversed(self.terms) if row.starts_on <= day), None)

    def discount_on(self, day: date) -> RentDiscount | None:
        return next((row for row in self.discounts if row.starts_on <= day <= row.ends_on), None)

    def within(self, days: Days) -> Days | None:
        """The part of `days` in which the lease runs."""
        first = max(days[0], self.starts_on)
        last = min(days[1], self.ends_on) if self.ends_on else days[1]
        return (first, last) if first <= last else None


@dataclass(frozen=True)
class Piece:
    """Some days of one month on which everything is the same. `amount` is before the discount, `paid` after it."""

    first: date
    last: date
    terms: LeaseTerms
    stretch: Stretch
    amount: Euro
    paid: Euro
    discount: RentDiscount | None = None
    advance: ServiceAdvance | None = None

    @property
    def is_whole(self) -> bool:
        return (self.first, self.last) == (self.stretch.first, self.stretch.last) and self.stretch.is_whole


def over(agreement: Agreement, *, starts: date, ends: date) -> Euro:
    """The rent over these days (both included), after discounts, without VAT: the sum of any parts of them."""
    return total(piece.paid for piece in rents(agreement, starts=starts, ends=ends))


def rents(agreement: Agreement, *, starts: date, ends: date) -> list[Piece]:
    """The rent over these days in order, cut at months and wherever the terms or a discount change something."""
    changes = {row.starts_on for row in agreement.terms}
    for row in agreement.discounts:
        changes |= {row.starts_on, row.ends_on + DAY}
    found = _pieces(agreement, (starts, ends), changes, _rent_on(agreement))
    return [piece for piece in _discounted(found) if starts <= piece.first and piece.last <= ends]


def advances(agreement: Agreement, *, starts: date, ends: date) -> list[Piece]:
    """The service advances over these days, one type after the other."""
    return [piece for kind in _types(agreement) for piece in _advance(agreement, kind, (starts, ends))]


Found = tuple[Rate, LeaseTerms, RentDiscount | None, ServiceAdvance | None] | None


def _rent_on(agreement: Agreement) -> Callable[[date], Found]:
    def found(day: date) -> Found:
        terms = agreement.terms_on(day)
        return (Rate.of(terms), terms, agreement.discount_on(day), None) if terms else None

    return found


def _types(agreement: Agreement) -> list[int]:
    return list(dict.fromkeys(row.type_id for row in agreement.advances))


def _advance(agreement: Agreement, kind: int, days: Days) -> list[Piece]:
    rows = [row for row in agreement.advances if row.type_id == kind]
    changes = {row.starts_on for row in agreement.terms} | {row.starts_on for row in rows}
    changes |= {row.ends_on + DAY for row in rows if row.ends_on}

    def found(day: date) -> Found:
        terms = agreement.terms_on(day)
        row = next((each for each in rows if _counts(each, day)), None)
        if terms is None or row is None:
            return None
        return Rate.monthly(row.per_month, pro_rata=terms.pro_rata), terms, None, row

    pieces = _pieces(agreement, days, changes, found)
    return [piece for piece in pieces if days[0] <= piece.first and piece.last <= days[1]]


def _counts(row: ServiceAdvance, day: date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)


def _pieces(
    agreement: Agreement, days: Days, changes: Iterable[date], found: Callable[[date], Found]
) -> list[Piece]:
    """Over the whole quarters that `days` touch: what a part costs depends on where its month or quarter began."""
    kept = {days[0], days[1] + DAY, *agreement.payers_change_on}
    grid = quarter_of(days[0])[0], quarter_of(days[1])[1]
    pieces = [
        piece for month in _months(grid) for piece in _of_month(agreement, month, kept.union(changes), found)
    ]
    return list(_merged(pieces, kept=kept))


def _of_month(
    agreement: Agreement, month: Days, cuts: Iterable[date], found: Callable[[date], Found]
) -> Iterator[Piece]:
    runs = agreement.within(month)
    spans = _cut(runs, cuts) if runs else []
    told = [(span, fact) for span in spans if (fact := found(span[0])) is not None]
    for rate, group in groupby(told, key=lambda each: each[1][0]):
        for rows in _touching(list(group)):
            stretch = Stretch(rate, rows[0][0][0], rows[-1][0][1])
            for (first, last), (_rate, terms, discount, advance) in rows:
                amount = stretch.between(first, last)
                yield Piece(first, last, terms, stretch, amount, amount, discount, advance)


def _touching(rows: list[tuple[Days, tuple]]) -> Iterator[list[tuple[Days, tuple]]]:
    """Rows in runs without a day between them."""
    run: list[tuple[Days, tuple]] = []
    for row in rows:
        if run and run[-1][0][1] + DAY != row[0][0]:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _cut(days: Days, cuts: Iterable[date]) -> list[Days]:
    firsts = sorted({days[0], *(cut for cut in cuts if days[0] < cut <= days[1])})
    return list(zip(firsts, [*(first - DAY for first in firsts[1:]), days[1]], strict=True))


def _merged(pieces: Iterable[Piece], *, kept: set[date]) -> Iterator[Piece]:
    """Pieces between which nothing changes become one; a change of terms may be of something else than money."""
    last: Piece | None = None
    for piece in pieces:
        if last and piece.first not in kept and _same(last, piece):
            amount = euro(last.amount + piece.amount)
            last = Piece(
                last.first, piece.last, last.terms, last.stretch, amount, amount, last.discount, last.advance
            )
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def _same(one: Piece, other: Piece) -> bool:
    facts = ((piece.stretch, _vat(piece), piece.discount, piece.advance) for piece in (one, other))
    return next(facts) == next(facts) and one.last + DAY == other.first


def _vat(piece: Piece) -> str:
    own = piece.advance is not None and piece.advance.type.vat == ServiceType.Vat.OWN
    return ServiceType.Vat.OWN if own else piece.terms.vat_treatment


def _discounted(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """A percentage of each month or quarter, cumulatively: its parts add up to what the whole costs."""
    for _unit, group in groupby(pieces, key=lambda piece: (_unit_of(piece), piece.discount)):
        full = paid = Decimal(0)
        for piece in group:
            full += piece.amount
            left = 100 - piece.discount.percentage if piece.discount else Decimal(100)
            due = euro(full * left / 100)
            yield Piece(
                piece.first,
                piece.last,
                piece.terms,
                piece.stretch,
                piece.amount,
                euro(due - paid),
                piece.discount,
            )
            paid = due


def _unit_of(piece: Piece) -> Days:
    return (quarter_of if piece.terms.invoicing == _QUARTER else month_of)(piece.first)


def _months(days: Days) -> Iterator[Days]:
    first = days[0].replace(day=1)
    while first <= days[1]:
        yield month_of(first)
        first = month_of(first)[1] + DAY
