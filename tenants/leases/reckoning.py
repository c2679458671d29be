"""What a month of a fixed half-day costs, as lines with a reason each: pure, from its dates and its terms."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_noop

from spaces import wording
from spaces.explaining import Sentence, sentence
from spaces.money import euro
from spaces.periods import DAY
from tenants.billing.charging import Owed
from tenants.billing.models import LineKind
from tenants.leases import naming
from tenants.leases.fixing import Dates
from tenants.leases.models import FixedDayPart

PER_TIME, PER_MONTH = FixedDayPart.ChargedPer.OCCURRENCE, FixedDayPart.ChargedPer.MONTH
TIME_OF_MONTH = "month_part"
"""The unit of a line for some of the times of a month, at their share of the monthly amount."""


@dataclass(frozen=True)
class Terms:
    """The price, excluding VAT, per time or per month, and its VAT."""

    price: Decimal
    per: str
    vat_treatment: str
    vat_rate: Decimal
    vat_reason: str

    def each(self, times: int) -> Decimal:
        """What one time costs in a month with so many of that weekday: exact, for there are four or five."""
        return self.price if self.per == PER_TIME else self.price / times


@dataclass(frozen=True)
class Month:
    """The dates of a calendar month: those to be paid, and those closed without being charged.

    `times` is how often the weekday falls in the whole of it, also before the first and after the last date.
    """

    first: date
    times: int
    paid: tuple[date, ...] = ()
    lapsed: tuple[date, ...] = ()

    @property
    def last(self) -> date:
        return last_of(self.first)


def months(fixed: FixedDayPart, dates: Dates, *, first: date, last: date) -> list[Month]:
    """The dates by month, for each month from that of `first` to that of `last`."""
    lapses = fixed.on_closure == FixedDayPart.OnClosure.LAPSES
    days = [(slot.original_start.astimezone(fixed.hub.zone).date(), shut and lapses) for slot, shut in dates]
    return [
        Month(
            month,
            times_in(month, fixed.weekday),
            paid=tuple(day for day, lapsed in days if _in(day, month) and not lapsed),
            lapsed=tuple(day for day, lapsed in days if _in(day, month) and lapsed),
        )
        for month in _each_month(first, last)
    ]


def lines(fixed: FixedDayPart, month: Month, terms: Terms) -> list[Owed]:
    """What this month costs: nothing when there is no date in it."""
    if terms.per == PER_TIME:
        return [_times(fixed, month, terms)] if month.paid and terms.price else []
    if not (month.paid or month.lapsed) or not terms.price:
        return []
    return [_month(fixed, month, terms)] + ([_closed(fixed, month, terms)] if month.lapsed else [])


def _times(fixed: FixedDayPart, month: Month, terms: Terms) -> Owed:
    count = len(month.paid)
    why = sentence(
        gettext_noop("%(count)s × %(price)s: %(dates)s."),
        count=count,
        price=wording.euro(terms.price),
        dates=naming.both(lambda: naming.days(month.paid)),
    )
    if month.lapsed:
        closed = naming.both(lambda: naming.days(month.lapsed))
        why = sentence(
            gettext_noop("%(charged)s Closed, so not charged: %(closed)s."), charged=why, closed=closed
        )
    return owed(fixed, month, terms, count=count, unit=PER_TIME, unit_price=terms.price, why=why)


def _month(fixed: FixedDayPart, month: Month, terms: Terms) -> Owed:
    count, times = len(month.paid) + len(month.lapsed), month.times
    price = wording.euro(terms.price)
    if count == times:
        why = sentence(gettext_noop("%(price)s a month, as agreed."), price=price)
        return owed(fixed, month, terms, count=1, unit=PER_MONTH, unit_price=terms.price, why=why)
    text = gettext_noop("%(count)s of the %(times)s times in this month: %(price)s × %(count)s ÷ %(times)s.")
    why = sentence(text, count=count, times=times, price=price)
    each = terms.each(times)
    return owed(fixed, month, terms, count=count, unit=TIME_OF_MONTH, unit_price=each, why=why)


def _closed(fixed: FixedDayPart, month: Month, terms: Terms) -> Owed:
    count, times = len(month.lapsed), month.times
    why = sentence(
        gettext_noop("Closed, so not charged: %(closed)s. %(price)s × %(count)s ÷ %(times)s."),
        closed=naming.both(lambda: naming.days(month.lapsed)),
        price=wording.euro(terms.price),
        count=count,
        times=times,
    )
    each = terms.each(times)
    return owed(fixed, month, terms, count=-count, unit=TIME_OF_MONTH, unit_price=each, why=why)


def owed(
    fixed: FixedDayPart,
    month: Month,
    terms: Terms,
    *,
    count: int,
    unit: str,
    unit_price: Decimal,
    why: Sentence,
) -> Owed:
    """A line over the part of the month in which the half-day runs; `unit_price` excludes VAT."""
    ends = min(month.last, fixed.ends_on or month.last)
    return Owed(
        kind=LineKind.HALF_DAY,
        cost_centre=fixed.space.code,
        description=sentence(
            gettext_noop("Fixed half-day %(space)s, %(when)s, %(month)s"),
            space=fixed.space.name,
            when=naming.both(lambda: naming.when(fixed)),
            month=naming.both(lambda: naming.month(month.first)),
        ),
        reason=why,
        starts_on=max(month.first, fixed.starts_on),
        ends_on=max(ends, month.first),
        quantity=Decimal(count),
        unit=str(unit),
        unit_price=unit_price,
        net=euro(count * unit_price),
        vat_treatment=terms.vat_treatment,
        vat_rate=terms.vat_rate,
        vat_reason=terms.vat_reason,
    )


def times_in(month: date, weekday: int) -> int:
    """How often a weekday (0 = Monday) falls in the calendar month of a day: four or five times."""
    return sum(week[weekday] > 0 for week in calendar.monthcalendar(month.year, month.month))


def last_of(month: date) -> date:
    """The last day of the calendar month of a day."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _in(day: date, month: date) -> bool:
    return (day.year, day.month) == (month.year, month.month)


def _each_month(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = last_of(month) + DAY
