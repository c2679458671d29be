"""Who gave a mandate online, and what of theirs is collected by it; read by whoever else would ask for that money."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from spaces.models import Hub
from tenants.billing import stripe
from tenants.billing.models import OnlineMandate, OnlinePayment, OnlineState, Receivable
from tenants.billing.online import settings
from tenants.billing.online.attempts import LEAST
from tenants.billing.querysets import ReceivableQuerySet
from tenants.parties.models import Party

TRIED = (OnlineState.SUCCEEDED, OnlineState.FAILED)


def in_force(hub: Hub) -> QuerySet[OnlineMandate]:
    """The mandates by which this hub collects now: none while that is switched off, or under the other kind of key."""
    if not settings.collects(hub):
        return OnlineMandate.objects.none()
    return OnlineMandate.objects.filter(
        hub=hub, state=OnlineMandate.State.ACTIVE, is_test=stripe.is_test()
    ).select_related("party", "hub", "by")


def of(party: Party) -> OnlineMandate | None:
    """The mandate by which `party` is collected from now, if it gave one."""
    return in_force(party.hub).filter(party=party).first()


def awaited(hub: Hub | None) -> Q:
    """Of receivables with their `open_amount`: collected by itself once it is due, and not tried yet."""
    if hub is None or not settings.collects(hub):
        return Q(pk=None)
    tried = OnlinePayment.objects.filter(receivable=OuterRef("pk"), state__in=TRIED, mandate__isnull=False)
    given = in_force(hub).filter(party=OuterRef("party"))
    return Q(
        Exists(given), ~Exists(tried), open_amount__gte=LEAST, open_amount__lte=settings.of(hub).debit_limit
    )


def too_large(hub: Hub, *, by: date) -> ReceivableQuerySet:
    """What is due by this day of parties with a mandate, but more than is collected at once."""
    rows = Receivable.objects.filter(
        hub=hub, due_on__lte=by, party__in=in_force(hub).values("party")
    ).to_pay()
    return rows.opened_above(settings.of(hub).debit_limit).select_related("party", "hub", "invoice")


def came_back(hub: Hub) -> QuerySet[OnlinePayment]:
    """The debits that the bank refused and that are still to be paid: each time the last one of its receivable."""
    later = OnlinePayment.objects.filter(
        receivable=OuterRef("receivable"), created_at__gt=OuterRef("created_at")
    )
    still = Receivable.objects.filter(hub=hub).to_pay().values("pk")
    rows = OnlinePayment.objects.filter(hub=hub, mandate__isnull=False, state=OnlineState.FAILED)
    rows = rows.filter(~Exists(later), receivable__in=still)
    return rows.select_related("receivable", "party", "mandate").order_by(F("ended_at").asc(), "pk")
