"""The stand-in does what Stripe does, seen by Stripe's own client over real HTTP."""

from datetime import timedelta
from typing import Any

import pytest
import stripe

from tests import cast
from tests.stand_in.checkout import Ended
from tests.stand_in.stand_in import KEY, StandIn

MINUTE = timedelta(minutes=1)


@pytest.fixture
def v1(stripe_server: StandIn) -> Any:
    client = stripe.StripeClient(KEY, base_addresses={"api": stripe_server.url}, max_network_retries=0)
    return client.v1


def page(**more: Any) -> dict[str, Any]:
    line = {"currency": "eur", "unit_amount": 4200, "product_data": {"name": "Zaal 1"}}
    return {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": line}],
        "allowed_payment_method_types": ["ideal", "card"],
        "success_url": "http://testserver/terug?sessie={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://testserver/niet",
        "expires_at": int((cast.NOW + 31 * MINUTE).timestamp()),
        "payment_intent_data": {"description": "Zaal 1", "metadata": {"payment": "7"}},
        **more,
    }


def refused(deed: Any, *args: Any, **params: Any) -> tuple[int, str, str]:
    with pytest.raises(stripe.StripeError) as caught:
        deed(*args, **params)
    error = caught.value.json_body["error"]
    return caught.value.http_status, error.get("code", error["type"]), error.get("param", "")


def test_declined_and_then_paid_in_one_session(v1, stripe_server):
    session = v1.checkout.sessions.create(page())
    assert session.payment_intent is None
    first = stripe_server.pay(session.url, "card", "declined")
    assert (first["status"], first["last_payment_error"]["code"]) == (
        "requires_payment_method",
        "card_declined",
    )
    stripe_server.pay(session.url, "ideal")
    seen = v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    )
    assert (seen.status, seen.payment_status, seen.url) == ("complete", "paid", None)
    charge = seen.payment_intent.latest_charge
    assert charge.payment_method_details.type == "ideal"
    assert (charge.balance_transaction.net, charge.balance_transaction.fee) == (4171, 29)
    assert [event["type"] for event in stripe_server.owed()] == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    with pytest.raises(Ended):
        stripe_server.pay(session.url)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        (
            {"payment_method_types": ["card"]},
            ("payment_method_types_no_longer_supported", "payment_method_types"),
        ),
        ({"expires_at": int((cast.NOW + 29 * MINUTE).timestamp())}, ("invalid_request_error", "expires_at")),
        (
            {"expires_at": int((cast.NOW + 1441 * MINUTE).timestamp())},
            ("invalid_request_error", "expires_at"),
        ),
        ({"mode": "setup"}, ("parameter_missing", "currency")),
        ({"nonsense": "1"}, ("parameter_unknown", "nonsense")),
        ({"ui_mode": "hosted"}, ("parameter_invalid", "ui_mode")),
    ],
)
def test_what_this_version_refuses(v1, stripe_server, more, error):
    assert refused(v1.checkout.sessions.create, page(**more)) == (400, *error)
    assert stripe_server.account.all("checkout.session") == []


def test_a_page_is_ended_once_and_never_when_it_was_paid_on(v1, stripe_server):
    paid, left = v1.checkout.sessions.create(page()), v1.checkout.sessions.create(page())
    stripe_server.pay(paid.id)
    assert refused(v1.checkout.sessions.expire, paid.id)[0] == 400
    assert v1.checkout.sessions.expire(left.id).status == "expired"
    assert refused(v1.checkout.sessions.expire, left.id)[0] == 400
    late = v1.checkout.sessions.create(page())
    stripe_server.at(cast.NOW + 31 * MINUTE)
    with pytest.raises(Ended):
        stripe_server.pay(late.id)
    assert v1.checkout.sessions.retrieve(late.id).status == "expired"


def test_a_key_does_it_once_and_for_one_body_and_for_a_day(v1, stripe_server):
    def make(name: str = "GGD IJsselland") -> str:
        return str(v1.customers.create({"name": name}, {"idempotency_key": "k"}).id)

    stripe_server.goes_wrong("post /v1/customers", "lost")
    with pytest.raises(stripe.APIConnectionError):
        make()
    first = make()
    assert first == make() == stripe_server.account.all("customer")[0]["id"]
    assert stripe_server.asked("post /v1/customers")[-1].was_replayed
    assert refused(make, "Accare")[:2] == (400, "idempotency_error")
    stripe_server.at(cast.NOW + timedelta(days=1))
    assert make() != first


def test_never_more_goes_back_than_came(v1, stripe_server):
    paid = stripe_server.pay(v1.checkout.sessions.create(page()).id)
    ask = {"payment_intent": paid["id"]}
    assert refused(v1.refunds.create, {**ask, "amount": 4201}) == (400, "invalid_request_error", "amount")
    part = v1.refunds.create({**ask, "amount": 4000})
    assert refused(v1.refunds.create, {**ask, "amount": 201})[0] == 400
    stripe_server.refund_in_dashboard(paid["id"])
    assert refused(v1.refunds.create, ask)[:2] == (400, "charge_already_refunded")
    stripe_server.fail_refund(part.id)
    assert v1.refunds.retrieve(part.id).failure_reason == "expired_or_canceled_card"
    charge = v1.charges.retrieve(paid["latest_charge"], {"expand": ["refunds"]})
    assert (charge.amount_refunded, [one.amount for one in charge.refunds.data]) == (200, [200, 4000])


def test_webhooks_carry_stripes_signature(v1, stripe_server):
    v1.customers.create({"name": "Accare"})
    body = stripe_server.post.body(stripe_server.owed()[0])
    old = stripe_server.secret
    new = stripe_server.post.roll()
    for secret in (old, new):
        event = stripe.Webhook.construct_event(body, stripe_server.post.signature(body), secret)
        assert event.type == "customer.created"
    stripe_server.post.roll(overlap=False)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, stripe_server.post.signature(body), new)
