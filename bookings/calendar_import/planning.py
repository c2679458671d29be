"""What reading in a calendar would do: each date placed, changed, withdrawn or left out, and why. Writes nothing."""

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from django.utils.translation import gettext as _

from bookings.calendar_import import obstacles
from bookings.calendar_import.locating import Rooms
from bookings.calendar_import.reading import Date, Reading
from bookings.models import ImportedEntry
from spaces import claiming, ledger, opening, wording
from spaces.models import Claim, Space
from spaces.opening import Timetable
from spaces.periods import Period

BACK, AHEAD = timedelta(days=366), timedelta(days=365)
"""A year back, for the figures; a year ahead, as everything that repeats."""
WIDE = timedelta(days=31)
"""Something that lies partly outside the window is looked at this far around it."""
Row = TypeVar("Row", Date, ImportedEntry)
NEW, CHANGED, GONE, SAME = "new", "changed", "gone", "same"


def window(now: datetime) -> Period:
    """The time that an import looks at."""
    return Period(now - BACK, now + AHEAD)


@dataclass(frozen=True)
class Step:
    """One date: `kind` says what happens to it. `stored` is how it stands in Plein; `date` how the calendar has it."""

    kind: str
    space: Space
    date: Date | None = None
    stored: ImportedEntry | None = None

    @property
    def title(self) -> str:
        return self.date.title if self.date else self.stored.title if self.stored else ""

    @property
    def period(self) -> Period:
        """Now, or after reading in."""
        return self.date.period if self.date else self.stored.period  # type: ignore[union-attr]

    @property
    def mark(self) -> str:
        """What tells this step from any other, for the fingerprint of the plan."""
        row = self.stored.pk if self.stored else ""
        return f"{self.kind} {row} {self.space.pk} {self.period.start} {self.period.end} {self.title}"


@dataclass(frozen=True)
class LeftOut:
    """A date that is not placed, and why in the active language."""

    title: str
    why: str
    period: Period | None = None
    space: Space | None = None


@dataclass
class Plan:
    """The steps in order of time, what is left out, and the steps that lie outside opening hours."""

    space: Space
    reading: Reading
    steps: list[Step] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    outside: list[Step] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Step]:
        return [step for step in self.steps if step.kind in kinds]

    @property
    def counts(self) -> Counter[str]:
        return Counter(step.kind for step in self.steps)

    @property
    def new(self) -> list[Step]:
        return self.of(NEW)

    @property
    def changed(self) -> list[Step]:
        return self.of(CHANGED)

    @property
    def gone(self) -> list[Step]:
        return self.of(GONE)

    @property
    def same(self) -> list[Step]:
        return self.of(SAME)

    @property
    def changes_nothing(self) -> bool:
        return not self.of(NEW, CHANGED, GONE)

    @property
    def fingerprint(self) -> str:
        marks = "\n".join(step.mark for step in self.of(NEW, CHANGED, GONE))
        return hashlib.sha256(marks.encode()).hexdigest()


def plan(space: Space, reading: Reading, *, now: datetime) -> Plan:
    """Compare the calendar of `space` with what was read in before and with the ledger. A constant number of queries.

    What has begun stays as it is. Dates to come that the calendar no longer has are withdrawn, except those of an
    arrangement that could not be read. Of two dates at the same time the one that stands in Plein already stays, or
    else the earlier one.
    """
    result = Plan(space, reading)
    result.left_out = [LeftOut(each.title, each.sentence) for each in reading.unreadable]
    stored = ImportedEntry.objects.filter(hub=space.hub, source=space.code, ends_at__gt=reading.period.start)
    matched = _Matched.of(reading, list(stored.select_related("space")), now=now)
    gone = matched.withdrawn({each.uid for each in reading.unreadable}, now=now)
    board = _Board.of(space, reading.period, free=[*matched.movable(now=now), *gone], now=now)
    for date, row in matched.in_order(board.rooms):
        _place(result, board, date, row, now=now)
    result.steps += [Step(GONE, row.space, stored=row) for row in gone]
    result.steps.sort(key=lambda step: (step.period, step.title))
    result.left_out.sort(key=lambda it: (it.period or reading.period, it.title))
    return result


def _place(plan: Plan, board: "_Board", date: Date, row: ImportedEntry | None, *, now: datetime) -> None:
    space = board.rooms.get(date.room or "")
    if row is not None and row.starts_at <= now:
        plan.steps.append(Step(SAME, row.space, stored=row))
        return
    why = board.why_not(date, space)
    if why or space is None:
        plan.left_out.append(LeftOut(date.title, why, date.period, space))
        if row is not None:
            plan.steps.append(Step(GONE, row.space, stored=row))
        return
    board.put(date, space)
    step = Step(_kind(row, date, space), space, date, row)
    plan.steps.append(step)
    if step.kind != SAME and not board.is_open(date.period):
        plan.outside.append(step)


def _kind(row: ImportedEntry | None, date: Date, space: Space) -> str:
    if row is None:
        return NEW
    now_is = (row.space_id, row.period, row.title)
    return SAME if now_is == (space.pk, date.period, date.title) else CHANGED


