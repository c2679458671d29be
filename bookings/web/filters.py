"""The choices of the finder: days, parts of the day, clock times, kinds of room, what is needed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.dateformat import format as formatted
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.web.wishing import Wish, clock, slug
from spaces import opening
from spaces.models import Feature, Hub, Space, SpaceKind
from spaces.opening import Timetable
from spaces.periods import DAY, Period

DAYS_SHOWN = 5
DAYS_LOADED = 21
"""Longer than the longest closure around the holidays, so that there are always days to choose from."""
QUARTER = 15
FIRST_NEEDS = ("wheelchair-accessible", "wash-basin", "treatment-couch", "projector")
ICONS = {
    "wheelchair-accessible": "wheelchair",
    "wash-basin": "basin",
    "treatment-couch": "bed",
    "projector": "screen",
    "screen": "screen",
    "kitchen": "coffee",
}


@dataclass(frozen=True)
class Chip:
    value: str
    label: str
    checked: bool
    note: str = ""


@dataclass(frozen=True)
class Filters:
    """What a hub has to choose from, with its hours for three weeks from now. Six queries."""

    hub: Hub
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.hub.zone).date()

    @cached_property
    def timetable(self) -> Timetable:
        return opening.load(self.hub, period=Period(self.now, self.now + DAYS_LOADED * DAY))

    @cached_property
    def kinds(self) -> list[str]:
        found = set(
            Space.objects.of_hub(self.hub).bookable().order_by().values_list("kind", flat=True).distinct()
        )
        return [kind for kind in SpaceKind.values if kind in found]

    @cached_property
    def features(self) -> dict[str, Feature]:
        found = Feature.objects.filter(spaces__hub=self.hub, spaces__bookable=True).distinct()
        return {feature.code: feature for feature in sorted(found, key=_needed_first)}

    def days(self, wish: Wish) -> list[Chip]:
        """Today and the next days that are open."""
        return [Chip(day.isoformat(), self._day_label(day), day == wish.day) for day in self._open_days()]

    def parts(self, wish: Wish) -> list[Chip]:
        return [
            Chip(slug(part), str(part), part == wish.part, f"{_short(part.starts)}–{_short(part.ends)}")
            for part in self.timetable.day_parts
        ]

    def clocks(self, chosen: time, *, closing: bool) -> list[Chip]:
        """Each quarter of an hour that the hub is ever open; as an end midnight is 24:00."""
        values = sorted({*self._quarters(closing=closing), _minutes(chosen, closing=closing)})
        times = [time(value // 60 % 24, value % 60) for value in values]
        return [Chip(clock(it, closing=closing), clock(it, closing=closing), it == chosen) for it in times]

    def kind_chips(self, wish: Wish) -> list[Chip]:
        return [Chip(kind, str(SpaceKind(kind).label), kind in wish.kinds) for kind in self.kinds]

    def need_chips(self, wish: Wish) -> tuple[list[Chip], list[Chip]]:
        """Those that are asked for most, with what is chosen; and the rest."""
        chips = [Chip(code, str(feature), code in wish.needs) for code, feature in self.features.items()]
        first = [chip for chip in chips if chip.value in FIRST_NEEDS or chip.checked]
        return first, [chip for chip in chips if chip not in first]

    def _open_days(self) -> Sequence[date]:
        days: list[date] = []
        day = self.timetable.first
        while day <= self.timetable.last and len(days) < DAYS_SHOWN:
            if any(period.end > self.now for period in self.timetable.open_periods(day)):
                days.append(day)
            day += DAY
        return days

    def _day_label(self, day: date) -> str:
        if day == self.today:
            return _("today")
        words = formatted(day, "D j M").replace(".", "")
        return words if get_language() == "en" else words.lower()

    def _quarters(self, *, closing: bool) -> Iterator[int]:
        hours = [pair for pairs in self.timetable.hours.values() for pair in pairs] or [(time(8), time(18))]
        first = min(_minutes(opens, closing=False) for opens, _closes in hours)
        last = max(_minutes(closes, closing=True) for _opens, closes in hours)
        shift = QUARTER if closing else 0
        yield from range(first + shift, last + shift, QUARTER)


def _needed_first(feature: Feature) -> tuple[int, str]:
    place = FIRST_NEEDS.index(feature.code) if feature.code in FIRST_NEEDS else len(FIRST_NEEDS)
    return place, str(feature)


def _minutes(value: time, *, closing: bool) -> int:
    return 24 * 60 if closing and value == time.min else value.hour * 60 + value.minute


def _short(value: time) -> str:
    """8, 8:30: as on a door."""
    return f"{value.hour}:{value.minute:02}" if value.minute else str(value.hour)
