"""The two things a director can do with a workbook: look what it would do, and let it be done."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from spaces import claiming
from spaces.models import Hub, Space
from tenants.leases.hub_import import clashes, plan, present, reading, recognising, storing, workbook
from tenants.leases.hub_import.findings import Findings, Place
from tenants.leases.hub_import.plan import Plan
from tenants.leases.hub_import.refusals import Busy, HasErrors, ImportRefused, PlanChanged
from tenants.leases.hub_import.wanted import Draft
from tenants.parties.models import Party

_LOCK = 0x506C65696E  # "Plein": one import at a time in the whole installation
_WAIT = "30s"


def look(content: bytes, *, hub: Hub | None = None, now: datetime) -> Plan:
    """What the workbook would create and change, and all that is wrong with it. Stores nothing.

    With `hub` the workbook must be of that hub; without, it is of the hub with its name, or of a new one.
    Raises NotAWorkbook when the file cannot be read at all.
    """
    return _compared(_read(content, hub=hub, now=now), content, now=now)


def _read(content: bytes, *, hub: Hub | None, now: datetime) -> Plan:
    draft, findings = reading.read(workbook.read(content), now=now)
    return Plan(draft, findings, _hub_of(draft, findings, hub))


def _compared(result: Plan, content: bytes, *, now: datetime) -> Plan:
    """The same plan, with what is stored beside it."""
    draft, findings = result.draft, result.findings
    if draft.hub is None or findings.errors:
        return result
    stored = present.read(result.hub)
    result.steps = list(plan.steps(draft, stored))
    recognising.check(draft, stored, findings)
    clashes.find(draft, stored, result.steps, findings, now=now)
    _tell_gone(draft, stored, findings)
    result.findings = findings.sorted()
    result.figures = plan.figures(draft, today=now.astimezone(draft.zone).date())
    result.fingerprint = plan.fingerprint(content, result.steps)
    return result


def store(content: bytes, *, hub: Hub | None = None, agreed: str = "", now: datetime) -> Plan:
    """Do what the workbook asks, all of it or nothing; the same workbook again changes nothing.

    `agreed` is the fingerprint of the plan that a person saw; another plan than that is not stored.
    Raises NotAWorkbook, HasErrors, PlanChanged or Busy.
    """
    try:
        return _store(content, hub=hub, agreed=agreed, now=now)
    except claiming.SpaceBusy as busy:
        raise Busy from busy
    except claiming.SpaceTaken as taken:
        # somebody booked between looking and locking; looking again names the bookings
        raise _refusal(look(content, hub=hub, now=now)) from taken


def _refusal(plan: Plan) -> ImportRefused:
    return Busy() if plan.can_be_stored else HasErrors(plan)


@claiming.retried
@transaction.atomic(durable=True)
def _store(content: bytes, *, hub: Hub | None, agreed: str, now: datetime) -> Plan:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('lock_timeout', %s, true), pg_advisory_xact_lock(%s)", [_WAIT, _LOCK]
        )
    result = _read(content, hub=hub, now=now)
    if result.hub is not None:
        _hold(result.hub)
    result = _compared(result, content, now=now)
    if not result.can_be_stored:
        raise HasErrors(result)
    if agreed and agreed != result.fingerprint:
        raise PlanChanged(result)
    result.hub = storing.store(result, now=now)
    return result


def _hold(hub: Hub) -> None:
    """Lock all parties, then all rooms, each in id order, before anything is looked at.

    Bookings take a party and then its rooms: the other way round the two would wait for each other.
    """
    claiming.wait_at_most()
    for rows in (Party.objects.of_hub(hub), Space.objects.of_hub(hub)):
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    hub.refresh_from_db()


def _hub_of(draft: Draft, findings: Findings, hub: Hub | None) -> Hub | None:
    name = str(draft.hub["name"] or "") if draft.hub else ""
    if not name:
        return hub
    slug = storing.hub_slug(name)
    if hub is None:
        return Hub.objects.filter(slug=slug).first()
    if slug not in {hub.slug, storing.hub_slug(hub.name)}:
        place = draft.hub.place if draft.hub else Place()
        findings.error(
            place,
            _(
                "This workbook is of “%(name)s”, but you work for “%(hub)s”. Choose the workbook of your own hub."
            )
            % {"name": name, "hub": hub.name},
        )
    return hub


def _tell_gone(draft: Draft, stored: present.Present, findings: Findings) -> None:
    sheets = {thing.place.sheet for _kind, things in draft.kinds() for thing in things}
    for kind, labels in plan.gone(draft, stored):
        sheet = next((thing.place.sheet for thing in getattr(draft, kind)), "")
        shown = "; ".join(labels[:8]) + ("; …" if len(labels) > 8 else "")
        findings.remark(
            Place(sheet if sheet in sheets else ""),
            _("In Plein, but not in this workbook: %(things)s. They stay; an import never deletes.")
            % {"things": shown},
        )
