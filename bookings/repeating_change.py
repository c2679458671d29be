"""Changing or stopping a series from a date on: every consequence first, for dates, prices and invoices.

An arrangement is never edited: it is closed at the cut, and another begins there. Its bookings go along, and keep their
code, their payments and their place in calendars. Left as they are: what is past, what is on an invoice, what was moved
by hand or has extras, and what can no longer be given up for nothing. What was given up by hand stays given up.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from bookings import cancelling
from bookings.models import Booking, Series
from bookings.repeating_facts import Facts
from bookings.repeating_pairs import paired
from bookings.repeating_plan import PlannedDate, Planner, Wish, facts_of, slots_of
from bookings.repeating_refusals import NoDates, SeriesEnded
from bookings.states import BookingState
from spaces import recurrence
from spaces.money import Taxed
from spaces.patterns import Pattern
from spaces.periods import DAY, local_days
from spaces.recurrence import Slot
from tenants.billing import charging

CHANGEABLE = (BookingState.CONFIRMED, BookingState.REQUESTED)
MOST_PASSES = 6


@dataclass(frozen=True)
class Step:
    """What happens to one date: `row` is the booking there was, `date` what it becomes, `why` it stays as it is."""

    row: Booking | None
    date: PlannedDate | None = None
    slot: Slot | None = None
    why: str = ""
    fee: Taxed | None = None

    @property
    def moves(self) -> bool:
        return self.row is not None and self.date is not None and self.date.chosen is not None

    @property
    def adds(self) -> bool:
        return self.row is None and self.date is not None and self.date.chosen is not None

    @property
    def cancels(self) -> bool:
        return self.fee is not None

    @property
    def stays(self) -> bool:
        return self.row is not None and not self.moves and not self.cancels

    @property
    def difference(self) -> Decimal:
        """What it costs more than before, incl. VAT; negative is less."""
        was = self.row.gross if self.row else Decimal(0)
        if self.date is not None and self.date.chosen is not None:
            return self.date.chosen.quote.gross - was
        return self.fee.gross - was if self.fee else Decimal(0)


@dataclass(frozen=True)
class Change:
    """All steps in order. `given_up` are the dates of the new arrangement that stay given up."""

    steps: tuple[Step, ...]
    cut: date
    until: date
    goes_on: bool = False
    given_up: tuple[Slot, ...] = ()

    @property
    def difference(self) -> Decimal:
        return sum((step.difference for step in self.steps), Decimal(0))

    @property
    def fees(self) -> Decimal:
        """What giving up dates costs, incl. VAT."""
        return sum((step.fee.gross for step in self.steps if step.fee), Decimal(0))

    @property
    def fingerprint(self) -> str:
        told = [
            f"{step.row and step.row.pk} {step.row and step.row.sequence} {step.date and step.date.key} "
            f"{step.date and step.date.state} {step.why} {step.difference}"
            for step in self.steps
        ]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def plan_change(
    series: Series, wish: Wish, *, cut: date, choices: Mapping[str, str] | None = None, now: datetime
) -> Change:
    """Let the series be as `wish` from the day `cut` on; nothing is written.

    A date that clashes and has no way out in `choices` stays where it was. Raises SeriesEnded and NoDates.
    """
    rows = rows_from(series, cut, now=now)
    if not rows:
        raise SeriesEnded
    today = now.astimezone(series.hub.zone).date()
    _facts, until = facts_of(wish, today=today, now=now)
    far = max(until, series.materialised_until) + 31 * DAY
    last = far if wish.last is None else min(far, wish.last)
    new = slots_of(wish, first=max(wish.first, today), last=last) if wish.first <= last else []
    if not new:
        raise NoDates
    old = _old_slots(series, cut)
    pairs = paired(old, new, same_rhythm=_same_rhythm(series, wish))
    return _Changing(series, wish, cut, until, rows, choices or {}, now).change(pairs)


def plan_stop(series: Series, *, cut: date, now: datetime) -> Change:
    """Let the series have no dates from `cut` on; each is given up at the cost that was agreed. Raises SeriesEnded."""
    rows = rows_from(series, cut, now=now)
    if not rows:
        raise SeriesEnded
    stays = dict.fromkeys(with_extras(series), _("has extras: cancel it by itself"))
    stays |= dict.fromkeys(invoiced_of(rows), _("is on an invoice: it stays"))
    steps = tuple(
        Step(row, why=stays[row.pk]) if row.pk in stays else Step(row, fee=fee_of(row, now=now))
        for row in rows
    )
    return Change(steps, cut, until=series.materialised_until)


def first_open(series: Series, *, now: datetime) -> date | None:
    """The day of the first date that is neither past nor on an invoice: from there "all" begins."""
    rows = rows_from(series, series.starts_on, now=now)
    invoiced = invoiced_of(rows)
    return next((_day(row) for row in rows if row.pk not in invoiced), None)


def rows_from(series: Series, cut: date, *, now: datetime) -> list[Booking]:
    """The dates from the day `cut` on that stand and have not begun, in order."""
    start = local_days(cut, cut, zone=series.hub.zone).start
    rows = series.bookings.filter(state__in=CHANGEABLE, original_start__gte=start, starts_at__gt=now)
    return list(rows.select_related("hub", "space__floor", "party", "contact").order_by("original_start"))


def invoiced_of(rows: Iterable[Booking]) -> set[UUID]:
    """Which of them (keys) stand on an invoice. One query."""
    by_holder = {row.holder: row.pk for row in rows}
    return {by_holder[source] for source in charging.settled_sources(by_holder)}


def with_extras(series: Series) -> set[UUID]:
    """The dates (keys) that have something going with them, or a layout. One query."""
    furnished = series.bookings.filter(Q(additions__isnull=False) | ~Q(layout=""))
    return set(furnished.values_list("pk", flat=True))


def fee_of(row: Booking, *, now: datetime) -> Taxed:
    """What giving up this date costs at this moment; a request costs nothing."""
    if row.state == BookingState.REQUESTED:
        return Taxed.from_net(Decimal(0), rate=row.vat_rate)
    return cancelling.fee_at(row, now)


@dataclass
class _Changing:
    series: Series
    wish: Wish
    cut: date
    until: date
    rows: Sequence[Booking]
    choices: Mapping[str, str]
    now: datetime

    def change(self, pairs: Sequence[tuple[Slot | None, Slot | None]]) -> Change:
        by_start = {row.original_start: row for row in self.rows}
        given_up = recurrence.cancelled_slots(self.series.event)
        stays = self._staying()
        moving, added, gone, kept, left_out = [], [], [], [], []
        for slot, place in pairs:
            row = by_start.get(slot.original_start) if slot else None
            if slot is not None and row is None:
                left_out += [place] if place and slot.original_start in given_up else []
            elif row is None:
                added += [place] if place and self._is_soon(place) else []
            elif row.pk in stays:
                kept.append(Step(row, slot=place, why=stays[row.pk]))
            elif place is None:
                gone.append(Step(row, fee=fee_of(row, now=self.now)))
            else:
                moving.append((row, place))
        planned = self._planned(moving, added)
        rows = {place.original_start: row for row, place in moving}
        made = [self._made(each, rows.get(each.original_start)) for each in planned]
        steps = sorted((*kept, *gone, *made), key=_moment)
        until = max([self.until, *(_local(each, self.series) for each in planned)])
        goes_on = self.wish.last is None or self.wish.last > until
        return Change(tuple(steps), self.cut, until, goes_on, tuple(left_out))

    def _made(self, each: PlannedDate, row: Booking | None) -> Step:
        why = "" if each.chosen or row is None else each.why
        slot = Slot(each.regular, each.original_start)
        return Step(row, date=each, slot=slot, why=why)

    def _planned(self, moving: list[tuple[Booking, Slot]], added: list[Slot]) -> list[PlannedDate]:
        """Looks again as long as one more booking cannot go, and so keeps a place that another counted on."""
        slots = sorted([*(place for _row, place in moving), *added])
        stuck: set[UUID] = set()
        for _pass in range(MOST_PASSES):
            free = [row for row, _place in moving if row.pk not in stuck]
            dates = self._planner(free).look_at(slots)
            standing = {each.original_start for each in dates if each.chosen is None}
            found = {row.pk for row, place in moving if place.original_start in standing}
            if found <= stuck:
                break
            stuck |= found
        return dates

    def _planner(self, ignored: Sequence[Booking]) -> Planner:
        today = self.now.astimezone(self.series.hub.zone).date()
        within = local_days(today, today + 500 * DAY, zone=self.series.hub.zone)
        facts = Facts(self.wish.party, by=self.wish.by, within=within, ignored=ignored, now=self.now)
        return Planner(facts, self.wish.space, self.wish.hours, self.wish.persons, self.choices)

    def _staying(self) -> dict[UUID, str]:
        """Why a booking is left as it is, by its key."""
        invoiced = invoiced_of(self.rows)
        regular = {slot.original_start: slot.period for slot in _old_slots(self.series, self.cut)}
        extras = with_extras(self.series)
        result: dict[UUID, str] = {}
        for row in self.rows:
            place = regular.get(row.original_start) if row.original_start else None
            if row.pk in invoiced:
                result[row.pk] = _("is on an invoice: it stays")
            elif (row.space_id, row.period) != (self.series.space_id, place):
                result[row.pk] = _("was moved by hand: it stays there")
            elif row.pk in extras:
                result[row.pk] = _("has extras: change it by itself")
            elif fee_of(row, now=self.now).net:
                result[row.pk] = _("can no longer be changed for nothing: change it by itself")
        return result

    def _is_soon(self, slot: Slot) -> bool:
        return slot.period.start.astimezone(self.series.hub.zone).date() <= self.until


def _old_slots(series: Series, cut: date) -> list[Slot]:
    last = max(series.materialised_until, cut)
    within = local_days(cut, last, zone=series.hub.zone)
    return recurrence.regular(series.event, within=within, zone=series.hub.zone)


def _same_rhythm(series: Series, wish: Wish) -> bool:
    was, now = Pattern.from_json(series.pattern), wish.pattern
    return (was.frequency, was.every, len(was.weekdays)) == (now.frequency, now.every, len(now.weekdays))


def _day(row: Booking) -> date:
    start: datetime = row.original_start or row.starts_at
    return start.astimezone(row.hub.zone).date()


def _local(each: PlannedDate, series: Series) -> date:
    return each.regular.start.astimezone(series.hub.zone).date()


def _moment(step: Step) -> datetime:
    if step.date is not None:
        return step.date.regular.start
    if step.row is None:
        raise ValueError("a step is about a date")
    return step.row.starts_at
