"""How full the hub is, from one ledger: m² let, hours booked, and both in one figure.

What counts, everywhere in this module:

- Only atomic spaces count, so a whole counts as its parts and nothing counts twice.
- Open time is the hub's opening hours less its closures; a closure of one space is taken off that space.
- Leases count during open time only, like the denominator, so that the share can be 100 % and no more. So do
  bookings: what is booked outside opening hours adds nothing.
- A part-week lease (vast dagdeel: a lease claim shorter than a day) is flexible use and counts as booked.
- Holds count nowhere: nobody has booked yet.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum

from spaces import ledger, opening
from spaces.models import Claim, Hub, Space
from spaces.periods import HOUR, Period, local_day, subtract
from spaces.querysets import ClaimQuerySet, SpaceQuerySet

NONE = Decimal("0.00")
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class SpaceUse:
    """Hours of one atomic space in a period. `flexible`: it, or the whole it is part of, can be booked."""

    space: Space
    flexible: bool
    open_hours: Decimal
    leased_hours: Decimal
    booked_hours: Decimal

    @property
    def flex_open_hours(self) -> Decimal:
        """Open hours in which it could be booked: those under lease are taken off."""
        return self.open_hours - self.leased_hours if self.flexible else Decimal(0)

    @property
    def flex_booked_hours(self) -> Decimal:
        return self.booked_hours if self.flexible else Decimal(0)

    @property
    def flex_rate(self) -> Decimal | None:
        return percentage(self.flex_booked_hours, self.flex_open_hours)

    @property
    def open_m2h(self) -> Decimal:
        return self.space.area_m2 * self.open_hours

    @property
    def leased_m2h(self) -> Decimal:
        return self.space.area_m2 * self.leased_hours

    @property
    def booked_m2h(self) -> Decimal:
        return self.space.area_m2 * self.booked_hours

    @property
    def share(self) -> Decimal | None:
        return percentage(self.leased_hours + self.booked_hours, self.open_hours)


@dataclass(frozen=True)
class Occupancy:
    """The use of a hub in a period.

    `share` (percent, None when never open) is the one figure: m²·hours leased and booked ÷ m²·hours open, over
    the lettable atoms. `flex_rate` is hours booked ÷ hours open of the bookable atoms, not weighted by m².
    """

    period: Period
    per_space: list[SpaceUse] = field(default_factory=list)

    @property
    def lettable(self) -> list[SpaceUse]:
        return [use for use in self.per_space if use.space.lettable]

    @property
    def flexible(self) -> list[SpaceUse]:
        return [use for use in self.per_space if use.flexible]

    @property
    def open_m2h(self) -> Decimal:
        return sum((use.open_m2h for use in self.lettable), Decimal(0))

    @property
    def leased_m2h(self) -> Decimal:
        return sum((use.leased_m2h for use in self.lettable), Decimal(0))

    @property
    def booked_m2h(self) -> Decimal:
        return sum((use.booked_m2h for use in self.lettable), Decimal(0))

    @property
    def share(self) -> Decimal | None:
        return percentage(self.leased_m2h + self.booked_m2h, self.open_m2h)

    @property
    def flex_open_hours(self) -> Decimal:
        return sum((use.flex_open_hours for use in self.per_space), Decimal(0))

    @property
    def flex_booked_hours(self) -> Decimal:
        return sum((use.flex_booked_hours for use in self.per_space), Decimal(0))

    @property
    def flex_rate(self) -> Decimal | None:
        return percentage(self.flex_booked_hours, self.flex_open_hours)


@dataclass(frozen=True)
class HeatCell:
    """Hours open and booked of the bookable atoms together, in one hour of one weekday over a period."""

    open_hours: Decimal
    booked_hours: Decimal

    @property
    def rate(self) -> Decimal | None:
        """Percent booked; None when never open."""
        return percentage(self.booked_hours, self.open_hours)


def lettable_area(hub: Hub) -> Decimal:
    """The m² VVO that can be let: all lettable atoms. One query."""
    return _atoms(hub).lettable().aggregate(area=Sum("area_m2"))["area"] or NONE


def let_area(hub: Hub, *, on: date) -> Decimal:
    """The m² VVO under lease for the whole of the local day `on`. One query."""
    let = _atoms(hub).lettable().filter(pk__in=let_claims(hub, on=on).values("space"))
    return let.aggregate(area=Sum("area_m2"))["area"] or NONE


def let_claims(hub: Hub, *, on: date) -> ClaimQuerySet:
    """The lease claims that cover the whole of the local day `on`; part-week leases never do."""
    day = local_day(on, zone=hub.zone)
    return Claim.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gte=day.end),
        hub=hub,
        active=True,
        kind=Claim.Kind.LEASE,
        starts_at__lte=day.start,
    )


def percentage(part: Decimal, whole: Decimal) -> Decimal | None:
    """`part` as percent of `whole`, unrounded; None when there is no whole."""
    return part * 100 / whole if whole else None


@dataclass(frozen=True)
class Book:
    """What the ledger says of a hub's lettable and bookable atoms in a period: when they are open, by whom taken."""

    zone: ZoneInfo
    period: Period
    open: list[Period]
    atoms: list[Space]
    flexible: frozenset[int]
    claims: Mapping[int, Sequence[Claim]]

    def open_to(self, atom: Space, *, within: Period) -> list[Period]:
        """Open time of the hub in `within`, without the closures of this space."""
        pieces = [piece for piece in (it.intersection(within) for it in self.open) if piece]
        closed = self.taken(atom, _is_closure, within=within)
        return subtract(pieces, closed) if closed else pieces

    def taken(self, atom: Space, counts: Callable[[Claim], bool], *, within: Period) -> list[Period]:
        claims = [claim for claim in self.claims.get(atom.pk, []) if counts(claim)]
        return ledger.periods_of(claims, within=within)


