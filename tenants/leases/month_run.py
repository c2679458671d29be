"""The run of a month: what leases and half-days owe is charged first, then it is proposed with everything else."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction

from spaces.models import Hub
from tenants.billing import drafting, invoicing
from tenants.billing.models import InvoiceRun, RunState
from tenants.leases import charging_rent, owing
from tenants.leases.instalments import month_of
from tenants.parties.models import User

Told = TypeVar("Told")


def propose(hub: Hub, *, month: date, by: User | None = None, now: datetime) -> InvoiceRun:
    """Charge rent and half-days of `hub`, then make or renew the proposal for `month`: see `invoicing.propose`.

    A transaction for each lease and half-day, and one for the proposal; a second call changes nothing.
    """
    charging_rent.post_month(hub, month=month, now=now)
    owing.post_hub(hub, now=now)
    return invoicing.propose(hub, month=month, by=by, now=now)


@transaction.atomic(durable=True)
def rehearse(hub: Hub, *, month: date, tell: Callable[[InvoiceRun], Told], now: datetime) -> Told:
    """What `tell` says of the proposal that `propose` would make; nothing stays of it.

    Everything is done in one transaction that is rolled back, so it is exactly what would happen.
    """
    for pk in list(hub.leases.order_by("pk").values_list("pk", flat=True)):
        charging_rent.settle(pk, until=month_of(month)[1], now=now)
    for pk in list(hub.fixed_day_parts.order_by("pk").values_list("pk", flat=True)):
        owing.settle(pk, now=now)
    run, _made = InvoiceRun.objects.unfinished().get_or_create(hub=hub, month=month.replace(day=1))
    if run.state == RunState.PROPOSED:
        drafting.rebuild(run, until=invoicing.last_day(hub, month=run.month, now=now))
    told = tell(run)
    transaction.set_rollback(True)
    return told
