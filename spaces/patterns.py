"""How something repeats, as a person chooses it: a value without dates, that says itself in words.

A month that lacks the day (the 31st, a fifth Monday) is skipped, as RFC 5545 has it and calendar programs show it; who
wants a date each month takes the last day, or the last Monday.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

WEEKLY, MONTHLY = "WEEKLY", "MONTHLY"
NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKDAYS = (0, 1, 2, 3, 4)
LAST = -1
MOST_WEEKS = 52


@dataclass(frozen=True)
class Pattern:
    """Every so many weeks on `weekdays` (0 = Monday); or every month on the `nth` one, or on `day`; −1 is the last."""

    frequency: str
    weekdays: tuple[int, ...] = ()
    every: int = 1
    nth: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        days = set(self.weekdays)
        known = days <= set(range(7)) and len(days) == len(self.weekdays) and 1 <= self.every <= MOST_WEEKS
        if not known or not (self._is_weekly() or self._is_monthly()):
            raise ValueError(f"no such pattern: {self!r}")

    def _is_weekly(self) -> bool:
        return self.frequency == WEEKLY and bool(self.weekdays) and self.nth is None and self.day is None

    def _is_monthly(self) -> bool:
        by_weekday = len(self.weekdays) == 1 and self.nth in (1, 2, 3, 4, 5, LAST) and self.day is None
        by_day = not self.weekdays and self.nth is None and self.day in (*range(1, 32), LAST)
        return self.frequency == MONTHLY and self.every == 1 and (by_weekday or by_day)

    @property
    def params(self) -> str:
        """As the rule of django-scheduler keeps it; weekdays by name, because it reads numbers wrong."""
        parts = [f"interval:{self.every}"] if self.every > 1 else []
        if self.weekdays:
            parts.append(f"byweekday:{','.join(NAMES[day] for day in self.weekdays)}")
        if self.nth is not None:
            parts.append(f"bysetpos:{self.nth}")
        if self.day is not None:
            parts.append(f"bymonthday:{self.day}")
        return ";".join(parts)

    @property
    def each_week(self) -> "Pattern":
        """The same without leaving out weeks: which day comes first does not depend on the count of weeks."""
        return replace(self, every=1)

    @property
    def words(self) -> str:
        """In the active language, with what happens in a month that lacks the day."""
        if self.frequency == WEEKLY:
            return _weekly_words(self)
        if self.nth is not None:
            text = _("every month on the %(nth)s %(weekday)s")
            told = text % {"nth": _nth(self.nth), "weekday": _weekday(self.weekdays[0])}
            return _with_gaps(told) if self.nth == 5 else told
        if self.day == LAST:
            return _("every month on the last day")
        told = _("every month on day %(day)s") % {"day": self.day}
        return _with_gaps(told) if self.day and self.day > 28 else told

    def as_json(self) -> dict[str, Any]:
        """For a JSONField; what says nothing is left out."""
        values = {"frequency": self.frequency, "weekdays": list(self.weekdays), "every": self.every}
        return values | {name: value for name in ("nth", "day") if (value := getattr(self, name)) is not None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Pattern":
        """The pattern that `as_json` wrote. Raises ValueError for another."""
        known = {"frequency", "weekdays", "every", "nth", "day"}
        if set(data) - known:
            raise ValueError(f"no such pattern: {data!r}")
        return cls(**{**data, "weekdays": tuple(data.get("weekdays", ()))})


def weekly(weekdays: Iterable[int], *, every: int = 1) -> Pattern:
    """Every so many weeks (1–52) on these weekdays, 0 = Monday. Raises ValueError."""
    return Pattern(WEEKLY, weekdays=tuple(sorted(weekdays)), every=every)


def monthly_weekday(weekday: int, *, nth: int) -> Pattern:
    """Every month on the first (1) to fifth or last (−1) of a weekday. Raises ValueError."""
    return Pattern(MONTHLY, weekdays=(weekday,), nth=nth)


def monthly_day(day: int) -> Pattern:
    """Every month on day 1–31, or on the last (−1). Raises ValueError."""
    return Pattern(MONTHLY, day=day)


def _weekly_words(pattern: Pattern) -> str:
    if pattern.weekdays == WORKDAYS:
        if pattern.every == 1:
            return _("every workday (Monday to Friday)")
        return _("every %(weeks)s weeks on workdays (Monday to Friday)") % {"weeks": pattern.every}
    named = [_weekday(day) for day in pattern.weekdays]
    days = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} {_('and')} {named[-1]}"
    if pattern.every == 1:
        return _("every week on %(days)s") % {"days": days}
    return _("every %(weeks)s weeks on %(days)s") % {"weeks": pattern.every, "days": days}


def _weekday(number: int) -> str:
    return str(WEEKDAYS[number])


def _nth(number: int) -> str:
    return {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), 5: _("fifth"), LAST: _("last")}[
        number
    ]


def _with_gaps(told: str) -> str:
    return _("%(pattern)s (a month without it is skipped)") % {"pattern": told}
