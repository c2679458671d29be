"""Statutory interest over what is late (articles 6:119a and 6:119 BW): by day, by the dated table of rates. Pure.

From the day after the due date. A day counts for 1/365 of the yearly rate, in a leap year for 1/366. After each whole
year the interest of that year is added to what interest is counted over (paragraph 2). Each part is rounded to cents,
so that the parts a person reads add up to what is asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext as _

from spaces import wording
from spaces.money import Euro, euro, total
from spaces.periods import DAY
from tenants.billing.dunning.refusals import RateUnknown


class Rate(NamedTuple):
    """So many percent a year on each day of a period, both days included."""

    starts_on: date
    ends_on: date
    percentage: Decimal


class Paid(NamedTuple):
    """So much was paid on a day: from the next day on no interest is counted over it."""

    on: date
    amount: Decimal


@dataclass(frozen=True)
class Part:
    """Some days, both included, over the same amount at the same rate."""

    starts_on: date
    ends_on: date
    over: Decimal
    percentage: Decimal
    amount: Euro

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    def __str__(self) -> str:
        return _("%(from)s up to and including %(until)s: %(days)d days at %(rate)s over %(over)s") % {
            "from": wording.calendar_date(self.starts_on),
            "until": wording.calendar_date(self.ends_on),
            "days": self.days,
            "rate": wording.percent(self.percentage),
            "over": wording.euro(self.over),
        }


def over(
    principal: Decimal, *, due_on: date, until: date, paid: Sequence[Paid] = (), rates: Sequence[Rate]
) -> list[Part]:
    """The interest over `principal` from the day after `due_on` up to and including `until`, in parts.

    Raises RateUnknown for a day in it that no rate covers.
    """
    parts: list[Part] = []
    starts_on, added = due_on + DAY, Decimal(0)
    while starts_on <= until:
        after = _a_year_later(starts_on)
        year = list(_year(principal + added, starts_on, min(after - DAY, until), paid=paid, rates=rates))
        parts += year
        added += total(part.amount for part in year)
        starts_on = after
    return parts


def _year(
    principal: Decimal, first: date, last: date, *, paid: Sequence[Paid], rates: Sequence[Rate]
) -> Iterator[Part]:
    days = [date.fromordinal(each) for each in range(first.toordinal(), last.toordinal() + 1)]

    def alike(day: date) -> tuple[int, Decimal, Decimal]:
        left = principal - sum((each.amount for each in paid if each.on < day), Decimal(0))
        return day.year, max(left, Decimal(0)), _rate_on(day, rates)

    for (year, left, percentage), group in groupby(days, key=alike):
        found = list(group)
        if left:
            amount = euro(left * percentage * len(found) / (100 * _days_in(year)))
            yield Part(found[0], found[-1], left, percentage, amount)


def _rate_on(day: date, rates: Sequence[Rate]) -> Decimal:
    for rate in rates:
        if rate.starts_on <= day <= rate.ends_on:
            return rate.percentage
    raise RateUnknown(day)


def _days_in(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def _a_year_later(day: date) -> date:
    """The same day a year on; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)
