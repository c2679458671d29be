"""Two tabs, a webhook, a sweep and a bank statement at the same moment: one page, paid and booked once, nobody hangs."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection

from tenants.billing import allocating
from tenants.billing.models import OnlinePayment, OnlineSettings, OnlineState, Payment, Receivable
from tenants.billing.online import pay_invoice, syncing
from tenants.billing.online.refusals import OnlineRefused
from tenants.billing.online.syncing import Seen
from tests import cast
from tests.billing import books, money
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
NOW = cast.NOW


@pytest.fixture
def asked(stripe_server: StandIn) -> Receivable:
    hub = books.hub()
    OnlineSettings.objects.create(hub=hub, takes_payments=True)
    return money.asked(books.party(hub), number="2026-0042")


def now_open(row: Receivable) -> Receivable:
    return Receivable.objects.with_open().select_related("hub", "party__hub").get(pk=row.pk)


def start(row: Receivable) -> str:
    return pay_invoice.start(now_open(row), key=uuid4(), now=NOW).url


def all_at_once(*deeds: Callable[[], object]) -> list[str]:
    """What went wrong, when all are released together; a refusal is no fault."""
    gate = threading.Barrier(len(deeds))

    def go(deed: Callable[[], object]) -> str:
        try:
            gate.wait(timeout=30)
            deed()
        except OnlineRefused:
            return ""
        except Exception as error:  # the outcome that must not be: it is told, not hidden
            return repr(error)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [told for told in threads.map(go, deeds) if told]


def test_many_tabs_are_one_page(asked: Receivable, stripe_server: StandIn) -> None:
    urls: list[str] = []

    assert all_at_once(*[lambda: urls.append(start(asked))] * 6) == []

    assert len(urls) == 6
    assert len(set(urls)) == 1
    assert len(stripe_server.account.all("checkout.session")) == 1


def test_many_who_look_at_once_book_it_once(asked: Receivable, stripe_server: StandIn) -> None:
    """Held between asking Stripe and writing, so that all of them have seen the same before anybody writes."""
    start(asked)
    attempt = OnlinePayment.objects.get()
    stripe_server.pay(attempt.url)
    with stripe_server.holding("get /v1/checkout/sessions") as hold:
        looks = [lambda: syncing.sync(attempt, now=NOW)] * 10

        def release() -> None:
            hold.wait_for(10)
            hold.let_go()

        assert all_at_once(*looks, release) == []

    assert OnlinePayment.objects.get().state == OnlineState.SUCCEEDED
    assert Payment.objects.count() == 1


def test_who_saw_less_never_writes_over_who_saw_more(
    asked: Receivable, stripe_server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one who saw it waiting for the bank has read the row, and writes last: it is paid all the same."""
    start(asked)
    attempt = OnlinePayment.objects.get()
    has_read, other_is_done, learn = threading.Event(), threading.Event(), syncing._learn

    def slowly(row: OnlinePayment, seen: Seen) -> None:
        if seen.state == OnlineState.PROCESSING:
            has_read.set()
            other_is_done.wait(timeout=1)
        learn(row, seen)

    monkeypatch.setattr(syncing, "_learn", slowly)
    known = {"session_id": attempt.session_id, "intent_id": "pi_1"}

    def saw_more() -> None:
        has_read.wait(timeout=10)
        syncing._applied(attempt, Seen(OnlineState.SUCCEEDED, received=Decimal(100), **known), now=NOW)
        other_is_done.set()

    less = Seen(OnlineState.PROCESSING, **known)
    assert all_at_once(lambda: syncing._applied(attempt, less, now=NOW), saw_more) == []

    attempt.refresh_from_db()
    assert (attempt.state, attempt.payment) == (OnlineState.SUCCEEDED, Payment.objects.get())


def test_control_without_the_lock_and_the_key_it_is_booked_twice(
    asked: Receivable, stripe_server: StandIn
) -> None:
    """As in a careless implementation: seen as not booked yet by both, and booked by both."""
    start(asked)
    attempt = OnlinePayment.objects.get()
    both_have_seen = [OnlinePayment.objects.get(pk=attempt.pk) for _ in range(2)]
    for each in both_have_seen:
        if each.payment_id is None:
            money.paid(each.party, "100.00")
    assert Payment.objects.count() == 2


@pytest.mark.parametrize("_round", range(3))
def test_starting_stopping_looking_and_the_bank_never_wait_for_each_other_for_ever(
    asked: Receivable, stripe_server: StandIn, _round: int
) -> None:
    start(asked)
    attempt = OnlinePayment.objects.get()
    stripe_server.pay(attempt.url)
    transfer = money.paid(asked.party, "100.00")

    def of_the_bank() -> None:
        allocating.pay_off(transfer, [asked], rule="reference", now=NOW)

    told = all_at_once(
        lambda: syncing.sync(attempt, now=NOW),
        lambda: syncing.sync(attempt, now=NOW),
        lambda: start(asked),
        lambda: pay_invoice.stop(now_open(asked), now=NOW),
        of_the_bank,
    )

    assert told == []
    paid = Payment.objects.filter(method="online")
    assert paid.count() == 1
    assert sum(money.left_of(each) for each in Payment.objects.all()) == Decimal("100.00")
    assert now_open(asked).open_amount == 0
