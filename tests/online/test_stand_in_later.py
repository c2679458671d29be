"""What happens after the payer has gone, as Stripe tells it: mandates, debits, disputes, payouts, webhooks, outages."""

import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import stripe

from tests import cast
from tests.online.test_stand_in import page, refused
from tests.stand_in.stand_in import KEY, StandIn


@pytest.fixture
def v1(stripe_server: StandIn) -> Any:
    client = stripe.StripeClient(KEY, base_addresses={"api": stripe_server.url}, max_network_retries=0)
    return client.v1


@pytest.fixture
def debit(v1, stripe_server) -> Any:
    """debit(amount in cents, **more): asks for a debit by a mandate that was given."""
    customer = v1.customers.create({"name": "Accare"}).id
    asked = {"mode": "setup", "currency": "eur", "customer": customer, "success_url": "http://testserver/"}
    session = v1.checkout.sessions.create({**asked, "allowed_payment_method_types": ["sepa_debit"]})
    given = stripe_server.give_mandate(session.url)

    def collect(amount: int, **more: Any) -> Any:
        fixed = {"currency": "eur", "customer": customer, "off_session": True, "confirm": True}
        own = {"payment_method": given["payment_method"], "mandate": given["mandate"]}
        target = {"sepa_debit": {"target_date": (cast.NOW.date() + timedelta(5)).isoformat()}}
        asked = {"amount": amount, **fixed, **own, "payment_method_options": target, **more}
        return v1.payment_intents.create({**asked, "allowed_payment_method_types": ["sepa_debit"]})

    return collect


def on(day: date) -> dict[str, Any]:
    return {"payment_method_options": {"sepa_debit": {"target_date": day.isoformat()}}}


def test_a_debit_waits_for_the_bank_and_can_be_taken_back_weeks_later(v1, stripe_server, debit):
    asked = debit(95_000)
    assert asked.status == "processing"
    assert refused(v1.payment_intents.cancel, asked.id)[1] == "payment_intent_unexpected_state"
    stripe_server.settle(asked.id)
    assert v1.payment_intents.retrieve(asked.id).amount_received == 95_000
    stripe_server.dispute(asked.id)
    [dispute] = v1.disputes.list({"payment_intent": asked.id}).data
    assert (dispute.status, dispute.amount, dispute.balance_transactions[0].net) == ("lost", 95_000, -95_750)
    assert refused(v1.refunds.create, {"payment_intent": asked.id})[1] == "charge_disputed"


def test_what_a_debit_may_not(v1, stripe_server, debit):
    assert refused(debit, 1_000_001) == (400, "amount_too_large", "amount")
    assert refused(debit, 49) == (400, "amount_too_small", "amount")
    for days in (2, 16):
        assert refused(debit, 5_000, **on(cast.NOW.date() + timedelta(days)))[0] == 400
    for days in (3, 15):
        assert debit(5_000, **on(cast.NOW.date() + timedelta(days))).status == "processing"
    failed = debit(5_000)
    stripe_server.fail(failed.id)
    seen = v1.payment_intents.retrieve(failed.id)
    assert (seen.status, seen.last_payment_error.code) == ("requires_payment_method", "insufficient_funds")
    [method] = stripe_server.account.all("payment_method")
    v1.payment_methods.detach(method["id"])
    [mandate] = stripe_server.account.all("mandate")
    assert v1.mandates.retrieve(mandate["id"]).status == "inactive"
    assert refused(debit, 5_000)[0] == 400


def test_an_unknown_account_gives_no_mandate_and_may_be_tried_again(v1, stripe_server):
    customer = v1.customers.create({"name": "Accare"}).id
    asked = {"mode": "setup", "currency": "eur", "customer": customer, "success_url": "http://testserver/"}
    session = v1.checkout.sessions.create({**asked, "allowed_payment_method_types": ["sepa_debit"]})
    stripe_server.give_mandate(session.id, agreed=False)
    seen = v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
    assert (seen.status, seen.setup_intent.last_setup_error.code) == ("open", "invalid_bank_account_iban")
    stripe_server.give_mandate(session.id, last4="0264")
    seen = v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent.payment_method"]})
    assert seen.setup_intent.payment_method.sepa_debit.last4 == "0264"


