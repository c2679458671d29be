"""The table of reception and of the meeting area: rooms (or days) as rows, the clock as columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from math import gcd
from zoneinfo import ZoneInfo

from bookings import occupants
from bookings.occupants import Occupant
from spaces import boards
from spaces.boards import BoardRow, Cell
from spaces.models import Hub, Space
from spaces.periods import Period
from tenants.parties.access import Actor

HOUR = 60
USUAL_DAY = (8 * HOUR, 18 * HOUR)
"""What an empty table shows, in minutes after midnight."""


@dataclass(frozen=True)
class Slot:
    """One cell: `span` columns wide. A free one that is still to come can be booked."""

    period: Period
    span: int
    state: str
    occupants: list[Occupant] = field(default_factory=list)

    @property
    def occupant(self) -> Occupant | None:
        return self.occupants[0] if self.occupants else None


@dataclass(frozen=True)
class Row:
    """One space on one day."""

    space: Space
    day: date
    slots: list[Slot]


@dataclass(frozen=True)
class Hour:
    """A column head: `span` columns wide; `now` when it is that hour today."""

    label: str
    span: int
    now: bool


@dataclass(frozen=True)
class Sheet:
    """`columns` of equal time under `hours`, and a row for each space or day."""

    hours: list[Hour]
    columns: range
    rows: list[Row]


def of_day(hub: Hub, day: date, *, spaces: Sequence[Space], actor: Actor, now: datetime) -> Sheet:
    """One day, a row for each space. A constant number of queries."""
    return _sheet(hub, {day: boards.day_board(hub, day=day, spaces=spaces, now=now)}, actor=actor, now=now)


def of_week(hub: Hub, days: Sequence[date], *, space: Space, actor: Actor, now: datetime) -> Sheet:
    """One space, a row for each day. A constant number of queries."""
    return _sheet(hub, boards.boards(hub, days=days, spaces=[space], now=now), actor=actor, now=now)


def _sheet(hub: Hub, board: Mapping[date, list[BoardRow]], *, actor: Actor, now: datetime) -> Sheet:
    cells = [cell for rows in board.values() for row in rows for cell in row.cells]
    known = occupants.of_claims((claim for cell in cells for claim in cell.claims), actor=actor)
    grid = _Grid.over(cells, zone=hub.zone)
    rows = [
        Row(row.space, day, list(grid.slots(row.cells, day=day, known=known, now=now)))
        for day, of_day in board.items()
        for row in of_day
    ]
    return Sheet(grid.hours(days=board, now=now), range(grid.columns), rows)


@dataclass(frozen=True)
class _Grid:
    """Clock time in columns: from and until are minutes after midnight, on whole hours."""

    start: int
    end: int
    step: int
    zone: ZoneInfo

    @classmethod
    def over(cls, cells: Iterable[Cell], *, zone: ZoneInfo) -> "_Grid":
        edges = [_minutes(cell.period, zone) for cell in cells]
        start = min((edge[0] for edge in edges), default=USUAL_DAY[0]) // HOUR * HOUR
        end = -(-max((edge[1] for edge in edges), default=USUAL_DAY[1]) // HOUR) * HOUR
        step = gcd(30, *(minute for edge in edges for minute in edge))
        return cls(start, end, step, zone)

    @property
    def columns(self) -> int:
        return (self.end - self.start) // self.step

    def hours(self, *, days: Iterable[date], now: datetime) -> list[Hour]:
        local = now.astimezone(self.zone)
        here = local.date() in set(days)
        return [
            Hour(f"{minute // HOUR:02}", HOUR // self.step, now=here and local.hour == minute // HOUR)
            for minute in range(self.start, self.end, HOUR)
        ]

    def slots(
        self, cells: Sequence[Cell], *, day: date, known: Mapping[str, Occupant], now: datetime
    ) -> Iterator[Slot]:
        at = self.start
        for cell in cells or [self._shut(day)]:
            starts, ends = _minutes(cell.period, self.zone)
            if starts > at:
                yield self._slot(Cell(cell.period, boards.CLOSED), at, starts, known)
            if cell.state == boards.FREE:
                yield from self._free(cell, day=day, now=now)
            else:
                yield self._slot(cell, max(starts, at), ends, known)
            at = ends
        if at < self.end:
            yield self._slot(self._shut(day), at, self.end, known)

    def _slot(self, cell: Cell, starts: int, ends: int, known: Mapping[str, Occupant]) -> Slot:
        found = list({claim.holder: known[claim.holder] for claim in cell.claims}.values())
        state = found[0].state if found else cell.state
        return Slot(cell.period, (ends - starts) // self.step, state, found)

    def _free(self, cell: Cell, *, day: date, now: datetime) -> Iterator[Slot]:
        """Free time in pieces that end on the hour, so that each can be pointed at."""
        starts, ends = _minutes(cell.period, self.zone)
        cuts = [starts, *(minute for minute in range(starts // HOUR * HOUR + HOUR, ends, HOUR)), ends]
        for begin, end in pairwise(cuts):
            period = self._on_clock(day, begin, end)
            state = boards.CLOSED if period is None else boards.PAST if period.end <= now else boards.FREE
            yield Slot(period or cell.period, (end - begin) // self.step, state)

    def _on_clock(self, day: date, begin: int, end: int) -> Period | None:
        """From one clock time to another; None for an hour that the clock skips."""
        midnight = datetime.combine(day, time.min, tzinfo=self.zone)
        start, stop = midnight + timedelta(minutes=begin), midnight + timedelta(minutes=end)
        return Period(start, stop) if start.astimezone(UTC) < stop.astimezone(UTC) else None

    def _shut(self, day: date) -> Cell:
        start = datetime.combine(day, time(self.start // HOUR), tzinfo=self.zone)
        return Cell(Period(start, start + timedelta(minutes=self.end - self.start)), boards.CLOSED)


def _minutes(period: Period, zone: ZoneInfo) -> tuple[int, int]:
    """Where a cell of one day lies on the clock; midnight at its end is 24:00."""
    start, end = period.local(zone)
    first, last = start.hour * HOUR + start.minute, end.hour * HOUR + end.minute
    return first, last if last > first else 24 * HOUR
