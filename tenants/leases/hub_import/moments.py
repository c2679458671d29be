"""Understanding dates, times, weekdays and months as people type them in a Dutch workbook."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tenants.leases.hub_import.findings import Unreadable

_MONTHS = (
    ("januari", "jan", "january"),
    ("februari", "feb", "febr", "february"),
    ("maart", "mrt", "mar", "march"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "jun", "june"),
    ("juli", "jul", "july"),
    ("augustus", "aug", "august"),
    ("september", "sep", "sept"),
    ("oktober", "okt", "oct", "october"),
    ("november", "nov"),
    ("december", "dec"),
)
_WEEKDAYS = (
    ("maandag", "ma", "maa", "monday", "mon"),
    ("dinsdag", "di", "din", "tuesday", "tue"),
    ("woensdag", "wo", "woe", "wednesday", "wed"),
    ("donderdag", "do", "don", "thursday", "thu"),
    ("vrijdag", "vr", "vrij", "vrij.", "friday", "fri"),
    ("zaterdag", "za", "zat", "saturday", "sat"),
    ("zondag", "zo", "zon", "sunday", "sun"),
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
WEEKDAY_NAMES = [names[0] for names in _WEEKDAYS]
ENDLESS = {"onbepaald", "onbepaalde tijd", "doorlopend", "geen", "open", "heden"}
FIRST_YEAR, LAST_YEAR = 1950, 2150
MIDNIGHT_AT_THE_END = "24:00"


def day(value: Any) -> date:
    """A date: a date cell, "1-9-2018", "01/09/2018", "1 sept 2018", "2018-09-01"."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _plausible(value)
    if not isinstance(value, str):
        raise Unreadable(_("Here a date is expected. Set the cell to “Date”, or write it as 1-9-2026."))
    return _plausible(_day_from_text(value))


def day_or_endless(value: Any) -> date | None:
    """As `day`; "onbepaalde tijd" means that no end was agreed."""
    if isinstance(value, str) and value.casefold() in ENDLESS:
        return None
    return day(value)


def _day_from_text(typed: str) -> date:
    bare = re.sub(r"\s+00:00(:00)?$", "", typed.casefold().strip())
    bare = re.sub(rf"^({'|'.join(WEEKDAYS)})[.,]?\s+(?=\d)", "", bare)
    iso = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", bare)
    if iso:
        return _real(typed, *(int(part) for part in iso.groups()))
    parts = re.fullmatch(r"(\d{1,2})(?:e|ste|de)?[-/. ]+([a-z]+|\d{1,2})\.?[-/. ]+'?(\d{4}|\d{2})", bare)
    if not parts:
        raise Unreadable(_("“%(value)s” is not a date. Write it as 1-9-2026.") % {"value": typed[:40]})
    month = int(parts[2]) if parts[2].isdigit() else MONTHS.get(parts[2], 0)
    year = int(parts[3]) + (0 if len(parts[3]) == 4 else 2000)
    return _real(typed, year, month, int(parts[1]))


def _real(typed: str, year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError as error:
        raise Unreadable(
            _("The day “%(value)s” does not exist. Write day, month and year: 1-9-2026.")
            % {"value": typed[:40]}
        ) from error


def _plausible(value: date) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Unreadable(_("The year %(year)d cannot be right.") % {"year": value.year})
    return value


def clock(value: Any) -> time:
    """A time of day: a time cell, "8:00", "22.00", "8u30", "8 uur", 8. Raises Unreadable, also for 24:00."""
    found = _clock(value)
    if found is None:
        raise Unreadable(_("24:00 can only be the end of a day."))
    return found


def closing_clock(value: Any) -> time:
    """As `clock`; 24:00 is the midnight that ends the day, given as 00:00."""
    return _clock(value) or time(0)


def _clock(value: Any) -> time | None:
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, timedelta):
        return _hours(value // timedelta(minutes=1), shown=str(value))
    if isinstance(value, float) and 0 < value < 1:
        return _hours(round(value * 1440), shown=str(value))
    if isinstance(value, int | float) and not isinstance(value, bool) and value == int(value):
        return _hours(int(value) * 60, shown=str(value))
    return _clock_from_text(str(value))


def _clock_from_text(typed: str) -> time | None:
    parts = re.fullmatch(
        r"(\d{1,2})(?:\s*(?:[:.,u]|uur)\s*(\d{2}))?(?::00)?\s*(?:u|uur|h)?\.?", typed.casefold().strip()
    )
    if not parts or int(parts[2] or 0) > 59:
        raise Unreadable(_("“%(value)s” is not a time. Write it as 08:00.") % {"value": typed[:40]})
    return _hours(int(parts[1]) * 60 + int(parts[2] or 0), shown=typed)


def _hours(minutes: int, *, shown: str) -> time | None:
    if minutes == 1440:
        return None
    if not 0 <= minutes < 1440:
        raise Unreadable(_("“%(value)s” is not a time. Write it as 08:00.") % {"value": shown[:40]})
    return time(minutes // 60, minutes % 60)


def clock_range(value: Any) -> tuple[time, time] | None:
    """Hours on one day: "13:00-17:00", "13.00 tot 17.00"; "hele dag" gives None."""
    typed = str(value).casefold().strip()
    if typed in {"hele dag", "de hele dag", "gehele dag", "all day", "dag"}:
        return None
    parts = re.split(r"\s*(?:-|–|—|\btot(?: en met)?\b|\bt/m\b)\s*", re.sub(r"^van\s+", "", typed))
    if len(parts) != 2:
        raise Unreadable(
            _(
                "“%(value)s” is not a range of hours. Write it as 13:00-17:00, or leave it empty for the whole day."
            )
            % {"value": typed[:40]}
        )
    return clock(parts[0]), closing_clock(parts[1])


def weekday(value: Any) -> int:
    """0 for Monday: "dinsdag", "di", "Tuesday", "dinsdagen"."""
    typed = str(value).casefold().strip().rstrip(".")
    found = WEEKDAYS.get(typed, WEEKDAYS.get(typed.removesuffix("en")))
    if found is None:
        raise Unreadable(
            _("“%(value)s” is not a day of the week. Write for instance “dinsdag”.") % {"value": typed[:40]}
        )
    return found


def weekdays(value: Any) -> list[int]:
    """One day or several: "maandag t/m vrijdag", "za, zo", "dagelijks"."""
    typed = str(value).casefold().strip()
    if typed in {"dagelijks", "alle dagen", "elke dag"}:
        return list(range(7))
    ends = re.split(r"\s*(?:-|–|\bt/m\b|\btot en met\b)\s*", typed)
    if len(ends) == 2:
        first, last = weekday(ends[0]), weekday(ends[1])
        return [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return [weekday(part) for part in re.split(r"\s*(?:,|;|&|\ben\b)\s*", typed) if part]


def month(value: Any) -> int:
    """1 for January: "januari", "jan", 1."""
    typed = str(value).casefold().strip().rstrip(".")
    number = int(typed) if re.fullmatch(r"[0-9]{1,2}", typed) else MONTHS.get(typed, 0)
    if isinstance(value, datetime | date):
        number = value.month
    if not 1 <= number <= 12:
        raise Unreadable(
            _("“%(value)s” is not a month. Write for instance “januari”.") % {"value": typed[:40]}
        )
    return number
