"""The page to pay on, or to give a mandate on: made, looked at, used by a payer, and ended."""

from typing import Any

from tests.stand_in import charging, mandates
from tests.stand_in.account import DAY, Account, Thing
from tests.stand_in.refusals import Refused

OFFERED = ["ideal", "card", "bancontact", "sepa_debit"]
"""What is switched on in the dashboard of this account."""
SHORTEST = 30 * 60
LAST4 = {"card": "4242", "sepa_debit": "5264"}


class Ended(Exception):
    """The page is closed: it was paid, it was ended, or its time is over."""


def create(account: Account, asked: dict[str, Any], *, base: str) -> Thing:
    """A page that lives from half an hour to a day. Raises Refused as Stripe does."""
    mode = asked.get("mode") or _refuse("You must provide the parameter: mode.", "mode")
    _refuse_locked(asked, mode)
    expires_at = _end_of(account, asked.get("expires_at"))
    methods = [kind for kind in OFFERED if kind in asked.get("allowed_payment_method_types", OFFERED)]
    methods = [kind for kind in methods if kind not in asked.get("excluded_payment_method_types", [])]
    if mode == "setup":
        methods = [kind for kind in methods if kind in {"card", "sepa_debit"}]
    if not methods:
        _refuse("No payment method types enabled for this Checkout Session.", "allowed_payment_method_types")
    amount = _total(asked, methods) if mode == "payment" else None
    if asked.get("customer"):
        account.find("customer", asked["customer"], param="customer")
    session = account.make(
        "checkout.session", "cs_test", mode=mode, status="open", expires_at=expires_at, payment_method_types=methods,
        payment_status="unpaid" if mode == "payment" else "no_payment_required", currency=_currency(asked),
        amount_total=amount, amount_subtotal=amount, ui_mode="hosted_page", **_copied(asked), **_settled(mode),
    )  # fmt: skip
    session["url"] = f"{base}/c/pay/{session['id']}"
    account.asked_of[session["id"]] = asked
    if mode == "setup":
        wanted = asked.get("setup_intent_data", {})
        session["setup_intent"] = mandates.make_intent(account, session, methods, wanted)["id"]
    return session


