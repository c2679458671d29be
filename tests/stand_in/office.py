"""The test office: a page on which the reader does what Stripe and the banks would do later."""

from collections.abc import Callable
from html import escape

from tests.stand_in import balance, checkout, disputes, refunds
from tests.stand_in.account import Account, Thing
from tests.stand_in.frames import euros, frame
from tests.stand_in.refusals import Refused
from tests.stand_in.words import WORDS

Deed = Callable[[Account, Thing], object]


def _charge(account: Account, intent: Thing) -> Thing:
    return account.find("charge", intent["latest_charge"])


DEEDS: dict[str, Deed] = {
    "settle": lambda account, intent: checkout.bank_said(account, intent, yes=True),
    "fail": lambda account, intent: checkout.bank_said(account, intent, yes=False),
    "refund": lambda account, intent: refunds.create(account, {"payment_intent": intent["id"]}),
    "dispute": lambda account, intent: disputes.take_back(account, _charge(account, intent)),
    "refund_fails": refunds.fail,
    "refund_done": refunds.succeed,
    "won": lambda account, dispute: disputes.close(account, dispute, won=True),
    "lost": lambda account, dispute: disputes.close(account, dispute, won=False),
    "arrives": balance.payout_arrives,
}


def do(account: Account, said: dict[str, str]) -> None:
    """What was pressed, while it can be done; otherwise nothing."""
    try:
        if said.get("deed") == "pay_out":
            balance.pay_out(account)
            return
        thing = account.things.get(said.get("thing", ""))
        if thing and said.get("deed") in deeds_on(account, thing):
            DEEDS[said["deed"]](account, thing)
    except Refused:
        return


def deeds_on(account: Account, thing: Thing) -> list[str]:
    """What can happen to it now."""
    kind, status = thing["object"], thing["status"]
    if kind == "payment_intent" and status == "processing":
        return ["settle", "fail"]
    if kind == "payment_intent" and status == "succeeded":
        charge = _charge(account, thing)
        left = charge["amount"] - charge["amount_refunded"]
        return [] if charge["disputed"] else ["refund", "dispute"] if left else []
    if kind == "refund":
        return {"pending": ["refund_done", "refund_fails"], "succeeded": ["refund_fails"]}.get(status, [])
    if kind == "dispute" and status in {"needs_response", "under_review"}:
        return ["won", "lost"]
    return ["arrives"] if kind == "payout" and status == "in_transit" else []


def page(account: Account, language: str) -> str:
    """Everything on the account, with a button for each thing that can happen to it."""
    words = {name: escape(both[language == "en"]) for name, both in WORDS.items()}
    parts = [f"<p>{words['office_what']}</p>"]
    kinds = {"payment_intent": "payments", "refund": "refunds", "dispute": "disputes", "payout": "payouts"}
    for kind, title in kinds.items():
        rows = [_row(account, thing, words, euros(thing["amount"], language)) for thing in account.all(kind)]
        if rows or kind == "payment_intent":
            parts += [f"<h2>{words[title]}</h2>", *(rows or [f"<p>{words['nothing']}</p>"])]
    sums = balance.balance(account)
    there = sum(sums[name][0]["amount"] for name in ("available", "pending"))
    parts.append(f"<h2>{words['balance']}</h2><p>{euros(there, language)}</p>")
    if there > 0:
        parts.append(
            f'<form method="post" action="/"><button name="deed" value="pay_out">{words["pay_out"]}</button></form>'
        )
    return frame("office", "".join(parts), language)


def _row(account: Account, thing: Thing, words: dict[str, str], amount: str) -> str:
    buttons = "".join(
        f'<button class="second" name="deed" value="{deed}">{words[deed]}</button>'
        for deed in deeds_on(account, thing)
    )
    status = words[f"is_{thing['status']}"] if f"is_{thing['status']}" in words else escape(thing["status"])
    if thing["object"] == "refund" and thing["status"] == "succeeded":
        status = words["is_refunded"]
    about = escape(thing.get("description") or thing["id"])
    form = f'<form method="post" action="/"><input type="hidden" name="thing" value="{thing["id"]}">{buttons}</form>'
    return f'<div class="row"><p><strong>{amount}</strong> · {status}</p><p translate="no">{about}</p>{form if buttons else ""}</div>'
