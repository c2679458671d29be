"""What comes in at the webhook is believed only when Stripe signed it; everything else is one refusal, and counted."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from tenants.billing import stripe
from tests.stand_in.webhooks import sign

SECRET = "whsec_" + "hardenberg0000"
OLD = "whsec_" + "kampen00000000"
BODY = json.dumps(
    {
        "id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "livemode": False, "created": 1_795_330_800,
        "data": {"object": {"id": "pi_1", "amount": 3751}},
    }
).encode()  # fmt: skip


@pytest.fixture(autouse=True)
def secrets(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET, OLD]
    cache.clear()


def header(body: bytes = BODY, *, secret: str = SECRET, ago: int = 0) -> str:
    moment = int(time.time()) - ago
    return f"t={moment},v1={sign(body, secret, moment)}"


@pytest.mark.parametrize("secret", [SECRET, OLD])
def test_while_one_secret_replaces_another_both_count(secret: str) -> None:
    payload = stripe.read_event(BODY, header(secret=secret))

    assert payload == json.loads(BODY)
    event = stripe.Event.of(payload)
    assert (event.id, event.kind, event.about, event.is_test) == (
        "evt_1",
        "payment_intent.succeeded",
        "pi_1",
        True,
    )
    assert stripe.refused_lately() == 0


def signed(body: bytes) -> tuple[bytes, str]:
    return body, header(body)


LIES: dict[str, Callable[[], tuple[bytes, str]]] = {
    "no header": lambda: (BODY, ""),
    "a time alone": lambda: (BODY, "t=1"),
    "a mark alone": lambda: (BODY, "v1=abc"),
    "no time": lambda: (BODY, "t=abc,v1=abc"),
    "another scheme": lambda: (BODY, header().replace("v1", "v0")),
    "an accent": lambda: (BODY, header().replace("v1=", "v1=é")),
    "another secret": lambda: (BODY, header(secret="whsec_" + "somebodyelse00")),
    "stale": lambda: (BODY, header(ago=301)),
    "another body": lambda: (BODY.replace(b"3751", b"1"), header()),
    "no text": lambda: (b"\xff\xfe", "t=1,v1=a"),
    "nothing": lambda: signed(b""),
    "a list": lambda: signed(b"[]"),
    "null": lambda: signed(b"null"),
    "another kind of event": lambda: signed(b'{"object": "v2.core.event"}'),
    "no event": lambda: signed(b'{"id": "evt_1", "type": "x"}'),
    "no json": lambda: signed(b"not json"),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_stripe_did_not_sign_or_is_no_event_is_refused(lie: str) -> None:
    body, signature = LIES[lie]()

    with pytest.raises(stripe.BadSignature):
        stripe.read_event(body, signature)

    assert stripe.refused_lately() == 1


@given(body=st.binary(max_size=200), signature=st.text(max_size=80))
def test_nonsense_is_refused_and_nothing_else(body: bytes, signature: str) -> None:
    for each in (signature, f"t={int(time.time())},v1={signature}"):
        with pytest.raises(stripe.BadSignature):
            stripe.read_event(body, each)


def test_without_a_secret_nothing_is_believed(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = []

    with pytest.raises(stripe.BadSignature):
        stripe.read_event(BODY, header())


def test_our_clock_is_held_against_that_of_stripe(stripe_server: Any) -> None:
    assert stripe.clock_ahead() is None

    with pytest.raises(stripe.Refused):
        stripe.session("cs_nobody")

    assert stripe.clock_ahead() is not None
