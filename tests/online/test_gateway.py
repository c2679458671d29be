"""What goes through the door to Stripe, and what comes back: the real client, over HTTP, to the stand-in."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tenants.billing import stripe
from tenants.billing.stripe.values import cents, euros
from tests import cast
from tests.stand_in.stand_in import StandIn

PAGE = stripe.CheckoutAsk(
    amount=Decimal("37.51"), description="Spreekkamer 2", reference="7e5c", hub="locplus",
    email="dietist@example.nl", language="nl", methods=("ideal", "card"),
    success_url="http://localhost:8000/terug", cancel_url="http://localhost:8000/terug",
    expires_at=cast.NOW + timedelta(minutes=32),
)  # fmt: skip


def paid(server: StandIn, amount: str = "37.51", key: str = "locplus:checkout:7e5c:1") -> stripe.Session:
    session = stripe.open_checkout(replace(PAGE, amount=Decimal(amount)), key=key)
    server.pay(session.id)
    return stripe.session(session.id)


def debit(server: StandIn, amount: str = "605.00") -> stripe.DebitAsk:
    customer = stripe.new_customer("Accare", "accare@example.nl", "12", "locplus", key="locplus:customer:12")
    page = stripe.open_setup(
        stripe.SetupAsk(
            customer_id=customer, reference="m1", hub="locplus", language="nl", success_url="http://x/",
            cancel_url="http://x/", expires_at=cast.NOW + timedelta(hours=1),
        ),
        key="locplus:setup:m1:1",
    )  # fmt: skip
    server.give_mandate(page.id, last4="5264")
    setup = stripe.session(page.id).setup
    assert setup is not None
    return stripe.DebitAsk(
        amount=Decimal(amount), description="Factuur 2026-0203", reference="p9", hub="locplus",
        customer_id=customer, method_id=setup.method_id, mandate_id=setup.mandate_id,
        target_on=cast.NOW.date() + timedelta(days=7),
    )  # fmt: skip


@pytest.mark.parametrize("amount", ["0.50", "8.29", "19.99", "37.51", "1234567.89"])
def test_euros_are_whole_cents_and_back(amount: str) -> None:
    assert (cents(Decimal(amount)), euros(cents(Decimal(amount)))) == (
        int(amount.replace(".", "")),
        Decimal(amount),
    )


def test_a_part_of_a_cent_is_never_rounded_away() -> None:
    with pytest.raises(ValueError, match=r"12\.345"):
        cents(Decimal("12.345"))


def test_without_a_key_nothing_is_asked(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = ""

    assert not stripe.is_on()
    with pytest.raises(stripe.Unavailable):
        stripe.session("cs_1")


def test_a_page_is_opened_once_and_paid(stripe_server: StandIn) -> None:
    page = stripe.open_checkout(PAGE, key="locplus:checkout:7e5c:1")
    again = stripe.open_checkout(PAGE, key="locplus:checkout:7e5c:1")

    assert page == again
    assert (page.state, page.is_paid, page.intent, page.setup) == ("open", False, None, None)
    assert page.expires_at == PAGE.expires_at
    stripe_server.pay(page.id, "card")
    seen = stripe.session(page.id)
    assert (seen.state, seen.is_paid, seen.url) == ("complete", True, "")
    assert seen.intent is not None
    assert seen.intent == stripe.intent(seen.intent_id)
    assert (seen.intent.state, seen.intent.received, seen.intent.method) == (
        "succeeded",
        Decimal("37.51"),
        "card",
    )


def test_what_is_asked_of_a_page(stripe_server: StandIn) -> None:
    stripe.open_checkout(PAGE, key="locplus:checkout:7e5c:1")

    [asked] = stripe_server.asked("post /v1/checkout/sessions")
    assert (asked.key, asked.version) == ("locplus:checkout:7e5c:1", "2026-10-28.endive")
    assert "payment_method_types" not in asked.asked
    assert asked.asked["allowed_payment_method_types"] == ["ideal", "card"]
    assert asked.asked["metadata"] == {"payment": "7e5c", "hub": "locplus"}
    assert asked.asked["payment_intent_data"]["metadata"] == {"payment": "7e5c", "hub": "locplus"}


def test_a_declined_card_may_be_tried_again_on_the_same_page(stripe_server: StandIn) -> None:
    page = stripe.open_checkout(PAGE, key="locplus:checkout:7e5c:1")

    stripe_server.pay(page.id, "card", outcome="declined")
    declined = stripe.session(page.id)
    assert declined.state == "open"
    assert declined.intent is not None
    assert declined.intent.state == "failed"
    assert declined.intent.failure
    stripe_server.pay(page.id, "ideal")
    assert stripe.session(page.id).is_paid


def test_a_bank_that_says_it_later(stripe_server: StandIn) -> None:
    page = stripe.open_checkout(PAGE, key="locplus:checkout:7e5c:1")

    stripe_server.pay(page.id, "ideal", outcome="waiting")
    waits = stripe.session(page.id)
    assert (waits.state, waits.is_paid) == ("complete", False)
    assert waits.intent is not None
    assert (waits.intent.state, waits.intent.received) == ("processing", Decimal("0.00"))
    stripe_server.fail(waits.intent_id)
    assert stripe.intent(waits.intent_id).state == "failed"


def test_a_closed_page_stays_closed_and_a_paid_one_refuses(stripe_server: StandIn) -> None:
    page = stripe.open_checkout(PAGE, key="locplus:checkout:7e5c:1")

    assert stripe.expire(page.id).state == "expired"
    assert stripe.expire(page.id).state == "expired"
    with pytest.raises(stripe.Refused):
        stripe.expire(paid(stripe_server, key="locplus:checkout:8:1").id)


def test_what_stripe_does_not_know_is_refused(stripe_server: StandIn) -> None:
    with pytest.raises(stripe.Refused) as refusal:
        stripe.session("cs_test_nobody")

    assert refusal.value.code == "resource_missing"


def test_a_mandate_collects_an_invoice(stripe_server: StandIn) -> None:
    wish = debit(stripe_server)

    taken = stripe.collect(wish, key="locplus:debit:p9:1")

    assert (taken.state, taken.amount) == ("processing", Decimal("605.00"))
    assert stripe.mandate_is_active(wish.mandate_id)
    found = stripe.find_intent("p9", customer_id=wish.customer_id, since=cast.NOW - timedelta(days=1))
    assert found == taken
    assert stripe.find_intent("p8", customer_id=wish.customer_id, since=cast.NOW) is None
    with pytest.raises(stripe.Refused):
        stripe.cancel_intent(taken.id, key="locplus:cancel:p9:1")
    stripe_server.settle(taken.id)
    arrived = stripe.intent(taken.id)
    assert (arrived.state, arrived.received, arrived.method) == (
        "succeeded",
        Decimal("605.00"),
        "sepa_debit",
    )


def test_a_mandate_shows_its_reference_and_the_end_of_the_account(stripe_server: StandIn) -> None:
    wish = debit(stripe_server)
    page = stripe.session(stripe_server.asked("get /v1/checkout/sessions")[0].path.rpartition("/")[2])

    assert page.setup is not None
    assert (page.setup.state, page.setup.last4, page.setup.mandate_id) == (
        "succeeded",
        "5264",
        wish.mandate_id,
    )
    assert page.setup.reference


def test_a_mandate_that_was_withdrawn_collects_nothing(stripe_server: StandIn) -> None:
    wish = debit(stripe_server)
    stripe_server.end_mandate(wish.mandate_id)

    assert not stripe.mandate_is_active(wish.mandate_id)
    with pytest.raises(stripe.Refused):
        stripe.collect(wish, key="locplus:debit:p9:1")


def test_an_account_is_taken_off_once(stripe_server: StandIn) -> None:
    wish = debit(stripe_server)

    stripe.detach(wish.method_id, key="locplus:detach:m1:1")
    stripe.detach(wish.method_id, key="locplus:detach:m1:1")
    with pytest.raises(stripe.Refused):
        stripe.detach(wish.method_id, key="locplus:detach:m1:2")


def test_refunds_of_ours_and_of_the_dashboard_are_seen(stripe_server: StandIn) -> None:
    intent_id = paid(stripe_server).intent_id
    wish = stripe.RefundAsk(intent_id, Decimal("10.00"), "r1", "locplus")

    ours = stripe.refund(wish, key="locplus:refund:r1:1")
    assert stripe.refund(wish, key="locplus:refund:r1:1") == ours
    theirs = stripe_server.refund_in_dashboard(intent_id, Decimal("2.51"))

    assert (ours.state, ours.amount, ours.reference) == ("succeeded", Decimal("10.00"), "r1")
    assert {each.id: (each.amount, each.reference) for each in stripe.refunds_of(intent_id)} == {
        ours.id: (Decimal("10.00"), "r1"),
        theirs["id"]: (Decimal("2.51"), ""),
    }
    assert stripe.intent(intent_id).refunded == Decimal("12.51")
    with pytest.raises(stripe.Refused):
        stripe.refund(replace(wish, amount=Decimal("25.01")), key="locplus:refund:r2:1")


def test_a_refund_that_the_bank_sends_back(stripe_server: StandIn) -> None:
    stripe_server.refunds_end("pending")
    wish = stripe.RefundAsk(paid(stripe_server).intent_id, Decimal("37.51"), "r1", "locplus")

    pending = stripe.refund(wish, key="locplus:refund:r1:1")
    assert pending.state == "pending"
    stripe_server.fail_refund(pending.id)
    failed = stripe.refund_of(pending.id)
    assert (failed.state, bool(failed.failure)) == ("failed", True)


def test_a_dispute_takes_the_money_and_gives_it_back_when_it_is_won(stripe_server: StandIn) -> None:
    session = stripe.open_checkout(PAGE, key="locplus:checkout:7e5c:1")
    stripe_server.pay(session.id, "card")
    intent_id = stripe.session(session.id).intent_id
    assert stripe.disputes_of(intent_id) == []

    made = stripe_server.dispute(intent_id)
    [open_one] = stripe.disputes_of(intent_id)
    assert (open_one.id, open_one.state, open_one.amount, open_one.is_withdrawn) == (
        made["id"],
        "answer",
        Decimal("37.51"),
        True,
    )
    assert open_one.answer_by is not None
    assert stripe.intent(intent_id).disputed
    stripe_server.close_dispute(made["id"], won=True)
    [won] = stripe.disputes_of(intent_id)
    assert (won.state, won.is_withdrawn) == ("won", False)


def test_what_moved_our_balance_adds_up_and_is_paid_out(stripe_server: StandIn) -> None:
    for number in range(3):
        paid(stripe_server, key=f"locplus:checkout:{number}:1")
    since = cast.NOW - timedelta(days=1)

    moves = list(stripe.moves_since(since))
    assert [(move.kind, move.amount, move.net) for move in moves] == [
        (move.kind, Decimal("37.51"), move.amount - move.fee) for move in moves
    ]
    assert stripe.balance() == sum(move.net for move in moves)
    stripe_server.pay_out()
    [payout] = stripe.payouts_since(since)
    assert payout.amount == sum(move.net for move in moves)
    assert {move.id for move in stripe.moves_of(payout.id)} == {move.id for move in moves}
    assert stripe.balance() == 0


def test_dollars_of_somebody_else_are_not_taken_for_euros(stripe_server: StandIn) -> None:
    paid(stripe_server)
    stripe_server.pay_out()
    for name in ("balance_transaction", "payout"):
        for thing in stripe_server.account.all(name):
            thing["currency"] = "usd"
    since = cast.NOW - timedelta(days=1)

    [payout] = stripe_server.account.all("payout")

    assert list(stripe.moves_since(since)) == list(stripe.payouts_since(since)) == []
    assert list(stripe.moves_of(payout["id"])) == []


def test_a_list_of_more_than_a_page_is_read_whole(stripe_server: StandIn) -> None:
    intent_id = paid(stripe_server, amount="300.00").intent_id
    for _ in range(120):
        stripe_server.refund_in_dashboard(intent_id, Decimal("1.00"))

    assert sum(each.amount for each in stripe.refunds_of(intent_id)) == Decimal("120.00")
    told = {event.id for event in stripe.events_since(cast.NOW - timedelta(days=1))}
    assert told == {event["id"] for event in stripe_server.owed()}
