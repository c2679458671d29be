"""Stripe's account against ours: what moved there, what it kept, what it paid out, and where that is at our bank.

Asked first, with no transaction open; then written in one. Twice at once or twice in a row changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction

from tenants.billing import stripe
from tenants.billing.models import BalanceMove, OnlinePayment, StripeLook
from tenants.billing.online import balance, payouts

OVERLAP = timedelta(days=7)
PAYOUTS_CHANGE = timedelta(days=30)
"""So long after it was made a payout may still fail, or come back."""
TRIES = 3
_LOCK = 0x73747270
What = StripeLook.What


@dataclass(frozen=True)
class Told:
    """All that Stripe says of our account since a moment; `parts` are the movements in each payout, by its id."""

    moves: list[stripe.Move]
    payouts: list[stripe.PayoutSeen]
    parts: dict[str, list[stripe.Move]]
    balance: Decimal


def run(*, now: datetime) -> None:
    """Bring our picture of the account up to date; call it with no transaction open. Without a key nothing is asked.

    Raises `stripe.Unavailable`; then nothing was written.
    """
    if stripe.is_on():
        _write(_ask(_since(now)), now=now)


def last(*, is_test: bool) -> StripeLook | None:
    """When it was last done, and what balance Stripe told then. One query."""
    return StripeLook.objects.filter(what=What.BALANCE, is_test=is_test).first()


def opening(*, is_test: bool) -> Decimal:
    """What stood with Stripe before the first movement that we read, in euros. One query."""
    found = StripeLook.objects.filter(what=What.OPENING, is_test=is_test).values_list("balance", flat=True)
    return found.first() or Decimal(0)


def _since(now: datetime) -> datetime:
    if look := last(is_test=stripe.is_test()):
        return look.at - OVERLAP
    first = OnlinePayment.objects.filter(is_test=stripe.is_test()).order_by("created_at").first()
    return (first.created_at if first else now) - timedelta(days=1)


def _ask(since: datetime) -> Told:
    paid_out = list(stripe.payouts_since(since - PAYOUTS_CHANGE))
    parts = {name: _parts(name) for name in sorted(payouts.without_moves([row.id for row in paid_out]))}
    moves = list(stripe.moves_since(since))
    for _try in range(TRIES):
        amount = stripe.balance()
        again = list(stripe.moves_since(since))
        if len(again) == len(moves):
            break  # nothing moved while we asked: the balance is that of these movements
        moves = again
    return Told(again, paid_out, parts, amount)


def _parts(name: str) -> list[stripe.Move]:
    """Of a payout that a person made by hand Stripe does not say what is in it."""
    try:
        return list(stripe.moves_of(name))
    except stripe.Refused:
        return []


@transaction.atomic(durable=True)
def _write(told: Told, *, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    balance.keep([*told.moves, *(move for each in told.parts.values() for move in each)], now=now)
    parts = {name: [move.id for move in moves] for name, moves in told.parts.items() if moves}
    payouts.keep(told.payouts, parts=parts, now=now)
    payouts.find_on_statements(now=now)
    balance.book_costs()
    _note(told.balance, now=now)


def _note(amount: Decimal, *, now: datetime) -> None:
    is_test = stripe.is_test()
    if last(is_test=is_test) is None:
        before = amount - balance.total(BalanceMove.objects.filter(is_test=is_test))
        StripeLook.objects.create(what=What.OPENING, is_test=is_test, at=now, balance=before)
    facts = {"at": now, "balance": amount}
    StripeLook.objects.update_or_create(what=What.BALANCE, is_test=is_test, defaults=facts)
