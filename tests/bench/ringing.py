"""Stripe rings: the signed request through the whole house to the answer, beside the one INSERT it comes to."""

import hashlib
import hmac
import json
import time
from itertools import count
from typing import Any

from django.test import Client, override_settings
from psycopg import Connection

from tests.cast import NOW

SECRET = "whsec_" + "bench"
INSERT = """
    insert into billing_stripeevent (event_id, kind, about, is_test, payload, happened_at, received_at, was_fetched, attempts, error)
    values (%(event)s, 'checkout.session.completed', 'cs_1', true, %(payload)s::jsonb, %(now)s, %(now)s, false, 0, '')
    on conflict do nothing
"""
ASK = "select count(*) from billing_stripeevent where event_id = %(event)s"


class Ringing:
    """Each call is another event; both answer how often it stands there."""

    def __init__(self, raw: Connection) -> None:
        self.raw, self.numbers, self.browser = raw, count(), Client()

    def ours(self) -> int:
        event = f"evt_{next(self.numbers)}"
        body = self._body(event)
        with override_settings(STRIPE_SECRET_KEY="sk_" + "test_bench", STRIPE_WEBHOOK_SECRETS=[SECRET]):
            self.browser.post(
                "/stripe/webhook",
                body,
                content_type="application/json",
                headers={"Stripe-Signature": _signed(body)},
            )
        return self._kept(event)

    def floor(self) -> int:
        event = f"evt_{next(self.numbers)}"
        self.raw.execute(INSERT, {"event": event, "payload": self._body(event), "now": NOW}, prepare=True)
        return self._kept(event)

    def _body(self, event: str) -> str:
        about = {"id": "cs_1", "object": "checkout.session", "livemode": False, "payment_status": "paid"}
        told = {"type": "checkout.session.completed", "created": int(NOW.timestamp()), "livemode": False}
        return json.dumps(
            {"id": event, "object": "event", "api_version": "x", "data": {"object": about}} | told
        )

    def _kept(self, event: str) -> int:
        found: Any = self.raw.execute(ASK, {"event": event}, prepare=True).fetchone()
        return int(found[0])


def _signed(body: str) -> str:
    moment = int(time.time())
    mark = hmac.new(SECRET.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={moment},v1={mark}"