def read(hub: Hub, *, period: Period) -> Book:
    """The open and taken time of `hub` in `period`. Five queries."""
    spaces = {space.pk: space for space in Space.objects.of_hub(hub).select_related("floor")}
    tree = ledger.tree_of({space.pk: space.parent_id for space in spaces.values()})
    flexible = {atom for space in spaces.values() if space.bookable for atom in tree[space.pk]}
    atoms = [space for space in spaces.values() if tree[space.pk] == [space.pk]]
    counted = [atom for atom in atoms if atom.lettable or atom.pk in flexible]
    return Book(
        zone=hub.zone,
        period=period,
        open=opening.load(hub, period=period).open_within(period),
        atoms=counted,
        flexible=frozenset(flexible),
        claims=ledger.lasting_claims([atom.pk for atom in counted], period=period),
    )


def measure(hub: Hub, *, period: Period) -> Occupancy:
    """How the hub is used in `period`, one row for each lettable or bookable atom. Five queries."""
    return use_of(read(hub, period=period), period=period)


def use_of(book: Book, *, period: Period) -> Occupancy:
    """As `measure`, for a period inside what was read. No query."""
    return Occupancy(period, [_use(book, atom, within=period) for atom in book.atoms])


def heat(book: Book, *, period: Period) -> dict[tuple[int, int], HeatCell]:
    """The flexible rooms by local weekday (0 = Monday) and hour, for the hours that are ever open. No query."""
    free: Counter[tuple[int, int]] = Counter()
    booked: Counter[tuple[int, int]] = Counter()
    for atom in book.atoms:
        if atom.pk in book.flexible:
            left = subtract(
                book.open_to(atom, within=period), book.taken(atom, ledger.is_lease_term, within=period)
            )
            free.update(_by_hour(left, zone=book.zone))
            taken = book.taken(atom, _is_booked, within=period)
            booked.update(_by_hour(_common(taken, left), zone=book.zone))
    return {hour: HeatCell(_hours(free[hour]), _hours(booked[hour])) for hour in sorted(free)}


def _use(book: Book, atom: Space, *, within: Period) -> SpaceUse:
    open_to = book.open_to(atom, within=within)
    leased = _common(book.taken(atom, ledger.is_lease_term, within=within), open_to)
    booked = _common(book.taken(atom, _is_booked, within=within), open_to)
    return SpaceUse(
        space=atom,
        flexible=atom.pk in book.flexible,
        open_hours=_hours(_seconds(open_to)),
        leased_hours=_hours(_seconds(leased)),
        booked_hours=_hours(_seconds(booked)),
    )


def _is_closure(claim: Claim) -> bool:
    return claim.kind == Claim.Kind.CLOSURE


def _is_booked(claim: Claim) -> bool:
    part_week = claim.kind == Claim.Kind.LEASE and not ledger.is_lease_term(claim)
    return part_week or claim.kind == Claim.Kind.BOOKING


def _common(some: Sequence[Period], others: Sequence[Period]) -> list[Period]:
    """The time that is in both; each in order and without overlap, as is the result."""
    result, here, there = [], 0, 0
    while here < len(some) and there < len(others):
        both = some[here].intersection(others[there])
        if both:
            result.append(both)
        if some[here].end <= others[there].end:
            here += 1
        else:
            there += 1
    return result


def _by_hour(periods: Iterable[Period], *, zone: ZoneInfo) -> dict[tuple[int, int], int]:
    """Seconds of these periods in each hour of each weekday, on the clock of `zone`."""
    result: Counter[tuple[int, int]] = Counter()
    for period in periods:
        at = period.start
        while at < period.end:
            local = at.astimezone(zone)
            until = min(period.end, at + HOUR - timedelta(minutes=local.minute, seconds=local.second))
            result[local.weekday(), local.hour] += (until - at) // SECOND
            at = until
    return result


def _seconds(periods: Iterable[Period]) -> int:
    return sum(period.length // SECOND for period in periods)


def _hours(seconds: int) -> Decimal:
    return Decimal(seconds) / 3600


def _atoms(hub: Hub) -> SpaceQuerySet:
    return Space.objects.of_hub(hub).atomic()