@dataclass
class _Matched:
    """The dates of the file, each with its row; and the rows that the file does not have."""

    pairs: list[tuple[Date, ImportedEntry | None]]
    unmatched: list[ImportedEntry]

    @classmethod
    def of(cls, reading: Reading, rows: list[ImportedEntry], *, now: datetime) -> "_Matched":
        known = {(row.uid, row.original_start): row for row in rows}
        pairs = [(date, known.pop((date.uid, date.original_start), None)) for date in reading.dates]
        left = _alone(row for row in known.values() if row.starts_at > now)
        fresh = _alone(date for date, row in pairs if row is None)
        # something that happens once is named by its start: moved in the outside calendar, it is still the same
        again = {uid: row for uid, row in left.items() if uid in fresh}
        paired = [
            (date, row or again.get(date.uid) if date is fresh.get(date.uid) else row) for date, row in pairs
        ]
        taken = {row.pk for row in again.values()}
        return cls(paired, [row for row in known.values() if row.pk not in taken])

    def movable(self, *, now: datetime) -> list[ImportedEntry]:
        """The rows in the file that have not begun: their time may be given to another date."""
        return [row for _date, row in self.pairs if row and row.starts_at > now]

    def withdrawn(self, unread: set[str], *, now: datetime) -> list[ImportedEntry]:
        """The rows to come that the file no longer has."""
        return [row for row in self.unmatched if row.starts_at > now and row.uid not in unread]

    def in_order(self, rooms: dict[str, Space]) -> list[tuple[Date, ImportedEntry | None]]:
        """What stays as it is first, then by time."""

        def late(pair: tuple[Date, ImportedEntry | None]) -> bool:
            date, row = pair
            space = rooms.get(date.room or "")
            return row is None or space is None or (row.space_id, row.period) != (space.pk, date.period)

        return sorted(self.pairs, key=late)


def _alone(rows: Iterable[Row]) -> dict[str, Row]:
    """Those that are the only one with their UID."""
    counted = list(rows)
    times = Counter(row.uid for row in counted)
    return {row.uid: row for row in counted if times[row.uid] == 1}


@dataclass
class _Board:
    """Who has the atoms of the space in the time looked at, with the dates placed so far."""

    rooms: dict[str, Space]
    atoms: dict[int, list[int]]
    timetable: Timetable
    taken: dict[int, list[tuple[Period, str]]]
    own: dict[int, list[tuple[Period, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, space: Space, period: Period, *, free: list[ImportedEntry], now: datetime) -> "_Board":
        rooms, tree = Rooms.of(space), ledger.atoms_of(space.hub)
        claims = Claim.objects.in_force(now=now).filter(space__in=tree[space.pk])
        near = Period(period.start - WIDE, period.end + WIDE)
        others = claims.overlapping(near).exclude(holder__in=[row.holder for row in free])
        found = list(others.order_by("starts_at"))
        words = obstacles.words_of(found)
        taken: dict[int, list[tuple[Period, str]]] = {}
        for claim in found:
            about = words.get(claim.holder) or _("another booking")
            taken.setdefault(claim.space_id, []).append((_with_margins(claim), about))
        timetable = opening.load(space.hub, period=near)
        return cls(rooms.by_code(), tree, timetable, taken)

    def why_not(self, date: Date, space: Space | None) -> str:
        """Why the date cannot be placed; empty when it can."""
        if space is None:
            return _unknown(date)
        for atom in self.atoms[space.pk]:
            for period, about in _meeting(self.own.get(atom, []), date.period):
                told = _("It is at the same time as %(other)s in this calendar (%(when)s).")
                return told % {"other": about, "when": _when(period)}
            for period, about in _meeting(self.taken.get(atom, []), date.period):
                return _taken(about, _when(period))
        closed = next((it for it in self.timetable.closures if it.period.overlaps(date.period)), None)
        return _taken(obstacles.closed(closed), _when(closed.period)) if closed else ""

    def is_open(self, period: Period) -> bool:
        """Whether the hub is open for all of it; what lasts for months is not."""
        return period.length < WIDE and self.timetable.is_open(period)

    def put(self, date: Date, space: Space) -> None:
        for atom in self.atoms[space.pk]:
            mine = self.own.setdefault(atom, [])
            mine.insert(
                bisect_left(mine, date.period, key=lambda it: it[0]), (date.period, f"“{date.title}”")
            )


def _meeting(taken: list[tuple[Period, str]], period: Period) -> list[tuple[Period, str]]:
    """Those that overlap `period`, in a list sorted by start of which no two overlap (margins apart)."""
    at = bisect_left(taken, period.end, key=lambda it: it[0].start)
    near = taken[max(0, at - 3) : at]
    return [found for found in near if found[0].overlaps(period)]


def _with_margins(claim: Claim) -> Period:
    setup, cleanup = timedelta(minutes=claim.setup_minutes), timedelta(minutes=claim.cleanup_minutes)
    return Period(claim.starts_at - setup, claim.ends_at + cleanup if claim.ends_at else claiming.FOR_EVER)


def _when(period: Period) -> str:
    if period.end >= claiming.FOR_EVER:
        return _("from %(day)s, without end") % {"day": wording.day(period.start)}
    return wording.period(period)


def _unknown(date: Date) -> str:
    if not date.location:
        return _("It is in a room that does not belong to this calendar.")
    return _("We do not know the room “%(place)s” in this calendar.") % {"place": date.location}


def _taken(about: str, when: str) -> str:
    return _("Taken by %(other)s (%(when)s).") % {"other": about, "when": when}