def expire(account: Account, session: Thing) -> Thing:
    """Close the page. Raises Refused when it is closed, or paid on, already."""
    if session["status"] != "open":
        raise Refused(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`."
        )
    session |= {"status": "expired", "url": None}
    if session["payment_intent"]:
        charging.cancel(account, account.find("payment_intent", session["payment_intent"]), "abandoned")
    if session["setup_intent"]:
        mandates.cancel(account, account.find("setup_intent", session["setup_intent"]))
    account.tell("checkout.session.expired", session)
    return session


def end_what_is_over(account: Account) -> None:
    """Sessions whose time is over."""
    for session in account.all("checkout.session", status="open"):
        if session["expires_at"] <= account.now():
            expire(account, session)


def open_session(account: Account, name: str) -> Thing:
    """The session, while somebody can still use it. Raises Ended."""
    end_what_is_over(account)
    session = account.find("checkout.session", name)
    if session["status"] != "open":
        raise Ended
    return session


def pay(account: Account, session: Thing, *, method: str, outcome: str) -> None:
    """The payer presses the button: "paid", "declined" (they may try again) or "waiting" (the bank says it later)."""
    asked = account.asked_of[session["id"]]
    email = session["customer_email"]
    wanted = asked.get("payment_intent_data", {})
    if session["payment_intent"] is None:
        made = charging.make_intent(
            account, session["amount_total"], session["payment_method_types"], customer=session["customer"],
            description=wanted.get("description"), metadata=wanted.get("metadata", {}),
        )  # fmt: skip
        session["payment_intent"] = made["id"]
    intent = account.find("payment_intent", session["payment_intent"])
    paid_with = charging.make_method(account, method, email=email, last4=LAST4.get(method, "0000"))
    charging.try_to_charge(account, intent, paid_with)
    if outcome == "declined":
        charging.fail(account, intent)
        return
    session |= {"status": "complete", "url": None, "customer_details": _payer(email)}
    if outcome == "waiting":
        charging.processing(account, intent)
    else:
        session["payment_status"] = "paid"
        charging.succeed(account, intent)
    account.tell("checkout.session.completed", session)


def bank_said(account: Account, intent: Thing, *, yes: bool, code: str = "") -> None:
    """The bank said at last whether it pays."""
    sessions = account.all("checkout.session", payment_intent=intent["id"])
    if yes:
        charging.succeed(account, intent)
    else:
        charging.fail(account, intent, code)
    for session in sessions:
        session["payment_status"] = "paid" if yes else "unpaid"
        account.tell(f"checkout.session.async_payment_{'succeeded' if yes else 'failed'}", session)


def complete_setup(account: Account, session: Thing, *, name: str, last4: str, agreed: bool) -> None:
    """Somebody gives the mandate, or the bank does not know the account."""
    intent = account.find("setup_intent", session["setup_intent"])
    if not agreed:
        mandates.refuse(account, intent)
        return
    mandates.give(account, intent, name=name, email=session["customer_email"], last4=last4)
    session |= {"status": "complete", "url": None, "customer_details": _payer(session["customer_email"])}
    account.tell("checkout.session.completed", session)


def line_items(account: Account, session: Thing) -> Thing:
    """What is paid for, as Stripe lists it when it is asked for."""
    items = []
    for place, line in enumerate(account.asked_of[session["id"]].get("line_items", [])):
        price, count = line["price_data"], line.get("quantity", 1)
        amount = price["unit_amount"] * count
        items.append({
            "id": f"li_{place}{session['id'][8:20]}", "object": "item", "amount_discount": 0, "amount_subtotal": amount,
            "amount_tax": 0, "amount_total": amount, "currency": "eur", "quantity": count,
            "description": price["product_data"]["name"], "adjustable_quantity": None, "metadata": {},
        })  # fmt: skip
    return {
        "object": "list",
        "data": items,
        "has_more": False,
        "url": f"/v1/checkout/sessions/{session['id']}/line_items",
    }


def _refuse(message: str, param: str, code: str = "parameter_missing") -> Any:
    raise Refused(message, code=code, param=param)


def _refuse_locked(asked: dict[str, Any], mode: str) -> None:
    if mode == "setup" and not asked.get("currency"):
        _refuse("You must provide `currency` in `setup` mode.", "currency")
    if mode == "setup" and asked.get("line_items"):
        _refuse("You can not pass `line_items` in `setup` mode.", "line_items", "parameter_unknown")
    if mode == "payment" and not asked.get("line_items"):
        _refuse("The `line_items` parameter is required in payment mode.", "line_items")
    if not asked.get("success_url"):
        _refuse("You must provide the parameter: success_url.", "success_url")
    if asked.get("customer") and asked.get("customer_email"):
        _refuse("You may only specify one of these parameters: customer, customer_email.", "customer", "")


def _end_of(account: Account, wanted: int | None) -> int:
    now = account.now()
    if wanted is None:
        return now + DAY
    if not now + SHORTEST <= wanted <= now + DAY:
        text = "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation."
        raise Refused(text, param="expires_at")
    return wanted


def _total(asked: dict[str, Any], methods: list[str]) -> int:
    total = 0
    for line in asked["line_items"]:
        price = line.get("price_data") or _refuse(
            "This stand-in knows `price_data` only.", "line_items[0][price]"
        )
        if price["currency"].lower() != "eur":
            _refuse("This stand-in counts in euros only.", "line_items[0][price_data][currency]", "")
        total += price["unit_amount"] * line.get("quantity", 1)
    charging.refuse_amount(total, methods)
    return total


def _currency(asked: dict[str, Any]) -> str:
    return str(asked.get("currency", "eur")).lower()


def _copied(asked: dict[str, Any]) -> dict[str, Any]:
    names = [
        "allowed_payment_method_types",
        "cancel_url",
        "client_reference_id",
        "customer",
        "customer_email",
        "locale",
        "metadata",
        "submit_type",
        "success_url",
    ]
    return {name: asked[name] for name in names if name in asked}


def _settled(mode: str) -> dict[str, Any]:
    texts = ["after_submit", "shipping_address", "submit", "terms_of_service_acceptance"]
    none = {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0}
    return {
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "custom_fields": [], "custom_text": dict.fromkeys(texts), "shipping_options": [],
        "excluded_payment_method_types": [], "total_details": none if mode == "payment" else None,
        "customer_creation": "if_required", "payment_method_collection": "if_required",
    }  # fmt: skip


def _payer(email: str | None) -> dict[str, Any]:
    return {"email": email, "name": None, "phone": None, "address": None, "tax_exempt": "none", "tax_ids": [],
            "business_name": None, "individual_name": None}  # fmt: skip
