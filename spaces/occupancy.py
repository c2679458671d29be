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
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from spaces import ledger, opening
from spaces.models import Claim, DayPart, Hub, Space
from spaces.periods import HOUR, Period, local_day, subtract
from spaces.usage import HeatCell, Occupancy, SpaceUse

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Book:
    """What the ledger says of a hub's lettable and bookable atoms in a period: when they are open, by whom taken."""

    zone: ZoneInfo
    period: Period
    open: list[Period]
    day_parts: tuple[DayPart, ...]
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
    """The open and taken time of `hub` in `period`. Three queries."""
    spaces = {space.pk: space for space in Space.objects.of_hub(hub).select_related("floor")}
    tree = ledger.tree_of({space.pk: space.parent_id for space in spaces.values()})
    flexible = {atom for space in spaces.values() if space.bookable for atom in tree[space.pk]}
    atoms = [space for space in spaces.values() if tree[space.pk] == [space.pk]]
    counted = [atom for atom in atoms if atom.lettable or atom.pk in flexible]
    timetable = opening.load(hub, period=period)
    return Book(
        zone=hub.zone,
        period=period,
        open=timetable.open_within(period),
        day_parts=timetable.day_parts,
        atoms=counted,
        flexible=frozenset(flexible),
        claims=ledger.lasting_claims([atom.pk for atom in counted], period=period),
    )


def use_of(book: Book, *, period: Period) -> Occupancy:
    """How the hub is used in a `period` inside what was read, one row for each lettable or bookable atom. No query."""
    return Occupancy(period, [_use(book, atom, within=period) for atom in book.atoms])


def leases_on(book: Book, *, on: date) -> dict[int, Claim]:
    """The lease claims that cover the whole of the local day `on`, by the pk of their space; part-week leases never do.

    No query.
    """
    day = local_day(on, zone=book.zone)
    return {
        atom.pk: claim
        for atom in book.atoms
        for claim in book.claims.get(atom.pk, [])
        if claim.kind == Claim.Kind.LEASE and ledger.covers(claim, day)
    }


def heat(book: Book, *, period: Period) -> dict[tuple[int, int], HeatCell]:
    """The flexible rooms by local weekday (0 = Monday) and hour, for the hours that are ever open. No query."""
    free: Counter[tuple[int, int]] = Counter()
    booked: Counter[tuple[int, int]] = Counter()
    whole = [piece for piece in (it.intersection(period) for it in book.open) if piece]
    hours_of_whole = _by_hour(whole, zone=book.zone)
    for atom in book.atoms:
        if atom.pk in book.flexible:
            leased = book.taken(atom, ledger.is_lease_term, within=period)
            left = subtract(book.open_to(atom, within=period), leased)
            free.update(hours_of_whole if left == whole else _by_hour(left, zone=book.zone))
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
