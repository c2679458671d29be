"""Fault 8: events twice, ten at once, in any order, days late. Whatever comes how, what stands in the books is the same."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tenants.billing import paying
from tenants.billing.books import posting
from tenants.billing.models import JournalEntry, OnlinePayment, Payment, Receivable, StripeEvent
from tenants.billing.online import attempts, syncing
from tenants.billing.online.attempts import Ask
from tenants.billing.querysets import OnlinePaymentQuerySet
from tenants.parties.models import Letter
from tests.billing import books
from tests.billing import money as bills
from tests.cast import NOW
from tests.online import money
from tests.online.ringing import event, handle, later
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
SHORT, LONG = 15, 1000
AT_ONCE = 10
Step = Callable[[], object]


class Story:
    """An invoice of 100 paid by card at the second try, of which 30 goes back; then the payer takes the rest back."""

    numbers = count(1)

    def __init__(self, server: StandIn, hub: Any) -> None:
        self.server, number = server, next(self.numbers)
        party = books.party(hub, f"Praktijk {number}", email=f"praktijk{number}@example.nl")
        self.asked = bills.asked(party, number=f"2026-{number:04}")
        posting.old_item(self.asked, on=NOW.date())
        ask = Ask(party, self.asked.amount, f"Factuur {number}", "/facturen", receivable=self.asked)
        self.row = attempts.open_session(attempts.make(ask, now=NOW), now=NOW)
        self.intent = ""

    def steps(self) -> Iterator[Step]:
        yield lambda: self._pay("declined")
        yield lambda: self._pay("paid")
        yield lambda: self.server.refund_in_dashboard(self.intent, Decimal(30))
        yield lambda: self.server.dispute(self.intent, amount=Decimal(70))

    def _pay(self, outcome: str) -> None:
        self.intent = self.server.pay(self.row.session_id, "card", outcome)["id"]

    def ended(self) -> dict[str, object]:
        """What stands in the books of it, whatever the ids."""
        row = OnlinePayment.objects.get(pk=self.row.pk)
        payments = Payment.objects.filter(party=self.asked.party)
        booked = JournalEntry.objects.filter(source__in=[f"payment:{each.pk}" for each in payments])
        return {
            "attempt": (row.state, row.method, bool(row.payment)),
            "money": sorted(str(each.amount) for each in payments),
            "booked": booked.count(),
            "refunds": [(each.state, str(each.amount), bool(each.booked)) for each in row.refunds.all()],
            "disputes": [(each.state, str(each.amount), bool(each.taken)) for each in row.disputes.all()],
            "open": str(Receivable.objects.with_open().get(pk=self.asked.pk).open_amount),
            "letters": sorted(Letter.objects.filter(party=self.asked.party).values_list("kind", flat=True)),
        }


def in_order(server: StandIn, hub: Any) -> dict[str, object]:
    story = Story(server, hub)
    for step in story.steps():
        step()
        server.deliver(Client())
        handle()
    return story.ended()


def strangers(number: int) -> list[dict[str, Any]]:
    """An unknown kind under another version of the API, and something of another account."""
    account = {"account": "acct_somebodyelse", "id": f"evt_account{number}"}
    return [event("payment.was_reimagined", id=f"evt_kind{number}"), event("charge.succeeded", **account)]


def shuffled(server: StandIn, hub: Any, *, seed: int) -> dict[str, object]:
    """Events come twice, in any order, before and after others happen; some are looked at at once, some days later."""
    rng, story, told = random.Random(seed), Story(server, hub), 0
    waiting: list[dict[str, Any]] = strangers(seed)
    for step in story.steps():
        step()
        new = server.account.all("event")[: len(server.owed()) - told]
        told = len(server.owed())
        waiting += new * 2
        rng.shuffle(waiting)
        cut = rng.randrange(len(waiting) + 1)
        _deliver(server, waiting[:cut], rng)
        waiting = waiting[cut:]
    _deliver(server, waiting, rng)
    for each in server.owed():
        server.post.drop(each)
    handle(now=later(days=3))
    return story.ended()


def _deliver(server: StandIn, events: list[dict[str, Any]], rng: random.Random) -> None:
    for each in events:
        assert server.post.send(Client(), server.post.body(each)) == 200
        if rng.random() < 0.4:
            handle(now=later(minutes=rng.randrange(3)))


def one_end_state(server: StandIn, *, seeds: int) -> None:
    hub = money.hub()
    expected = in_order(server, hub)
    assert expected["attempt"] == ("succeeded", "card", True)
    assert expected["money"] == ["-30.00", "-70.00", "100.00"]
    assert expected["open"] == "100.00"

    for seed in range(seeds):
        assert shuffled(server, hub, seed=seed) == expected, f"seed {seed}"

    assert not StripeEvent.objects.filter(handled_at=None).exists()


def test_any_order_ends_the_same(stripe_server: StandIn) -> None:
    one_end_state(stripe_server, seeds=SHORT)


@pytest.mark.long
def test_a_thousand_orders_end_the_same(stripe_server: StandIn) -> None:
    one_end_state(stripe_server, seeds=LONG)


def at_once(deed: Callable[[], object], *, clients: int = AT_ONCE) -> list[object]:
    """The deed by each client in a thread of its own, released together."""
    barrier = threading.Barrier(clients)

    def run(_client: int) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return deed()
        except Exception as fault:
            return type(fault).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(clients) as threads:
        return list(threads.map(run, range(clients)))


@contextmanager
def all_seen_before_one_writes(clients: int = AT_ONCE) -> Iterator[None]:
    """Everybody has asked Stripe before anybody writes what it said: the worst moment there is."""
    look, barrier = syncing.look, threading.Barrier(clients)

    def look_and_wait(*args: Any, **kwargs: Any) -> syncing.Seen:
        seen = look(*args, **kwargs)
        barrier.wait(timeout=30)
        return seen

    with pytest.MonkeyPatch.context() as stop:
        stop.setattr(syncing, "look", look_and_wait)
        yield


@contextmanager
def guards_off() -> Iterator[None]:
    """Nobody locks the attempt, and its payment has no key: what most shops do."""
    receive = paying.receive

    def receive_again(*args: Any, **kwargs: Any) -> Payment:
        return receive(*args, **kwargs | {"key": ""})

    with pytest.MonkeyPatch.context() as guard:
        guard.setattr(OnlinePaymentQuerySet, "select_for_update", lambda self, **_how: self)
        guard.setattr(paying, "receive", receive_again)
        yield


def paid_by_ten_looks(server: StandIn) -> int:
    """How often the money of one payment is in the books after ten looks at once."""
    story = Story(server, money.hub())
    server.pay(story.row.session_id)
    with all_seen_before_one_writes():
        outcomes = at_once(lambda: syncing.sync(OnlinePayment.objects.get(pk=story.row.pk), now=NOW).state)
    assert "succeeded" in outcomes
    return Payment.objects.filter(party=story.asked.party).count()


def test_ten_looks_at_once_book_the_money_once(stripe_server: StandIn) -> None:
    assert paid_by_ten_looks(stripe_server) == 1


def test_control_without_the_guards_the_same_money_is_booked_more_than_once(stripe_server: StandIn) -> None:
    with guards_off():
        assert paid_by_ten_looks(stripe_server) > 1


def told_by_ten(server: StandIn) -> tuple[list[object], int]:
    """What ten deliveries of one event at once were answered, and how many are kept."""
    server.pay(Story(server, money.hub()).row.session_id)
    body = server.post.body(server.owed()[0])
    answers = at_once(lambda: server.post.send(Client(), body))
    return answers, StripeEvent.objects.count()


def test_an_event_that_comes_ten_times_at_once_is_kept_once(stripe_server: StandIn) -> None:
    assert told_by_ten(stripe_server) == ([200] * AT_ONCE, 1)


def test_control_without_its_constraint_it_is_kept_ten_times(stripe_server: StandIn) -> None:
    field = StripeEvent._meta.get_field("event_id")
    loose = field.clone()
    loose._unique = False
    loose.set_attributes_from_name("event_id")
    with connection.schema_editor() as editor:
        editor.alter_field(StripeEvent, field, loose)
    try:
        assert told_by_ten(stripe_server) == ([200] * AT_ONCE, AT_ONCE)
    finally:
        StripeEvent.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.alter_field(StripeEvent, loose, field)


def test_two_workers_that_look_at_the_same_events_at_once_do_it_once(stripe_server: StandIn) -> None:
    story = Story(stripe_server, money.hub())
    for step in story.steps():
        step()
    stripe_server.deliver(Client())

    at_once(handle, clients=4)
    handle(now=later(hours=2))  # what one lost from another is tried again

    assert story.ended() == in_order(stripe_server, story.asked.hub)
