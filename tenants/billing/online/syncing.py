"""What became of an attempt: Stripe is asked, and what it says is written once, whoever asks and however often."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from tenants.billing import allocating, paying, stripe
from tenants.billing.models import ONLINE_NEXT, UNDER_WAY, Allocation, OnlinePayment, OnlineState, Payment
from tenants.billing.online import attempts, telling

State = OnlineState
_INTENT = {
    "processing": State.PROCESSING, "succeeded": State.SUCCEEDED, "failed": State.FAILED, "canceled": State.EXPIRED,
    "waiting": State.PROCESSING,
}  # fmt: skip
UNKNOWN = "resource_missing"
_WITHOUT_MONEY = {"open": State.OPEN, "expired": State.EXPIRED}
"""What an attempt is while no money moves, by the state of its page; of a completed one the intent says it."""


@dataclass(frozen=True)
class Seen:
    """What Stripe says of an attempt now; `received` in euros, above zero only when it is paid."""

    state: OnlineState
    received: Decimal = Decimal(0)
    session_id: str = ""
    intent_id: str = ""
    charge_id: str = ""
    url: str = ""
    method: str = ""
    failure: str = ""


def look(payment: OnlinePayment, *, now: datetime) -> Seen:
    """Ask Stripe how it stands; call it with no transaction open. Writes nothing.

    One that has no session yet gets it here, under its own key; when its time is over nobody ever had its address, so
    it has ended. So has a test once the key is a real one. Raises `stripe.Unavailable`: nothing is known then, so
    nothing changes.
    """
    if attempts.is_of_another_key(payment):
        if payment.is_test:
            return _over(payment)
        raise stripe.Unavailable("real money is not asked about with a key for tests")
    if payment.session_id or payment.intent_id:
        return _found(payment)
    if payment.mandate_id:
        return Seen(State.NEW)
    if payment.expires_at and payment.expires_at <= now:
        return Seen(State.EXPIRED)
    try:
        return of_session(
            stripe.open_checkout(attempts.asked(payment), key=attempts.key_of(payment, "checkout"))
        )
    except stripe.Refused as refusal:
        return Seen(State.FAILED, failure=str(refusal)[:300])


def _found(payment: OnlinePayment) -> Seen:
    """What Stripe has of it. That it does not know what it once gave us says nothing about the money.

    A test was begun with the key of another account then, and is nobody's money: it has ended.
    """
    try:
        if payment.session_id:
            return of_session(stripe.session(payment.session_id))
        return of_intent(stripe.intent(payment.intent_id))
    except stripe.Refused as refusal:
        if payment.is_test and refusal.code == UNKNOWN:
            return _over(payment)
        raise stripe.Unavailable(str(refusal)) from refusal


def _over(payment: OnlinePayment) -> Seen:
    """A test that nobody will hear of any more."""
    return Seen(State.EXPIRED, session_id=payment.session_id, intent_id=payment.intent_id)


def of_session(session: stripe.Session) -> Seen:
    """How an attempt stands whose page this is. Declined, it can be tried again as long as the page is open."""
    intent = session.intent or (stripe.intent(session.intent_id) if session.is_paid else None)
    seen = of_intent(intent) if intent else Seen(State.OPEN)
    moves = intent is not None and intent.state in ("processing", "succeeded")
    return replace(
        seen,
        state=seen.state if moves else _WITHOUT_MONEY.get(session.state, seen.state),
        session_id=session.id,
        url=session.url,
        intent_id=session.intent_id or seen.intent_id,
    )


def of_intent(intent: stripe.Intent) -> Seen:
    """How an attempt stands that Stripe collects by this intent."""
    state = _INTENT[intent.state]
    return Seen(
        state,
        received=intent.received if state == State.SUCCEEDED else Decimal(0),
        intent_id=intent.id,
        charge_id=intent.charge_id,
        method=intent.method,
        failure="" if state == State.SUCCEEDED else intent.failure[:300],
    )


def apply(payment: OnlinePayment, seen: Seen, *, now: datetime) -> OnlinePayment:
    """Write what was seen, inside the caller's transaction; locks the row (after party and booking, if it has those).

    Goes only forward, so looks may come late, twice and in any order. Paid: what Stripe received is booked once (the
    key is of the row) and pays its receivable, if it has one; what is more than was open is credit of the party.
    Returns the row as it is now. Raises BooksLocked when today lies in a closed period.
    """
    rows = OnlinePayment.objects.select_for_update(of=("self",), no_key=True).select_related(
        "hub", "party__hub"
    )
    row = rows.get(pk=payment.pk)
    before = State(row.state)
    row.looked_at = now
    if not _is_blind(row, seen) and (seen.state == before or seen.state in ONLINE_NEXT[before]):
        _learn(row, seen)
    if row.state == State.SUCCEEDED and row.payment_id is None:
        row.payment = _booked(row, seen.received, now=now)
    if row.state not in UNDER_WAY:
        row.ended_at, row.url = row.ended_at or now, ""
    row.save()
    if (before, row.state) == (State.PROCESSING, State.FAILED):
        telling.not_paid(row, now=now)
    return row


def sync(payment: OnlinePayment, *, now: datetime) -> OnlinePayment:
    """Look and write it, for what pays a receivable; call it with no transaction open.

    Raises `stripe.Unavailable`; then nothing has changed.
    """
    return _applied(payment, look(payment, now=now), now=now)


@transaction.atomic(durable=True)
def _applied(payment: OnlinePayment, seen: Seen, *, now: datetime) -> OnlinePayment:
    return apply(payment, seen, now=now)


def _is_blind(row: OnlinePayment, seen: Seen) -> bool:
    """Whether it was looked at before it had a page, and has one by now: that says nothing any more."""
    return bool(row.session_id or row.intent_id) and not (seen.session_id or seen.intent_id)


def _learn(row: OnlinePayment, seen: Seen) -> None:
    """What Stripe does not say (any more) stays; why it failed is not kept of what was paid after all."""
    for name in ("session_id", "intent_id", "charge_id", "url", "method"):
        setattr(row, name, getattr(seen, name) or getattr(row, name))
    row.state, row.failure = seen.state, seen.failure


def _booked(row: OnlinePayment, received: Decimal, *, now: datetime) -> Payment:
    """The money in the books, once; it pays what was asked as far as that is open."""
    if row.receivable:
        allocating.hold([row.receivable])
    payment = paying.receive(
        row.party, amount=received, method=Payment.Method.ONLINE, on=now.astimezone(row.hub.zone).date(),
        reference=row.description, key=f"online:{row.pk}", is_test=row.is_test, by=row.by,
    )  # fmt: skip
    if row.receivable:
        allocating.pay_off(payment, [row.receivable], rule=Allocation.Rule.ONLINE, now=now)
    return payment
