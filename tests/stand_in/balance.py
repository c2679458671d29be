"""Money on the account: each movement with its fee, and what is paid out to the bank."""

from typing import Any

from tests.stand_in.account import DAY, Account, Thing
from tests.stand_in.refusals import Refused

FEES = {"ideal": (0, 29), "bancontact": (0, 35), "sepa_debit": (0, 35), "card": (15, 25)}
"""Tenths of a percent, and cents. Near enough to what Stripe asks in the Netherlands."""
DISPUTE_FEE = {"card": 2000, "sepa_debit": 750}
AVAILABLE_AFTER_DAYS = 2


def move(account: Account, kind: str, category: str, amount: int, *, of: Thing, fee: int = 0) -> Thing:
    """`amount` comes in, or goes out when it is negative; amounts are whole cents."""
    details = {
        "amount": fee,
        "application": None,
        "currency": "eur",
        "description": "Processing fee",
        "type": "stripe_fee",
    }
    return account.make(
        "balance_transaction", "txn", amount=amount, fee=fee, net=amount - fee, currency="eur", type=kind,
        reporting_category=category, source=of["id"], status="pending", balance_type="payments",
        available_on=account.now() + AVAILABLE_AFTER_DAYS * DAY, fee_details=[details] if fee else [],
        description=of.get("description"),
    )  # fmt: skip


def fee_of(method: str, amount: int) -> int:
    """Half a cent counts as one."""
    tenths, cents = FEES.get(method, (0, 30))
    return (amount * tenths + 500) // 1000 + cents


def balance(account: Account) -> Thing:
    """What is there, and what will be."""
    parts = {"available": 0, "pending": 0}
    for one in account.all("balance_transaction"):
        parts[
            "available" if one["available_on"] <= account.now() or one["type"] == "payout" else "pending"
        ] += one["net"]
    shown = {
        name: [{"amount": amount, "currency": "eur", "source_types": {"card": amount}}]
        for name, amount in parts.items()
    }
    return {"object": "balance", "livemode": False, **shown}


def pay_out(account: Account, *, arrives_after_days: int = 1) -> Thing:
    """Everything that was not paid out yet, today; Stripe's own automatic payout."""
    waiting = [one for one in account.all("balance_transaction") if not _payout_of(account, one)]
    amount = sum(one["net"] for one in waiting)
    if amount <= 0:
        raise Refused("You have insufficient funds in your Stripe account.", code="balance_insufficient")
    for one in waiting:
        one |= {"status": "available", "available_on": min(one["available_on"], account.now())}
    payout = account.make(
        "payout", "po", amount=amount, arrival_date=account.now() + arrives_after_days * DAY, automatic=True,
        currency="eur", method="standard", reconciliation_status="completed", source_type="card", type="bank_account",
        status="in_transit", description="STRIPE PAYOUT",
    )  # fmt: skip
    payout["balance_transaction"] = move(account, "payout", "payout", -amount, of=payout)["id"]
    account.paid_out[payout["id"]] = [one["id"] for one in waiting] + [payout["balance_transaction"]]
    account.tell("payout.created", payout)
    return payout


def payout_arrives(account: Account, payout: Thing) -> None:
    """The bank has it."""
    payout["status"] = "paid"
    account.tell("payout.paid", payout)


def payout_fails(account: Account, payout: Thing) -> None:
    """The bank sent it back: the money is on the account again."""
    back = move(account, "payout_failure", "payout_reversal", payout["amount"], of=payout)
    payout |= {
        "status": "failed", "failure_code": "account_closed", "failure_balance_transaction": back["id"],
        "failure_message": "The bank account has been closed",
    }  # fmt: skip
    account.tell("payout.failed", payout)


def of_payout(account: Account, name: str) -> list[str]:
    """Ids of the movements that a payout pays out, its own with them (as Stripe lists them)."""
    return account.paid_out.get(name, [])


def _payout_of(account: Account, one: Thing) -> Any:
    return any(one["id"] in ids for ids in account.paid_out.values())
