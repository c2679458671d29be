"""How a fixed half-day is called, in the active language or stored in both."""

from collections.abc import Callable, Sequence
from datetime import date

from django.utils import translation
from django.utils.dateformat import format as formatted
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tenants.leases.models import FixedDayPart

JOINED = {"ochtend", "middag", "avond", "nacht"}
"""Day parts that Dutch writes as one word with the weekday: dinsdagochtend."""


def when(fixed: FixedDayPart) -> str:
    """Tuesday morning, dinsdagochtend."""
    weekday, part = str(WEEKDAYS[fixed.weekday]), _part(fixed)
    return f"{weekday}{part}" if part in JOINED else f"{weekday} {part}"


def both(say: Callable[[], str]) -> dict[str, str]:
    """What `say` answers in each language, as a param of a stored sentence."""
    told = {}
    for language in ("nl", "en"):
        with translation.override(language):
            told[language] = say()
    return told


def month(day: date) -> str:
    """november 2026"""
    return formatted(day, "F Y")


def quarter(day: date) -> str:
    """The calendar quarter of a day: the 4th quarter of 2026, het 4e kwartaal van 2026."""
    params = {"number": (day.month - 1) // 3 + 1, "year": day.year}
    return _("quarter %(number)s of %(year)s") % params


def part_of_month(first: date, last: date) -> str:
    """Days of one month: 15 up to and including 31 December 2026."""
    if first == last:
        return formatted(first, "j F Y")
    params = {"first": first.day, "last": formatted(last, "j F Y")}
    return _("%(first)s up to and including %(last)s") % params


def days(dates: Sequence[date]) -> str:
    """Days of one month: 3, 10 and 17 November."""
    numbers = [str(day.day) for day in dates]
    name = formatted(dates[0], "F")
    if len(numbers) == 1:
        return f"{numbers[0]} {name}"
    listed = _("%(first)s and %(second)s") % {"first": ", ".join(numbers[:-1]), "second": numbers[-1]}
    return f"{listed} {name}"


def _part(fixed: FixedDayPart) -> str:
    part = fixed.day_part
    name = part.name_nl if (get_language() or "nl").startswith("nl") else part.name_en or part.name_nl
    return str(name).lower()
