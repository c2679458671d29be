"""Which time zone a name in a calendar stands for. Knows nothing of the house: part of the program `expanding`."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from icalendar.cal import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON


class Zones:
    """The zones of one file. `defined` are those it describes itself; `custom` those of them that are nowhere else."""

    def __init__(
        self, home: ZoneInfo, defined: dict[str, list[str]], *, first: datetime, last: datetime
    ) -> None:
        self.home, self.defined = home, defined
        self.first, self.last = first, last
        self.known = available_timezones()
        self.names: dict[str, str] = {}
        self.custom: dict[str, str] = {}
        self.unknown: set[str] = set()

    def is_custom(self, name: str) -> bool:
        return self.named(name) in self.custom

    def named(self, name: str) -> str:
        """The name under which we know a zone; one that the file defines itself gets a name of its own."""
        if name not in self.names:
            self.names[name] = self._look_up(name)
        return self.names[name]

    def _look_up(self, name: str) -> str:
        tail = [part for part in re.split(r"/+", name) if part]
        for size in (3, 2, 1):
            if "/".join(tail[-size:]) in self.known:
                return "/".join(tail[-size:])
        if name in WINDOWS_TO_OLSON:
            return WINDOWS_TO_OLSON[name]
        if name in self.defined:
            return self._define(name)
        if name:
            self.unknown.add(name)
        return self.home.key

    def _define(self, name: str) -> str:
        """A zone by the file's own rules; when those are the clock of the hub it is simply that."""
        alias = f"zone-{len(self.custom)}"
        text = "\r\n".join(["BEGIN:VTIMEZONE", f"TZID:{alias}", *self.defined[name], "END:VTIMEZONE"])
        try:
            component: Any = Timezone.from_ical(text)
            zone = component.to_tz(lookup_tzid=False)
            hours = int((self.last - self.first) / timedelta(hours=6))
            moments = [(self.first + timedelta(hours=6 * each)).astimezone(UTC) for each in range(hours)]
            offsets = [moment.astimezone(zone).utcoffset() for moment in moments]
        except Exception:
            self.unknown.add(name)
            return self.home.key
        if offsets == [moment.astimezone(self.home).utcoffset() for moment in moments]:
            return self.home.key
        self.custom[alias] = text
        return alias
