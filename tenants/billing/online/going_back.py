"""Money that leaves again after it was paid online, in the books: what it had paid is open again, and no cent is lost.

Everybody locks the row of the online payment first and then what it pays, so a refund by staff, one made at Stripe and
a bank that takes money back come one after another.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from spaces.money import Euro, euro
from tenants.billing import allocating, paying
from tenants.billing.allocating import Part
from tenants.billing.books import posting
from tenants.billing.models import (
    Allocation,
    OnlineDispute,
    OnlineMethod,
    OnlinePayment,
    OnlineRefund,
    OnlineRefundState,
    Payment,
    Receivable,
)
from tenants.billing.querysets import ReceivableQuerySet
from tenants.parties.models import User

MORE = ":more"
"""Ends the key of what left beyond what was left of the payment."""


def locked(online: OnlinePayment) -> OnlinePayment:
    """The row as it is now, locked until the transaction ends."""
    rows = OnlinePayment.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("hub", "party__hub", "payment", "receivable").get(pk=online.pk)


def left_of(online: OnlinePayment) -> Euro:
    """What can still be paid back of it, in euros: what came less what goes back or was taken back. Lock it before."""
    payment = online.payment
    if payment is None or Payment.objects.filter(reverses=payment).exists():
        return euro(0)
    back = OnlineRefund.objects.filter(online=online).exclude(state=OnlineRefundState.FAILED)
    gone = OnlineDispute.objects.filter(online=online, taken__isnull=False, returned__isnull=True)
    sums = [rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0) for rows in (back, gone)]
    return euro(max(payment.amount - sum(sums, Decimal(0)), Decimal(0)))


def way(online: OnlinePayment) -> str:
    """How it was paid, in the active language; a method that we do not know by Stripe's own word."""
    known = {**dict(OnlineMethod.choices), "sepa_debit": _("direct debit"), "": _("online")}
    return str(known.get(online.method, online.method.replace("_", " ")))


def of_receivable(asked: Receivable) -> list[OnlinePayment]:
    """The online payments that paid (a part of) this, the last first. One query."""
    rows = OnlinePayment.objects.filter(payment__allocations__receivable=asked).distinct()
    return list(rows.select_related("hub", "party", "payment").order_by("-created_at", "pk"))


def take(
    online: OnlinePayment,
    amount: Decimal,
    *,
    reason: str,
    key: str,
    on: date,
    by: User | None = None,
    now: datetime,
) -> Payment:
    """Book that `amount` of an online payment (locked) left again on day `on`; the same `key` again changes nothing.

    First goes what of it pays nothing, then what it paid, the last first: that is open again. What left beyond all of
    the payment (refunded, and then disputed as a whole) is a payment of its own: the party had it twice.
    """
    payment = paid(online)
    if found := Payment.objects.filter(hub=online.hub_id, key=key).first():
        return found
    own = min(amount, _freed(payment, amount, by=by, now=now))
    facts = {
        "hub_id": payment.hub_id, "party_id": payment.party_id, "method": payment.method, "received_on": on,
        "reference": payment.reference, "reason": reason[:200], "is_test": payment.is_test, "by": by,
    }  # fmt: skip
    gone = [Payment(amount=-own, returns=payment, key=key, **facts)] if own else []
    if amount > own:
        gone.append(Payment(amount=own - amount, key=key + (MORE if own else ""), **facts))
    for row in gone:
        row.save()
        posting.payment(row)
    return gone[0]


def undo(online: OnlinePayment, taken: Payment, *, reason: str, on: date, now: datetime) -> Payment:
    """What left is there again: its mirror, and that of what left beyond the payment. It pays nothing yet.

    Of a test that was taken back meanwhile it is there already.
    """
    found = Payment.objects.filter(reverses=taken).first()
    mirror = found or paying.reverse(taken, on=on, reason=reason, now=now)
    more = Payment.objects.filter(hub=online.hub_id, key=f"{taken.key}{MORE}", reversed_by=None)
    for row in more if taken.key else ():
        paying.reverse(row, on=on, reason=reason, now=now)
    return mirror


def pay_again(online: OnlinePayment, *, now: datetime) -> None:
    """Let what the payment has left pay what it paid before, as far as that is open."""
    allocating.pay_off(paid(online), reopened(online), rule=Allocation.Rule.ONLINE, now=now)


def reopened(online: OnlinePayment) -> ReceivableQuerySet:
    """What this payment paid once, and of which something is open; the oldest first."""
    was = Allocation.objects.filter(payment=online.payment, undone_by__isnull=False)
    return Receivable.objects.filter(pk__in=was.values("receivable")).to_pay()


def paid(online: OnlinePayment) -> Payment:
    """The money of an online payment that was paid; a fault in the program for another one."""
    if online.payment is None:
        raise ValueError(f"online payment {online.pk} brought no money")
    return online.payment


def _freed(payment: Payment, amount: Decimal, *, by: User | None, now: datetime) -> Decimal:
    """Let `payment` pay less, the last first, until `amount` of it pays nothing; returns what of it does."""
    standing = allocating.standing(payment)
    _hold(standing)
    unused = allocating.unused(payment)
    for allocation in reversed(standing):
        if unused >= amount:
            break
        allocating.undo(allocation, rule=Allocation.Rule.REVERSAL, by=by, now=now)
        unused += allocation.amount
        if (kept := min(unused - amount, allocation.amount)) > 0:
            part = Part(allocation.receivable, kept)
            allocating.allocate(payment, [part], rule=allocation.rule, by=by, now=now)
            unused -= kept
    return unused


def _hold(standing: Iterable[Allocation]) -> None:
    allocating.hold(Receivable.objects.filter(allocations__in=list(standing)))
