"""Money that goes back: refunds of ours and of the dashboard, and disputes."""

from collections.abc import Iterator
from typing import Literal

import stripe
from stripe.params import DisputeListParams, RefundListParams

from tenants.billing.stripe.answers import DisputeSeen, RefundSeen
from tenants.billing.stripe.asks import RefundAsk
from tenants.billing.stripe.line import ask
from tenants.billing.stripe.values import cents, euros, every, moment, noted


def refund(wish: RefundAsk, *, key: str) -> RefundSeen:
    """Send money back; a second call under one `key` gives the first one's answer. Raises Refused or Unavailable.

    Stripe forgets a key after a day: look in `refunds_of` first when the row is older than that.
    """
    return _refund(
        ask(
            lambda v1: v1.refunds.create(
                {
                    "payment_intent": wish.intent_id,
                    "amount": cents(wish.amount),
                    "reason": "requested_by_customer",
                    "metadata": {"refund": wish.reference, "hub": wish.hub},
                },
                {"idempotency_key": key},
            )
        )
    )


def refund_of(refund_id: str) -> RefundSeen:
    """How one refund stands."""
    return _refund(ask(lambda v1: v1.refunds.retrieve(refund_id)))


def refunds_of(intent_id: str) -> list[RefundSeen]:
    """Every refund of a payment, the newest first, wherever it was made."""

    def page(after: str) -> stripe.ListObject[stripe.Refund]:
        wish: RefundListParams = {"payment_intent": intent_id, "limit": 100}
        if after:
            wish["starting_after"] = after
        return ask(lambda v1: v1.refunds.list(wish))

    return [_refund(each) for each in every(page)]


def disputes_of(intent_id: str) -> list[DisputeSeen]:
    """Every dispute of a payment, the newest first."""
    return [_dispute(each) for each in _disputes(intent_id)]


def _disputes(intent_id: str) -> Iterator[stripe.Dispute]:
    def page(after: str) -> stripe.ListObject[stripe.Dispute]:
        wish: DisputeListParams = {"payment_intent": intent_id, "limit": 100}
        if after:
            wish["starting_after"] = after
        return ask(lambda v1: v1.disputes.list(wish))

    return every(page)


def _refund(raw: stripe.Refund) -> RefundSeen:
    return RefundSeen(
        id=raw.id,
        state=_refund_state(raw.status),
        amount=euros(raw.amount),
        reference=noted(raw.metadata, "refund"),
        failure=(raw.failure_reason or "") if "failure_reason" in raw else "",
        made_at=moment(raw.created),
    )


def _refund_state(status: str | None) -> Literal["pending", "succeeded", "failed", "canceled"]:
    match status:
        case "succeeded":
            return "succeeded"
        case "failed":
            return "failed"
        case "canceled":
            return "canceled"
    return "pending"


def _dispute(raw: stripe.Dispute) -> DisputeSeen:
    answer_by = raw.evidence_details.due_by
    return DisputeSeen(
        id=raw.id,
        state=_dispute_state(raw.status),
        amount=euros(raw.amount),
        reason=raw.reason,
        answer_by=None if answer_by is None else moment(answer_by),
        is_withdrawn=sum(each.amount for each in raw.balance_transactions) < 0,
    )


def _dispute_state(status: str) -> Literal["answer", "review", "won", "lost"]:
    """An inquiry ("warning") that is closed, or a dispute that was kept off, costs nothing: won."""
    if status == "lost":
        return "lost"
    if status in {"won", "warning_closed", "prevented"}:
        return "won"
    return "answer" if status.endswith("needs_response") else "review"
