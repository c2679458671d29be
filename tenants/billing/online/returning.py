"""What Stripe says of a refund, written once: its state goes only forward, and the books and the letter go with it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tenants.billing import allocating, refunding, stripe
from tenants.billing.allocating import Part
from tenants.billing.books import posting
from tenants.billing.models import (
    REFUND_NEXT,
    Allocation,
    OnlinePayment,
    OnlineRefund,
    OnlineRefundState,
    Payment,
    Receivable,
    Refund,
)
from tenants.billing.online import going_back, pausing, telling_back

State = OnlineRefundState
SEEN = {
    "pending": State.PENDING,
    "succeeded": State.SUCCEEDED,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}
TAKEN_ON = (State.PENDING, State.SUCCEEDED)
"""Stripe has it: the money has left our balance there."""
WITH = ("online__hub", "online__party", "online__payment", "listed")


@transaction.atomic(durable=True)
def apply(online: OnlinePayment, seen: "stripe.RefundSeen", *, now: datetime) -> OnlineRefund:
    """Write what Stripe says of one refund of this payment; goes only forward, and books and tells each fact once."""
    online = going_back.locked(online)
    row = _known(online, seen) or OnlineRefund(
        hub=online.hub, online=online, amount=seen.amount, stripe_id=seen.id, created_at=seen.made_at
    )
    row.looked_at, row.stripe_id = now, seen.id
    row.save()
    _enter(row, SEEN[seen.state], failure=seen.failure, now=now)
    return row


@transaction.atomic(durable=True)
def seen_by(row: OnlineRefund, *, now: datetime) -> None:
    """Somebody knows of it: it is nobody's duty any more. A second call changes nothing."""
    OnlineRefund.objects.filter(pk=row.pk, seen_at=None).update(seen_at=now)


@transaction.atomic(durable=True)
def refused(row: OnlineRefund, refusal: "stripe.Refused", *, now: datetime) -> None:
    """Stripe said no, so nothing was done; what it knows already is not undone by that."""
    going_back.locked(row.online)
    kept = OnlineRefund.objects.select_related(*WITH).get(pk=row.pk)
    if not kept.stripe_id:
        _enter(kept, State.FAILED, failure=refusal.message or refusal.code, now=now)


def _known(online: OnlinePayment, seen: "stripe.RefundSeen") -> OnlineRefund | None:
    rows = OnlineRefund.objects.filter(online=online).select_related(*WITH)
    if found := rows.filter(stripe_id=seen.id).first():
        return found
    try:
        return rows.filter(pk=UUID(seen.reference), stripe_id=None).first()
    except ValueError:
        return None


def _enter(row: OnlineRefund, to: OnlineRefundState, *, failure: str, now: datetime) -> None:
    """The only place where a refund's state changes; the money follows it in the same transaction."""
    if to not in REFUND_NEXT[State(row.state)]:
        return
    was_taken_on = row.state in TAKEN_ON
    row.state, row.failure = to, failure[:300]
    if to in TAKEN_ON and row.booked is None:
        row.booked = _book(row, now=now)
    elif to == State.FAILED and row.booked is not None:
        _unbook(row, row.booked, now=now)
    row.save()
    if to in TAKEN_ON and not was_taken_on:
        telling_back.refunded(row, now=now)
    elif was_taken_on and to == State.FAILED:
        telling_back.came_back(row, now=now)


def _book(row: OnlineRefund, *, now: datetime) -> Payment:
    on = now.astimezone(row.hub.zone).date()
    if row.listed is None:
        gone = going_back.take(
            row.online, row.amount, reason=_("paid back in Stripe's dashboard"), key=f"online-refund:{row.pk}", on=on,
            now=now,
        )  # fmt: skip
        for asked in going_back.reopened(row.online):
            pausing.pause(asked, why=_("Paid back in Stripe's dashboard: credit it, or collect it"), now=now)
        return gone
    refund = refunding.locked(row.listed)
    if refund.credit:
        payment = _paid_from(refund.credit, row, now=now)
    else:
        payment = going_back.take(
            row.online, row.amount, reason=row.reason, key=f"online-refund:{row.pk}", on=on, by=row.by, now=now
        )  # fmt: skip
    Refund.objects.filter(pk=refund.pk).update(state=Refund.State.PAID, payment=payment)
    return payment


def _paid_from(credit: Receivable, row: OnlineRefund, *, now: datetime) -> Payment:
    """It went, so it is booked, also when the credit was used for something else meanwhile: then the party owes it."""
    left = -allocating.locked(credit).open_amount
    payment = Payment.objects.create(
        hub_id=row.hub_id, party_id=row.online.party_id, method=Payment.Method.ONLINE, amount=-row.amount,
        received_on=now.astimezone(row.hub.zone).date(), reference=row.reason[:140], is_test=row.online.is_test,
        key=f"online-refund:{row.pk}", by=row.by,
    )  # fmt: skip
    if (part := min(left, row.amount)) > 0:
        rule = Allocation.Rule.CREDIT
        allocating.allocate(payment, [Part(credit, -part)], rule=rule, by=row.by, now=now)
    posting.payment(payment)
    return payment


def _unbook(row: OnlineRefund, booked: Payment, *, now: datetime) -> None:
    """The bank sent it back: it stands on the list again; what was made at Stripe pays again what it had paid."""
    on, why = now.astimezone(row.hub.zone).date(), _("the bank sent the refund back")
    going_back.undo(row.online, booked, reason=why, on=on, now=now)
    refunding.come_back(booked)
    if row.listed is None:
        going_back.pay_again(row.online, now=now)
