"""Pages at Stripe where somebody pays one amount, or gives a mandate."""

from typing import Literal

import stripe
from stripe.params.checkout import SessionCreateParams

from tenants.billing.stripe import intents
from tenants.billing.stripe.answers import Session, Setup
from tenants.billing.stripe.asks import CheckoutAsk, SetupAsk
from tenants.billing.stripe.line import ask
from tenants.billing.stripe.refusals import Refused
from tenants.billing.stripe.values import cents, id_of, moment

DEPTH = ["payment_intent.latest_charge", "setup_intent.mandate", "setup_intent.payment_method"]


def open_checkout(wish: CheckoutAsk, *, key: str) -> Session:
    """Open a payment page; a second call under one `key` gives the same page. Raises Refused or Unavailable."""
    return _opened(_payment(wish), key)


def open_setup(wish: SetupAsk, *, key: str) -> Session:
    """Open a page to give a SEPA mandate; a second call under one `key` gives the same page."""
    return _opened(_setup(wish), key)


def session(session_id: str) -> Session:
    """How a page stands, with the payment or the mandate that came of it. Raises Refused or Unavailable."""
    return _seen(ask(lambda v1: v1.checkout.sessions.retrieve(session_id, {"expand": DEPTH})))


def expire(session_id: str) -> Session:
    """Close a page, so that nobody can pay on it any more; one that was closed already stays closed.

    Raises Refused when the payer has finished it: then look before anything is let go.
    """
    try:
        return _seen(ask(lambda v1: v1.checkout.sessions.expire(session_id, {"expand": DEPTH})))
    except Refused:
        found = session(session_id)
        if found.state != "expired":
            raise
        return found


def _opened(wish: SessionCreateParams, key: str) -> Session:
    return _seen(ask(lambda v1: v1.checkout.sessions.create(wish, {"idempotency_key": key})))


def _payment(wish: CheckoutAsk) -> SessionCreateParams:
    about = {"payment": wish.reference, "hub": wish.hub}
    asked: SessionCreateParams = {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": cents(wish.amount),
                    "product_data": {"name": wish.description},
                },
            }
        ],
        "allowed_payment_method_types": list(wish.methods),
        "adaptive_pricing": {"enabled": False},  # the payer sees our euros, not their own currency
        "locale": wish.language,
        "client_reference_id": wish.reference,
        "metadata": about,
        "payment_intent_data": {"description": wish.description, "metadata": about},
        "success_url": wish.success_url,
        "cancel_url": wish.cancel_url,
        "expires_at": int(wish.expires_at.timestamp()),
    }
    if wish.email:
        asked["customer_email"] = wish.email
    return asked


def _setup(wish: SetupAsk) -> SessionCreateParams:
    about = {"mandate": wish.reference, "hub": wish.hub}
    return {
        "mode": "setup",
        "currency": "eur",
        "customer": wish.customer_id,
        "allowed_payment_method_types": ["sepa_debit"],
        "locale": wish.language,
        "client_reference_id": wish.reference,
        "metadata": about,
        "setup_intent_data": {"metadata": about},
        "success_url": wish.success_url,
        "cancel_url": wish.cancel_url,
        "expires_at": int(wish.expires_at.timestamp()),
    }


def _seen(raw: stripe.checkout.Session) -> Session:
    payment, setup = raw.payment_intent, raw.setup_intent
    return Session(
        id=raw.id,
        url=raw.url or "",
        state=_state(raw),
        is_paid=raw.payment_status == "paid",
        intent_id=id_of(payment),
        expires_at=moment(raw.expires_at),
        intent=intents.seen(payment) if isinstance(payment, stripe.PaymentIntent) else None,
        setup=_setup_seen(setup) if isinstance(setup, stripe.SetupIntent) else None,
    )


def _state(raw: stripe.checkout.Session) -> Literal["open", "complete", "expired"]:
    match raw.status:
        case "complete":
            return "complete"
        case "expired":
            return "expired"
    return "open"


def _setup_seen(raw: stripe.SetupIntent) -> Setup:
    fault = raw.last_setup_error
    return Setup(
        state=_setup_state(raw),
        method_id=id_of(raw.payment_method),
        mandate_id=id_of(raw.mandate),
        reference=_reference(raw.mandate),
        last4=_last4(raw.payment_method),
        failure="" if fault is None else (fault.message or fault.code or ""),
    )


def _setup_state(raw: stripe.SetupIntent) -> Literal["waiting", "succeeded", "failed"]:
    if raw.status == "succeeded":
        return "succeeded"
    is_over = raw.status == "canceled" or (
        raw.status == "requires_payment_method" and raw.last_setup_error is not None
    )
    return "failed" if is_over else "waiting"


def _reference(mandate: str | stripe.Mandate | None) -> str:
    """What stands on the payer's bank statement."""
    if not isinstance(mandate, stripe.Mandate) or "sepa_debit" not in mandate.payment_method_details:
        return ""
    debit = mandate.payment_method_details.sepa_debit
    return debit.reference if debit else ""


def _last4(method: str | stripe.PaymentMethod | None) -> str:
    if not isinstance(method, stripe.PaymentMethod) or "sepa_debit" not in method:
        return ""
    return (method.sepa_debit.last4 or "") if method.sepa_debit else ""
