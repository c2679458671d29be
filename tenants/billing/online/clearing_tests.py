"""What was paid while trying out is nobody's money: taken back, what it paid is open again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum

from spaces.models import Hub
from spaces.money import Euro, euro
from tenants.billing import paying
from tenants.billing.models import OnlinePayment, OnlineRefund, OnlineRefundState, Payment, Refund
from tenants.billing.online import back_seen
from tenants.parties.models import User


@dataclass(frozen=True)
class Standing:
    """Test payments in the books of a hub that were not taken back: how many, and what came in by them (euros)."""

    count: int
    amount: Euro


def standing(hub: Hub) -> Standing:
    """What there is to take back. One query."""
    found = _standing(hub).aggregate(count=Count("pk", filter=Q(amount__gt=0)), amount=Sum("amount"))
    return Standing(found["count"], euro(found["amount"] or 0))


@transaction.atomic(durable=True)
def take_back(hub: Hub, *, reason: str, by: User, now: datetime) -> int:
    """Take every test payment of a hub back, and what was paid back of one; returns how many. Again: none.

    What was still to go back of one does not any more: it is on no list, and a try at Stripe has failed.
    Raises BooksLocked when today is closed.
    """
    keys = _standing(hub).values("pk")
    _end_refunds(
        _locked(OnlinePayment.objects.filter(Q(payment__in=keys) | Q(payment__returned_by__in=keys)))
    )
    on = now.astimezone(hub.zone).date()
    rows = list(
        _standing(hub).select_related("party").order_by("amount", "pk")
    )  # what went back, then what came
    for payment in rows:
        paying.reverse(payment, on=on, reason=reason, by=by, now=now)
    return sum(payment.amount > 0 for payment in rows)


def _standing(hub: Hub) -> QuerySet[Payment]:
    return Payment.objects.filter(hub=hub, is_test=True, reverses=None, reversed_by=None)


def _locked(rows: QuerySet[OnlinePayment]) -> list[OnlinePayment]:
    """As everybody does who moves money that was paid online: its row first."""
    keys = list(rows.values_list("pk", flat=True))
    return list(OnlinePayment.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True))


def _end_refunds(paid: Sequence[OnlinePayment]) -> None:
    tries = OnlineRefund.objects.filter(online__in=paid, state__in=back_seen.UNDER_WAY)
    tries.update(state=OnlineRefundState.FAILED, failure="taken back")
    Refund.objects.filter(through__in=paid, state=Refund.State.LISTED).update(state=Refund.State.DROPPED)
