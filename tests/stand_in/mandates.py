"""Permission to collect from a bank account: given on the page, used later, and ended."""

from typing import Any

from tests.stand_in import charging
from tests.stand_in.account import Account, Thing


def make_intent(account: Account, session: Thing, methods: list[str], wanted: dict[str, Any]) -> Thing:
    """A permission that is asked for, and not given yet."""
    intent = account.make(
        "setup_intent", "seti", customer=session["customer"], description=wanted.get("description"),
        metadata=wanted.get("metadata", {}), payment_method_types=methods, status="requires_payment_method",
        usage="off_session",
    )  # fmt: skip
    account.tell("setup_intent.created", intent)
    return intent


def give(account: Account, intent: Thing, *, name: str, email: str | None, last4: str) -> None:
    """The account holder agrees: from now on we may collect."""
    method = charging.make_method(account, "sepa_debit", name=name, email=email, last4=last4)
    method["customer"] = intent["customer"]
    online = {"ip_address": "127.0.0.1", "user_agent": "stand-in"}
    mandate = account.make(
        "mandate", "mandate", payment_method=method["id"], status="active", type="multi_use", multi_use={},
        customer_acceptance={"accepted_at": account.now(), "type": "online", "online": online},
        payment_method_details={"type": "sepa_debit", "sepa_debit": {"reference": "", "url": "https://example.org/mandate"}},
    )  # fmt: skip
    mandate["payment_method_details"]["sepa_debit"]["reference"] = f"TEST{mandate['id'][-12:].upper()}"
    intent |= {"status": "succeeded", "payment_method": method["id"], "mandate": mandate["id"]}
    intent["last_setup_error"] = None
    account.tell("payment_method.attached", method)
    account.tell("setup_intent.succeeded", intent)


def refuse(account: Account, intent: Thing) -> None:
    """The bank does not know the account; they may try another one."""
    intent["last_setup_error"] = {
        "type": "invalid_request_error", "code": "invalid_bank_account_iban", "message": "The IBAN you provided is invalid."
    }  # fmt: skip
    account.tell("setup_intent.setup_failed", intent)


def cancel(account: Account, intent: Thing) -> None:
    """Nobody gives it any more."""
    intent |= {"status": "canceled", "cancellation_reason": "abandoned"}
    account.tell("setup_intent.canceled", intent)


def of_method(account: Account, method: Thing) -> Thing | None:
    """The mandate under which a method may be used."""
    return next(iter(account.all("mandate", payment_method=method["id"])), None)


def end(account: Account, method: Thing) -> None:
    """The method is taken off its customer: its mandate is over."""
    method["customer"] = None
    account.tell("payment_method.detached", method)
    mandate = of_method(account, method)
    if mandate and mandate["status"] == "active":
        mandate["status"] = "inactive"
        account.tell("mandate.updated", mandate)
