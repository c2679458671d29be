"""Payments at Stripe: what became of one, and one that is collected by a mandate."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import stripe
from stripe.params import PaymentIntentListParams

from spaces.money import Euro, euro
from tenants.billing.stripe.answers import Intent
from tenants.billing.stripe.asks import DebitAsk
from tenants.billing.stripe.line import ask
from tenants.billing.stripe.refusals import Refused
from tenants.billing.stripe.values import cents, euros, every, id_of, noted

CHARGE = "latest_charge"


def intent(intent_id: str) -> Intent:
    """What became of a payment. Raises Refused when Stripe does not know it, Unavailable when it cannot be asked."""
    return seen(ask(lambda v1: v1.payment_intents.retrieve(intent_id, {"expand": [CHARGE]})))


def collect(wish: DebitAsk, *, key: str) -> Intent:
    """Submit a debit by a mandate; a second call under one `key` gives the first one's answer.

    A bank or Stripe that turns it down at once gives a failed Intent. Raises Refused when nothing was made of it.
    Stripe forgets a key after a day: ask `find_intent` first when the row is older than that.
    """
    try:
        return seen(ask(lambda v1: v1.payment_intents.create(_debit(wish), {"idempotency_key": key})))
    except Refused as refusal:
        made = _made_all_the_same(refusal)
        if made is None:
            raise
        return made


def find_intent(reference: str, *, customer_id: str, since: datetime) -> Intent | None:
    """The payment that was made for our row `reference`, for a customer, since a moment; None when there is none."""
    for each in _of_customer(customer_id, since):
        if noted(each.metadata, "payment") == reference:
            return seen(each)
    return None


def cancel_intent(intent_id: str, *, key: str) -> Intent:
    """Stop a payment that is not under way yet. Raises Refused when it is: a submitted SEPA debit cannot be stopped."""
    return seen(
        ask(lambda v1: v1.payment_intents.cancel(intent_id, {"expand": [CHARGE]}, {"idempotency_key": key}))
    )


def seen(raw: stripe.PaymentIntent) -> Intent:
    """Stripe's object as ours."""
    charge = raw.latest_charge if isinstance(raw.latest_charge, stripe.Charge) else None
    return Intent(
        id=raw.id,
        state=_state(raw),
        amount=euros(raw.amount),
        received=euros(raw.amount_received),
        charge_id=id_of(raw.latest_charge),
        method=_method(charge),
        failure=_failure(raw, charge),
        refunded=euros(charge.amount_refunded) if charge else _nothing(),
        disputed=bool(charge and charge.disputed),
    )


def _debit(wish: DebitAsk) -> stripe.params.PaymentIntentCreateParams:
    return {
        "amount": cents(wish.amount),
        "currency": "eur",
        "customer": wish.customer_id,
        "payment_method": wish.method_id,
        "mandate": wish.mandate_id,
        "allowed_payment_method_types": ["sepa_debit"],
        "payment_method_options": {"sepa_debit": {"target_date": wish.target_on.isoformat()}},
        "off_session": True,
        "confirm": True,
        "description": wish.description,
        "metadata": {"payment": wish.reference, "hub": wish.hub},
        "expand": [CHARGE],
    }


def _made_all_the_same(refusal: Refused) -> Intent | None:
    """A payment that is turned down (402) exists: it comes with the refusal."""
    fault = refusal.__cause__
    if not isinstance(fault, stripe.CardError) or fault.error is None:
        return None
    raw = fault.error.payment_intent if "payment_intent" in fault.error else None
    return seen(raw) if raw is not None else None


def _of_customer(customer_id: str, since: datetime) -> Iterator[stripe.PaymentIntent]:
    def page(after: str) -> stripe.ListObject[stripe.PaymentIntent]:
        wish: PaymentIntentListParams = {
            "customer": customer_id,
            "created": {"gte": int(since.timestamp())},
            "limit": 100,
            "expand": [f"data.{CHARGE}"],
        }
        if after:
            wish["starting_after"] = after
        return ask(lambda v1: v1.payment_intents.list(wish))

    return every(page)


def _state(raw: stripe.PaymentIntent) -> Literal["processing", "succeeded", "failed", "canceled", "waiting"]:
    match raw.status:
        case "processing":
            return "processing"
        case "succeeded":
            return "succeeded"
        case "canceled":
            return "canceled"
        case "requires_payment_method" if raw.last_payment_error is not None:
            return "failed"
    return "waiting"


def _method(charge: stripe.Charge | None) -> str:
    return charge.payment_method_details.type if charge and charge.payment_method_details else ""


def _failure(raw: stripe.PaymentIntent, charge: stripe.Charge | None) -> str:
    """The code of the bank stands with the charge, and not always with the fault: "insufficient_funds: The …"."""
    fault = raw.last_payment_error
    if fault is None:
        return ""
    codes = dict.fromkeys([fault.code, charge.failure_code if charge else None])
    return ": ".join(each for each in (*codes, fault.message) if each)


def _nothing() -> Euro:
    return euro(0)
