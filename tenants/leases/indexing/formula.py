"""The formula of indexation, on values: what a yearly rent becomes under a clause.

New = current × CPI(month − 4) ÷ CPI(month − 16), rounded once, on the yearly amount (ROZ model lease of office space,
general provisions; the ratio of the two figures and never the published percentage).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from spaces.money import Euro, euro
from tenants.leases.indexing.refusals import MixedBases, NoClause, NoFigures
from tenants.leases.models import CpiFigure, LeaseTerms
from tenants.leases.notice import months_before

NEW_FIGURE, OLD_FIGURE = 4, 16
"""How many months before the change date the months of the two figures lie."""


class Rule(Enum):
    """What decided the new rent."""

    RATIO = "ratio"
    KEPT = "kept"
    CAPPED = "capped"
    FIXED = "fixed"


@dataclass(frozen=True)
class Clause:
    """How a lease is indexed; percentages as 2.5, not 0.025. `cap` is the most that the rent may rise in one go."""

    kind: str
    percentage: Decimal | None = None
    cap: Decimal | None = None

    @classmethod
    def of(cls, terms: LeaseTerms) -> "Clause":
        return cls(terms.indexing, terms.indexing_percentage, terms.indexing_cap)

    @property
    def needs_figures(self) -> bool:
        return self.kind in (LeaseTerms.Indexing.SYMMETRIC, LeaseTerms.Indexing.UPWARD)


@dataclass(frozen=True)
class Pair:
    """Two figures on one base. Raises MixedBases for any others: their ratio says nothing."""

    old: CpiFigure
    new: CpiFigure

    def __post_init__(self) -> None:
        if self.old.base != self.new.base:
            raise MixedBases(self.old, self.new)

    @property
    def base(self) -> str:
        return self.new.base


@dataclass(frozen=True)
class Outcome:
    """A yearly rent before and after; `unlimited` is what it would be without an upward-only clause or a cap."""

    old: Euro
    new: Euro
    unlimited: Euro
    rule: Rule


def months_for(on: date) -> tuple[date, date]:
    """The months (first days) of the old and the new figure for a change on a day: 2026-07-01 → 2025-03, 2026-03."""
    first = on.replace(day=1)
    return months_before(first, OLD_FIGURE), months_before(first, NEW_FIGURE)


def indexed(yearly: Decimal, *, clause: Clause, pair: Pair | None) -> Outcome:
    """The new yearly rent in cents; `pair` is needed for clauses that follow the index, and else not looked at.

    Raises NoClause without a clause, and NoFigures when one that follows the index gets no figures.
    """
    old = euro(yearly)
    unlimited = _unlimited(old, clause, pair)
    if clause.kind == LeaseTerms.Indexing.UPWARD and unlimited < old:
        return Outcome(old, old, unlimited, Rule.KEPT)
    most = euro(old * (100 + clause.cap) / 100) if clause.cap is not None else unlimited
    if unlimited > most:
        return Outcome(old, most, unlimited, Rule.CAPPED)
    is_fixed = clause.kind == LeaseTerms.Indexing.FIXED
    return Outcome(old, unlimited, unlimited, Rule.FIXED if is_fixed else Rule.RATIO)


def _unlimited(old: Euro, clause: Clause, pair: Pair | None) -> Euro:
    if clause.kind == LeaseTerms.Indexing.FIXED and clause.percentage is not None:
        return euro(old * (100 + clause.percentage) / 100)
    if clause.needs_figures and pair is not None:
        return euro(old * pair.new.value / pair.old.value)
    raise NoFigures if clause.needs_figures else NoClause
