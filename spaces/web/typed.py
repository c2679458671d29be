"""Days and clocks as people type them: 24-11, 24 nov, 24/11/2026, vandaag; 9, 9.00, 09:00, 9u30."""

import re
from datetime import date, time, timedelta

MOST = 24
"""Longer than this is not a day or a clock; the rest is not even read."""
FARTHEST = timedelta(days=3660)
"""Ten years and a bit: nobody means a day farther away, and no calendar goes on for ever."""
MONTHS = {
    "jan": 1, "feb": 2, "mrt": 3, "maa": 3, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
WORDS = {"vandaag": 0, "today": 0, "morgen": 1, "tomorrow": 1, "overmorgen": 2}
ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})(?:\s*[-/.\s]\s*|(?=[a-z]))(?P<month>\d{1,2}|[a-z]{3,9})"
    r"\.?(?:\s*[-/.\s]\s*(?P<year>\d{4}|\d{2}))?",
    re.ASCII,
)
CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:\s*[:.uh]\s*(?P<minute>\d{2})?)?(?:\s*(?:uur|u|h))?", re.ASCII)
COMPACT_CLOCK = re.compile(r"(?P<hour>\d{2})(?P<minute>\d{2})", re.ASCII)


def day(text: str, *, today: date, farthest: timedelta = FARTHEST) -> date | None:
    """The day meant by `text`; without a year the first one from `today` on. None when it is no day near enough."""
    words = text[:MOST].strip().lower()
    if words in WORDS:
        return today + timedelta(days=WORDS[words])
    found = ISO.fullmatch(words) or DAY_FIRST.fullmatch(words)
    if found is None or len(text) > MOST:
        return None
    month = _month(found["month"])
    if found["year"]:
        meant = _date(_year(found["year"]), month, int(found["day"]))
        return meant if meant and abs(meant - today) <= farthest else None
    years = (_date(today.year + later, month, int(found["day"])) for later in range(2))
    return next((it for it in years if it and it >= today), None)


def clock(text: str) -> time | None:
    """The time of day meant by `text`; 24:00 is midnight, as 00:00. None when it is no time."""
    words = text[:MOST].strip().lower()
    found = CLOCK.fullmatch(words) or COMPACT_CLOCK.fullmatch(words)
    if found is None or len(text) > MOST:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if (hour, minute) == (24, 0):
        return time.min
    return time(hour, minute) if hour < 24 and minute < 60 else None


def quoted(text: str) -> str:
    """What somebody typed, short and without control characters, to say back to them."""
    plain = "".join(letter for letter in text[:MOST] if letter.isprintable())
    return f"{plain}…" if len(text) > MOST else plain


def _month(text: str) -> int:
    return int(text) if text.isdigit() else MONTHS.get(text[:3], 0)


def _year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


def _date(year: int, month: int, day_of_month: int) -> date | None:
    try:
        return date(year, month, day_of_month)
    except ValueError:
        return None
