"""What somebody looks for on the finder: read from the address, where all of it stands, and written back to it.

Nothing in an address can make the page fail: what is not understood gets a sentence, and the rest is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _

from bookings.habits import Habit
from bookings.refusals import TooFarAhead
from bookings.reserving import DAYS_AHEAD
from spaces import wording
from spaces.models import DayPart, Hub
from spaces.opening import Timetable
from spaces.periods import DAY, NotAMoment, Period, on_clock
from spaces.web import typed

OTHER_DAY = "anders"
HOURS = "uren"
NAMES = frozenset({"dag", "datum", "deel", "van", "tot", "soort", "nodig", "personen", "ruimte", "partij"})
MOST_PERSONS = 999


@dataclass(frozen=True)
class Wish:
    """A day, a time on it, and what kind of room; `period` is None as long as they make no time together."""

    day: date
    starts: time
    ends: time
    part: DayPart | None = None
    period: Period | None = None
    kinds: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    persons: int = 0
    space: str = ""
    party: str = ""
    problems: tuple[str, ...] = field(default=(), compare=False)

    @property
    def query(self) -> str:
        """The wish as the parameters of an address."""
        result = QueryDict(mutable=True)
        result["dag"] = self.day.isoformat()
        if self.part:
            result["deel"] = slug(self.part)
        else:
            result["van"], result["tot"] = clock(self.starts), clock(self.ends, closing=True)
        result.setlist("soort", list(self.kinds))
        result.setlist("nodig", list(self.needs))
        extra = {"personen": str(self.persons or ""), "ruimte": self.space, "partij": self.party}
        result.update({name: value for name, value in extra.items() if value})
        return result.urlencode()

    def at(self, period: Period, *, timetable: Timetable, space: str = "") -> "Wish":
        """The same wish at another time, and for a certain room."""
        start, end = period.local(timetable.zone)
        clocks = start.time(), end.time()
        part = next((part for part in timetable.day_parts if (part.starts, part.ends) == clocks), None)
        return replace(
            self, day=start.date(), starts=start.time(), ends=end.time(), part=part, period=period,
            space=space or self.space,
        )  # fmt: skip


def slug(part: DayPart) -> str:
    """How a day part is called in an address, in any language."""
    return slugify(part.name_nl) or str(part.pk)


def clock(value: time, *, closing: bool = False) -> str:
    """A clock time in an address: as an end, midnight is 24:00."""
    return "24:00" if closing and value == time.min else wording.clock(value)


@dataclass
class Reader:
    """Reads the parameters of one request; `problems` collects what was not understood."""

    hub: Hub
    params: QueryDict
    timetable: Timetable
    now: datetime
    habit: Habit = field(default_factory=Habit)
    problems: list[str] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.hub.zone).date()

    def wish(self, *, kinds: Sequence[str], needs: Mapping[str, Any], remembered: Sequence[str] = ()) -> Wish:
        """The wish in the address; on a first visit the next open day part and what was booked last.

        `kinds` and `needs` are what there is to ask for, `remembered` the needs asked for last.
        """
        first_visit = NAMES.isdisjoint(self.params)
        day, part, starts, ends = self._time()
        wish = Wish(
            day=day, part=part, starts=starts, ends=ends,
            period=self._period(day, starts, ends),
            kinds=self._known("soort", kinds, default=self.habit.kinds if first_visit else ()),
            needs=self._known("nodig", needs, default=remembered if first_visit else ()),
            persons=self._persons(),
            space=typed.quoted(self._text("ruimte")),
            party=typed.quoted(self._text("partij")),
        )  # fmt: skip
        return replace(wish, problems=tuple(self.problems))

    def _time(self) -> tuple[date, DayPart | None, time, time]:
        part = self._part()
        day = self._day() or self._first_day(part)
        default = part or self._next_part(day)
        starts, ends = (default.starts, default.ends) if default else (time(9), time(12))
        if part or (self._text("deel") != HOURS and not (self._text("van") or self._text("tot"))):
            return day, default, starts, ends
        return day, None, self._clock("van", starts), self._clock("tot", ends)

    def _day(self) -> date | None:
        text = self._text("dag")
        if text == OTHER_DAY:
            text = self._text("datum")
        if not text:
            return None
        day = typed.day(text, today=self.today)
        if day is None:
            wrong = _("“%(text)s” is not a day we understand. Write a day as 24-11 or 24 nov.")
            self.problems.append(wrong % {"text": typed.quoted(text)})
        elif day < self.today:
            self.problems.append(_("This day has passed. Choose a later day."))
        elif day > self.today + DAYS_AHEAD * DAY:
            self.problems.append(TooFarAhead(DAYS_AHEAD).message)
        else:
            return day
        return None

    def _part(self) -> DayPart | None:
        text = self._text("deel")
        if not text or text == HOURS:
            return None
        part = next(
            (part for part in self.timetable.day_parts if text.lower() in (slug(part), str(part.pk))), None
        )
        if part is None:
            self.problems.append(
                _("“%(text)s” is not a part of the day here.") % {"text": typed.quoted(text)}
            )
        return part

    def _clock(self, name: str, default: time) -> time:
        text = self._text(name)
        if not text:
            return default
        value = typed.clock(text)
        if value is None:
            wrong = _("“%(text)s” is not a time we understand. Write a time as 09:00.")
            self.problems.append(wrong % {"text": typed.quoted(text)})
        return default if value is None else value

    def _period(self, day: date, starts: time, ends: time) -> Period | None:
        try:
            return on_clock(day, starts, ends, zone=self.hub.zone)
        except NotAMoment as error:
            self.problems.append(error.message)
        except ValueError:
            self.problems.append(_("The end has to be later than the start."))
        return None

    def _first_day(self, part: DayPart | None) -> date:
        """The first day on which `part`, or else any part, is still to come while the hub is open."""
        for day in self._days():
            if any(part in (None, coming) for coming in self._coming(day)):
                return day
        return self.today

    def _next_part(self, day: date) -> DayPart | None:
        known = self.timetable.first <= day <= self.timetable.last
        coming = self._coming(day) if known else []
        return next(iter([*coming, *self.timetable.day_parts]), None)

    def _coming(self, day: date) -> list[DayPart]:
        parts = self.timetable.day_part_periods(day)
        return [part for part, period in parts if period.start > self.now and self.timetable.is_open(period)]

    def _days(self) -> list[date]:
        return [self.today + ahead * DAY for ahead in range((self.timetable.last - self.today).days + 1)]

    def _known(
        self, name: str, known: Sequence[str] | Mapping[str, Any], *, default: Sequence[str]
    ) -> tuple[str, ...]:
        asked = self.params.getlist(name) or default
        strange = [text for text in asked if text and text not in known]
        if strange and asked is not default:
            self.problems.append(
                _("“%(text)s” is not something we have.") % {"text": typed.quoted(strange[0])}
            )
        return tuple(dict.fromkeys(text for text in asked if text in known))

    def _persons(self) -> int:
        text = self._text("personen")
        if not text:
            return 0
        if text.isascii() and text.isdigit() and len(text) <= 3 and 0 < int(text) <= MOST_PERSONS:
            return int(text)
        self.problems.append(_("Write the number of persons in digits, for example 4."))
        return 0

    def _text(self, name: str) -> str:
        return self.params.get(name, "").strip()
