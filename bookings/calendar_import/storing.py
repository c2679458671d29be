"""Reading a calendar in for real: all of its plan in one transaction, or nothing."""

from datetime import datetime

from django.db import transaction

from bookings.calendar_import import planning
from bookings.calendar_import.planning import CHANGED, GONE, NEW, Plan, Step
from bookings.calendar_import.reading import Reading
from bookings.calendar_import.refusals import Busy, PlanChanged
from bookings.models import ImportedEntry
from spaces import claiming
from spaces.models import Claim, Space


def store(space: Space, reading: Reading, *, agreed: str = "", now: datetime) -> Plan:
    """Place, change and withdraw what the plan says; the same calendar again changes nothing.

    `agreed` is the fingerprint of the plan that a person saw; another plan than that is not stored. Raises
    PlanChanged (with the new plan) or Busy.
    """
    try:
        return _store(space, reading, agreed=agreed, now=now)
    except claiming.SpaceBusy as busy:
        raise Busy from busy
    except claiming.SpaceTaken as taken:
        raise PlanChanged(planning.plan(space, reading, now=now)) from taken


@claiming.retried
@transaction.atomic(durable=True)
def _store(space: Space, reading: Reading, *, agreed: str, now: datetime) -> Plan:
    atoms = {atom.pk: atom for atom in claiming.lock([space])}
    plan = planning.plan(space, reading, now=now)
    if agreed and agreed != plan.fingerprint:
        raise PlanChanged(plan)
    for step in plan.of(GONE, CHANGED):
        if step.stored:
            claiming.release(step.stored.holder)
    ImportedEntry.objects.filter(pk__in=[step.stored.pk for step in plan.gone if step.stored]).delete()
    entries = [*_changed(plan), *_made(plan)]
    claiming.take_each(_pieces(entries, atoms), kind=Claim.Kind.BOOKING, now=now)
    return plan


def _changed(plan: Plan) -> list[ImportedEntry]:
    rows = [_as_in(step, step.stored) for step in plan.of(CHANGED) if step.stored]
    for row in rows:
        row.save()
    return rows


def _made(plan: Plan) -> list[ImportedEntry]:
    blank = {"hub": plan.space.hub, "source": plan.space.code}
    return ImportedEntry.objects.bulk_create(_as_in(step, ImportedEntry(**blank)) for step in plan.of(NEW))


def _as_in(step: Step, entry: ImportedEntry) -> ImportedEntry:
    if step.date is None:
        raise ValueError("a step that places something has a date")
    entry.space, entry.uid, entry.title = step.space, step.date.uid, step.date.title
    entry.original_start = step.date.original_start
    entry.starts_at, entry.ends_at = step.date.period.start, step.date.period.end
    return entry


def _pieces(entries: list[ImportedEntry], atoms: dict[int, Space]) -> list[claiming.Piece]:
    parts: dict[int, list[Space]] = {}
    for entry in entries:
        if entry.space_id not in parts:
            inside = Space.objects.atoms_of(entry.space).values_list("pk", flat=True)
            parts[entry.space_id] = [atoms[pk] for pk in inside]
    return [
        claiming.Piece(atom, entry.period, entry.holder)
        for entry in entries
        for atom in parts[entry.space_id]
    ]


@transaction.atomic(durable=True)
def remove(entry: ImportedEntry) -> bool:
    """Take one date out of Plein, so that others can book; False when it was gone already.

    The next import of the same calendar places it again, unless it was taken out there too.
    """
    claiming.release(entry.holder)
    count, _by_model = ImportedEntry.objects.filter(pk=entry.pk).delete()
    return bool(count)
