"""The ladder of a hub: which letter how many days after the due date, and which step is next for one receivable."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from spaces.models import Hub
from tenants.billing.debiting import next_bank_day
from tenants.billing.dunning.refusals import DunningRefused
from tenants.billing.models import DunningStep

Kind = DunningStep.Kind
SEEDS = {Kind.NOTICE: -3, Kind.REMINDER: 3, Kind.SECOND: 14, Kind.FORMAL: 21, Kind.HANDOVER: 45}
LETTERS = (Kind.NOTICE, Kind.REMINDER, Kind.SECOND, Kind.FORMAL)
LATE = (Kind.REMINDER, Kind.SECOND, Kind.FORMAL)
MAY_BE_OFF = (Kind.NOTICE, Kind.SECOND)
LEAST_BETWEEN = 5
"""Fewer days between two letters give nobody the time to pay."""
WEEK = 7
FORMAL_DAYS = 16
"""The law wants fourteen days from the day after the letter is received (6:96 paragraph 6 BW). It may go by post, which
we count as two days: sixteen days from the day it is sent, and then the first bank day."""


@dataclass(frozen=True)
class Rung:
    """One step of the ladder."""

    kind: str
    days: int
    active: bool = True


@dataclass(frozen=True)
class Taken:
    """A step that was taken, and until when it gave time."""

    kind: str
    sent_on: date
    pay_by: date


def rungs(hub: Hub) -> list[Rung]:
    """The ladder of a hub in its order; the usual one is made with the first use. One query once it is there."""
    found = {row.kind: row for row in DunningStep.objects.filter(hub=hub)}
    if len(found) < len(SEEDS):
        found = _seeded(hub)
    return [Rung(kind, found[kind].days, found[kind].active) for kind in SEEDS]


@transaction.atomic(durable=True)
def change(hub: Hub, wanted: Sequence[Rung]) -> None:
    """Store other days for the ladder. Raises DunningRefused for an order that is none, or too little time between."""
    _raise_if_impossible({rung.kind: rung for rung in wanted})
    rungs(hub)
    for rung in wanted:
        row = DunningStep.objects.select_for_update().get(hub=hub, kind=rung.kind)
        row.days, row.active = rung.days, rung.active or rung.kind not in MAY_BE_OFF
        row.save(update_fields=["days", "active"])


def next_step(ladder: Sequence[Rung], taken: Iterable[Taken], *, due_on: date, today: date) -> str | None:
    """The letter that is to go out today, or None.

    Never one that was sent, never a step back, and between two letters at least the days that the ladder has between
    them and the time that the last one gave: who starts late starts at the reminder.
    """
    late, before = (today - due_on).days, {each.kind: each for each in taken}
    if Kind.HANDOVER in before:
        return None
    if late <= 0:
        return _notice(ladder, before, late)
    reached = [kind for kind in LATE if kind in before]
    following = LATE[LATE.index(reached[-1]) + 1 :] if reached else LATE
    steps = {rung.kind: rung for rung in ladder}
    rung = next((steps[kind] for kind in following if steps[kind].active), None)
    if rung is None or late < rung.days:
        return None
    if reached and not _time_has_passed(steps, before[reached[-1]], rung, today):
        return None
    return rung.kind


def pay_by(ladder: Sequence[Rung], kind: str, *, due_on: date, today: date) -> date:
    """Until when a letter of today gives time; a notice until the due date."""
    if kind == Kind.NOTICE:
        return due_on
    if kind == Kind.FORMAL:
        return next_bank_day(today + timedelta(days=FORMAL_DAYS))
    steps = {rung.kind: rung for rung in ladder}
    following = [steps[each] for each in LATE[LATE.index(Kind(kind)) + 1 :] if steps[each].active]
    return today + timedelta(days=min(WEEK, following[0].days - steps[kind].days - 1))


def _notice(ladder: Sequence[Rung], before: Mapping[str, Taken], late: int) -> str | None:
    rung = next(rung for rung in ladder if rung.kind == Kind.NOTICE)
    return rung.kind if rung.active and not before and rung.days <= late else None


def _time_has_passed(steps: Mapping[str, Rung], last: Taken, rung: Rung, today: date) -> bool:
    between = timedelta(days=rung.days - steps[last.kind].days)
    return today > last.pay_by and today >= last.sent_on + between


def _raise_if_impossible(steps: Mapping[str, Rung]) -> None:
    if set(steps) != set(SEEDS):
        raise DunningRefused(_("Fill in every step."))
    if steps[Kind.NOTICE].days >= 0 or steps[Kind.REMINDER].days <= 0:
        raise DunningRefused(_("The notice goes out before the due date, the reminder after it."))
    order = [steps[kind] for kind in SEEDS if steps[kind].active and kind != Kind.NOTICE]
    if any(after.days - rung.days < LEAST_BETWEEN for rung, after in pairwise(order)):
        raise DunningRefused(
            _("Leave at least %(days)d days between two steps, so that people can pay.")
            % {"days": LEAST_BETWEEN}
        )


@transaction.atomic
def _seeded(hub: Hub) -> dict[str, DunningStep]:
    for kind, days in SEEDS.items():
        DunningStep.objects.get_or_create(hub=hub, kind=kind, defaults={"days": days})
    return {row.kind: row for row in DunningStep.objects.filter(hub=hub)}
