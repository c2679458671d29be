"""Attempts to pay on the page of Stripe: the row first, then the session under its key, then what Stripe answered.

What is asked of Stripe is made of the row alone, so the same key always comes with the same words.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import get_language

from tenants.billing import stripe
from tenants.billing.models import UNDER_WAY, OnlinePayment, OnlineState, Receivable
from tenants.billing.online import settings
from tenants.billing.online.refusals import OnlineIsOff, TooSmall, UnderWay
from tenants.parties import mailing
from tenants.parties.models import Party, User

LEAST = Decimal("0.50")
"""Stripe takes no less for a payment in euros."""
MARGIN = timedelta(minutes=2)
"""A session lives at least half an hour from the moment that Stripe gets it, which is later than ours."""
LONGEST = timedelta(hours=23, minutes=55)


@dataclass(frozen=True)
class Ask:
    """What is to be paid on the page of Stripe: `amount` in euros, for a `receivable` or what a `source` will owe.

    `return_path` is the page of ours to which the payer comes back, paid or not. `key` is of the form: the same again
    is the same attempt. `email` is filled in on the page, so it is that of who pays, if we know them.
    """

    party: Party
    amount: Decimal
    description: str
    return_path: str
    source: str = ""
    receivable: Receivable | None = None
    email: str = ""
    by: User | None = None
    key: UUID = field(default_factory=uuid4)


def make(ask: Ask, *, now: datetime) -> OnlinePayment:
    """Write the attempt (NEW), inside the caller's transaction; nothing is asked of Stripe yet.

    The same key again returns the first. Raises OnlineIsOff, TooSmall, and UnderWay while another attempt for the same
    thing may still be paid.
    """
    if not settings.takes_payments(ask.party.hub):
        raise OnlineIsOff
    if ask.amount < LEAST:
        raise TooSmall
    if found := OnlinePayment.objects.filter(key=_key(ask)).first():
        return found
    try:
        with transaction.atomic():
            return OnlinePayment.objects.create(**_facts(ask, now))
    except IntegrityError as error:
        if (other := under_way(source=ask.source, receivable=ask.receivable)) is None:
            raise
        raise UnderWay(other) from error


def under_way(*, source: str = "", receivable: Receivable | None = None) -> OnlinePayment | None:
    """The attempt for this that may still be paid, if there is one. One query."""
    rows = OnlinePayment.objects.under_way()
    return rows.filter(receivable=receivable).first() if receivable else rows.filter(source=source).first()


def latest(*, source: str = "", receivable: Receivable | None = None) -> OnlinePayment | None:
    """The last attempt for this, whatever became of it. One query."""
    rows = OnlinePayment.objects.order_by("-created_at", "-pk")
    return rows.filter(receivable=receivable).first() if receivable else rows.filter(source=source).first()


def open_session(payment: OnlinePayment, *, now: datetime) -> OnlinePayment:
    """Open the page on which it is paid; call it with no transaction open. A second call asks for the same page.

    Returns the row: OPEN with its `url`, as it was when it has ended, or FAILED when Stripe refused (nothing can be
    paid then). Raises `stripe.Unavailable` when nobody knows whether Stripe did it: the row stays NEW, and a next call
    finishes it.
    """
    if payment.state != OnlineState.NEW or (payment.expires_at and payment.expires_at <= now):
        return payment
    if is_of_another_key(payment):
        return payment
    try:
        session = stripe.open_checkout(asked(payment), key=key_of(payment, "checkout"))
    except stripe.Refused as refusal:
        return _stored(
            payment, state=OnlineState.FAILED, failure=str(refusal)[:300], looked_at=now, ended_at=now
        )
    return _stored(payment, state=OnlineState.OPEN, session_id=session.id, url=session.url)


def close(payment: OnlinePayment, *, now: datetime) -> None:
    """Make sure that it cannot be paid any more; call it with no transaction open, and look (`syncing`) what it became.

    One that was paid meanwhile stays paid: looking tells. Of one that has no page yet nobody had the address: its time
    is over now. Raises `stripe.Unavailable`: it may still be paid then.
    """
    if payment.state == OnlineState.NEW and not payment.mandate_id:
        OnlinePayment.objects.filter(pk=payment.pk, state=OnlineState.NEW).update(expires_at=now)
        payment.refresh_from_db()
    if payment.session_id and payment.state in UNDER_WAY and not is_of_another_key(payment):
        try:
            stripe.expire(payment.session_id)
        except stripe.Refused:
            return  # somebody paid it, or it had ended: both are seen by looking


def is_of_another_key(payment: OnlinePayment) -> bool:
    """Was it begun with a test key while ours is a real one, or the other way round? Then it is not asked about."""
    return stripe.is_on() and payment.is_test != stripe.is_test()


def asked(payment: OnlinePayment) -> stripe.CheckoutAsk:
    """What is asked of Stripe: a function of the row alone. Raises ValueError for one that a mandate collects."""
    if payment.expires_at is None:
        raise ValueError("what is collected has no page")
    back = mailing.link(payment.return_path)
    return stripe.CheckoutAsk(
        amount=payment.amount, description=payment.description, reference=str(payment.pk), hub=payment.hub.slug,
        email=payment.email, language=payment.language, methods=tuple(payment.methods), success_url=back,
        cancel_url=back, expires_at=payment.expires_at,
    )  # fmt: skip


def key_of(payment: OnlinePayment, deed: str) -> str:
    """The key under which Stripe does something once, however often it is asked."""
    return f"{payment.hub.slug}:{deed}:{payment.pk}:{payment.attempt}"


def _facts(ask: Ask, now: datetime) -> dict[str, object]:
    chosen = settings.of(ask.party.hub)
    lives = min(timedelta(minutes=chosen.pay_minutes) + MARGIN, LONGEST)
    return {
        "hub": ask.party.hub, "party": ask.party, "source": ask.source, "receivable": ask.receivable,
        "amount": ask.amount, "description": ask.description[:200], "is_test": stripe.is_test(), "key": _key(ask),
        "language": (get_language() or ask.party.language)[:2], "email": ask.email,
        "methods": chosen.methods, "return_path": ask.return_path, "expires_at": now + lives, "by": ask.by,
        "created_at": now,
    }  # fmt: skip


def _key(ask: Ask) -> UUID:
    """Of the form and of what it pays: sent in for something else it is another attempt."""
    return uuid5(ask.key, ask.source or str(ask.receivable and ask.receivable.pk))


@transaction.atomic(durable=True)
def _stored(payment: OnlinePayment, **facts: object) -> OnlinePayment:
    """Only while it is NEW: two calls at once get the same session of Stripe, and whoever looked first knows more."""
    OnlinePayment.objects.filter(pk=payment.pk, state=OnlineState.NEW).update(**facts)
    return OnlinePayment.objects.select_related("hub", "party").get(pk=payment.pk)
