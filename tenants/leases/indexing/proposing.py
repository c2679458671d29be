"""The proposal of a hub for one day: what each rent becomes, with its figures, or exactly what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from spaces.explaining import Sentence
from spaces.models import Hub
from spaces.money import Euro, euro, total
from tenants.leases.indexing import calculation
from tenants.leases.indexing.figures import Figures
from tenants.leases.indexing.formula import Clause, Outcome, Pair, indexed
from tenants.leases.indexing.refusals import IndexRefused, NotTheFirst
from tenants.leases.indexing.standing import NEEDED, Course
from tenants.leases.models import Indexation, Lease, LeaseTerms

MONTHS_AHEAD = 12


@dataclass(frozen=True)
class Later:
    """Terms agreed for a later day at an older price level: they follow the indexation."""

    terms: LeaseTerms
    outcome: Outcome


@dataclass(frozen=True)
class Row:
    """One lease whose rent is to be indexed on the day of the proposal. Without `outcome`, `missing` says why.

    `first_open` is the first day that nobody has been charged for yet; before it, back payment is asked or not.
    """

    course: Course
    on: date
    terms: LeaseTerms
    pair: Pair | None = None
    outcome: Outcome | None = None
    missing: str = ""
    others: Sequence[tuple[str, Outcome]] = ()
    later: Sequence[Later] = ()
    earlier: Sequence[date] = ()

    @property
    def lease(self) -> Lease:
        return self.course.lease

    @property
    def calculation(self) -> Sentence | None:
        clause = Clause.of(self.terms)
        return calculation.told(self.outcome, clause=clause, pair=self.pair) if self.outcome else None

    @property
    def first_open(self) -> date:
        return max(self.on, self.course.first_open)

    @property
    def is_late(self) -> bool:
        """Whether periods after the change have been charged already, here or in the old books."""
        return self.first_open > self.on

    @property
    def difference(self) -> Euro | None:
        return euro(self.outcome.new - self.outcome.old) if self.outcome else None

    @property
    def old_per_month(self) -> Euro:
        return euro(self.terms.yearly / 12)

    @property
    def new_per_month(self) -> Euro | None:
        return euro(self.outcome.new / 12) if self.outcome else None

    @property
    def seen(self) -> str:
        """A digest of what it comes to: agreeing to it is agreeing to exactly this."""
        figures = f"{self.pair.old.value}{self.pair.new.value}{self.pair.base}" if self.pair else ""
        parts = [self.lease.pk, self.on, figures, self.first_open, self.terms.pk]
        parts += [self.outcome.new if self.outcome else "", *(each.outcome.new for each in self.later)]
        return sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class NotNow:
    """A lease that is not indexed on this day, and why; `done` when that is because it has been."""

    lease: Lease
    reason: str
    done: Indexation | None


@dataclass(frozen=True)
class Forgotten:
    """A day in the past on which a rent should have been indexed and was not."""

    lease: Lease
    on: date


@dataclass(frozen=True)
class Proposal:
    """Everything about indexing the rents of a hub on one day."""

    hub: Hub
    on: date
    base: str
    bases: Sequence[str]
    rows: Sequence[Row]
    not_now: Sequence[NotNow]
    forgotten: Sequence[Forgotten] = field(default_factory=list)

    @property
    def ready(self) -> list[Row]:
        return [row for row in self.rows if row.outcome]

    @property
    def missing(self) -> list[Row]:
        return [row for row in self.rows if not row.outcome]

    @property
    def done(self) -> list[NotNow]:
        return [each for each in self.not_now if each.done]

    @property
    def difference(self) -> Euro:
        return total(row.difference for row in self.ready if row.difference is not None)

    @property
    def is_late(self) -> bool:
        return any(row.is_late for row in self.ready)


@dataclass(frozen=True)
class Moment:
    """A day on which rents of a hub are to be indexed: how many can be, and what is missing for the others."""

    on: date
    rows: Sequence[Row]

    @property
    def ready(self) -> int:
        return sum(row.outcome is not None for row in self.rows)

    @property
    def missing(self) -> list[str]:
        return list(dict.fromkeys(row.missing for row in self.rows if row.missing))


def propose(hub: Hub, *, on: date, base: str = "", now: datetime) -> Proposal:
    """What indexing on `on` would do to each lease that runs then. A constant number of queries; writes nothing.

    `base` is the base to use where both figures are there on several; else the newest. Raises NotTheFirst.
    """
    if on.day != 1:
        raise NotTheFirst(on)
    figures = Figures.load()
    chosen = base if base in figures.usable(on) else ""
    rows, not_now, forgotten = [], [], []
    today = now.astimezone(hub.zone).date()
    for course in courses(hub):
        standing = course.standing(on)
        forgotten += [Forgotten(course.lease, day) for day in course.forgotten(today) if day != on]
        if standing is None:
            continue
        if standing.is_due:
            rows.append(row(course, on=on, figures=figures, base=chosen))
        else:
            not_now.append(NotNow(course.lease, standing.reason, standing.done))
    used = next((each.pair.base for each in rows if each.pair), chosen)
    return Proposal(hub, on, used, figures.usable(on), rows, not_now, forgotten)


def moments(hub: Hub, *, now: datetime) -> list[Moment]:
    """The days on which rents are to be indexed: forgotten ones, and those of the coming year. Constant queries."""
    figures = Figures.load()
    today = now.astimezone(hub.zone).date()
    until = today.replace(day=1, year=today.year + MONTHS_AHEAD // 12)
    found: dict[date, list[Row]] = {}
    for course in courses(hub):
        for on in course.due(until=until) if course.runs_still(today) else ():
            found.setdefault(on, []).append(row(course, on=on, figures=figures, base=""))
    return [Moment(on, rows) for on, rows in sorted(found.items())]


def renewed(moment: Moment) -> list[Row]:
    """Its rows once more, in the language that is active now. One query."""
    figures = Figures.load()
    return [row(each.course, on=each.on, figures=figures, base="") for each in moment.rows]


def courses(hub: Hub) -> list[Course]:
    """The leases of a hub with all that indexing asks of them, by number."""
    leases = Lease.objects.of_hub(hub).select_related("hub", "party").prefetch_related(*NEEDED)
    return [Course(lease) for lease in leases.order_by("number")]


def row(course: Course, *, on: date, figures: Figures, base: str) -> Row:
    """What indexing this lease on `on` would do. Raises nothing: what is missing stands in the row."""
    terms = course.terms_on(on)
    if terms is None:
        raise ValueError(f"{course.lease} does not run on {on}")
    clause, earlier = Clause.of(terms), [day for day in course.due(until=on) if day < on]
    try:
        pair = figures.pair(on, base=base) if clause.needs_figures else None
        outcome = indexed(terms.yearly, clause=clause, pair=pair)
    except IndexRefused as refused:
        return Row(course, on, terms, missing=refused.message, earlier=earlier)
    others = [
        (each, indexed(terms.yearly, clause=clause, pair=figures.pair(on, base=each)))
        for each in (figures.usable(on) if pair else [])
        if pair and each != pair.base
    ]
    later = followers(course, on=on, after=on, clause=clause, pair=pair)
    return Row(course, on, terms, pair, outcome, others=others, later=later, earlier=earlier)


def followers(course: Course, *, on: date, after: date, clause: Clause, pair: Pair | None) -> list[Later]:
    """Terms that begin after `after` and were agreed at a price level from before `on`: they follow.

    Terms at a later price level, so also those of a later indexation, were agreed knowing it and stay what they are.
    """
    return [
        Later(terms, indexed(terms.yearly, clause=clause, pair=pair))
        for terms in course.history
        if terms.starts_on > after and _is_older(terms, on)
    ]


def _is_older(terms: LeaseTerms, on: date) -> bool:
    return terms.price_level_on is None or terms.price_level_on < on


def forgotten(moments: Iterable[Moment], *, today: date) -> list[Moment]:
    """Those that should have been done by now."""
    return [each for each in moments if each.on <= today]
