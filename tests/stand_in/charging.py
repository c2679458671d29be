"""Taking money: an intent, the attempts to charge it, and how each ends."""

from typing import Any

from tests.stand_in import balance
from tests.stand_in.account import Account, Thing
from tests.stand_in.refusals import Refused

DECLINED = {
    "card": ("card_declined", "Your card was declined."),
    "ideal": ("payment_intent_payment_attempt_failed", "The customer declined this payment."),
    "bancontact": ("payment_intent_payment_attempt_failed", "The customer declined this payment."),
    "sepa_debit": (
        "insufficient_funds",
        "The customer's account has insufficient funds to cover this payment.",
    ),
}
SMALLEST, LARGEST_SEPA, LARGEST = 50, 1_000_000, 99_999_999
WAITING_FOR_THE_PAYER = ["requires_payment_method", "requires_confirmation", "requires_action"]


def refuse_amount(amount: int, methods: list[str]) -> None:
    """Raises Refused for less than 50 cents, or more than one payment can be."""
    if amount < SMALLEST:
        raise Refused("Amount must be at least €0.50 eur", code="amount_too_small", param="amount")
    largest = LARGEST_SEPA if methods == ["sepa_debit"] else LARGEST
    if amount > largest:
        text = f"Amount must be no more than €{largest // 100:,}.00"
        raise Refused(text, code="amount_too_large", param="amount")


def make_intent(account: Account, amount: int, methods: list[str], **fields: Any) -> Thing:
    """An intent that nobody has paid anything on yet."""
    intent = account.make(
        "payment_intent", "pi", amount=amount, amount_capturable=0, amount_received=0, currency="eur",
        capture_method="automatic_async", confirmation_method="automatic", payment_method_types=methods,
        status="requires_payment_method", **fields,
    )  # fmt: skip
    intent["client_secret"] = f"{intent['id']}_secret_test"
    account.tell("payment_intent.created", intent)
    return intent


def try_to_charge(account: Account, intent: Thing, method: Thing) -> Thing:
    """One attempt, of which nobody knows yet how it ends."""
    kind = method["type"]
    charge = account.make(
        "charge", "ch" if kind == "card" else "py", amount=intent["amount"], amount_captured=0, amount_refunded=0,
        currency="eur", billing_details=method["billing_details"], captured=True, disputed=False, paid=False,
        refunded=False, status="pending", payment_intent=intent["id"], payment_method=method["id"],
        customer=intent["customer"], description=intent["description"], metadata=dict(intent["metadata"]),
        payment_method_details={"type": kind, kind: _details(kind, method)},
    )  # fmt: skip
    intent |= {"latest_charge": charge["id"], "payment_method": method["id"], "last_payment_error": None}
    return charge


def processing(account: Account, intent: Thing) -> None:
    """The bank has been asked, and says nothing yet."""
    charge = account.find("charge", intent["latest_charge"])
    intent["status"] = "processing"
    account.tell("charge.pending", charge)
    account.tell("payment_intent.processing", intent)


def succeed(account: Account, intent: Thing) -> None:
    """The money is there."""
    charge = account.find("charge", intent["latest_charge"])
    kind, amount = charge["payment_method_details"]["type"], charge["amount"]
    fee = balance.fee_of(kind, amount)
    came = balance.move(
        account, "charge" if kind == "card" else "payment", "charge", amount, of=charge, fee=fee
    )
    charge |= {
        "status": "succeeded", "paid": True, "amount_captured": amount, "balance_transaction": came["id"],
        "outcome": {"type": "authorized", "network_status": "approved_by_network", "reason": None,
                    "seller_message": "Payment complete.", "risk_level": "normal"},
    }  # fmt: skip
    intent |= {"status": "succeeded", "amount_received": amount}
    account.tell("charge.succeeded", charge)
    account.tell("payment_intent.succeeded", intent)


def fail(account: Account, intent: Thing, code: str = "") -> None:
    """The bank said no; the intent may be tried again."""
    charge = account.find("charge", intent["latest_charge"])
    kind = charge["payment_method_details"]["type"]
    usual, message = DECLINED[kind]
    charge |= {"status": "failed", "paid": False, "failure_code": code or usual, "failure_message": message}
    charge["outcome"] = {"type": "issuer_declined", "network_status": "declined_by_network", "reason": code or usual,
                         "seller_message": "The bank declined.", "risk_level": "normal"}  # fmt: skip
    intent |= {"status": "requires_payment_method", "payment_method": None}
    intent["last_payment_error"] = {
        "type": "card_error" if kind == "card" else "invalid_request_error", "code": code or usual,
        "message": message, "charge": charge["id"],
        "payment_method": dict(account.find("payment_method", charge["payment_method"])),
    }  # fmt: skip
    account.tell("charge.failed", charge)
    account.tell("payment_intent.payment_failed", intent)


def cancel(account: Account, intent: Thing, reason: str | None = None) -> None:
    """Nobody can pay on it any more. Raises Refused when money came, or may come."""
    if intent["status"] not in WAITING_FOR_THE_PAYER:
        raise Refused(
            "You cannot cancel this PaymentIntent because it has a status of "
            f"{intent['status']}. Only a PaymentIntent with one of the following statuses may be canceled: "
            + ", ".join(WAITING_FOR_THE_PAYER),
            code="payment_intent_unexpected_state",
        )
    intent |= {"status": "canceled", "canceled_at": account.now(), "cancellation_reason": reason}
    account.tell("payment_intent.canceled", intent)


def make_method(
    account: Account, kind: str, *, name: str | None = None, email: str | None = None, last4: str
) -> Thing:
    """What somebody pays with."""
    return account.make(
        "payment_method", "pm", type=kind, allow_redisplay="limited",
        billing_details={"address": None, "email": email, "name": name, "phone": None, "tax_id": None},
        **{kind: _kept(kind, last4)},
    )  # fmt: skip


def _kept(kind: str, last4: str) -> dict[str, Any]:
    if kind == "card":
        return {
            "brand": "visa",
            "exp_month": 12,
            "exp_year": 2034,
            "funding": "credit",
            "last4": last4,
            "country": "NL",
        }
    if kind == "sepa_debit":
        return {"bank_code": "RABO", "branch_code": None, "country": "NL", "fingerprint": None, "last4": last4,
                "generated_from": {"charge": None, "setup_attempt": None}}  # fmt: skip
    return {"bank": "rabobank", "bic": "RABONL2U"} if kind == "ideal" else {}


def _details(kind: str, method: Thing) -> dict[str, Any]:
    kept = method[kind]
    if kind == "ideal":
        return {"bank": "rabobank", "bic": "RABONL2U", "iban_last4": "5264", "verified_name": "Test"}
    if kind == "sepa_debit":
        return {
            "last4": kept["last4"],
            "country": "NL",
            "bank_code": "RABO",
            "branch_code": None,
            "fingerprint": None,
        }
    if kind == "card":
        return {
            name: kept[name] for name in ("brand", "exp_month", "exp_year", "funding", "last4", "country")
        }
    return {"bank_name": "Test", "preferred_language": "nl", "iban_last4": "0001"}
