"""Payments that the payer or a bank takes back: a debit weeks later, or a card whose holder does not agree.

The money follows what Stripe holds: withdrawn it is gone from the books and what it paid is open again; there again it
pays again. While Stripe or we have to judge, nobody is reminded of it.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tenants.billing import stripe
from tenants.billing.models import DISPUTE_NEXT, CollectionPause, OnlineDispute, OnlinePayment
from tenants.billing.online import going_back, pausing, telling_back

State = OnlineDispute.State
UNDECIDED = (State.ANSWER, State.REVIEW)
DISPUTED = CollectionPause.Kind.DISPUTE


def sync(online: OnlinePayment, *, now: datetime) -> None:
    """Ask Stripe for the disputes of a payment and write what they became; call it with no transaction open.

    Raises `stripe.Unavailable`: nothing is known then, and nothing changes.
    """
    if online.intent_id:
        for seen in stripe.disputes_of(online.intent_id):
            apply(online, seen, now=now)


@transaction.atomic(durable=True)
def apply(online: OnlinePayment, seen: "stripe.DisputeSeen", *, now: datetime) -> OnlineDispute | None:
    """Write what Stripe says of one dispute; the state goes only forward, and each fact is booked and told once.

    None for a payment that is not in the books: it has to be looked at first.
    """
    online = going_back.locked(online)
    if online.payment is None:
        return None
    row = OnlineDispute.objects.filter(stripe_id=seen.id).first() or OnlineDispute(
        hub=online.hub,
        online=online,
        stripe_id=seen.id,
        amount=seen.amount,
        state=State(seen.state),
        created_at=now,
    )
    row.online, row.reason, row.answer_by = online, seen.reason[:100], seen.answer_by
    is_new, before = row.pk is None, State(row.state)
    if seen.state in DISPUTE_NEXT[before]:
        row.state, row.seen_at = State(seen.state), None
    row.save()
    moved = _follow_the_money(row, seen, now=now)
    if moved or is_new or row.state != before:
        _leave_alone_or_not(row, now=now)
        telling_back.disputed(row, now=now)
        if is_new and row.state in UNDECIDED:
            telling_back.to_be_answered(row, now=now)
    return row


@transaction.atomic(durable=True)
def seen_by(row: OnlineDispute, *, now: datetime) -> None:
    """Somebody knows of how it stands now: it is nobody's duty until it changes. A second call changes nothing."""
    OnlineDispute.objects.filter(pk=row.pk, seen_at=None).update(seen_at=now)


def _follow_the_money(row: OnlineDispute, seen: "stripe.DisputeSeen", *, now: datetime) -> bool:
    """Book what was withdrawn, or is there again; whether something moved."""
    on = now.astimezone(row.hub.zone).date()
    if seen.is_withdrawn and row.taken is None:
        why = _("taken back by the payer's bank")
        row.taken = going_back.take(
            row.online, row.amount, reason=why, key=f"online-dispute:{row.pk}", on=on, now=now
        )
    elif not seen.is_withdrawn and row.taken is not None and row.returned is None:
        row.returned = going_back.undo(row.online, row.taken, reason=_("the dispute was won"), on=on, now=now)
        going_back.pay_again(row.online, now=now)
    else:
        return False
    row.save()
    return True


def _leave_alone_or_not(row: OnlineDispute, *, now: datetime) -> None:
    """Nobody is reminded of what is being judged; lost it is asked for again, as anything that is late."""
    for asked in going_back.reopened(row.online):
        if row.state in UNDECIDED and row.taken is not None:
            pausing.pause(asked, kind=DISPUTED, why=_("The payer disputes the payment at the bank"), now=now)
        else:
            pausing.end(asked, kind=DISPUTED, now=now)
