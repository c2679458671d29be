"""The dates of a calendar's arrangements, worked out in a process of its own: started by `reading` as a program.

A calendar from outside may ask for work without end (a repetition every second, or one that never comes), so this
runs under a limit of time and memory, and knows nothing of the house. It reads from standard input and answers on
standard output, both JSON; no title, place or person is ever handed to it.
"""

import contextlib
import json
import re
import resource
import signal
import sys
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from bookings.calendar_import.zones import Zones

SECONDS_IN_ALL, SECONDS_EACH = 10, 1
MOST_BYTES = 1 << 30
MOST_DATES = 20_000
MOST_TIMES_A_DAY = 24
AFTERWARDS = timedelta(days=366)
DAY = timedelta(days=1)
_DURATION = re.compile(r"^([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$")
_UNTIL = re.compile(r"UNTIL=(\d{8})(T\d{6})?(Z?)", re.IGNORECASE)


class Fault(Exception):
    """Why an arrangement cannot be read, in one word that `reading` knows the sentence of."""


def main() -> int:
    """Read the wish, write the answer; anything left over when time is up is a fault of the whole."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_IN_ALL, SECONDS_IN_ALL + 1))
    with contextlib.suppress(ValueError, OSError):  # not every system limits memory; each limits time
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    signal.signal(signal.SIGPROF, _time_is_up)
    json.dump(expand(json.load(sys.stdin)), sys.stdout)
    return 0


def expand(wish: dict[str, Any]) -> dict[str, Any]:
    """For each arrangement of `wish` its dates from `first` up to `last`, or the fault that keeps it from being read.

    A date is [row, original start, start, end, whole days?], moments in UTC; `zones` lists those nobody knows.
    """
    reader = _Reader(wish)
    dates: list[list[Any]] = []
    faults: list[list[Any]] = []
    beyond: dict[str, list[int]] = {"before": [], "after": [], "goes on": []}
    for group in wish["groups"]:
        try:
            signal.setitimer(signal.ITIMER_PROF, SECONDS_EACH)
            found, where = reader.dates_of(group)
            signal.setitimer(signal.ITIMER_PROF, 0)
        except Exception as fault:
            signal.setitimer(signal.ITIMER_PROF, 0)
            faults.append([group[0]["row"], str(fault) if isinstance(fault, Fault) else "unreadable"])
            continue
        dates += found
        if where:
            beyond[where].append(group[0]["row"])
        if len(dates) > MOST_DATES:
            return {"too much": True}
    return {"dates": dates, "faults": faults, "beyond": beyond, "zones": sorted(reader.zones.unknown)}


def _time_is_up(_signal: int, _frame: Any) -> None:
    raise Fault("endless")


class _Reader:
    """Knows the hub's zone, the window, and which zone each name in the file stands for."""

    def __init__(self, wish: dict[str, Any]) -> None:
        self.home = ZoneInfo(wish["zone"])
        self.first, self.last = datetime.fromisoformat(wish["first"]), datetime.fromisoformat(wish["last"])
        self.zones = Zones(self.home, wish["zones"], first=self.first, last=self.last)

    def dates_of(self, group: list[dict[str, Any]]) -> tuple[list[list[Any]], str]:
        """The dates of one arrangement in the window; the word says what of it lies outside."""
        for row in group:
            self._check(row)
        calendar = Calendar.from_ical(self._text(group))
        self._check_read(calendar)
        query = recurring_ical_events.of(calendar)
        found = self._read(query.between(self.first, self.last), group)
        repeats = any(line["name"] in {"RRULE", "RDATE"} for line in group[0]["lines"])
        if repeats and any(True for _each in query.between(self.last, self.last + AFTERWARDS)):
            return found, "goes on"
        if found:
            return found, ""
        return [], "before" if self._start(group[0]) < self.last else "after"

    def _check(self, row: dict[str, Any]) -> None:
        lines = {line["name"]: line for line in row["lines"]}
        if "DTSTART" not in lines:
            raise Fault("no start")
        if "EXRULE" in lines:
            raise Fault("old rule")
        whole_days = _is_date(lines["DTSTART"])
        if not whole_days and "DTEND" not in lines and "DURATION" not in lines:
            raise Fault("no end")
        if "DURATION" in lines:
            _length(lines["DURATION"]["value"])
        for line in row["lines"]:
            if line["name"] == "RRULE":
                _check_rule(line["value"].upper())

    def _check_read(self, calendar: Any) -> None:
        """What the library would pass over in silence: a rule it cannot read, an end before the start."""
        for event in calendar.walk("VEVENT"):
            if event.errors:
                raise Fault("unreadable")
            if "DTEND" in event:
                start, end = event["DTSTART"].dt, event["DTEND"].dt
                is_fine = self._moment(end) > self._moment(start) or (
                    start == end and not isinstance(end, datetime)
                )
                if not is_fine:
                    raise Fault("ends before")

    def _read(self, components: Any, group: list[dict[str, Any]]) -> list[list[Any]]:
        by_row = {row["row"]: row for row in group}
        result: list[list[Any]] = []
        seen: set[datetime] = set()
        for component in components:
            row = by_row[int(component["SEQUENCE-OF-ROW"])]
            start, end = component["DTSTART"].dt, component["DTEND"].dt
            whole_days = not isinstance(start, datetime)
            duration = next((line["value"] for line in row["lines"] if line["name"] == "DURATION"), "")
            period = self._moment(start), self._end(start, end, duration)
            if period[1] <= period[0]:
                raise Fault("ends before")
            if period[0] < self.last and period[1] > self.first:
                original = self._original(component, group, seen)
                result.append([row["row"], *(it.isoformat() for it in (original, *period)), whole_days])
        return result

    def _original(self, component: Any, group: list[dict[str, Any]], seen: set[datetime]) -> datetime:
        """What names this date for ever; for the dates after a "this and following" change its own start."""
        named = component["RECURRENCE-ID"].dt
        main = group[0]
        if not isinstance(named, datetime) and isinstance(component["DTSTART"].dt, datetime):
            named = datetime.combine(named, self._start(main).astimezone(self.home).time(), self.home)
        original = self._moment(named)
        if original in seen:
            original = self._moment(component["DTSTART"].dt)
        seen.add(original)
        return original

    def _end(self, start: Any, end: Any, duration: str) -> datetime:
        """Hours of a duration pass by the clock on the wall of nobody: RFC 5545, 3.3.6. Days are days."""
        if duration and isinstance(start, datetime):
            days, exact = _length(duration)
            return self._moment(start + days) + exact
        if not isinstance(end, datetime) and end <= start:
            end = start + DAY
        return self._moment(end)

    def _moment(self, value: date) -> datetime:
        if not isinstance(value, datetime):
            value = datetime.combine(value, time.min)
        return (value if value.tzinfo else value.replace(tzinfo=self.home)).astimezone(UTC)

    def _start(self, row: dict[str, Any]) -> datetime:
        event: Any = Calendar.from_ical(self._text([row])).walk("VEVENT")[0]
        return self._moment(event["DTSTART"].dt)

    def _text(self, group: list[dict[str, Any]]) -> str:
        events, zones = [], set()
        for row in group:
            events += ["BEGIN:VEVENT", "UID:1", f"SEQUENCE-OF-ROW:{row['row']}"]
            events += [self._line(line, row) for line in row["lines"] if line["name"] != "DURATION"]
            events += [*self._computed_end(row), "END:VEVENT"]
            zones |= {self.zones.named(line["zone"]) for line in row["lines"] if line["zone"]}
        defined = [self.zones.custom[name] for name in sorted(zones) if name in self.zones.custom]
        return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *defined, *events, "END:VCALENDAR", ""])

    def _line(self, line: dict[str, str], row: dict[str, Any]) -> str:
        if line["name"] in {"RRULE", "EXRULE"}:
            return f"{line['name']}:{self._rule(line['value'], row)}"
        reach = ";RANGE=THISANDFUTURE" if line["reach"] == "THISANDFUTURE" else ""
        if _is_date(line):
            return f"{line['name']}{reach};VALUE=DATE:{line['value']}"
        if line["name"] == "RDATE":
            return self._extra_dates(line, row)
        zone = "" if line["value"].upper().endswith("Z") else f";TZID={self.zones.named(line['zone'])}"
        return f"{line['name']}{reach}{zone}:{line['value'].upper()}"

    def _extra_dates(self, line: dict[str, str], row: dict[str, Any]) -> str:
        """In the zone of the series: the library reads them on its clock, whatever zone they are in."""
        start = next(line for line in row["lines"] if line["name"] == "DTSTART")
        zone = "UTC" if start["value"].upper().endswith("Z") else self.zones.named(start["zone"])
        kind = ";VALUE=PERIOD" if "/" in line["value"] else ""
        values = [self._shifted(value, line, zone) for value in line["value"].upper().split(",")]
        return f"RDATE{kind};TZID={zone}:{','.join(values)}"

    def _shifted(self, value: str, line: dict[str, str], zone: str) -> str:
        own = self.zones.named(line["zone"])
        if zone in self.zones.custom or (own in self.zones.custom and "Z" not in value):
            return value
        parts = value.split("/")
        for at, part in enumerate(parts):
            if not part.startswith(("P", "+P")):
                there = UTC if part.endswith("Z") else ZoneInfo(own)
                moment = datetime.strptime(part.rstrip("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=there)
                parts[at] = f"{moment.astimezone(ZoneInfo(zone)):%Y%m%dT%H%M%S}"
        return "/".join(parts)

    def _computed_end(self, row: dict[str, Any]) -> list[str]:
        """An end for who gave a duration, so that long ones are found; `_end` says it exactly."""
        lines = {line["name"]: line for line in row["lines"]}
        if "DURATION" not in lines or "DTEND" in lines:
            return []
        days, exact = _length(lines["DURATION"]["value"])
        start = lines["DTSTART"]
        if _is_date(start):
            last = datetime.strptime(start["value"], "%Y%m%d").date() + days + exact  # noqa: DTZ007
            return [f"DTEND;VALUE=DATE:{last:%Y%m%d}"]
        text = start["value"].upper()
        last_at = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S") + days + exact  # noqa: DTZ007
        utc = "Z" if text.endswith("Z") else ""
        return [self._line({**start, "name": "DTEND", "value": f"{last_at:%Y%m%dT%H%M%S}{utc}"}, row)]

    def _rule(self, rule: str, row: dict[str, Any]) -> str:
        """The rule with its UNTIL in the form that goes with the start: a day includes all of that day."""
        found = _UNTIL.search(rule)
        if found is None:
            return rule.upper()
        start = next(line for line in row["lines"] if line["name"] == "DTSTART")
        day, clock, utc = found[1], found[2], found[3]
        local = datetime.strptime(day + (clock or "T235959"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
        zone = (
            UTC
            if utc
            else ZoneInfo(self.zones.named(start["zone"]))
            if not self.zones.is_custom(start["zone"])
            else self.home
        )
        if _is_date(start):
            last = local.replace(tzinfo=UTC).astimezone(self.home) if utc and clock else local
            until = f"{last:%Y%m%d}"
        else:
            if utc and not clock:
                zone = self.home
            until = f"{local.replace(tzinfo=zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"
        return rule.replace(found[0], f"UNTIL={until}").upper()


def _is_date(line: dict[str, str]) -> bool:
    return bool(re.fullmatch(r"\d{8}(,\d{8})*", line["value"]))


def _length(text: str) -> tuple[timedelta, timedelta]:
    """Days, which are as long as they are, and hours, which are exact."""
    found = _DURATION.match(text.upper())
    if found is None:
        raise Fault("unreadable")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    lengths = timedelta(days=7 * weeks + days), timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if found[1] == "-" or not any(lengths):
        raise Fault("ends before")
    return lengths


def _check_rule(rule: str) -> None:
    """Refuse what repeats within the hour, or more than once an hour all day long."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    if parts.get("FREQ") in {"SECONDLY", "MINUTELY", "HOURLY"}:
        raise Fault("too often")
    if parts.get("FREQ") not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}:
        raise Fault("unreadable")
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(set(parts[name].split(","))) if name in parts else 1
    if times > MOST_TIMES_A_DAY:
        raise Fault("too often")


if __name__ == "__main__":
    sys.exit(main())
