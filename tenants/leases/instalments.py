"""What a month or a quarter costs, and a part of a month: pure, to the cent."""

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from spaces.money import Euro, euro, total
from spaces.periods import DAY
from tenants.leases.models import LeaseTerms

Days = tuple[date, date]
"""A first and a last day, both included."""
_YEAR_LEADS, _QUARTER = LeaseTerms.Leading.YEAR, LeaseTerms.Invoicing.QUARTER


@dataclass(frozen=True)
class Rate:
    """An amount a year and how it becomes instalments. `number` of a month is 1–12, of a quarter 1–4."""

    yearly: Decimal
    leading: str
    invoicing: str
    pro_rata: str

    @classmethod
    def of(cls, terms: LeaseTerms) -> "Rate":
        return cls(terms.yearly, terms.leading, terms.invoicing, terms.pro_rata)

    @classmethod
    def monthly(cls, amount: Decimal, *, pro_rata: str) -> "Rate":
        """The same amount every month."""
        return cls(amount * 12, LeaseTerms.Leading.INSTALMENT, LeaseTerms.Invoicing.MONTH, pro_rata)

    def month(self, number: int) -> Euro:
        """Year leading: what is due of the year after this month, less what was due before it; the year is exact.

        Instalment leading: every instalment is the same; a month of a quarter is its third, cumulatively.
        """
        if self.leading == _YEAR_LEADS:
            return euro(self.due_by(number) - self.due_by(number - 1))
        if self.invoicing != _QUARTER:
            return euro(self.yearly / 12)
        quarter, at = euro(self.yearly / 4), (number - 1) % 3
        return euro(euro(quarter * (at + 1) / 3) - euro(quarter * at / 3))

    def quarter(self, number: int) -> Euro:
        return total(self.month(month) for month in range(number * 3 - 2, number * 3 + 1))

    def due_by(self, number: int) -> Euro:
        """What the first `number` months of a year come to when the year leads."""
        return euro(self.yearly * number / 12)

    @property
    def year(self) -> Decimal:
        """What a year comes to: with a leading instalment that many times the instalment."""
        if self.leading == _YEAR_LEADS:
            return self.yearly
        return euro(self.yearly / 4) * 4 if self.invoicing == _QUARTER else euro(self.yearly / 12) * 12


@dataclass(frozen=True)
class Stretch:
    """The days of one calendar month on which one rate counts."""

    rate: Rate
    first: date
    last: date

    @property
    def month(self) -> Euro:
        """What the whole month would cost."""
        return self.rate.month(self.first.month)

    @property
    def is_whole(self) -> bool:
        return self.first.day == 1 and self.last.day == days_in(self.first)

    def until(self, day: date) -> Euro:
        """What the days up to and including `day` cost; nothing for the day before the first."""
        if day < self.first:
            return euro(0)
        if self.is_whole and day == self.last:
            return self.month
        share, base = self.parts(self.first, day), self.month
        if self.by_year:
            base = euro(self.rate.year)
        return euro(base * share[0] / share[1])

    def between(self, first: date, last: date) -> Euro:
        return euro(self.until(last) - self.until(first - DAY))

    @property
    def by_year(self) -> bool:
        """Whether a day costs 1/365 of a year: not in a whole month that is only divided."""
        return self.rate.pro_rata == LeaseTerms.ProRata.YEAR and not self.is_whole

    def parts(self, first: date, last: date) -> tuple[int, int]:
        """How many days these are, of how many: of the month, of 30, or of 365."""
        if self.rate.pro_rata == LeaseTerms.ProRata.THIRTY:
            return _thirtieth(last) - (_thirtieth(first - DAY) if first.day > 1 else 0), 30
        count = (last - first).days + 1
        return count, 365 if self.by_year else days_in(self.first)


def instalments(rate: Rate) -> tuple[Euro, ...]:
    """The twelve or four instalments of a calendar year."""
    if rate.invoicing == _QUARTER:
        return tuple(rate.quarter(number) for number in range(1, 5))
    return tuple(rate.month(number) for number in range(1, 13))


def quarter_of(day: date) -> Days:
    """The calendar quarter of a day."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first, month_of(date(day.year, first.month + 2, 1))[1]


def month_of(day: date) -> Days:
    """The calendar month of a day."""
    return day.replace(day=1), day.replace(day=days_in(day))


def days_in(day: date) -> int:
    """How many days the month of `day` has."""
    return calendar.monthrange(day.year, day.month)[1]


def _thirtieth(day: date) -> int:
    """Where a day stands in a month of 30 days: the last one is the thirtieth, whichever it is."""
    return 30 if day.day == days_in(day) else day.day
