"""What the rent of a hub will come to month by month: from what was agreed, and indexations that can be calculated.

Nothing is guessed: an indexation of which a figure is not known yet counts as nothing, and a lease ends on the day
that was agreed.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain

from spaces.explaining import Sentence
from spaces.models import Hub
from spaces.money import Euro, euro, total
from spaces.periods import DAY
from tenants.leases import charging_rent, rent
from tenants.leases.indexing import calculation
from tenants.leases.indexing.figures import Figures
from tenants.leases.indexing.formula import Clause, indexed
from tenants.leases.indexing.refusals import IndexRefused
from tenants.leases.indexing.standing import NEEDED, Course
from tenants.leases.instalments import month_of
from tenants.leases.models import Lease, LeaseTerms
from tenants.leases.rent import Agreement

MONTHS = 24


@dataclass(frozen=True)
class Coming:
    """An indexation of a lease on a day: how it is calculated, or which figure is `missing`."""

    lease: Lease
    on: date
    yearly: Euro
    calculation: Sentence | None = None
    missing: str = ""


@dataclass(frozen=True)
class Part:
    """One lease in one month, in euros excluding VAT. `falls_away` is what it would still pay if it did not end."""

    lease: Lease
    month: date
    agreed: Euro
    discount: Euro
    indexation: Euro
    falls_away: Euro

    @property
    def expected(self) -> Euro:
        return euro(self.agreed - self.discount + self.indexation)


@dataclass(frozen=True)
class Month:
    """All leases together in one month."""

    first: date
    parts: Sequence[Part]

    @property
    def leases(self) -> int:
        """How many pay for a day of it."""
        return sum(bool(part.agreed) for part in self.parts)

    @property
    def agreed(self) -> Euro:
        return total(part.agreed for part in self.parts)

    @property
    def discount(self) -> Euro:
        return total(part.discount for part in self.parts)

    @property
    def indexation(self) -> Euro:
        return total(part.indexation for part in self.parts)

    @property
    def falls_away(self) -> Euro:
        return total(part.falls_away for part in self.parts)

    @property
    def expected(self) -> Euro:
        return total(part.expected for part in self.parts)


@dataclass(frozen=True)
class Forecast:
    """The months from the first one on, and the indexations in them: those that count and those that do not."""

    months: Sequence[Month]
    known: Sequence[Coming]
    unknown: Sequence[Coming]

    @property
    def expected(self) -> Euro:
        return total(month.expected for month in self.months)


def forecast(hub: Hub, *, starts: date, now: datetime) -> Forecast:
    """The `MONTHS` months from that of `starts` on. A constant number of queries; writes nothing."""
    firsts = list(_firsts(starts.replace(day=1)))
    figures, today = Figures.load(), now.astimezone(hub.zone).date()
    leases = Lease.objects.of_hub(hub).not_ended(firsts[0]).select_related("hub", "party")
    needed = dict.fromkeys((*NEEDED, *charging_rent.NEEDED))
    parts: list[Part] = []
    coming: list[Coming] = []
    for lease in leases.prefetch_related(*needed).order_by("number"):
        agreement = charging_rent.agreement_of(lease)
        following, indexed_to = _indexed(
            Course(lease), agreement, until=firsts[-1], figures=figures, today=today
        )
        coming += following
        parts += _parts(lease, agreement, indexed_to, firsts)
    return Forecast(
        [Month(first, [part for part in parts if part.month == first]) for first in firsts],
        sorted((each for each in coming if not each.missing), key=_by_day),
        sorted((each for each in coming if each.missing), key=_by_day),
    )


def last_day(day: date) -> date:
    """The last day of the months that a forecast from `day` on is about."""
    return month_of(list(_firsts(day.replace(day=1)))[-1])[1]


def _by_day(each: Coming) -> tuple[date, str]:
    return each.on, each.lease.number


def _firsts(first: date) -> Iterator[date]:
    for _ahead in range(MONTHS):
        yield first
        first = month_of(first)[1] + DAY


def _parts(lease: Lease, agreement: Agreement, with_index: Agreement, firsts: Sequence[date]) -> list[Part]:
    days = firsts[0], month_of(firsts[-1])[1]
    agreed, paid = _by_month(agreement, days)
    _before, increased = _by_month(with_index, days)
    _before, endless = _by_month(replace(with_index, ends_on=None), days)
    nothing = euro(0)
    return [
        Part(
            lease, month,
            agreed=agreed.get(month, nothing),
            discount=euro(agreed.get(month, nothing) - paid.get(month, nothing)),
            indexation=euro(increased.get(month, nothing) - paid.get(month, nothing)),
            falls_away=euro(endless.get(month, nothing) - increased.get(month, nothing)),
        )
        for month in firsts
    ]  # fmt: skip


def _by_month(agreement: Agreement, days: tuple[date, date]) -> tuple[dict[date, Euro], dict[date, Euro]]:
    """What each month costs before and after discounts."""
    full: dict[date, Euro] = {}
    paid: dict[date, Euro] = {}
    for piece in rent.rents(agreement, starts=days[0], ends=days[1]):
        month = piece.first.replace(day=1)
        full[month] = euro(full.get(month, 0) + piece.amount)
        paid[month] = euro(paid.get(month, 0) + piece.paid)
    return full, paid


def _indexed(
    course: Course, agreement: Agreement, *, until: date, figures: Figures, today: date
) -> tuple[list[Coming], Agreement]:
    """The indexations up to `until`, each on top of the one before, and what the lease then comes to.

    One that was forgotten counts from the first month that is not charged yet.
    """
    terms, found = list(agreement.terms), []
    for on in course.due(until=until) if course.runs_still(today) else ():
        before = replace(agreement, terms=tuple(terms)).terms_on(on)
        if before is None:
            continue
        each = _coming(course.lease, before, on, figures)
        found.append(each)
        if not each.missing:
            terms = _followed(terms, before, max(on, course.first_open), on=on, figures=figures)
    return found, replace(agreement, terms=tuple(terms))


def _coming(lease: Lease, before: LeaseTerms, on: date, figures: Figures) -> Coming:
    clause = Clause.of(before)
    try:
        pair = figures.pair(on) if clause.needs_figures else None
        outcome = indexed(before.yearly, clause=clause, pair=pair)
    except IndexRefused as refused:
        return Coming(lease, on, euro(before.yearly), missing=refused.message)
    return Coming(lease, on, outcome.new, calculation=calculation.told(outcome, clause=clause, pair=pair))


def _followed(
    terms: Sequence[LeaseTerms], before: LeaseTerms, starts: date, *, on: date, figures: Figures
) -> list[LeaseTerms]:
    """The terms with the indexation of `on` in them from `starts` on; what was agreed at an older price follows."""
    clause = Clause.of(before)
    pair = figures.pair(on) if clause.needs_figures else None
    counting = next((row for row in reversed(terms) if row.starts_on <= starts), before)
    earlier = [row for row in terms if row.starts_on < starts]
    later = [row for row in terms if row.starts_on > starts]
    changed = []
    for row in (counting, *later):
        if row.price_level_on is None or row.price_level_on < on:
            new = copy(row)
            new.yearly, new.price_level_on = indexed(row.yearly, clause=clause, pair=pair).new, on
            changed.append(new)
        else:
            changed.append(row)
    first = copy(changed[0])
    first.starts_on = starts
    return list(chain(earlier, [first], changed[1:]))
