"""The keys by which service costs are divided: weights as exact fractions. Pure.

Every key has a part that is the hub's own: m² and days that nobody rents, use of rooms that nobody rents, days on which
nobody shared. So a tenant pays no more because others are away.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from spaces.periods import DAY

NOTHING = Fraction(0)


@dataclass(frozen=True)
class Stay:
    """Days (both included) on which a lease had one room, and had agreed to pay for the service."""

    lease: int
    space: int
    code: str
    area: Decimal
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def weight(self) -> Fraction:
        """m² × days."""
        return Fraction(self.area) * self.days


@dataclass(frozen=True)
class Use:
    """What one room used of a metered service over some days (both included)."""

    space: int
    quantity: Decimal
    first: date
    last: date


@dataclass(frozen=True)
class Key:
    """The weight of each lease (by pk), and of the hub itself for what is nobody's."""

    leases: dict[int, Fraction]
    vacant: Fraction

    @property
    def whole(self) -> Fraction:
        return sum(self.leases.values(), self.vacant)


def by_area(stays: Iterable[Stay], *, building_m2: Decimal, first: date, last: date) -> Key:
    """m² × days, of the whole lettable building × all days; m² that nobody pays for are the hub's own."""
    leases: defaultdict[int, Fraction] = defaultdict(Fraction)
    for stay in stays:
        leases[stay.lease] += stay.weight
    whole = Fraction(building_m2) * ((last - first).days + 1)
    return Key(dict(leases), max(NOTHING, whole - sum(leases.values(), NOTHING)))


def equally(stays: Iterable[Stay], *, first: date, last: date) -> Key:
    """Days, each in equal parts over the leases that shared that day; a day that nobody shared is the hub's own."""
    stays = list(stays)
    leases: defaultdict[int, Fraction] = defaultdict(Fraction)
    vacant = NOTHING
    for start, days in _runs(stays, first, last):
        present = sorted({stay.lease for stay in stays if stay.first <= start <= stay.last})
        for lease in present:
            leases[lease] += Fraction(days, len(present))
        vacant += 0 if present else days
    return Key(dict(leases), vacant)


def by_meter(uses: Iterable[Use], stays: Sequence[Stay], *, first: date, last: date) -> Key:
    """What the rooms used from `first` to `last`, by the days that a lease had them; the rest is the hub's own.

    A reading that reaches outside these days counts by its days inside them.
    """
    leases: defaultdict[int, Fraction] = defaultdict(Fraction)
    vacant = NOTHING
    for use in uses:
        per_day = Fraction(use.quantity) / ((use.last - use.first).days + 1)
        left = _common(use.first, use.last, first, last)
        for stay in stays:
            days = _common(stay.first, stay.last, max(use.first, first), min(use.last, last))
            if stay.space == use.space and days:
                leases[stay.lease] += per_day * days
                left -= days
        vacant += per_day * max(left, 0)
    return Key(dict(leases), vacant)


def _common(first: date, last: date, other_first: date, other_last: date) -> int:
    """How many days two runs of days share."""
    return max(0, (min(last, other_last) - max(first, other_first)).days + 1)


def _runs(stays: Iterable[Stay], first: date, last: date) -> list[tuple[date, int]]:
    """The days in runs on which the same leases are there, as first day and number of days."""
    cuts = {first, last + DAY}
    for stay in stays:
        cuts |= {day for day in (stay.first, stay.last + DAY) if first < day <= last}
    days = sorted(cuts)
    return [(start, (end - start).days) for start, end in pairwise(days)]
