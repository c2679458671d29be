"""Asking Stripe to debit what was announced: as late as it can be, once, and only what is still open.

A row with `looked_at` may be at Stripe: until that is known it is never let go of.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from spaces.periods import DAY
from tenants.billing import allocating, stripe
from tenants.billing.models import OnlineMandate, OnlinePayment, OnlineState, Receivable
from tenants.billing.online import announcing, attempts, mandated, mandating, syncing
from tenants.billing.online.collectable import is_left_alone, today_of
from tenants.billing.online.syncing import Seen

State = OnlineState
AHEAD = timedelta(days=4)
"""Not sooner, so that a transfer is seen first; a day before the last on which Stripe takes it."""
LAST = timedelta(days=3)
"""Stripe takes a debit 3 to 15 days before its day (`target_date` of a PaymentIntent)."""
BUSY = timedelta(minutes=10)
"""So long another worker may still be asking Stripe; longer than a task may run."""
ANEW = ""
"""Announced again, for another amount or day: the next letter says so itself."""


def due(*, now: datetime) -> Iterable[OnlinePayment]:
    """What was announced and whose time has come, at its hub."""
    free = Q(looked_at=None) | Q(looked_at__lte=now - BUSY)
    soon = Q(target_on__lte=(now + AHEAD + DAY).date())
    rows = OnlinePayment.objects.filter(free, soon, state=State.NEW, mandate__isnull=False)
    found = rows.select_related(
        "hub", "party__hub", "receivable__hub", "mandate__hub", "mandate__party__hub", "mandate__by"
    )
    return [row for row in found.order_by("target_on", "pk") if _is_time(row, today_of(row.hub, now))]


def submit(payment: OnlinePayment, *, now: datetime) -> OnlinePayment | None:
    """Ask Stripe to collect it; None when something changed since it was announced. Call it with no transaction open.

    An answer that was lost is looked for first, so nothing is asked twice. Raises `stripe.Unavailable`.
    """
    mandate = payment.mandate
    if mandate is None:
        return None
    if payment.looked_at and payment.is_test == stripe.is_test():
        made = stripe.find_intent(str(payment.pk), customer_id=mandate.customer_id, since=payment.created_at)
        if made:
            return _written(payment, syncing.of_intent(made), now=now)
    mandating.sync(mandate, now=now)
    begun = _begun(payment, mandate, now=now)
    if begun is None:
        return None
    try:
        seen = syncing.of_intent(
            stripe.collect(_asked(begun, mandate), key=attempts.key_of(begun, "collect"))
        )
    except stripe.Refused as refusal:
        seen = Seen(State.FAILED, failure=str(refusal)[:300])
    return _written(begun, seen, now=now)


def paid_meanwhile(*, now: datetime) -> Iterable[OnlinePayment]:
    """Debits that Stripe keeps for a later day, of which less is open than they will bring."""
    kept = OnlinePayment.objects.filter(
        state=State.PROCESSING, mandate__isnull=False, target_on__gt=now.date(), is_test=stripe.is_test()
    )
    rows = list(kept.exclude(intent_id="").select_related("hub", "party__hub", "receivable").order_by("pk"))
    opened = Receivable.objects.filter(online_payments__in=rows).distinct().with_open()
    left = {row.pk: row.open_amount for row in opened}
    return [row for row in rows if row.receivable_id and left[row.receivable_id] < row.amount]


def call_back(payment: OnlinePayment, *, now: datetime) -> OnlinePayment | None:
    """Stop a debit of what was paid in the meantime. None when the bank has it: what comes too much is credit then."""
    try:
        made = stripe.cancel_intent(payment.intent_id, key=attempts.key_of(payment, "cancel"))
    except stripe.Refused:
        return None
    return _called_back(payment, syncing.of_intent(made), now=now)


def _is_time(row: OnlinePayment, today: date) -> bool:
    return row.target_on is not None and row.target_on <= today + AHEAD


@transaction.atomic(durable=True)
def _begun(payment: OnlinePayment, mandate: OnlineMandate, *, now: datetime) -> OnlinePayment | None:
    """Note that Stripe is asked now; None, and let go of it, when it is not to be collected as it was announced."""
    kept = OnlineMandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    rows = OnlinePayment.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("hub", "party", "receivable__hub", "mandate__hub", "mandate__party").get(
        pk=payment.pk
    )
    if row.state != State.NEW or (row.looked_at and row.looked_at > now - BUSY):
        return None
    row.looked_at, obstacle = now, _obstacle(row, kept, today=today_of(row.hub, now))
    if obstacle is None:
        row.save()
        return row
    row.state, row.ended_at = State.EXPIRED, now
    row.save()
    announcing.called_off(row, obstacle, now=now)
    return None


def _obstacle(row: OnlinePayment, mandate: OnlineMandate, *, today: date) -> str | None:
    """Why it is not collected as it was announced, in the words of the letter; ANEW when there will be another one."""
    if row.receivable is None or row.target_on is None:
        return None
    opened = allocating.locked(row.receivable).open_amount
    if opened <= 0:
        return announcing.SETTLED
    if not mandated.in_force(row.hub).filter(pk=mandate.pk).exists():
        return announcing.NOT_ANY_MORE
    if is_left_alone(row.receivable, today=today):
        return announcing.LEFT_ALONE
    return ANEW if opened != row.amount or row.target_on < today + LAST else None


@transaction.atomic(durable=True)
def _written(payment: OnlinePayment, seen: Seen, *, now: datetime) -> OnlinePayment:
    """With its letter, also when Stripe or the bank said no at once."""
    row = syncing.apply(payment, seen, now=now)
    if row.state == State.FAILED:
        announcing.refused(row, now=now)
    return row


@transaction.atomic(durable=True)
def _called_back(payment: OnlinePayment, seen: Seen, *, now: datetime) -> OnlinePayment:
    row = syncing.apply(payment, seen, now=now)
    if row.state == State.EXPIRED and row.receivable:
        rest = allocating.locked(row.receivable).open_amount
        announcing.called_off(row, ANEW if rest > 0 else announcing.SETTLED, now=now)
    return row


def _asked(row: OnlinePayment, mandate: OnlineMandate) -> stripe.DebitAsk:
    """A function of the row and of its mandate, which does not change while it is in force."""
    if row.target_on is None:
        raise ValueError(f"{row.pk} has no day")
    return stripe.DebitAsk(
        amount=row.amount, description=row.description, reference=str(row.pk), hub=row.hub.slug,
        customer_id=mandate.customer_id, method_id=mandate.method_id, mandate_id=mandate.mandate_id,
        target_on=row.target_on,
    )  # fmt: skip
