"""A party's account with money that comes and goes online, in any order: it always adds up, to the cent."""

from collections.abc import Callable
from datetime import datetime, time
from decimal import Decimal
from itertools import count
from uuid import uuid4

import pytest
from django.db import transaction

from tenants.billing import ledger, refunding
from tenants.billing.banking.invariants import INVARIANTS as OF_MONEY
from tenants.billing.books.invariants import INVARIANTS as OF_BOOKS
from tenants.billing.models import (
    JournalLine,
    OnlineDispute,
    OnlinePayment,
    OnlineRefund,
    OnlineState,
    Payment,
    Receivable,
    Refund,
)
from tenants.billing.online import disputing, returning, syncing
from tenants.billing.online import refunding as online
from tenants.billing.online.invariants import INVARIANTS as OF_ONLINE
from tenants.billing.online.syncing import Seen
from tenants.billing.refusals import PayingRefused
from tenants.billing.stripe import DisputeSeen, RefundSeen
from tests import cast
from tests.dunning import test_ledger
from tests.dunning.asking import eur

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal


class Stripe:
    """What moved on our balance there, beside the code under test: the account of online payments must say the same."""

    def __init__(self) -> None:
        self.balance, self.number = D(0), count(1)
        self.counted: dict[str, Decimal] = {}

    def is_at(self, name: str, amount: Decimal) -> None:
        """This much of a payment, refund or dispute is in or out by now."""
        self.balance += amount - self.counted.get(name, D(0))
        self.counted[name] = amount


