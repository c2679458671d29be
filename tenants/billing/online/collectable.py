"""What may be collected by the mandates that parties gave online."""

from datetime import date, datetime

from spaces.models import Hub
from tenants.billing import debiting
from tenants.billing.dunning import plans
from tenants.billing.models import OnlinePayment, Receivable
from tenants.billing.online import mandated
from tenants.billing.online.attempts import LEAST
from tenants.billing.querysets import ReceivableQuerySet


def possible(hub: Hub, *, today: date) -> ReceivableQuerySet:
    """What is to be paid of parties with a mandate, and is neither on its way, nor disputed, paused or in a plan."""
    rows = Receivable.objects.filter(hub=hub, party__in=mandated.in_force(hub).values("party")).to_pay()
    rows = rows.opened_from(LEAST).exclude(debiting.on_their_way(today=today))
    rows = rows.exclude(debiting.is_paused(today)).exclude(pk__in=plans.covered(hub, today=today))
    busy = OnlinePayment.objects.under_way().filter(receivable__isnull=False).values("receivable")
    return rows.exclude(pk__in=busy).select_related("hub", "party", "invoice")


def is_left_alone(row: Receivable, *, today: date) -> bool:
    """Whether it is disputed, paused or in a plan."""
    paused = Receivable.objects.filter(debiting.is_paused(today), pk=row.pk).exists()
    return paused or row.pk in plans.covered(row.hub, today=today)


def today_of(hub: Hub, now: datetime) -> date:
    """The day it is at the hub."""
    return now.astimezone(hub.zone).date()
