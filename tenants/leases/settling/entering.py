"""Entering what a building cost and what meters counted; what belongs to a settled year stays as it is."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from spaces.models import Hub
from tenants.leases.models import MeterReading, ServiceCost, ServiceType, Settlement, SettlementState
from tenants.leases.settling.refusals import AlreadySettled, BillKnown, ReadingKnown
from tenants.parties.models import User


@transaction.atomic(durable=True)
def add_bill(hub: Hub, *, by: User, now: datetime, **values: Any) -> ServiceCost:
    """Enter a bill. Raises AlreadySettled when it touches a settled year, and BillKnown."""
    _refuse_settled(hub, values["starts_on"], values["ends_on"])
    try:
        with transaction.atomic():
            return ServiceCost.objects.create(hub=hub, entered_by=by, entered_at=now, **values)
    except IntegrityError as error:
        raise BillKnown from error


@transaction.atomic(durable=True)
def remove_bill(cost: ServiceCost) -> None:
    """Take a bill away again; a second call changes nothing. Raises AlreadySettled."""
    _refuse_settled(cost.hub, cost.starts_on, cost.ends_on)
    ServiceCost.objects.filter(pk=cost.pk).delete()


@transaction.atomic(durable=True)
def add_reading(kind: ServiceType, *, by: User, now: datetime, **values: Any) -> MeterReading:
    """Enter what a room used. Raises AlreadySettled when it touches a settled year, and ReadingKnown."""
    _refuse_settled(kind.hub, values["starts_on"], values["ends_on"])
    try:
        with transaction.atomic():
            return MeterReading.objects.create(type=kind, entered_by=by, entered_at=now, **values)
    except IntegrityError as error:
        raise ReadingKnown from error


@transaction.atomic(durable=True)
def remove_reading(reading: MeterReading) -> None:
    """Take a reading away again; a second call changes nothing. Raises AlreadySettled."""
    _refuse_settled(reading.type.hub, reading.starts_on, reading.ends_on)
    MeterReading.objects.filter(pk=reading.pk).delete()


def settled_years(hub: Hub) -> set[int]:
    """The years that have been approved. One query."""
    approved = Settlement.objects.filter(hub=hub, state=SettlementState.APPROVED)
    return set(approved.values_list("year", flat=True))


def _refuse_settled(hub: Hub, first: date, last: date) -> None:
    """Under the lock that approving takes, so that nothing slips in while it counts."""
    Hub.objects.select_for_update(no_key=True).get(pk=hub.pk)
    for year in sorted(settled_years(hub)):
        if first.year <= year <= last.year:
            raise AlreadySettled(year)
