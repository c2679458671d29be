"""The cheapest way to put blocks (hours, day parts, days, weeks) over the time somebody wants. Pure arithmetic.

- An hour covers time exactly, per quarter of an hour begun on a day. A booking counts for at least one hour.
- A day part is paid whole, also when partly used; two adjoining ones (at most an hour apart) include the time between.
- A day is the whole opening period of one local day.
- A week is any seven days in a row.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from itertools import chain, combinations, pairwise

from spaces.models import DayPart
from spaces.periods import HOUR, Period, subtract

HOUR_UNIT, DAY_PART, DAY, WEEK = "hour", "day_part", "day", "week"
UNITS = (WEEK, DAY, DAY_PART, HOUR_UNIT)
"""From large to small."""
QUARTER = timedelta(minutes=15)
DAYS_IN_A_WEEK = 7

DayPartOfDay = tuple[DayPart, Period]

Prices = Mapping[str, Decimal]
"""Price of each unit; a unit that is missing is not let."""


@dataclass(frozen=True)
class Cover:
    """A number of blocks of each unit."""

    weeks: int = 0
    days: int = 0
    parts: tuple[DayPart, ...] = ()
    hours: Decimal = Decimal(0)

    def __add__(self, other: "Cover") -> "Cover":
        return Cover(
            self.weeks + other.weeks,
            self.days + other.days,
            self.parts + other.parts,
            self.hours + other.hours,
        )

    @property
    def amounts(self) -> list[tuple[str, Decimal]]:
        """How many of each unit, large to small, without the units that are not there."""
        counts = (Decimal(self.weeks), Decimal(self.days), Decimal(len(self.parts)), self.hours)
        return [(unit, count) for unit, count in zip(UNITS, counts, strict=True) if count]

    @property
    def size(self) -> Decimal:
        """The number of blocks: of two equal prices the smaller number is simpler."""
        return sum((count for _unit, count in self.amounts), Decimal(0))

    @property
    def has_block(self) -> bool:
        return bool(self.weeks or self.days or self.parts)

    def price(self, prices: Prices) -> Decimal:
        """The exact price. Raises KeyError when it holds a unit that is not let."""
        return sum((prices[unit] * count for unit, count in self.amounts), Decimal(0))


@dataclass(frozen=True)
class Wanted:
    """The time wanted on one local day (none is possible), and the day parts of that day in order."""

    time: tuple[Period, ...]
    parts: tuple[DayPartOfDay, ...] = ()

    @cached_property
    def covers(self) -> tuple[Cover, ...]:
        """Every sensible way to cover this day, whatever it costs."""
        return tuple(self._covers())

    @property
    def length(self) -> timedelta:
        return sum((piece.length for piece in self.time), timedelta())

    def within(self, period: Period) -> "Wanted":
        """The time of this day that falls in the period."""
        pieces = (piece.intersection(period) for piece in self.time)
        return Wanted(tuple(piece for piece in pieces if piece), self.parts)

    def without_first(self, length: timedelta) -> "Wanted":
        """What is left of this day after its first `length` of time wanted."""
        left = []
        for piece in self.time:
            taken = min(length, piece.length)
            length -= taken
            if taken < piece.length:
                left.append(Period(piece.start + taken, piece.end))
        return Wanted(tuple(left), self.parts)

    def _covers(self) -> Iterator[Cover]:
        if not self.time:
            yield Cover()
            return
        yield Cover(days=1)
        for chosen in _subsets(self._useful()):
            left = subtract(self.time, _covered(chosen))
            yield Cover(parts=tuple(part for part, _period in chosen), hours=_quarters(left))

    def _useful(self) -> list[DayPartOfDay]:
        """The day parts that touch the time wanted, alone or by the hour between them and a neighbour."""
        joined = [pair for pair in pairwise(self.parts) if any(map(self._touches, _bridges(pair)))]
        near = {part.pk for pair in joined for part, _period in pair}
        return [each for each in self.parts if each[0].pk in near or self._touches(each[1])]

    def _touches(self, period: Period) -> bool:
        return any(period.overlaps(piece) for piece in self.time)


def cheapest(days: Sequence[Wanted], *, prices: Prices, at_least: Decimal = Decimal(1)) -> Cover | None:
    """The cover of consecutive local days that costs least; of equal prices the one with the fewest blocks.

    Hours alone count for `at_least` so many. None when the blocks that are let cannot cover the time.
    """
    found = _best(days, prices)
    if False in found and found[False].hours:
        found[False] = Cover(hours=max(found[False].hours, at_least))
    return min(found.values(), key=lambda cover: _rank(cover, prices), default=None)


def total_hours(days: Iterable[Wanted]) -> Decimal:
    """The hours wanted, per quarter begun on each day."""
    return sum((_quarters(day.time) for day in days), Decimal(0))


def fewest_parts(day: Wanted) -> int:
    """How many day parts the time touches; 0 when they do not cover it."""
    counts = (len(cover.parts) for cover in day.covers if not cover.days and not cover.hours)
    return min(counts, default=0)


def _best(days: Sequence[Wanted], prices: Prices) -> dict[bool, Cover]:
    """The cheapest covers of all days: of hours alone (False), and with a larger block (True)."""
    best: list[dict[bool, Cover]] = [{False: Cover()}, *({} for _day in days)]
    for index, day in enumerate(days):
        after_a_week = min(index + DAYS_IN_A_WEEK, len(days))
        for so_far in list(best[index].values()):
            for cover in day.covers:
                _keep(best[index + 1], so_far + cover, prices)
            _keep(best[after_a_week], so_far + Cover(weeks=1), prices)
    return best[-1]


def _keep(best: dict[bool, Cover], cover: Cover, prices: Prices) -> None:
    if any(unit not in prices for unit, _count in cover.amounts):
        return
    known = best.get(cover.has_block)
    if known is None or _rank(cover, prices) < _rank(known, prices):
        best[cover.has_block] = cover


def _rank(cover: Cover, prices: Prices) -> tuple[Decimal, Decimal]:
    return cover.price(prices), cover.size


def _covered(chosen: Sequence[DayPartOfDay]) -> list[Period]:
    return [*(period for _part, period in chosen), *_bridges(chosen)]


def _bridges(chosen: Sequence[DayPartOfDay]) -> list[Period]:
    """The time between adjoining day parts: at most an hour."""
    return [
        Period(one.end, following.start)
        for (_part, one), (_next, following) in pairwise(chosen)
        if timedelta(0) < following.start - one.end <= HOUR
    ]


def _subsets(items: Sequence[DayPartOfDay]) -> Iterator[tuple[DayPartOfDay, ...]]:
    return chain.from_iterable(combinations(items, count) for count in range(len(items) + 1))


def _quarters(pieces: Iterable[Period]) -> Decimal:
    """The length of the pieces together, in hours, up to the next quarter."""
    length = sum((piece.length for piece in pieces), timedelta())
    return Decimal(-(-length // QUARTER)) / 4
