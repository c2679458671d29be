"""What is told to us afterwards: signed as Stripe signs, in the order, as often, and as late as a test wants."""

import hashlib
import hmac
import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any

from tests.stand_in.account import Account, Thing

PATH = "/stripe/webhook"
PAUSES = [0.5, 1, 2, 5, 10, 30]
"""Seconds between tries, while the website does not take it."""


class Post:
    """The letters that are owed, and the secrets they are signed with (the newest first)."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.secrets = [_new_secret()]
        self._to: str | None = None
        self._sending = threading.Lock()
        self._carrier: threading.Thread | None = None

    @property
    def secret(self) -> str:
        """The newest."""
        return self.secrets[0]

    def roll(self, *, overlap: bool = True) -> str:
        """A new secret; with an overlap the old one signs as well, as Stripe does for a day."""
        self.secrets = [_new_secret(), *(self.secrets[:1] if overlap else [])]
        return self.secret

    def owed(self) -> list[Thing]:
        """Events that were not delivered yet, in the order in which they happened."""
        return [self.account.things[name] for name in self.account.owed]

    def body(self, event: Thing) -> bytes:
        """As it goes over the wire."""
        return json.dumps(event, indent=2).encode()

    def signature(self, body: bytes, *, at: int | None = None, by: Sequence[str] | None = None) -> str:
        """The header; `at` is a moment in seconds (now), `by` the secrets (ours)."""
        moment = int(time.time()) if at is None else at
        signed = [sign(body, secret, moment) for secret in (self.secrets if by is None else by)]
        return ",".join([f"t={moment}", *(f"v1={mark}" for mark in signed)])

    def deliver(self, to: Any, events: Sequence[Thing] | None = None, *, times: int = 1) -> list[int]:
        """Send them (those owed, in order) to Django's test client or to an address; the statuses they got.

        Taken (2xx) is no longer owed. Another order, or a part: give the events, for example `reversed(post.owed())`.
        """
        statuses: list[int] = []
        for event in list(self.owed() if events is None else events):
            statuses += [self.send(to, self.body(event)) for _ in range(times)]
            if 200 <= statuses[-1] < 300:
                self.drop(event)
        return statuses

    def send(self, to: Any, body: bytes, signature: str | None = None) -> int:
        """One letter; the status it got (0: nobody answered)."""
        header = self.signature(body) if signature is None else signature
        if isinstance(to, str):
            return _over_http(to, body, header)
        headers = {"Stripe-Signature": header} if header else {}
        return int(
            to.post(
                PATH, data=body, content_type="application/json; charset=utf-8", headers=headers
            ).status_code
        )

    def drop(self, event: Thing) -> None:
        """It is not owed any more."""
        with self.account.lock:
            if event["id"] in self.account.owed:
                self.account.owed.remove(event["id"])
            self.account.save()
        with self.account.changed:
            self.account.changed.notify_all()

    def wait_until_told(self, *, timeout: float = 10.0) -> None:
        """Until nothing is owed, while they go by themselves. Raises TimeoutError."""
        with self.account.changed:
            if not self.account.changed.wait_for(lambda: not self.account.owed, timeout):
                raise TimeoutError(f"{len(self.account.owed)} webhooks were not taken")

    def keep_sending(self, to: str | None) -> None:
        """From now on to this address, at once and by itself, again and again until it is taken; None: hold them.

        Returns when nothing is on its way any more.
        """
        with self._sending:
            self._to = to
        with self.account.changed:
            self.account.changed.notify_all()
        if to and self._carrier is None:
            self._carrier = threading.Thread(target=self._carry, daemon=True)
            self._carrier.start()

    def _carry(self) -> None:
        failed = 0
        while True:
            with self._sending:
                owed, to = self.owed(), self._to
                is_done = not owed or to is None or self._carried(to, owed)
            failed = 0 if is_done else failed + 1
            if failed:
                time.sleep(PAUSES[min(failed, len(PAUSES)) - 1])
                continue
            with self.account.changed:
                self.account.changed.wait_for(lambda: bool(self._to and self.account.owed))

    def _carried(self, to: str, owed: list[Thing]) -> bool:
        return all(200 <= status < 300 for status in self.deliver(to, owed))


def sign(body: bytes, secret: str, moment: int) -> str:
    """Stripe's v1: HMAC-SHA256 over "moment.body"."""
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def _over_http(to: str, body: bytes, signature: str) -> int:
    address = to if to.endswith(PATH) else to.rstrip("/") + PATH
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (stand-in)"}
    asked = urllib.request.Request(
        address, data=body, headers=headers | ({"Stripe-Signature": signature} if signature else {})
    )
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as fault:
        return fault.code
    except OSError:
        return 0


def _new_secret() -> str:
    return "whsec_" + secrets.token_hex(16)
