"""Amounts, days, times and sizes as people read them, in the active language and the active zone."""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import get_language, gettext, ngettext

from spaces.money import euro as rounded
from spaces.periods import Period

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
JOINER = "\N{WORD JOINER}"
"""Between a minus and a euro sign, which a line may else end between."""


class Dated(Protocol):
    """Anything that lasts from a moment to a moment; None is open-ended."""

    starts_at: datetime
    ends_at: datetime | None


def euro(amount: Decimal | int | str) -> str:
    """€ 1.234,56 in cents, alike in both languages; the sign stands before the euro: −€ 5,00."""
    if isinstance(amount, float):
        raise TypeError("an amount is never a float")
    value = rounded(amount)
    digits = f"{abs(value):,.2f}".translate(_DUTCH)
    return f"{MINUS + JOINER if value < 0 else ''}€{NBSP}{digits}"


def euro_column(amount: Decimal | int | str) -> str:
    """The same in a column of a terminal, 14 wide: only characters that take a place."""
    return euro(amount).replace(JOINER, "").rjust(14)


def number(value: Decimal | int, *, most: int = 2, least: int = 0) -> str:
    """A number with at most `most` and at least `least` decimals, half up: 1.5 → "1,5".

    Alike in both languages, as amounts are: "1.250 m²" beside "€ 1.250,00" must never be one and a quarter.
    """
    step = Decimal(1).scaleb(-most)
    whole, _point, decimals = f"{Decimal(value).quantize(step, rounding=ROUND_HALF_UP):,f}".partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    written = f"{whole}.{decimals}" if decimals else whole
    return _minus(written.translate(_DUTCH))


def m2(area: Decimal) -> str:
    """An area in square metres, always two decimals: 16,40 m²."""
    return f"{number(area, least=2)}{NBSP}m²"


def percent(percentage: Decimal | int) -> str:
    """A percentage (21, 50.13) with the decimals it needs, two at most: 50,13 %."""
    return f"{number(percentage)}{NBSP}%"


def hours(amount: Decimal | int) -> str:
    """A number of hours in words: 1 uur, 2,5 uur."""
    value = Decimal(amount)
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if value == 1 else 2) % {"hours": number(value)}


def day(value: date, *, today: date | None = None) -> str:
    """A day written out: dinsdag 24 november; with its year unless `today` is in the same one."""
    local = _local(value) if isinstance(value, datetime) else value
    known = today is not None and today.year == local.year
    return formatted(local, "l j F" if known else "l j F Y")


def short_day(value: date) -> str:
    """A day where there is little room: 24 nov; in English 24 Nov."""
    words = formatted(value, "j M")
    return words if _english() else words.lower()


def short_date(value: date) -> str:
    """A day with its year where there is little room: 24 nov 2026; in English 24 Nov 2026."""
    return f"{short_day(value)} {value.year}"


def short_month(value: date) -> str:
    """A month where there is little room: jan; in English Jan."""
    words = formatted(value, "M")
    return words if _english() else words.lower()


def calendar_date(value: date) -> str:
    """A date as on an invoice: 1 januari 2026."""
    return formatted(value, "j F Y")


def clock(value: datetime | time) -> str:
    """A time of day in 24 hours: 09:00."""
    return (_local(value) if isinstance(value, datetime) else value).strftime("%H:%M")


def period(value: Period | Dated, *, today: date | None = None) -> str:
    """dinsdag 24 november, 09:00–12:00; midnight at the end of the day is 24:00; both days when there are two.

    Whole days have no hours: dinsdag 24 november, hele dag; maandag 28 december tot en met zondag 3 januari.
    """
    starts_at, ends_at = _bounds(value)
    first = day(starts_at, today=today)
    if ends_at is not None and starts_at.time() == ends_at.time() == time.min:
        return _whole_days(first, starts_at, ends_at, today=today)
    if ends_at is None:
        return gettext("from %(day)s, %(clock)s") % {"day": first, "clock": clock(starts_at)}
    if _ends_the_day(starts_at, ends_at):
        return f"{first}, {clock(starts_at)}{DASH}24:00"
    if starts_at.date() == ends_at.date():
        return f"{first}, {clock(starts_at)}{DASH}{clock(ends_at)}"
    return f"{first}, {clock(starts_at)} {DASH} {day(ends_at, today=today)}, {clock(ends_at)}"


def _whole_days(first: str, starts_at: datetime, ends_at: datetime, *, today: date | None) -> str:
    last = ends_at.date() - timedelta(days=1)
    if last == starts_at.date():
        return gettext("%(day)s, all day") % {"day": first}
    return gettext("%(first)s up to and including %(last)s") % {
        "first": first,
        "last": day(last, today=today),
    }


def _bounds(value: Period | Dated) -> tuple[datetime, datetime | None]:
    if isinstance(value, Period):
        return _local(value.start), _local(value.end)
    return _local(value.starts_at), _local(value.ends_at) if value.ends_at else None


def _ends_the_day(starts_at: datetime, ends_at: datetime) -> bool:
    return ends_at.time() == time.min and ends_at.date() - starts_at.date() == timedelta(days=1)


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _minus(written: str) -> str:
    return written.replace("-", MINUS)


_DUTCH = str.maketrans({",": ".", ".": ","})
