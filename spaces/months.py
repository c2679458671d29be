"""A month of one room: each day free, partly free or full, with the day parts that are free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from spaces import boards
from spaces.boards import CLOSED, FREE, PAST, PartCell
from spaces.models import Space
from spaces.periods import DAY

PARTLY, FULL = "partly", "full"
WEEK = 7


@dataclass(frozen=True)
class MonthDay:
    """A day with its day parts; `state` is free, partly, full, closed, past, or empty in a hub without day parts."""

    day: date
    parts: Sequence[PartCell]
    is_over: bool = False

    @property
    def free(self) -> list[PartCell]:
        """The day parts that can be had."""
        return [part for part in self.parts if part.state == FREE]

    @property
    def state(self) -> str:
        if self.is_over:
            return PAST
        states = {part.state for part in self.parts}
        taken = states - {FREE, CLOSED, PAST}
        if FREE in states:
            return PARTLY if taken else FREE
        if taken:
            return FULL
        return PAST if PAST in states else CLOSED if states else ""


def weeks_of(space: Space, *, month: date, now: datetime) -> list[list[MonthDay | None]]:
    """The month of `month`, in weeks from Monday to Sunday; None for days of another month. Three queries."""
    first = month.replace(day=1)
    last = (first + 31 * DAY).replace(day=1) - DAY
    days = [first + number * DAY for number in range((last - first).days + 1)]
    cells = boards.part_board(space.hub, days=days, spaces=[space], now=now)[space.pk]
    today = now.astimezone(space.hub.zone).date()
    month_days = [MonthDay(day, [cell for cell in cells if cell.day == day], day < today) for day in days]
    padded = [*[None] * first.weekday(), *month_days, *[None] * (WEEK - 1 - last.weekday())]
    return [padded[start : start + WEEK] for start in range(0, len(padded), WEEK)]


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + 31 * DAY).replace(day=1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - DAY).replace(day=1)
