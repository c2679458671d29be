"""Money on its way back to who paid, by us or in the dashboard."""

from typing import Any

from tests.stand_in import balance
from tests.stand_in.account import Account, Thing
from tests.stand_in.refusals import Refused


def create(account: Account, asked: dict[str, Any]) -> Thing:
    """Send back a part or the whole. Raises Refused when there is not so much left."""
    charge = _charge(account, asked)
    left = charge["amount"] - charge["amount_refunded"]
    if charge["status"] != "succeeded":
        raise Refused(
            "This charge has not succeeded, so it cannot be refunded.", code="charge_not_refundable"
        )
    if charge["disputed"]:
        text = "This charge has been charged back; cannot issue a refund."
        raise Refused(text, code="charge_disputed", param="charge")
    if left == 0:
        raise Refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = asked.get("amount", left)
    if not 0 < amount <= left:
        text = f"Refund amount (€{amount / 100:.2f}) is greater than unrefunded amount on charge (€{left / 100:.2f})"
        raise Refused(text, param="amount")
    return _make(account, charge, amount, asked)


def succeed(account: Account, refund: Thing) -> None:
    """The bank has taken it on."""
    refund["status"] = "succeeded"
    refund.pop("pending_reason", None)
    _tell(account, refund, "refund.updated")


def fail(account: Account, refund: Thing, reason: str = "expired_or_canceled_card") -> None:
    """The bank sent it back: the money is ours again, whether it had succeeded or not."""
    charge = account.find("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    back = balance.move(account, "refund_failure", "refund_failure", refund["amount"], of=refund)
    refund |= {"status": "failed", "failure_reason": reason, "failure_balance_transaction": back["id"]}
    refund.pop("pending_reason", None)
    _tell(account, refund, "refund.updated", "refund.failed")


def _charge(account: Account, asked: dict[str, Any]) -> Thing:
    if asked.get("charge"):
        return account.find("charge", asked["charge"], param="charge")
    if not asked.get("payment_intent"):
        raise Refused(
            "One of the following params should be provided for this request: payment_intent or charge."
        )
    intent = account.find("payment_intent", asked["payment_intent"], param="payment_intent")
    if not intent["latest_charge"]:
        raise Refused("This PaymentIntent does not have a successful charge to refund.")
    return account.find("charge", intent["latest_charge"])


def _make(account: Account, charge: Thing, amount: int, asked: dict[str, Any]) -> Thing:
    kind = charge["payment_method_details"]["type"]
    refund = account.make(
        "refund", "re" if kind == "card" else "pyr", amount=amount, currency="eur", charge=charge["id"],
        payment_intent=charge["payment_intent"], reason=asked.get("reason"), metadata=asked.get("metadata", {}),
        status="pending", destination_details={"type": kind},
    )  # fmt: skip
    went = balance.move(
        account, "refund" if kind == "card" else "payment_refund", "refund", -amount, of=refund
    )
    refund["balance_transaction"] = went["id"]
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    if account.refunds_end == "succeeded":
        refund["status"] = "succeeded"
    else:
        refund["pending_reason"] = "processing"
    _tell(account, refund, "refund.created")
    account.tell("charge.refunded", charge)
    if account.refunds_end == "failed":
        fail(account, refund)
    return refund


def _tell(account: Account, refund: Thing, *whats: str) -> None:
    for what in whats:
        account.tell(what, refund)
    if "refund.updated" in whats:
        account.tell("charge.refund.updated", refund)