class Random(test_ledger.Random):
    """Also pays online, gives back, and lets banks refuse and take back, in no order and more than once."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.stripe = Stripe()

    def go(self, steps: int) -> None:
        deeds: list[Callable[[], None]] = [
            self.ask, self.ask, self.credit, self.pay, self.undo, self.settle, self.refund,
            self.give_up, self.pay_online, self.pay_online, self.pay_online, self.give_back, self.give_back, self.send, self.send,
            self.bank_refuses, self.dashboard, self.dispute, self.judge, self.again, self.look_again,
        ]  # fmt: skip
        self.ask()
        self.pay_online()
        for _step in range(steps):
            self.day += test_ledger.timedelta(days=self.chance.randrange(5))
            try:
                self.chance.choice(deeds)()
            except PayingRefused:
                continue  # as it should be: nothing was written
            self.adds_up()

    @property
    def now(self) -> datetime:
        return datetime.combine(self.day, time(9), tzinfo=self.party.hub.zone)

    def pay_online(self) -> None:
        row = Receivable.objects.filter(party=self.party).to_pay().order_by("?").first()
        if row is None:
            return
        paying = OnlinePayment.objects.create(
            hub=row.hub, party=self.party, receivable=row, amount=row.open_amount, description=row.number, is_test=False,
            expires_at=self.now, created_at=self.now, intent_id=f"pi_{uuid4().hex}", email="betaler@example.nl",
        )  # fmt: skip
        extra = D(self.chance.choice(["0", "0", "12.34"]))  # what was open became less meanwhile
        seen = Seen(OnlineState.SUCCEEDED, received=row.open_amount + extra, intent_id=paying.intent_id)
        with transaction.atomic(durable=True):
            syncing.apply(paying, seen, now=self.now)
        self.stripe.is_at(f"payment {paying.pk}", row.open_amount + extra)

    def give_back(self) -> None:
        for credit in refunding.credits_at(self.party.hub):
            for way in online.ways(credit)[:1]:
                amount = min(way.left, credit.free, eur(self.amount()))
                online.put_on_list(
                    credit, through=way.online, amount=amount, reason="terug", key=uuid4(), by=self.clerk, now=self.now
                )  # fmt: skip
                return

    def send(self) -> None:
        row = OnlineRefund.objects.filter(state__in=["new", "pending"]).order_by("?").first()
        if row:
            self.refunded(row, self.chance.choice(["pending", "succeeded"]))

    def bank_refuses(self) -> None:
        row = OnlineRefund.objects.exclude(state="failed").order_by("?").first()
        if row:
            self.refunded(row, "failed")

    def again(self) -> None:
        failed = Refund.objects.filter(state="listed", through__isnull=False)
        if row := failed.exclude(online_refunds__state__in=["new", "pending", "succeeded"]).first():
            online.again(row, by=self.clerk, now=self.now)

    def look_again(self) -> None:
        row = OnlineRefund.objects.exclude(state="new").order_by("?").first()
        if row:
            self.refunded(row, self.chance.choice(["pending", "succeeded", row.state]))

    def refunded(self, row: OnlineRefund, state: str) -> None:
        name = row.stripe_id or f"re_{row.pk.hex}"
        seen = RefundSeen(name, state, row.amount, str(row.pk), "", self.now)
        row = returning.apply(row.online, seen, now=self.now)
        self.stripe.is_at(name, D(0) if row.state == "failed" else -row.amount)

    def dashboard(self) -> None:
        """At Stripe nobody gives back more than came and is still there."""
        paying = self.some_online()
        left = self.at_stripe(paying) if paying else D(0)
        if paying and left > 0:
            amount, name = min(left, eur(self.amount())), f"re_{next(self.stripe.number)}"
            returning.apply(paying, RefundSeen(name, "succeeded", amount, "", "", self.now), now=self.now)
            self.stripe.is_at(name, -amount)

    def dispute(self) -> None:
        """A bank takes back the whole, whatever went back before; a debit for good, of a card until it is judged."""
        paying = self.some_online()
        if paying and paying.payment and not paying.disputes.exists():
            self.disputed(paying, f"du_{next(self.stripe.number)}", self.chance.choice(["answer", "lost"]))

    def judge(self) -> None:
        row = OnlineDispute.objects.order_by("?").first()
        if row and row.state in ("answer", "review"):
            self.disputed(row.online, row.stripe_id, self.chance.choice(["review", "won", "lost"]))

    def disputed(self, paying: OnlinePayment, name: str, state: str) -> None:
        amount, gone = paying.payment.amount, state != "won"
        seen = DisputeSeen(name, state, amount, "fraudulent", None, is_withdrawn=gone)
        for _look in range(2):
            disputing.apply(paying, seen, now=self.now)
        self.stripe.is_at(name, -amount if gone else D(0))

    def some_online(self) -> OnlinePayment | None:
        return OnlinePayment.objects.filter(state="succeeded").order_by("?").first()

    def at_stripe(self, paying: OnlinePayment) -> Decimal:
        names = {f"payment {paying.pk}"} | {f"re_{row.pk.hex}" for row in paying.refunds.all()}
        names |= set(paying.refunds.values_list("stripe_id", flat=True))
        names |= set(paying.disputes.values_list("stripe_id", flat=True))
        waiting = paying.refunds.filter(state="new").values_list("amount", flat=True)
        return sum((self.stripe.counted.get(name, D(0)) for name in names), D(0)) - sum(waiting, D(0))

    def adds_up(self) -> None:
        assert self.of("online") == self.stripe.balance
        account = ledger.of(self.party)
        assert account.closing == sum((row.open_amount for row in account.open_items), D(0)) - account.credit
        assert self.of("debtors") == account.closing
        broken = [it.words for it in (*OF_BOOKS, *OF_MONEY, *OF_ONLINE) if it.look(cast.NOW).broken]
        assert broken == []

    def of(self, role: str) -> Decimal:
        rows = JournalLine.objects.filter(account__role=role).values_list("debit", "credit")
        return sum((debit - credit for debit, credit in rows), D(0))


@pytest.mark.parametrize(
    "seed", [*range(8), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(100, 200))]
)
def test_whatever_comes_and_goes_online_the_account_adds_up(seed: int) -> None:
    life = Random(seed)
    life.go(80)
    assert Payment.objects.filter(method="online").exists()
