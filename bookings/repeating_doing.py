"""Doing what a plan to change or stop a series said, in one transaction: the rows are updated, never replaced."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_noop

from bookings import (
    allowing,
    approving,
    cancelling,
    owing,
    repeating_change,
    repeating_letters,
    repeating_rows,
    reserving,
)
from bookings.life import enter
from bookings.models import Booking, Series
from bookings.refusals import TooBusy
from bookings.repeating import Agreed, begin, lock_party
from bookings.repeating_change import Change, Step
from bookings.repeating_letters import Changes
from bookings.repeating_plan import Plan, PlannedDate, Way, Wish
from bookings.repeating_refusals import PlanChanged
from bookings.states import BookingState
from spaces import claiming, ledger, recurrence
from spaces.explaining import sentence
from spaces.margins import margin_of
from spaces.money import Taxed
from spaces.periods import DAY
from spaces.recurrence import Slot
from tenants.parties.models import User

NO_LONGER = gettext_noop("Cancellation fee by the agreed steps")
PLACED = (
    "series", "original_start", "space", "starts_at", "ends_at", "policy_starts_at", "reminded_at", "sequence",
    "setup_minutes", "cleanup_minutes", "quote", "net", "vat", "gross", "vat_treatment", "vat_rate", "included_hours",
)  # fmt: skip


def change(
    series: Series,
    wish: Wish,
    *,
    cut: date,
    choices: Mapping[str, str],
    agreed: Agreed,
    now: datetime,
) -> Series:
    """Close `series` before `cut` and go on as `wish`; returns the new series. One letter tells it all.

    The plan is made anew under the lock: another one than `agreed` is PlanChanged, and nothing is written.
    """
    try:
        return _change(series, wish, cut=cut, choices=choices, agreed=agreed, now=now)
    except claiming.SpaceTaken:
        planned = repeating_change.plan_change(series, wish, cut=cut, choices=choices, now=now)
        raise PlanChanged(planned) from None
    except claiming.SpaceBusy as error:
        raise TooBusy from error


def stop(series: Series, *, cut: date, agreed: Agreed, by: User, now: datetime) -> Series:
    """Give up every date from `cut` on that is not on an invoice, at the cost that was agreed. One letter."""
    try:
        return _stop(series, cut=cut, agreed=agreed, by=by, now=now)
    except claiming.SpaceBusy as error:
        raise TooBusy from error


@claiming.retried
@transaction.atomic(durable=True)
def _change(
    series: Series, wish: Wish, *, cut: date, choices: Mapping[str, str], agreed: Agreed, now: datetime
) -> Series:
    series = _locked(series, cut, now=now)
    named = repeating_rows.spaces_named(choices.values(), hub_id=series.hub_id)
    claiming.lock([series.space, wish.space, *named])
    planned = repeating_change.plan_change(series, wish, cut=cut, choices=choices, now=now)
    _refuse_another(planned, agreed)
    _close(series, planned, now=now)
    whole = Plan((), planned.until, planned.goes_on)
    following = begin(wish, whole, split_from=series)
    changes = _Doing(series, following, wish.by, now).do(planned)
    repeating_letters.changed(following, changes, by=wish.by, fact=uuid4(), now=now)
    return following


@claiming.retried
@transaction.atomic(durable=True)
def _stop(series: Series, *, cut: date, agreed: Agreed, by: User, now: datetime) -> Series:
    series = _locked(series, cut, now=now)
    planned = repeating_change.plan_stop(series, cut=cut, now=now)
    _refuse_another(planned, agreed)
    _close(series, planned, now=now)
    gone = _given_up(planned.steps, now=now)
    kept = [step.row for step in planned.steps if step.stays and step.row]
    changes = Changes(cancelled=gone, kept=kept)
    repeating_letters.changed(series, changes, by=by, fact=uuid4(), now=now)
    return series


def _locked(series: Series, cut: date, *, now: datetime) -> Series:
    """The series as it is now, with its party and the dates from `cut` on locked: party, booking, spaces."""
    lock_party(series.party)
    held = Series.objects.select_for_update(of=("self",))
    fresh = held.select_related("hub", "space__floor", "party", "contact", "event__rule").get(pk=series.pk)
    keys = [row.pk for row in repeating_change.rows_from(fresh, cut, now=now)]
    list(Booking.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",)))
    return fresh


def _refuse_another(planned: Change, agreed: Agreed) -> None:
    if Agreed(planned.fingerprint, planned.difference) != agreed:
        raise PlanChanged(planned)


def _close(series: Series, planned: Change, *, now: datetime) -> None:
    """No dates from the cut on; what stays there keeps its place as an exception."""
    last = max(planned.cut - DAY, series.starts_on - DAY)
    recurrence.stop(series.event, last=last, zone=series.hub.zone)
    Series.objects.filter(pk=series.pk).update(ends_on=last)
    series.ends_on = last
    staying = [step.row for step in planned.steps if step.stays and step.row and step.slot is None]
    recurrence.move_slots(
        series.event, [Slot(row.period, row.original_start) for row in staying if row.original_start]
    )


def _given_up(steps: Sequence[Step], *, now: datetime) -> list[tuple[Booking, Taxed]]:
    """Cancel the dates that have no place any more, each for its fee."""
    result = []
    for step in steps:
        if step.row is None or step.fee is None:
            continue
        late = step.row.state == BookingState.CONFIRMED and cancelling.is_late(step.row, now)
        enter(
            step.row,
            BookingState.CANCELLED,
            cancelled_at=now,
            cancellation_net=step.fee.net,
            included_hours=step.row.included_hours if late else 0,
            sequence=step.row.sequence + 1,
        )
        owing.charge_fee(step.row, step.fee, why=sentence(NO_LONGER))
        result.append((step.row, step.fee))
    holders = [row.holder for row, _fee in result]
    claiming.release_all(holders)
    return result


class _Doing:
    """Carries the steps of a change over into the new series."""

    def __init__(self, old: Series, new: Series, by: User, now: datetime) -> None:
        self.old, self.new, self.by, self.now = old, new, by, now
        self.tree = ledger.atoms_of(new.hub)
        self.by_staff = allowing.books_for_others(by, hub_id=new.hub_id)

    def do(self, planned: Change) -> Changes:
        """Kept, moved, given up and added, in that order, so that nothing stands in its own way."""
        kept = self._kept(planned.steps)
        gone = _given_up(planned.steps, now=self.now)
        moved = self._moved([step for step in planned.steps if step.moves])
        added = self._added(planned)
        if planned.given_up:
            recurrence.cancel_slots(self.new.event, list(planned.given_up))
        return Changes(moved=moved, added=added, cancelled=gone, kept=kept)

    def _kept(self, steps: Sequence[Step]) -> list[Booking]:
        """What stays where it is belongs to the new series from now on, when that has a date for it."""
        kept = [(step.row, step.slot) for step in steps if step.stays and step.row]
        carried = [(row, slot) for row, slot in kept if slot]
        recurrence.restore_slots(
            self.old.event, [row.original_start for row, _slot in carried if row.original_start]
        )
        for row, slot in carried:
            row.series, row.original_start = self.new, slot.original_start
        Booking.objects.bulk_update([row for row, _slot in carried], ["series", "original_start"])
        elsewhere = [
            Slot(row.period, slot.original_start) for row, slot in carried if row.period != slot.period
        ]
        recurrence.move_slots(self.new.event, elsewhere)
        return [row for row, _slot in kept]

    def _moved(self, steps: Sequence[Step]) -> list[Booking]:
        going = [(step, step.row, step.date) for step in steps if step.row and step.date]
        claiming.release_all([row.holder for _step, row, _date in going])
        for _step, row, each in going:
            if each.chosen:
                self._place(row, each, each.chosen)
        rows = [row for _step, row, _date in going]
        Booking.objects.bulk_update(rows, PLACED)
        repeating_rows.claim(rows, tree=self.tree, now=self.now)
        repeating_rows.note_exceptions(self.new, [each for _step, _row, each in going])
        self._settle(rows)
        return rows

    def _place(self, row: Booking, each: PlannedDate, way: Way) -> None:
        row.series, row.original_start, row.space = self.new, each.original_start, way.space
        for name, value in repeating_rows.place_of(way, self.new, now=self.now).items():
            setattr(row, name, value)
        row.setup_minutes, row.cleanup_minutes = margin_of(way.space)
        row.sequence += 1
        reserving.put_price(row, way.quote)

    def _settle(self, rows: Sequence[Booking]) -> None:
        """Charge them anew, and ask again for what is no longer within what was approved; no more where nobody asks."""
        for row in rows:
            if row.state == BookingState.REQUESTED and not row.space.needs_approval:
                enter(row, BookingState.CONFIRMED)  # nobody would answer, and it would lapse
        booked = [row for row in rows if row.state == BookingState.CONFIRMED]
        owing.charge_anew(booked)
        for row in booked:
            if not self.by_staff and not approving.still_holds(row, space=row.space, period=row.period):
                approving.ask(row)

    def _added(self, planned: Change) -> list[Booking]:
        fresh = [step.date for step in planned.steps if step.row is None and step.date]
        return repeating_rows.book(self.new, fresh, tree=self.tree, now=self.now)
