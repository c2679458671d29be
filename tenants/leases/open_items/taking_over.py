"""The two things to do with a list of open items: look what it would do, and let it be done, all of it or nothing."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces import wording
from spaces.models import Hub
from spaces.money import total
from tenants.billing import locking, old_items
from tenants.leases import charging_rent, tabular
from tenants.leases.hub_import.findings import Findings
from tenants.leases.open_items import reading, rents
from tenants.leases.open_items.reading import Read
from tenants.leases.open_items.rents import Move
from tenants.parties.models import Party, PartyState

_LOCK = 0x6F70656E


@dataclass
class Takeover:
    """What a list would do: new items, those here already, leases charged from later on, and the next numbers."""

    hub: Hub
    findings: Findings
    new: list[Read] = field(default_factory=list)
    known: list[Read] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    next_numbers: dict[int, int] = field(default_factory=dict)
    digest: str = ""

    @property
    def can_be_stored(self) -> bool:
        return not self.findings.errors

    @property
    def open_amount(self) -> Decimal:
        """Of the new items together."""
        return total(each.item.amount for each in self.new)

    @property
    def fingerprint(self) -> str:
        """Another plan has another one."""
        deeds = [self.digest, [each.item.number for each in self.new], self.next_numbers]
        moved = [(move.lease.pk, move.charged_from) for move in self.moves]
        return hashlib.sha256(repr([*deeds, moved]).encode()).hexdigest()


class OpenItemsRefused(Exception):
    """Nothing was stored; `message` says what to do."""

    @property
    def message(self) -> str:
        return str(self.args[0])


class HasErrors(OpenItemsRefused):
    """Something in the list must be mended first; `plan` has the findings."""

    def __init__(self, plan: Takeover) -> None:
        self.plan = plan
        super().__init__(_("There are errors in the list. Nothing was stored."))


class PlanChanged(OpenItemsRefused):
    """Since the plan was shown, something in Plein changed."""

    def __init__(self, plan: Takeover) -> None:
        self.plan = plan
        super().__init__(
            _("Since you looked, something in Plein has changed. Look at the plan again and confirm it then.")
        )


def look(content: bytes, *, hub: Hub) -> Takeover:
    """What the list would do and all that is wrong with it. Stores nothing. Raises OpenItemsRefused for no list."""
    parties = Party.objects.of_hub(hub).exclude(state=PartyState.DECLINED).order_by("name")
    try:
        found, findings = reading.read(content, parties=parties)
    except tabular.FileRefused as refused:
        raise OpenItemsRefused(refused.message) from refused
    plan = Takeover(hub, findings, digest=hashlib.sha256(content).hexdigest())
    _compare(plan, found)
    for move in (move for move in plan.moves if not move.charged):
        words = _(
            "The rent of %(lease)s was asked in the old books until %(until)s: Plein asks it from %(day)s on."
        )
        findings.remark(
            move.why.description_at,
            words
            % {
                "lease": f"{move.lease.number} ({move.why.item.party.name})",
                "until": wording.calendar_date(rents.last_day(move)),
                "day": wording.calendar_date(move.charged_from),
            },
        )
    plan.findings = findings.sorted()
    return plan


def store(content: bytes, *, hub: Hub, agreed: str = "", now: datetime) -> Takeover:
    """Do it, all or nothing; the same list again adds nothing. `agreed`: the fingerprint of the plan that was seen.

    Raises OpenItemsRefused: no list, errors in it, another plan than was agreed, closed books.
    """
    with transaction.atomic(durable=True):
        _one_at_a_time(hub)
        plan = look(content, hub=hub)
        if not plan.can_be_stored:
            raise HasErrors(plan)
        if agreed and agreed != plan.fingerprint:
            raise PlanChanged(plan)
        try:
            items = [each.item for each in plan.new]
            old_items.take_over(hub, items, on=now.astimezone(hub.zone).date())
        except locking.BooksLocked as locked:
            raise OpenItemsRefused(locked.message) from locked
        for move in (move for move in plan.moves if not move.charged):
            charging_rent.leave_to_old_books(move.lease, until=rents.last_day(move), now=now)
    return plan


def report(plan: Takeover) -> Iterator[str]:
    """The plan for a terminal."""
    for title, found in ((_("Errors"), plan.findings.errors), (_("Remarks"), plan.findings.remarks)):
        if found:
            yield f"{title} ({len(found)}):"
            yield from (f"  {each.place.in_words}: {each.text}" for each in found)
            yield ""
    if plan.findings.errors:
        return
    for each in plan.new:
        yield f"  {each.item.number:<12} {wording.euro_column(each.item.amount)}  {each.item.party.name}"
    counts = {"amount": wording.euro(plan.open_amount), "known": len(plan.known), "new": len(plan.new)}
    words = ngettext(
        "%(new)d new item, together %(amount)s; %(known)d were here already.",
        "%(new)d new items, together %(amount)s; %(known)d were here already.",
        len(plan.new),
    )
    yield words % counts
    for year, number in plan.next_numbers.items():
        yield _("The next invoice gets the number %(number)s.") % {"number": f"{year}-{number:04d}"}


def _one_at_a_time(hub: Hub) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, hub.pk])


def _compare(plan: Takeover, found: list[Read]) -> None:
    items = [each.item for each in found]
    here = old_items.known(plan.hub, items)
    clashing = old_items.clashing(plan.hub, [item for item in items if item.number not in here])
    for each in found:
        number = each.item.number
        if number in clashing:
            plan.findings.error(
                each.place,
                _("Plein gives out these numbers itself this year. Give the old invoice another number."),
            )
        elif here.get(number) is False:
            plan.findings.error(
                each.place, _("This number is in Plein already, with another party, day or amount.")
            )
        else:
            (plan.known if number in here else plan.new).append(each)
    plan.moves = rents.moves(plan.hub, found, known=here)
    for move in plan.moves:
        if move.charged:
            words = _(
                "Plein has asked this rent as well (contract %(lease)s). Give a credit note for one of the two."
            )
            plan.findings.remark(move.why.description_at, words % {"lease": move.lease.number})
    plan.next_numbers = old_items.next_numbers(plan.hub, [each.item for each in plan.new])
