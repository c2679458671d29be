"""Agreeing a fixed half-day: every date of the coming year is known, and shown, before anything is stored."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from django.db import transaction

from spaces import claiming, ledger, patterns, recurrence
from spaces.models import Claim, OpeningHours
from spaces.money import Euro, Taxed, total
from spaces.periods import Period, local_days
from spaces.recurrence import Slot
from tenants.leases import fixing, naming, owing, reckoning, telling
from tenants.leases.models import FixedDayPart
from tenants.leases.reckoning import Month, Terms
from tenants.leases.refusals import (
    AlreadyArranged,
    NoDates,
    NoPriceList,
    NothingFree,
    NotOpenThen,
    PlanChanged,
    TooBusyNow,
)


class Standing(StrEnum):
    """What stands in the way of a date, if anything."""

    FREE = "free"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True)
class PlannedDate:
    """One date: whether it can be had, and whose claims stand in the way."""

    slot: Slot
    state: Standing
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A half-day as wanted (not stored) with its dates until a year from now, and what they cost."""

    wanted: FixedDayPart
    dates: list[PlannedDate]
    terms: Terms

    def having(self, state: str) -> list[PlannedDate]:
        return [each for each in self.dates if each.state == state]

    @property
    def skipped(self) -> frozenset[datetime]:
        """The dates that others have: they are left out, whatever becomes of them."""
        return frozenset(each.slot.original_start for each in self.having(Standing.TAKEN))

    @property
    def price(self) -> Taxed:
        """Of one time, or one month."""
        return Taxed.from_net(self.terms.price, rate=self.terms.vat_rate)

    @property
    def months(self) -> list[tuple[Month, Euro]]:
        """Each month with a date in it, and what it costs excluding VAT; the last may go on after the year."""
        dates = [
            (each.slot, each.state == Standing.CLOSED) for each in self.dates if each.state != Standing.TAKEN
        ]
        first, last = (self._day(each) for each in (self.dates[0], self.dates[-1]))
        found = reckoning.months(self.wanted, dates, first=max(first, self.wanted.charged_from), last=last)
        return [(month, self._net(month)) for month in found if month.paid or month.lapsed]

    @property
    def total(self) -> Taxed:
        """Of all these dates together."""
        return Taxed.from_net(total(net for _month, net in self.months), rate=self.terms.vat_rate)

    def _net(self, month: Month) -> Euro:
        return total(line.net for line in reckoning.lines(self.wanted, month, self.terms))

    def _day(self, each: PlannedDate) -> date:
        return each.slot.original_start.astimezone(self.wanted.hub.zone).date()


def plan(wanted: FixedDayPart, *, now: datetime) -> Plan:
    """What arranging this would take: nothing is written. A constant number of queries.

    `wanted` is not stored and has no event; `starts_on` lies in this month or later. Raises FixedRefused.
    """
    _raise_if_shut(wanted)
    terms = owing.terms_on(wanted, wanted.starts_on)
    if terms is None:
        raise NoPriceList
    dates = _dates(wanted, now=now)
    found = Plan(wanted, dates, terms)
    if not dates:
        raise NoDates
    if not found.having(Standing.FREE):
        raise NothingFree
    return found


def arrange(wanted: FixedDayPart, *, skipped: Collection[datetime], now: datetime) -> FixedDayPart:
    """Store it, claim its free dates for a year, and tell the party. The same once more returns the first one.

    `skipped` are the dates that the person saw as taken and leaves out. Raises PlanChanged when others are taken by
    now, AlreadyArranged and TooBusyNow; then nothing is stored.
    """
    try:
        return _arrange(wanted, skipped=frozenset(skipped), now=now)
    except claiming.SpaceBusy as busy:
        raise TooBusyNow from busy


@claiming.retried
@transaction.atomic(durable=True)
def _arrange(wanted: FixedDayPart, *, skipped: frozenset[datetime], now: datetime) -> FixedDayPart:
    claiming.lock([wanted.space])
    there = _same(wanted)
    if there is not None:
        return there
    planned = plan(wanted, now=now)
    if planned.skipped != skipped:
        raise PlanChanged(planned)
    stored = _stored(wanted)
    recurrence.cancel_slots(stored.event, [each.slot for each in planned.having(Standing.TAKEN)])
    fixing.claim(stored, now=now)
    left_out = sorted(start.astimezone(stored.hub.zone).date() for start in planned.skipped)
    telling.agreed(stored, terms=planned.terms, left_out=left_out, now=now)
    return stored


def _same(wanted: FixedDayPart) -> FixedDayPart | None:
    """The half-day that a second press finds. Raises AlreadyArranged when its terms are others."""
    mine = {name: getattr(wanted, name) for name in ("party", "space", "weekday", "day_part", "starts_on")}
    there = FixedDayPart.objects.filter(**mine).select_related(*fixing.NEEDED).first()
    names = ("ends_on", "price", "charged_per", "on_closure")
    if there is not None and any(getattr(there, name) != getattr(wanted, name) for name in names):
        raise AlreadyArranged
    return there


def _stored(wanted: FixedDayPart) -> FixedDayPart:
    event = recurrence.arrange(
        _draft(wanted),
        space=wanted.space,
        title=f"{wanted.party.name} · {naming.when(wanted)}",
        pattern=patterns.weekly([wanted.weekday]),
    )
    fields = {
        field.name: getattr(wanted, field.name)
        for field in FixedDayPart._meta.concrete_fields  # noqa: SLF001 - Django documents it
        if field.name not in {"id", "event"}
    }
    return FixedDayPart.objects.create(event=event, **fields)


def _draft(wanted: FixedDayPart) -> Any:
    return recurrence.draft(
        patterns.weekly([wanted.weekday]),
        hours=(wanted.day_part.starts, wanted.day_part.ends),
        first=wanted.starts_on,
        last=wanted.ends_on,
        zone=wanted.hub.zone,
    )


def _raise_if_shut(wanted: FixedDayPart) -> None:
    part = wanted.day_part
    hours = OpeningHours.objects.filter(hub=wanted.hub, weekday=wanted.weekday)
    if not any(
        each.opens <= part.starts and (each.closes >= part.ends or each.closes == time.min) for each in hours
    ):
        raise NotOpenThen


def _dates(wanted: FixedDayPart, *, now: datetime) -> list[PlannedDate]:
    year = max(now.astimezone(wanted.hub.zone).date(), wanted.starts_on) + fixing.HORIZON
    within = local_days(wanted.starts_on, min(wanted.ends_on or year, year), zone=wanted.hub.zone)
    slots = recurrence.regular(_draft(wanted), within=within, zone=wanted.hub.zone)
    closures = fixing.closures_of(wanted.space, within=within)
    atoms = ledger.atoms_of(wanted.hub)[wanted.space_id]
    claims = [each for held in ledger.claims_during(atoms, period=within, now=now).values() for each in held]
    return [_planned(slot, closures, claims) for slot in slots]


def _planned(slot: Slot, closures: list[Period], claims: list[Claim]) -> PlannedDate:
    if any(slot.period.overlaps(closed) for closed in closures):
        return PlannedDate(slot, Standing.CLOSED)
    held = tuple(claim for claim in claims if ledger.overlaps(claim, slot.period))
    return PlannedDate(slot, Standing.TAKEN if held else Standing.FREE, held)
