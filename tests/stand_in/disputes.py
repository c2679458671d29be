"""A payer, or their bank, takes a payment back."""

from tests.stand_in import balance
from tests.stand_in.account import DAY, Account, Thing

ANSWER_DAYS = 9


def take_back(account: Account, charge: Thing, *, amount: int | None = None, reason: str = "") -> Thing:
    """The money is gone at once. A debit that its bank takes back is lost at once too; a card's can be answered."""
    kind, whole = charge["payment_method_details"]["type"], amount or charge["amount"]
    is_final = kind == "sepa_debit"
    dispute = account.make(
        "dispute", "du", amount=whole, balance_transactions=[], charge=charge["id"], currency="eur",
        enhanced_eligibility_types=[], evidence=_no_evidence(), is_charge_refundable=False,
        payment_intent=charge["payment_intent"], reason=reason or ("debit_not_authorized" if is_final else "fraudulent"),
        status="lost" if is_final else "needs_response",
        evidence_details={"due_by": None if is_final else account.now() + ANSWER_DAYS * DAY, "enhanced_eligibility": {},
                          "has_evidence": False, "past_due": False, "submission_count": 0},
    )  # fmt: skip
    fee = balance.DISPUTE_FEE.get(kind, 0)
    dispute["balance_transactions"] = [
        balance.move(account, "adjustment", "dispute", -whole, of=dispute, fee=fee)
    ]
    charge["disputed"] = True
    account.tell("charge.dispute.created", dispute)
    account.tell("charge.dispute.funds_withdrawn", dispute)
    if is_final:
        account.tell("charge.dispute.closed", dispute)
    return dispute


def answer(account: Account, dispute: Thing) -> None:
    """The proof was sent in the dashboard; the bank looks at it."""
    dispute["status"] = "under_review"
    dispute["evidence_details"] |= {"has_evidence": True, "submission_count": 1}
    account.tell("charge.dispute.updated", dispute)


def close(account: Account, dispute: Thing, *, won: bool) -> None:
    """The bank has judged. Won: the money comes back (the fee does not)."""
    dispute["status"] = "won" if won else "lost"
    if won:
        came = balance.move(account, "adjustment", "dispute_reversal", dispute["amount"], of=dispute)
        dispute["balance_transactions"].append(came)
        account.tell("charge.dispute.funds_reinstated", dispute)
    account.tell("charge.dispute.closed", dispute)


def _no_evidence() -> dict[str, object]:
    names = [
        "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
        "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
        "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation",
        "duplicate_charge_id", "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
        "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address", "shipping_carrier",
        "shipping_date", "shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
    ]  # fmt: skip
    return {**dict.fromkeys(names), "enhanced_evidence": {}}
