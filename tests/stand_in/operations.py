"""Each operation of the contract, and what it does."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from tests.stand_in import balance, charging, checkout, mandates, refunds
from tests.stand_in.account import Account, Thing
from tests.stand_in.refusals import Refused

Doing = Callable[[Account, dict[str, Any], str], Thing]
"""With what was asked, and the id in the path."""


def make_customer(account: Account, asked: dict[str, Any], _name: str) -> Thing:
    fields = {
        key: value
        for key, value in asked.items()
        if key in {"name", "email", "description", "metadata", "phone"}
    }
    rest = {
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        }
    }
    locales = asked.get("preferred_locales", [])
    customer = account.make(
        "customer", "cus", balance=0, delinquent=False, preferred_locales=locales, **rest, **fields
    )
    account.tell("customer.created", customer)
    return customer


def make_intent(account: Account, asked: dict[str, Any], _name: str) -> Thing:
    """Without `confirm` it waits for a payer; with it, what was agreed before is collected."""
    methods = asked.get("allowed_payment_method_types", checkout.OFFERED)
    method = _method(account, asked)
    charging.refuse_amount(asked["amount"], [method["type"]] if method else methods)
    if asked["currency"].lower() != "eur":
        raise Refused("This stand-in counts in euros only.", param="currency")
    if not asked.get("confirm"):
        return charging.make_intent(account, asked["amount"], methods, **_said(asked))
    if method is None:
        text = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise Refused(text, code="payment_intent_unexpected_state")
    options = _options(account, asked, method)
    intent = charging.make_intent(account, asked["amount"], methods, **_said(asked))
    intent["payment_method_options"] = {"sepa_debit": options} if options else None
    charging.try_to_charge(account, intent, method)
    charging.processing(account, intent)
    return intent


def cancel_intent(account: Account, asked: dict[str, Any], name: str) -> Thing:
    intent = account.find("payment_intent", name, param="intent")
    if account.all("checkout.session", payment_intent=name, status="open"):
        raise Refused("You cannot cancel a PaymentIntent of a Checkout Session: expire the session instead.")
    charging.cancel(account, intent, asked.get("cancellation_reason"))
    return intent


def detach(account: Account, _asked: dict[str, Any], name: str) -> Thing:
    method = account.find("payment_method", name)
    if method["customer"] is None:
        text = "The payment method you provided is not attached to a customer so detachment is impossible."
        raise Refused(text)
    mandates.end(account, method)
    return method


def expire(account: Account, _asked: dict[str, Any], name: str) -> Thing:
    return checkout.expire(account, account.find("checkout.session", name))


def _said(asked: dict[str, Any]) -> dict[str, Any]:
    names = ["allowed_payment_method_types", "customer", "description", "metadata", "receipt_email"]
    return {name: asked[name] for name in names if name in asked}


def _method(account: Account, asked: dict[str, Any]) -> Thing | None:
    """What is paid with. Raises Refused when it is nobody's, or somebody else's."""
    if not asked.get("payment_method"):
        return None
    method = account.find("payment_method", asked["payment_method"], param="payment_method")
    if not asked.get("customer") or method["customer"] != asked["customer"]:
        text = "The provided PaymentMethod does not belong to this customer, or was detached from it."
        raise Refused(text, code="payment_method_customer_decline", param="payment_method")
    return method


def _options(account: Account, asked: dict[str, Any], method: Thing) -> dict[str, Any]:
    mandate = mandates.of_method(account, method)
    if (
        mandate is None
        or mandate["status"] != "active"
        or asked.get("mandate", mandate["id"]) != mandate["id"]
    ):
        raise Refused(
            "The provided mandate is invalid.", code="payment_intent_mandate_invalid", param="mandate"
        )
    options = asked.get("payment_method_options", {}).get("sepa_debit", {})
    if "target_date" in options:
        days = (
            date.fromisoformat(options["target_date"]) - datetime.fromtimestamp(account.now(), UTC).date()
        ).days
        if not 3 <= days <= 15:
            text = "The `target_date` must be between 3 and 15 calendar days from now."
            raise Refused(text, param="payment_method_options[sepa_debit][target_date]")
    return dict(options)


DOING: dict[str, Doing] = {
    "post /v1/customers": make_customer,
    "post /v1/checkout/sessions/{session}/expire": expire,
    "post /v1/payment_intents": make_intent,
    "post /v1/payment_intents/{intent}/cancel": cancel_intent,
    "post /v1/payment_methods/{payment_method}/detach": detach,
    "post /v1/refunds": lambda account, asked, _name: refunds.create(account, asked),
    "get /v1/balance": lambda account, _asked, _name: balance.balance(account),
}
KINDS = {
    "balance_transactions": "balance_transaction", "charges": "charge", "checkout/sessions": "checkout.session",
    "customers": "customer", "disputes": "dispute", "events": "event", "mandates": "mandate",
    "payment_intents": "payment_intent", "payment_methods": "payment_method", "payouts": "payout",
    "refunds": "refund", "setup_intents": "setup_intent",
}  # fmt: skip
"""What stands under which path."""
