"""Fault 8b: what Stripe did not sign, or signed for another moment or another body, is refused and leaves nothing."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants.billing import stripe
from tenants.billing.books import posting
from tenants.billing.models import OnlinePayment, Payment, StripeEvent
from tenants.billing.online import attempts, inbox
from tenants.billing.online.attempts import Ask
from tests.billing import books
from tests.billing import money as bills
from tests.cast import NOW
from tests.online import money
from tests.online.ringing import handle, later
from tests.stand_in.stand_in import StandIn
from tests.stand_in.webhooks import sign

pytestmark = pytest.mark.django_db(transaction=True)
SIX_MINUTES = 360  # seconds
STRANGER = "whsec_" + "somebodyelse00"


@pytest.fixture(autouse=True)
def nobody_was_refused_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def paid(stripe_server: StandIn) -> OnlinePayment:
    """Somebody has paid, and Stripe is about to say so."""
    row = bills.asked(books.party(money.hub()), number="2026-0001")
    posting.old_item(row, on=NOW.date())
    ask = Ask(row.party, row.amount, "Factuur 2026-0001", "/facturen", receivable=row)
    attempt = attempts.open_session(attempts.make(ask, now=NOW), now=NOW)
    stripe_server.pay(attempt.session_id)
    return attempt


def ways_to_lie(server: StandIn) -> dict[str, tuple[bytes, str]]:
    """Body and header of everything that must not come in."""
    body, now = server.post.body(server.owed()[-1]), int(time.time())
    good = server.post.signature(body)
    ours = server.post.signature
    return {
        "forged": (body, ours(body, by=[STRANGER])),
        "replayed after six minutes, or our clock six minutes fast": (body, ours(body, at=now - SIX_MINUTES)),
        "another body": (body.replace(b"10000", b"1"), good),
        "one byte more": (body + b" ", good),
        "no header": (body, ""),
        "an empty header of theirs": (body, "t=,v1="),
        "no moment": (body, good.split(",", 1)[1]),
        "an older scheme": (body, good.replace("v1=", "v0=")),
        "not UTF-8": (b"\xff\xfe\x00", ours(b"\xff\xfe\x00")),
        "no JSON": (b"betaald!", ours(b"betaald!")),
        "no event": (b"[]", ours(b"[]")),
        "nothing": (b"", ours(b"")),
        "a megabyte and more": (b" " * 1_100_000, ours(b" " * 1_100_000)),
    }


def test_nothing_of_it_comes_in(stripe_server: StandIn, paid: OnlinePayment) -> None:
    lies = ways_to_lie(stripe_server)

    with CaptureQueriesContext(connection) as queries:
        answers = {name: stripe_server.post.send(Client(), *lie) for name, lie in lies.items()}

    assert answers == dict.fromkeys(lies, 400)
    assert [
        query["sql"] for query in queries if query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}
    ] == []
    assert (StripeEvent.objects.count(), Payment.objects.count()) == (0, 0)
    assert stripe.refused_lately() == len(lies) - 1  # who sends too much is not listened to at all


def test_control_without_the_signature_anybody_says_that_somebody_paid(
    stripe_server: StandIn, paid: OnlinePayment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def believe(body: bytes, _signature: str) -> dict[str, Any]:
        return dict(json.loads(body))

    monkeypatch.setattr(stripe, "read_event", believe)

    assert stripe_server.post.send(Client(), *ways_to_lie(stripe_server)["forged"]) == 200
    assert StripeEvent.objects.count() == 1


def test_while_a_secret_is_replaced_both_are_good(
    stripe_server: StandIn, paid: OnlinePayment, settings: Any
) -> None:
    old, new = stripe_server.secret, stripe_server.post.roll()
    first, second = stripe_server.owed()[:2]

    settings.STRIPE_WEBHOOK_SECRETS = [old]  # Stripe signs with both, we know the old one only
    assert stripe_server.deliver(Client(), [first]) == [200]
    settings.STRIPE_WEBHOOK_SECRETS = [new, old]
    stripe_server.post.secrets = [old]
    assert stripe_server.deliver(Client(), [second]) == [200]
    settings.STRIPE_WEBHOOK_SECRETS = [new]  # the old one was taken away
    assert stripe_server.deliver(Client(), [second]) == [400]


def test_while_our_clock_is_wrong_all_is_refused_and_asking_heals_it(
    stripe_server: StandIn, paid: OnlinePayment
) -> None:
    post, behind = stripe_server.post, int(time.time()) - SIX_MINUTES
    for event in stripe_server.owed():
        body = post.body(event)
        header = f"t={behind},v1={sign(body, stripe_server.secret, behind)}"
        assert post.send(Client(), body, header) == 400
    assert stripe.refused_lately() == len(stripe_server.owed())

    assert inbox.fetch_missed(now=later(minutes=30)) == len(stripe_server.account.all("event"))
    handle(now=later(minutes=31))

    assert OnlinePayment.objects.get(pk=paid.pk).state == "succeeded"
    assert [str(row.amount) for row in Payment.objects.all()] == ["100.00"]


def test_without_a_key_or_a_secret_nothing_is_believed(
    stripe_server: StandIn, paid: OnlinePayment, settings: Any
) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = []
    assert stripe_server.deliver(Client(), stripe_server.owed()[:1]) == [400]


def test_a_browser_cannot_look_at_it() -> None:
    assert Client().get("/stripe/webhook").status_code == 405
