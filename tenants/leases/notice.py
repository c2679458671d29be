"""Until when a lease can be ended by notice."""

import calendar
from datetime import date


def notice_by(ends_on: date | None, *, months: int) -> date | None:
    """The last day to give notice for an end: that many months earlier on the calendar.

    An end on the 31st gives the last day of a shorter month. None when no end is agreed.
    """
    return months_before(ends_on, months) if ends_on else None


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
