"""Our euros at Stripe: what moved them, what is paid out, and how much there is; other money is not in our books."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import stripe
from stripe.params import BalanceTransactionListParams, PayoutListParams

from tenants.billing.stripe.answers import Move, PayoutSeen
from tenants.billing.stripe.line import ask
from tenants.billing.stripe.values import euros, every, id_of, moment

EURO = "eur"


def moves_since(since: datetime) -> Iterator[Move]:
    """What moved our balance since a moment, the newest first. Raises Unavailable on the way."""
    return (_move(each) for each in _moves({"created": {"gte": int(since.timestamp())}}))


def moves_of(payout_id: str) -> Iterator[Move]:
    """What a payout is made of, without the payout's own move; only known for payouts that Stripe makes by itself."""
    return (move for move in map(_move, _moves({"payout": payout_id})) if move.about != payout_id)


def payouts_since(since: datetime) -> Iterator[PayoutSeen]:
    """Payouts that were made since a moment, the newest first."""

    def page(after: str) -> stripe.ListObject[stripe.Payout]:
        wish: PayoutListParams = {"created": {"gte": int(since.timestamp())}, "limit": 100}
        if after:
            wish["starting_after"] = after
        return ask(lambda v1: v1.payouts.list(wish))

    return (_payout(each) for each in every(page) if each.currency == EURO)


def balance() -> Decimal:
    """Our euros at Stripe: what can be paid out, and what cannot yet. What is on its way to the bank is not in it."""
    found = ask(lambda v1: v1.balance.retrieve())
    there = [(each.amount, each.currency) for each in found.available]
    coming = [(each.amount, each.currency) for each in found.pending]
    return euros(sum(amount for amount, currency in there + coming if currency == EURO))


def _moves(wish: BalanceTransactionListParams) -> Iterator[stripe.BalanceTransaction]:
    def page(after: str) -> stripe.ListObject[stripe.BalanceTransaction]:
        asked: BalanceTransactionListParams = {**wish, "limit": 100}
        if after:
            asked["starting_after"] = after
        return ask(lambda v1: v1.balance_transactions.list(asked))

    return (each for each in every(page) if each.currency == EURO)


def _move(raw: stripe.BalanceTransaction) -> Move:
    return Move(
        id=raw.id,
        kind=raw.type,
        about=id_of(raw.source),
        amount=euros(raw.amount),
        fee=euros(raw.fee),
        net=euros(raw.net),
        description=raw.description or "",
        made_at=moment(raw.created),
    )


def _payout(raw: stripe.Payout) -> PayoutSeen:
    return PayoutSeen(
        id=raw.id,
        amount=euros(raw.amount),
        arrives_on=moment(raw.arrival_date).date(),
        state=raw.status,
        failure=raw.failure_message or raw.failure_code or "",
        made_at=moment(raw.created),
    )
