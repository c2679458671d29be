"""A process is killed after Stripe did what it was asked, and before we wrote it down: nothing is lost, nothing double.

The row and its key were committed before the call, so a sweep asks Stripe again and finishes.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from tenants.billing import stripe
from tenants.billing.books import posting
from tenants.billing.models import (
    JournalEntry,
    OnlinePayment,
    OnlineSettings,
    OnlineState,
    Payment,
    Receivable,
)
from tenants.billing.online import pay_invoice, sweeping, syncing
from tests import cast, postgres
from tests.billing import books, money
from tests.stand_in.stand_in import KEY, StandIn

pytestmark = pytest.mark.django_db(transaction=True)

NOW = cast.NOW
DEEDS = """
import os, sys, time, django
from django.conf import settings
settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
django.setup()
from uuid import UUID
from tenants.billing.models import OnlinePayment, Receivable
from tenants.billing.online import pay_invoice, syncing
from tests import cast

def start(pk):
    pay_invoice.start(Receivable.objects.with_open().get(pk=pk), key=UUID(int=int(pk)), now=cast.NOW)

def sync(pk):
    syncing.sync(OnlinePayment.objects.get(pk=pk), now=cast.NOW)

print("ready", flush=True)
for line in sys.stdin:
    deed, pk = line.split()
    child = os.fork()
    if child == 0:
        {"start": start, "sync": sync}[deed](pk)
        time.sleep(60)  # until it is killed
    print(child, flush=True)
    os.waitpid(child, 0)
"""
ASKED = {"start": "post /v1/checkout/sessions", "sync": "get /v1/checkout/sessions"}


class Worker:
    """A process that does each deed in a child, which can be killed."""

    def __init__(self, stand_in: StandIn) -> None:
        environment = os.environ | {
            "DATABASE_URL": _url(), "STRIPE_SECRET_KEY": KEY, "STRIPE_API_BASE": stand_in.url,
            "STRIPE_WEBHOOK_SECRETS": stand_in.secret, "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-c", DEEDS],
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._line() == "ready"
        self.stand_in = stand_in

    def is_killed_at(self, deed: str, row: Receivable | OnlinePayment, *, after: float | None) -> None:
        """Do it, and kill it when Stripe has: before the answer comes, or so many seconds `after` it was sent."""
        assert self.process.stdin
        with self.stand_in.holding(ASKED[deed]) as hold:
            self.process.stdin.write(f"{deed} {row.pk}\n")
            self.process.stdin.flush()
            child = int(self._line())
            hold.wait_for()
            if after is not None:
                hold.let_go()
                time.sleep(after)
            os.kill(child, signal.SIGKILL)

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()


def _url() -> str:
    """Of the database of this test, on the server of the test run."""
    return f"{postgres.url().rpartition('/')[0]}/{connection.settings_dict['NAME']}"


@pytest.fixture
def worker(stripe_server: StandIn) -> Iterator[Worker]:
    made = Worker(stripe_server)
    yield made
    made.process.kill()
    made.process.wait(timeout=10)


def invoices(count: int) -> list[Receivable]:
    hub = books.hub()
    OnlineSettings.objects.create(hub=hub, takes_payments=True)
    party = books.party(hub)
    rows = [money.asked(party, "10.00", number=f"2026-{number:04d}") for number in range(1, count + 1)]
    for row in rows:
        posting.old_item(row, on=row.issued_on)
    return rows


def sweep(*, minutes: int) -> None:
    """What the sweep does after so many minutes."""
    at = NOW + timedelta(minutes=minutes)
    for found in sweeping.due(at):
        syncing.sync(found, now=at)


@pytest.mark.parametrize("kills", [4, pytest.param(100, marks=pytest.mark.long)])
def test_killed_between_stripe_and_our_commit_everything_is_paid_once(
    worker: Worker, stripe_server: StandIn, kills: int
) -> None:
    chance = random.Random(2026)
    rows = invoices(kills // 2)
    for row in rows:
        worker.is_killed_at("start", row, after=chance.choice([None, chance.uniform(0, 0.02)]))
    assert OnlinePayment.objects.count() == len(rows), "the row is there before Stripe is asked"
    sweep(minutes=5)
    for attempt in OnlinePayment.objects.all():
        stripe_server.pay(attempt.url)
        worker.is_killed_at("sync", attempt, after=chance.choice([None, chance.uniform(0, 0.02)]))

    sweep(minutes=15)

    assert set(OnlinePayment.objects.values_list("state", flat=True)) == {OnlineState.SUCCEEDED}
    booked = JournalEntry.objects.filter(source__startswith="payment:")
    assert (Payment.objects.count(), booked.count()) == (len(rows), len(rows))
    assert Payment.objects.aggregate(sum=Sum("amount"))["sum"] == Decimal(10 * len(rows))
    assert not Receivable.objects.still_open().exists()
    assert len(stripe_server.account.all("checkout.session")) == len(rows), "each was asked under one key"


def test_control_without_a_row_before_the_call_the_money_is_nobodys(
    worker: Worker, stripe_server: StandIn
) -> None:
    """Asked inside the transaction that writes the row, as in a careless implementation: a kill takes the row away."""
    (row,) = invoices(1)
    attempt = pay_invoice.start(Receivable.objects.with_open().get(pk=row.pk), key=uuid4(), now=NOW)
    OnlinePayment.objects.all().delete()
    with transaction.atomic():
        attempt.save(force_insert=True)
        stripe_server.pay(attempt.url)
        transaction.set_rollback(True)  # killed here
    sweep(minutes=15)

    assert stripe.session(attempt.session_id).is_paid
    assert not Payment.objects.exists()
