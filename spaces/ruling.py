"""The rules of booking: what a group of people may book here, and what would fit when they may not.

Rules are kept as rows that say something about the hub, a kind of space or one space, and about everybody or one rate
group. For each thing the most particular row that says something counts. Where no row speaks: on the quarter hour,
up to eleven months ahead, within the opening hours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from spaces import wording
from spaces.explaining import Sentence, sentence
from spaces.models import BookingRule, Hub, RateGroup, Space
from spaces.opening import Timetable
from spaces.periods import DAY, Period

GRID_MINUTES = 15
DAYS_AHEAD = 335
"""Eleven months: fixed half-days claim twelve, so they always come first."""
MINUTES_A_DAY = 24 * 60
QUOTAS = {
    "party_week_hours": ("party", "week"),
    "party_month_hours": ("party", "month"),
    "person_week_hours": ("person", "week"),
    "person_month_hours": ("person", "month"),
}


@dataclass(frozen=True)
class Quota:
    """At most so many hours a week or month, for each party or person, in the spaces that the rule is about."""

    hours: int
    whose: str
    per: str
    space_id: int | None = None
    kind: str = ""

    def counts(self, *, space_id: int, kind: str) -> bool:
        """Whether a booking of that space uses hours of this quota."""
        if self.space_id is not None:
            return space_id == self.space_id
        return self.kind in ("", kind)


@dataclass(frozen=True)
class Rules:
    """What counts for one space and one group of people; lengths in minutes."""

    may_book: bool = True
    outside_hours: bool = False
    shortest: int = 0
    longest: int | None = None
    grid: int = GRID_MINUTES
    notice: int = 0
    days_ahead: int = DAYS_AHEAD
    quotas: tuple[Quota, ...] = ()

    def refusal(self, period: Period, *, now: datetime, zone: ZoneInfo) -> Sentence | None:
        """Which rule forbids this period, and what would fit; None when it is allowed. Quotas are not looked at."""
        return self.room_refusal(period, now=now, zone=zone) or self.group_refusal(period, now=now, zone=zone)

    def room_refusal(self, period: Period, *, now: datetime, zone: ZoneInfo) -> Sentence | None:
        """The rules that bind everybody, reception as well: how far ahead, on which times, how long."""
        last = now.astimezone(zone).date() + self.days_ahead * DAY
        if period.start.astimezone(zone).date() > last:
            text = gettext_noop(
                "You can book up to %(days)s days ahead: until %(day)s. Choose an earlier day."
            )
            return sentence(text, days=self.days_ahead, day=last)
        if not self.fits_grid(period, zone=zone):
            return self._off_grid(period, zone=zone)
        if period.length < timedelta(minutes=self.shortest):
            text = gettext_noop("This room is booked for at least %(length)s. %(fit)s would fit.")
            return _with_fit(text, period, minutes=self.shortest, zone=zone)
        if self.longest and period.length > timedelta(minutes=self.longest):
            text = gettext_noop("This room is booked for at most %(length)s. %(fit)s would fit.")
            return _with_fit(text, period, minutes=self.longest, zone=zone)
        return None

    def group_refusal(self, period: Period, *, now: datetime, zone: ZoneInfo) -> Sentence | None:
        """The rules for who books for themselves; reception may book for others at any moment."""
        if not self.may_book:
            return sentence(
                gettext_noop("You cannot book this room yourself. Choose another room, or ask reception.")
            )
        earliest = self.earliest(now=now, zone=zone)
        if self.notice and period.start < earliest:
            text = gettext_noop("Book this room at least %(length)s before: from %(day)s, %(clock)s on.")
            local = earliest.astimezone(zone)
            return sentence(
                text, length=spell(self.notice), day=local.date(), clock=wording.clock(local.timetz())
            )
        return None

    def for_others(self) -> "Rules":
        """What reception is held to: neither who may book, nor notice, nor quotas."""
        return replace(self, may_book=True, notice=0, quotas=())

    def timetable(self, usual: Timetable) -> Timetable:
        """When this space can be booked: as the hub is open, or whenever it is not closed for a special reason."""
        return usual.around_the_clock() if self.outside_hours else usual

    def earliest(self, *, now: datetime, zone: ZoneInfo) -> datetime:
        """The first moment that may be booked: whole days of notice on the clock of `zone`, the rest elapsed."""
        days, minutes = divmod(self.notice, MINUTES_A_DAY)
        on_the_clock = now.astimezone(zone) + timedelta(days=days)
        return on_the_clock.astimezone(UTC) + timedelta(minutes=minutes)

    def fits_grid(self, period: Period, *, zone: ZoneInfo) -> bool:
        """Whether it begins and ends on the times at which this space is booked."""
        return not any(_off_grid(moment, self.grid) for moment in period.local(zone))

    def _off_grid(self, period: Period, *, zone: ZoneInfo) -> Sentence:
        start, end = period.local(zone)
        first = start - timedelta(
            minutes=start.minute % self.grid, seconds=start.second, microseconds=start.microsecond
        )
        short = timedelta(minutes=-end.minute % self.grid)
        last = max(
            end - timedelta(seconds=end.second, microseconds=end.microsecond) + short,
            first + timedelta(minutes=self.grid),
        )
        if self.grid == GRID_MINUTES:
            text = gettext_noop("Choose times on the quarter hour. %(fit)s would fit.")
        else:
            text = gettext_noop(
                "This room is booked by %(length)s: choose times like that. %(fit)s would fit."
            )
        return sentence(text, length=spell(self.grid), fit=clocks(first, last))


@dataclass(frozen=True)
class Rulebook:
    """All rules of a hub for one rate group (or, without one, for everybody)."""

    rows: tuple[BookingRule, ...] = ()
    waived: bool = False
    known: dict[tuple[int, str], Rules] = field(default_factory=dict, compare=False)

    @classmethod
    def of_rows(cls, rows: Iterable[BookingRule]) -> "Rulebook":
        """The rulebook that these rows make, of a hub and a rate group."""
        return cls(tuple(sorted(rows, key=_weight)))

    def of(self, space: Space) -> Rules:
        """What counts for this space. No query."""
        key = (space.pk, space.kind)
        if key not in self.known:
            found = merged([row for row in self.rows if _is_about(row, space)])
            self.known[key] = found.for_others() if self.waived else found
        return self.known[key]

    def for_others(self) -> "Rulebook":
        """What reception is held to, booking for others."""
        return Rulebook(self.rows, waived=True)


def rulebook(hub: Hub, *, rate_group: RateGroup | None) -> Rulebook:
    """The rules of `hub` for the people of a rate group. One query."""
    return Rulebook.of_rows(rows(hub, rate_group=rate_group))


def rows(hub: Hub, *, rate_group: RateGroup | None) -> QuerySet[BookingRule]:
    """What the rulebook is made of: to read with other rows."""
    found = BookingRule.objects.filter(hub=hub).filter(Q(rate_group=None) | Q(rate_group=rate_group))
    return found.order_by("pk")


def merged(rows: Iterable[BookingRule]) -> Rules:
    """Field by field, of rows in order of weight, what the first one that speaks says."""
    rows = sorted(rows, key=_weight)
    said = {
        "may_book": _first(rows, "may_book"),
        "outside_hours": _first(rows, "outside_hours"),
        "shortest": _first(rows, "shortest_minutes"),
        "longest": _first(rows, "longest_minutes"),
        "grid": _first(rows, "grid_minutes"),
        "notice": _first(rows, "notice_minutes"),
        "days_ahead": _first(rows, "days_ahead"),
    }
    return Rules(
        **{name: value for name, value in said.items() if value is not None},
        quotas=tuple(filter(None, (_quota(rows, name) for name in QUOTAS))),
    )


def spell(minutes: int) -> Sentence:
    """A length as people say it: 45 minutes, 2 hours, 3 days."""
    if minutes % MINUTES_A_DAY == 0:
        days = minutes // MINUTES_A_DAY
        return sentence(gettext_noop("1 day") if days == 1 else gettext_noop("%(days)s days"), days=days)
    if minutes % 60 == 0 or minutes > 2 * 60:
        return sentence("%(hours)s", hours=timedelta(minutes=minutes))
    return sentence(gettext_noop("%(minutes)s minutes"), minutes=minutes)


def clocks(start: datetime, end: datetime) -> str:
    """09:00–11:00, both on the same clock; midnight at the end is 24:00."""
    midnight = end.date() != start.date() and (end.hour, end.minute) == (0, 0)
    return (
        f"{wording.clock(start.timetz())}{wording.DASH}{'24:00' if midnight else wording.clock(end.timetz())}"
    )


def _with_fit(text: str, period: Period, *, minutes: int, zone: ZoneInfo) -> Sentence:
    start = period.start.astimezone(zone)
    end = (period.start + timedelta(minutes=minutes)).astimezone(zone)
    return sentence(text, length=spell(minutes), fit=clocks(start, end))


def _off_grid(moment: datetime, grid: int) -> bool:
    return bool(moment.minute % grid or moment.second or moment.microsecond)


def _is_about(row: BookingRule, space: Space) -> bool:
    if row.space_id is not None:
        return row.space_id == space.pk
    return row.kind in ("", space.kind)


def _weight(row: BookingRule) -> tuple[int, bool]:
    """The most particular first: a space, a kind, the hub; on the same level a group before everybody."""
    level = 0 if row.space_id is not None else 1 if row.kind else 2
    return level, row.rate_group_id is None


def _first(rows: Sequence[BookingRule], name: str) -> Any:
    return next((value for row in rows if (value := getattr(row, name)) is not None), None)


def _quota(rows: Sequence[BookingRule], name: str) -> Quota | None:
    row = next((row for row in rows if getattr(row, name) is not None), None)
    if row is None:
        return None
    whose, per = QUOTAS[name]
    return Quota(getattr(row, name), whose, per, space_id=row.space_id, kind=row.kind)
