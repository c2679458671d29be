"""A calendar from outside as dates: what takes a room when, and what cannot be read. Nothing of it is kept here."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from django.utils.translation import gettext as _

from bookings.calendar_import import expanding, refusals
from bookings.calendar_import.locating import Rooms
from bookings.calendar_import.sieving import Entry, Sieved, latest, sieve
from spaces.periods import Period

PATIENCE_SECONDS = 45
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Date:
    """One date that takes a room. `room` is its code, None when nobody knows the place that the calendar names.

    `location` is what the calendar says of where; empty for what is private.
    """

    uid: str
    original_start: datetime
    period: Period
    title: str
    room: str | None
    location: str = ""
    whole_days: bool = False

    def as_json(self) -> dict[str, Any]:
        moments = {"original_start": self.original_start, "start": self.period.start, "end": self.period.end}
        told: dict[str, Any] = {
            "uid": self.uid,
            "title": self.title,
            "room": self.room,
            "location": self.location,
        }
        told["whole_days"] = self.whole_days
        return told | {name: moment.isoformat() for name, moment in moments.items()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        moments = {name: datetime.fromisoformat(kept[name]) for name in ("original_start", "start", "end")}
        return cls(
            kept["uid"], moments["original_start"], Period(moments["start"], moments["end"]),
            kept["title"], kept["room"], kept["location"], kept["whole_days"],
        )  # fmt: skip


@dataclass(frozen=True)
class Unreadable:
    """An arrangement that cannot be read, and why (a word of `WHY`)."""

    uid: str
    title: str
    why: str

    @property
    def sentence(self) -> str:
        return WHY[self.why]()


WHY = {
    "no start": lambda: _("It has no start."),
    "no end": lambda: _("It has no end, so we do not know how long the room is taken."),
    "ends before": lambda: _("It ends before it starts, or lasts no time at all."),
    "old rule": lambda: _("It repeats by an exception rule (EXRULE) that Plein does not read."),
    "too often": lambda: _("It repeats more often than every hour."),
    "endless": lambda: _("Working out its dates takes too long: it repeats without end, or never comes."),
    "unreadable": lambda: _("Its times or its repetition cannot be read."),
}


@dataclass
class Reading:
    """What a file holds from `period.start` up to `period.end`.

    `idle` counts the dates that take nothing (free, or cancelled); `before`, `after` and `goes_on` are titles of what
    lies outside the period; `zones` are names of time zones that nobody knows, read on the clock of the hub.
    """

    period: Period
    dates: list[Date] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    idle: int = 0
    before: int = 0
    after: list[str] = field(default_factory=list)
    goes_on: list[str] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "period": [self.period.start.isoformat(), self.period.end.isoformat()],
            "dates": [date.as_json() for date in self.dates],
            "unreadable": [asdict(each) for each in self.unreadable],
            "idle": self.idle, "before": self.before, "after": self.after, "goes_on": self.goes_on, "zones": self.zones,
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        start, end = (datetime.fromisoformat(moment) for moment in kept["period"])
        parts = {
            "period": Period(start, end),
            "dates": [Date.from_json(date) for date in kept["dates"]],
            "unreadable": [Unreadable(**each) for each in kept["unreadable"]],
        }
        return cls(**kept | parts)


def read(content: bytes, *, rooms: Rooms, period: Period) -> Reading:
    """The dates of the file that touch `period`, on the clock of the hub where the file names no other.

    Raises NotACalendar when it cannot be read as a whole, also when that would take more than a fair amount of work.
    """
    sieved = sieve(content)
    groups = list(latest(sieved.entries))
    rows = [(uid, entry) for uid, entries in groups for entry in entries]
    answer = _expanded(_wish(sieved, groups, rooms=rooms, period=period))
    if "dates" not in answer:
        raise refusals.too_much()
    result = Reading(period, zones=[name[:80] for name in answer["zones"]])
    result.unreadable = [Unreadable(rows[row][0], rows[row][1].title, why) for row, why in answer["faults"]]
    for row, *moments, whole_days in answer["dates"]:
        uid, entry = rows[row]
        if _takes(entry):
            original, start, end = (datetime.fromisoformat(moment) for moment in moments)
            room, told = rooms.named(entry.location), "" if entry.private else entry.location
            period_of = Period(start, end)
            result.dates.append(Date(uid, original, period_of, entry.title, room, told, whole_days))
        else:
            result.idle += 1
    beyond = answer["beyond"]
    result.before = len(beyond["before"])
    result.after = [rows[row][1].title for row in beyond["after"] if _takes(rows[row][1])]
    result.goes_on = [rows[row][1].title for row in beyond["goes on"] if _takes(rows[row][1])]
    result.dates.sort(key=lambda date: (date.period, date.uid, date.original_start))
    return result


def _takes(entry: Entry) -> bool:
    return not (entry.free or entry.cancelled)


def _wish(
    sieved: Sieved, groups: list[tuple[str, list[Entry]]], *, rooms: Rooms, period: Period
) -> dict[str, Any]:
    """What `expanding` needs to know: times only."""
    numbered, row = [], 0
    for _uid, entries in groups:
        numbered.append(
            [{"row": row + at, "lines": [vars(line) for line in it.lines]} for at, it in enumerate(entries)]
        )
        row += len(entries)
    return {
        "zone": rooms.whole.hub.timezone, "zones": sieved.zones, "groups": numbered,
        "first": period.start.isoformat(), "last": period.end.isoformat(),
    }  # fmt: skip


def _expanded(wish: dict[str, Any]) -> dict[str, Any]:
    program = [sys.executable, "-m", expanding.__name__]
    try:
        done = subprocess.run(
            program,
            input=json.dumps(wish),
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refusals.too_much() from error
    if done.returncode < 0:  # stopped by the limit on its time
        raise refusals.too_much()
    done.check_returncode()
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
