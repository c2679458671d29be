"""What Stripe rings for is kept once and looked at once; whatever fails is tried again and stops nothing else."""

from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from bookings import tasks
from bookings.paying import sweeping
from tenants.billing import stripe
from tenants.billing import tasks as billing_tasks
from tenants.billing.models import (
    BalanceMove,
    OnlineMandate,
    OnlinePayment,
    OnlineState,
    Payment,
    Payout,
    StripeEvent,
)
from tenants.billing.online import attempts, inbox, mandating, settings
from tenants.billing.online.attempts import Ask
from tenants.billing.stripe import patience
from tests import cast
from tests.billing import books
from tests.billing import money as bills
from tests.cast import NOW
from tests.online import money
from tests.online.ringing import event, handle, kept, later, told

pytestmark = pytest.mark.django_db(transaction=True)
SUCCEEDED = ["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    """What is tried again is tried at once."""
    monkeypatch.setattr(patience, "PAUSE", 0.01)


@pytest.fixture
def opened(stripe_server):
    """An attempt of which the page is open."""
    row = bills.asked(books.party(money.hub()), number="2026-0001")
    ask = Ask(row.party, row.amount, "Factuur 2026-0001", "/facturen", receivable=row, email="a@example.nl")
    return attempts.open_session(attempts.make(ask, now=NOW), now=NOW)


def state_of(row: OnlinePayment) -> tuple[str, list[str]]:
    amounts = Payment.objects.filter(method="online").values_list("amount", flat=True)
    return OnlinePayment.objects.get(pk=row.pk).state, [str(amount) for amount in amounts]


def test_a_payment_is_booked_when_stripe_rings_and_not_before(stripe_server, opened):
    stripe_server.pay(opened.session_id)
    asked_before = len(stripe_server.requests)

    assert set(stripe_server.deliver(Client())) == {200}

    assert len(stripe_server.requests) == asked_before  # the answer waits for nobody
    assert state_of(opened) == ("open", [])
    handle()
    assert state_of(opened) == ("succeeded", ["100.00"])
    assert all(handled for _kind, handled, _error in kept())


def test_what_the_event_says_is_not_believed(stripe_server, opened):
    lie = event(
        "checkout.session.completed",
        object={
            "id": opened.session_id,
            "object": "checkout.session",
            "payment_status": "paid",
            "amount_total": 1,
        },
    )
    assert stripe_server.deliver(Client(), [lie]) == [200]
    handle()

    assert state_of(opened) == ("open", [])


def test_it_may_ring_before_the_answer_of_stripe_was_stored(stripe_server, opened):
    stripe_server.pay(opened.session_id)
    OnlinePayment.objects.filter(pk=opened.pk).update(session_id="", url="", state=OnlineState.NEW)

    told(stripe_server)

    assert state_of(opened) == ("succeeded", ["100.00"])


def test_many_events_about_one_payment_are_one_question(stripe_server, opened):
    stripe_server.pay(opened.session_id)
    stripe_server.deliver(Client(), times=3)
    before = len(stripe_server.asked("get /v1/checkout/sessions"))

    handle()

    assert len(stripe_server.asked("get /v1/checkout/sessions")) == before + 1
    assert all(handled for _kind, handled, _error in kept())


@pytest.mark.parametrize(
    "stranger",
    [
        event(),
        event("payment_intent.reconsidered", object={"id": "pi_unknown", "object": "payment_intent"}),
        event("charge.succeeded", object=None),
        event("refund.created", object={"id": "re_unknown", "metadata": {"refund": "no uuid"}}),
        event("checkout.session.completed", account="acct_somebodyelse", object={"id": "ours"}),
        event("checkout.session.completed", livemode=True, object={"id": "ours"}),
    ],
    ids=["unknown kind", "unknown payment", "no object", "no id of ours", "other account", "real money"],
)
def test_what_is_not_ours_is_kept_and_passed_over(stripe_server, opened, stranger):
    before = len(stripe_server.requests)
    stranger["data"]["object"] = stranger["data"]["object"] or {}
    if stranger["data"]["object"].get("id") == "ours":
        stranger["data"]["object"]["id"] = opened.session_id

    assert stripe_server.deliver(Client(), [stranger]) == [200]
    assert handle() == 1

    assert kept() == [(stranger["type"], True, "")]
    assert len(stripe_server.requests) == before


def test_an_outage_is_waited_for_longer_each_time(stripe_server, opened):
    stripe_server.pay(opened.session_id)
    stripe_server.deliver(Client(), stripe_server.owed()[-1:])
    stripe_server.goes_wrong("get /v1/checkout/sessions", "before", times=None)

    assert [handle(now=later(minutes=minutes)) for minutes in (0, 1, 2, 3, 6)] == [0] * 5
    row = StripeEvent.objects.get()
    assert (row.attempts, row.handled_at, row.error.split(":")[0]) == (3, None, "Unavailable")
    assert state_of(opened) == ("open", [])

    stripe_server.mend()
    assert handle(now=later(minutes=14)) == 1
    assert state_of(opened) == ("succeeded", ["100.00"])


def test_what_fails_keeps_nothing_else_waiting(stripe_server, opened):
    other = bills.asked(books.party(opened.hub, "Logopedie"), "50.00", number="2026-0002")
    ask = Ask(
        other.party, other.amount, "Factuur 2026-0002", "/facturen", receivable=other, email="b@example.nl"
    )
    second = attempts.open_session(attempts.make(ask, now=NOW), now=NOW)
    for row in (opened, second):
        stripe_server.pay(row.session_id)
    stripe_server.goes_wrong(f"get /v1/checkout/sessions/{opened.session_id}", "before", times=None)

    told(stripe_server)

    assert OnlinePayment.objects.get(pk=opened.pk).state == "open"
    assert OnlinePayment.objects.get(pk=second.pk).state == "succeeded"


def test_while_stripe_is_away_only_a_few_questions_are_asked(stripe_server, opened):
    hub, rows = opened.hub, [opened]
    for number in range(2, 6):
        asked = bills.asked(books.party(hub, f"Praktijk {number}"), number=f"2026-000{number}")
        ask = Ask(asked.party, asked.amount, f"Factuur {number}", "/facturen", receivable=asked)
        rows.append(attempts.open_session(attempts.make(ask, now=NOW), now=NOW))
    for row in rows:
        stripe_server.pay(row.session_id)
    stripe_server.deliver(Client(), stripe_server.owed())
    stripe_server.goes_wrong("get /v1/checkout/sessions", "before", times=None)

    assert handle() == 0
    assert len({one.path for one in stripe_server.asked("get /v1/checkout/sessions")}) == inbox.MOST_IN_VAIN
    assert sweeping.look(now=later(minutes=30)) == 0
    assert OnlinePayment.objects.filter(looked_at=later(minutes=30)).count() == inbox.MOST_IN_VAIN

    stripe_server.mend()
    handle(now=later(hours=2))
    assert set(OnlinePayment.objects.values_list("state", flat=True)) == {"succeeded"}


def test_a_mandate_a_refund_a_dispute_and_a_payout_ring_too(stripe_server, opened):
    settings.OnlineSettings.objects.filter(hub=opened.hub).update(collects=True)
    by = cast.staff(opened.hub, "bookkeeper")
    mandate = mandating.open_page(mandating.begin(opened.party, by=by, now=NOW))
    stripe_server.give_mandate(mandate.session_id)
    intent = stripe_server.pay(opened.session_id, method="card")["id"]
    told(stripe_server)
    assert OnlineMandate.objects.get().state == "active"

    stripe_server.refund_in_dashboard(intent, Decimal(30))
    told(stripe_server)
    assert [str(row.amount) for row in OnlinePayment.objects.get(pk=opened.pk).refunds.all()] == ["30.00"]

    payout = stripe_server.pay_out()
    told(stripe_server)
    assert [row.stripe_id for row in Payout.objects.all()] == [payout["id"]]

    stripe_server.dispute(intent)
    told(stripe_server)
    assert OnlinePayment.objects.get(pk=opened.pk).disputes.count() == 1


def test_events_that_never_came_are_asked_for(stripe_server, opened):
    stripe_server.pay(opened.session_id)
    stripe_server.deliver(Client(), stripe_server.owed()[:1])

    assert inbox.fetch_missed(now=later(minutes=1)) == len(stripe_server.account.all("event")) - 1
    assert inbox.fetch_missed(now=later(hours=1)) == 0

    handle()
    assert state_of(opened) == ("succeeded", ["100.00"])
    assert StripeEvent.objects.filter(was_fetched=False).count() == 1


def test_an_event_of_three_days_ago_is_looked_at_as_it_is_now(stripe_server, opened):
    stripe_server.pay(opened.session_id)
    old = stripe_server.owed()
    told(stripe_server)

    stripe_server.deliver(Client(), old[::-1])
    handle(now=later(days=3))

    assert state_of(opened) == ("succeeded", ["100.00"])


def test_the_words_of_an_event_are_forgotten_after_a_month(stripe_server, opened):
    stripe_server.pay(opened.session_id)
    for told_of in stripe_server.owed():
        inbox.store(told_of, now=NOW)
    handle()
    kept_before = StripeEvent.objects.count()

    assert inbox.forget(now=later(days=29)) == 0
    assert inbox.forget(now=later(days=31)) == kept_before
    assert StripeEvent.objects.filter(payload__isnull=True).count() == kept_before


def test_without_a_key_nothing_is_asked_and_nothing_is_lost(stripe_server, opened, settings):
    stripe_server.pay(opened.session_id)
    stripe_server.deliver(Client())
    settings.STRIPE_SECRET_KEY = ""

    assert handle() == 0
    assert inbox.fetch_missed(now=NOW) == 0

    assert StripeEvent.objects.filter(handled_at=None).count() == StripeEvent.objects.count() > 0


def test_what_cannot_be_kept_is_refused_whole(stripe_server):
    with pytest.raises(inbox.NotAnEvent):
        inbox.store(event("a\x00b"), now=NOW)
    assert kept() == []
    assert stripe.is_on()


def test_the_worker_does_all_of_it(stripe_server, opened):
    """Somebody pays and closes the tab; the webhook is lost; the next morning the account agrees."""
    stripe_server.pay(opened.session_id)
    with time_machine.travel(later(minutes=5), tick=False):
        assert tasks.handle_stripe_events() == 0
        assert tasks.look_at_payments() == 1
        assert state_of(opened) == ("succeeded", ["100.00"])

        assert billing_tasks.fetch_stripe_events() == len(stripe_server.account.all("event"))
        assert tasks.handle_stripe_events() == len(stripe_server.account.all("event"))
        billing_tasks.reconcile_stripe()
        assert BalanceMove.objects.count() == 1
