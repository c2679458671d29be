"""Paying back what was paid online, the way it came: a row first, then Stripe is asked, then what it said is booked.

`Refund` is what is owed back (the list); `OnlineRefund` is one try to do it at Stripe. A try that failed leaves its
refund on the list, for the bookkeeper: once more, or to an account. What goes back together is never more than came:
that is looked at under the lock of the online payment, by everybody.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from spaces import wording
from spaces.money import Euro
from tenants.billing import refunding, stripe
from tenants.billing.models import Invoice, OnlinePayment, OnlineRefund, OnlineRefundState, Receivable, Refund
from tenants.billing.online import going_back, returning
from tenants.billing.refunding import Credit
from tenants.billing.refusals import PayingRefused
from tenants.parties.models import User

logger = logging.getLogger(__name__)
State = OnlineRefundState
AT_FIRST = timedelta(minutes=1)
"""So long the request that made it may still be busy with it."""
AGAIN = timedelta(minutes=3)
PENDING_AGAIN = timedelta(hours=6)
"""A bank takes days, and Stripe rings when it is done; this finds what was missed."""
MOST = 50


class MoreThanPaid(PayingRefused):
    """Somebody else paid a part of it back, or the bank took it."""

    def __init__(self, left: Decimal) -> None:
        super().__init__(
            _("Of this online payment only %(left)s can still go back. Choose at most that, or an account.")
            % {"left": wording.euro(left)}
        )


class OfAnotherPayment(PayingRefused):
    """A credit goes back through what paid it."""

    def __init__(self) -> None:
        super().__init__(_("This was not paid by that online payment. Choose an account."))


class Way(NamedTuple):
    """An online payment through which so much (in euros) can still go back."""

    online: OnlinePayment
    left: Euro


def ways(credit: Credit) -> list[Way]:
    """The online payments through which a credit can go back, the last first."""
    found = [Way(online, going_back.left_of(online)) for online in _sources(credit)]
    return [way for way in found if way.left > 0]


@transaction.atomic(durable=True)
def put_on_list(
    credit: Credit,
    *,
    through: OnlinePayment,
    amount: Decimal,
    reason: str,
    key: UUID,
    by: User,
    now: datetime,
) -> OnlineRefund:
    """Let `amount` of a credit go back through the online payment that paid it; the same `key` again is the first.

    Raises MoreThanPaid, MoreThanLeft, NotPositive and OfAnotherPayment.
    """
    online = going_back.locked(through)
    key = uuid5(key, f"{credit.source}:{credit.pk}:{online.pk}")  # the form of one credit is none of another
    if found := OnlineRefund.objects.filter(pk=key).first():
        return found
    if online not in _sources(credit):
        raise OfAnotherPayment
    return _listed(credit, online, amount=amount, reason=reason, key=key, by=by, now=now)


def give_back(credit: Credit, *, reason: str, by: User | None = None, now: datetime) -> list[OnlineRefund]:
    """List a whole credit to go back as it was paid, as far as it was paid online; the rest stays credit.

    Call it in the transaction that made the credit.
    """
    made, left = [], credit.free
    for each in sorted(_sources(credit), key=lambda row: row.pk):
        going_back.locked(each)
    for each in _sources(credit):
        if (amount := min(left, going_back.left_of(each))) > 0:
            made.append(_listed(credit, each, amount=amount, reason=reason, by=by, now=now))
            left -= amount
    return made


@transaction.atomic(durable=True)
def again(refund: Refund, *, by: User, now: datetime) -> OnlineRefund:
    """Try a refund that failed once more; while a try is under way that one is returned.

    Raises AlreadyPaidBack and MoreThanPaid.
    """
    if refund.through is None:
        raise OfAnotherPayment
    online = going_back.locked(refund.through)
    row = refunding.locked(refund)
    if found := row.online_refunds.exclude(state=State.FAILED).first():
        return found
    _raise_if_more(online, row.amount)
    return _try(online, row, by=by, now=now)


def send(*, now: datetime, let_through: tuple[type[Exception], ...] = ()) -> int:
    """Ask Stripe about all that waits; returns how many were looked at. One that goes wrong holds up no other."""
    rows = {row.pk: row for row in [*to_send(), *due(now=now)]}
    looked = 0
    for row in rows.values() if stripe.is_on() else ():
        if row.online.is_test is not stripe.is_test():
            continue
        try:
            sync(row, now=now)
            looked += 1
        except let_through:
            raise
        except stripe.Unavailable as error:
            logger.warning("Refund %s is looked at again later: %s", row.pk, error)
        except Exception:  # whatever is wrong with one of them, the others go back
            logger.exception("Refund %s could not be looked at", row.pk)
    return looked


def due(*, now: datetime) -> list[OnlineRefund]:
    """Refunds to send, and those on their way that nobody looked at lately; the longest ago first."""
    new = Q(state=State.NEW) & (
        Q(looked_at=None, created_at__lte=now - AT_FIRST) | Q(looked_at__lte=now - AGAIN)
    )
    pending = Q(state=State.PENDING, looked_at__lte=now - PENDING_AGAIN)
    rows = OnlineRefund.objects.filter(new | pending).select_related(*returning.WITH)
    return list(rows.order_by(F("looked_at").asc(nulls_first=True), "created_at", "pk")[:MOST])


def to_send() -> list[OnlineRefund]:
    """Those of which Stripe was never asked, the oldest first: what somebody just listed."""
    rows = OnlineRefund.objects.filter(state=State.NEW, looked_at=None).select_related(*returning.WITH)
    return list(rows.order_by("created_at", "pk")[:MOST])


def sync(row: OnlineRefund | OnlinePayment, *, now: datetime) -> None:
    """Ask Stripe about one refund (it is made there if it was not), or about all of a payment; book what it says.

    Call it with no transaction open. Refunds made in Stripe's own dashboard get a row. Raises `stripe.Unavailable`:
    nothing is known then, and nothing changes.
    """
    if isinstance(row, OnlineRefund):
        _sync_one(row, now=now)
    elif row.payment_id:
        for seen in stripe.refunds_of(row.intent_id):
            returning.apply(row, seen, now=now)


def paid_by(invoice: Invoice) -> list[OnlinePayment]:
    """The online payments that paid an invoice, the last first; of a credit note those of what it corrects."""
    asked = Receivable.objects.filter(invoice=invoice.corrects or invoice).first()
    return going_back.of_receivable(asked) if asked else []


def ways_of(invoice: Invoice) -> list[Way]:
    """The online payments through which money of an invoice can go back, the last first."""
    found = [Way(online, going_back.left_of(online)) for online in paid_by(invoice)]
    return [way for way in found if way.left > 0]


def _sources(credit: Credit) -> list[OnlinePayment]:
    """The online payments that brought the money of a credit, the last first."""
    rows = OnlinePayment.objects.select_related("hub", "party", "payment").order_by("-created_at", "pk")
    if credit.payment:
        return list(rows.filter(payment=credit.payment))
    note = credit.note.invoice if credit.note else None
    return paid_by(note.corrects) if note and note.corrects else []


def _listed(
    credit: Credit,
    online: OnlinePayment,
    *,
    amount: Decimal,
    reason: str,
    key: UUID | None = None,
    by: User | None,
    now: datetime,
) -> OnlineRefund:
    _raise_if_more(online, amount)
    refund = refunding.listed(credit, amount=amount, through=online, reason=reason, by=by, now=now)
    return _try(online, refund, key=key, by=by, now=now)


def _try(
    online: OnlinePayment, refund: Refund, *, key: UUID | None = None, by: User | None, now: datetime
) -> OnlineRefund:
    named = {"pk": key} if key else {}
    return OnlineRefund.objects.create(
        hub_id=online.hub_id, online=online, listed=refund, amount=refund.amount, reason=refund.reason, by=by,
        created_at=now, **named,
    )  # fmt: skip


def _raise_if_more(online: OnlinePayment, amount: Decimal) -> None:
    if amount > (left := going_back.left_of(online)):
        raise MoreThanPaid(left)


def _sync_one(row: OnlineRefund, *, now: datetime) -> None:
    """Before it is asked again it is looked for: an answer may have been lost longer ago than Stripe knows our key."""
    if row.state == State.FAILED:
        return
    was_asked = row.looked_at is not None
    OnlineRefund.objects.filter(pk=row.pk).update(looked_at=now)
    try:
        seen = (was_asked and _found(row)) or _asked(row)
    except stripe.Refused as refusal:
        returning.refused(row, refusal, now=now)
    else:
        returning.apply(row.online, seen, now=now)


def _found(row: OnlineRefund) -> "stripe.RefundSeen | None":
    if row.stripe_id:
        return stripe.refund_of(row.stripe_id)
    made: Iterable[stripe.RefundSeen] = stripe.refunds_of(row.online.intent_id)
    return next((each for each in made if each.reference == str(row.pk)), None)


def _asked(row: OnlineRefund) -> "stripe.RefundSeen":
    """Why it goes back stays here: what staff write may be about somebody's health."""
    ask = stripe.RefundAsk(row.online.intent_id, row.amount, str(row.pk), row.online.hub.slug)
    return stripe.refund(ask, key=f"{row.online.hub.slug}:refund:{row.pk}:1")
