"""Looks at an attempt come late, twice and in any order; the books end the same. What events do is tested beside it."""

import itertools
import random
from decimal import Decimal

import pytest
from django.db import transaction

from tenants.billing.models import JournalEntry, OnlinePayment, OnlineState, Payment, Receivable
from tenants.billing.online import syncing
from tenants.billing.online.syncing import Seen
from tests import cast
from tests.billing import money

pytestmark = pytest.mark.django_db(transaction=True)
NOW = cast.NOW


@pytest.fixture
def asked() -> Receivable:
    return money.asked(money.books_party(), number="2026-0042")


LIVES = [
    [OnlineState.OPEN, OnlineState.PROCESSING, OnlineState.SUCCEEDED],
    [OnlineState.OPEN, OnlineState.PROCESSING, OnlineState.FAILED],
    [OnlineState.OPEN, OnlineState.EXPIRED],
    [OnlineState.OPEN, OnlineState.OPEN, OnlineState.SUCCEEDED],
]


def looks(life: list[OnlineState]) -> list[Seen]:
    """What Stripe says at each moment of a life."""
    return [
        Seen(
            state, session_id="cs_1", intent_id="" if state == OnlineState.EXPIRED else "pi_1", url="https://pay.example",
            received=Decimal(100 if state == OnlineState.SUCCEEDED else 0),
            charge_id="py_1" if state == OnlineState.SUCCEEDED else "", failure="x" if state == OnlineState.FAILED else "",
        )
        for state in life
    ]  # fmt: skip


def end_of(row: Receivable, order: list[Seen]) -> tuple[object, ...]:
    """Where an attempt and the books end after these looks."""
    attempt = OnlinePayment.objects.create(
        hub=row.hub, party=row.party, receivable=row, amount=row.amount, description="x", is_test=True,
        session_id="", expires_at=NOW, created_at=NOW,
    )  # fmt: skip
    for seen in order:
        with transaction.atomic():
            syncing.apply(attempt, seen, now=NOW)
    attempt.refresh_from_db()
    return (
        attempt.state, attempt.charge_id, attempt.failure, attempt.url, Payment.objects.count(),
        JournalEntry.objects.count(), str(Receivable.objects.with_open().get(pk=row.pk).open_amount),
    )  # fmt: skip


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life[-1].value)
@pytest.mark.parametrize("most", [30, pytest.param(1_000, marks=pytest.mark.long)])
def test_any_order_and_number_of_looks_ends_the_same(
    asked: Receivable, life: list[OnlineState], most: int
) -> None:
    chance = random.Random(2026)
    seen, ends = looks(life), set()
    orders = [list(order) for order in itertools.permutations(seen)]
    orders += [[*chance.choices(seen, k=chance.randint(1, 7)), seen[-1]] for _ in range(most)]
    for order in orders[:most]:
        chance.shuffle(order)
        with transaction.atomic():
            ends.add(end_of(asked, order))
            transaction.set_rollback(True)

    assert len(ends) == 1, ends
    assert next(iter(ends))[0] == life[-1]