def test_a_payout_is_its_movements_and_the_balance_is_what_is_left(v1, stripe_server):
    paid = stripe_server.pay(v1.checkout.sessions.create(page()).id, "card")
    v1.refunds.create({"payment_intent": paid["id"], "amount": 1000})
    dispute = stripe_server.dispute(paid["id"], amount=None)
    stripe_server.close_dispute(dispute["id"], won=True)
    payout = stripe_server.pay_out()
    moves = list(v1.balance_transactions.list({"payout": payout["id"], "limit": 2}).auto_paging_iter())
    assert [(move.type, move.amount, move.fee) for move in moves] == [
        ("payout", -1112, 0),
        ("adjustment", 4200, 0),
        ("adjustment", -4200, 2000),
        ("refund", -1000, 0),
        ("charge", 4200, 88),
    ]
    assert payout["amount"] == sum(move.net for move in moves if move.type != "payout") == 1112
    left = v1.balance.retrieve()
    assert [left.available[0].amount, left.pending[0].amount] == [0, 0]
    stripe_server.payout_fails(payout["id"])
    assert v1.payouts.retrieve(payout["id"]).failure_code == "account_closed"


def test_events_can_be_read_back_from_a_moment_on(v1, stripe_server):
    v1.customers.create({"name": "Accare"})
    stripe_server.at(cast.NOW + timedelta(hours=1))
    later = v1.customers.create({"name": "GGD"})
    since = int((cast.NOW + timedelta(minutes=1)).timestamp())
    [event] = v1.events.list({"created": {"gte": since}}).auto_paging_iter()
    assert (event.type, event.data.object.id) == ("customer.created", later.id)


def test_webhooks_go_on_until_they_are_taken(v1, stripe_server, website):
    address, got = website
    v1.customers.create({"name": "Accare"})
    first, *_ = stripe_server.owed()
    assert stripe_server.deliver("http://127.0.0.1:9") == [0]
    stripe_server.post.keep_sending(address)
    stripe_server.post.wait_until_told()
    assert len(got.letters) == 2  # refused once with a 500, then taken
    for body, signature in got.letters:
        event = stripe.Webhook.construct_event(body, signature, stripe_server.secret)
        assert event.id == first["id"]


@pytest.mark.parametrize(
    ("way", "what", "did_it"),
    [
        ("before", stripe.APIError, False),
        ("dropped", stripe.APIConnectionError, False),
        ("busy", stripe.RateLimitError, False),
        ("after", stripe.APIError, True),
        ("lost", stripe.APIConnectionError, True),
        ("stuck", stripe.APIError, True),
    ],
)
def test_each_way_in_which_an_answer_goes_wrong(v1, stripe_server, way, what, did_it):
    stripe_server.goes_wrong("post /v1/customers", way)
    for _ in range(2 if way == "stuck" else 1):
        with pytest.raises(what):
            v1.customers.create({"name": "Accare"}, {"idempotency_key": "k"})
    assert len(stripe_server.account.all("customer")) == did_it
    if way != "stuck":
        v1.customers.create({"name": "Accare"}, {"idempotency_key": "k"})
    assert len(stripe_server.account.all("customer")) == 1


def test_an_answer_that_waits_was_done_already(v1, stripe_server):
    with stripe_server.holding("post /v1/customers") as hold:
        asking = [threading.Thread(target=v1.customers.create, args=({"name": "A"},)) for _ in range(2)]
        for one in asking:
            one.start()
        hold.wait_for(2)
        assert len(stripe_server.account.all("customer")) == 2
        assert all(one.is_alive() for one in asking)
        hold.let_go()
        for one in asking:
            one.join(10)


class Got:
    def __init__(self) -> None:
        self.letters: list[tuple[bytes, str]] = []

    def add(self, body: bytes, signature: str) -> int:
        self.letters.append((body, signature))
        return 500 if len(self.letters) == 1 else 200


@pytest.fixture
def website():
    """A website that refuses the first letter and takes the others."""
    got = Got()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(got.add(body, self.headers["Stripe-Signature"]))
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", got
    server.shutdown()
    server.server_close()
