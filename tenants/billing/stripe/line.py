"""The line to Stripe: with which key, how long we wait, what is tried again, and what an error means."""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

import requests
import stripe
from django.conf import settings
from stripe import StripeClient, StripeError, V1Services

from tenants.billing.stripe import watching
from tenants.billing.stripe.refusals import Refused, Unavailable

log = logging.getLogger(__name__)
stripe.enable_telemetry = False

Answer = TypeVar("Answer", bound=stripe.StripeObject)

TRIES = 3
PAUSE = 0.5  # seconds before the second try, twice that before the third; each half as long to half longer
LEAST = 1.0  # seconds that must be left to begin another try
PLACE = 1.0  # seconds to wait for a place, where there are only so many


@dataclass(frozen=True)
class Patience:
    """Seconds: to get a connection, to wait for an answer, and in all, with every try and pause in between."""

    connect: float
    read: float
    total: float


BRIEF = Patience(connect=3.05, read=8, total=10)  # somebody waits for a page, and a thread with them
LONG = Patience(connect=3.05, read=20, total=75)  # a task; below its time limit

_patience: ContextVar[Patience] = ContextVar("patience", default=BRIEF)
_own = threading.local()
_places = threading.BoundedSemaphore(settings.STRIPE_PLACES) if settings.STRIPE_PLACES else None
"""So many threads of a web process may wait for Stripe at once: while it hangs, the others go on with other pages."""


@contextmanager
def patiently() -> Iterator[None]:
    """Inside, a call may take over a minute. For tasks, which nobody waits for; also to decorate one with."""
    before = _patience.set(LONG)
    try:
        yield
    finally:
        _patience.reset(before)


def is_on() -> bool:
    """Does this installation have a key of Stripe?"""
    return bool(settings.STRIPE_SECRET_KEY)


def is_test() -> bool:
    """Is it a key of a test environment, in which no real money moves?"""
    return settings.STRIPE_SECRET_KEY.startswith(("sk_test_", "rk_test_"))


def ask(deed: Callable[[V1Services], Answer]) -> Answer:
    """What Stripe answers to `deed`; what may pass by itself is tried at most three times, under the same key.

    Raises Refused when Stripe said no, and Unavailable when the outcome is unknown.
    """
    if not settings.STRIPE_SECRET_KEY:
        raise Unavailable("no key")
    with _place():
        answer = _tried(deed, _patience.get())
    watching.note_clock(answer.last_response.headers if answer.last_response else None)
    return answer


@contextmanager
def _place() -> Iterator[None]:
    """A place in the line; whoever finds none in time learns that the outcome is unknown, and a sweep goes on."""
    if _places is None:
        yield
        return
    if not _places.acquire(timeout=PLACE):
        raise Unavailable("every thread that may wait for Stripe does")
    try:
        yield
    finally:
        _places.release()


def _tried(deed: Callable[[V1Services], Answer], patience: Patience) -> Answer:
    ends = time.monotonic() + patience.total
    for attempt in count(1):
        try:
            return deed(_client(patience, left=ends - time.monotonic()).v1)
        except StripeError as fault:
            watching.note_clock(fault.headers)
            _raise_if_refused(fault)
            wait = pause(attempt)
            if attempt == TRIES or not _may_pass(fault) or time.monotonic() + wait + LEAST > ends:
                log.warning("stripe: after %d tries: %r", attempt, fault)
                raise Unavailable(str(fault)) from fault
            time.sleep(wait)
    raise AssertionError("count does not end")


def pause(attempt: int) -> float:
    """Seconds until the next try: longer each time, and never the same for all who wait for the same thing."""
    return float(PAUSE * 2 ** (attempt - 1) * secrets.SystemRandom().uniform(0.5, 1.5))


def time_limits(patience: Patience, *, left: float) -> tuple[float, float]:
    """Seconds to get a connection and to wait for an answer, together no more than what is `left`."""
    connect = min(patience.connect, left / 2)
    return connect, min(patience.read, left - connect)


def _client(patience: Patience, *, left: float) -> StripeClient:
    """A client that takes no more than what is `left`; its connections are kept for the thread."""
    if not hasattr(_own, "session"):
        _own.session = requests.Session()
    _own.session.trust_env = not settings.STRIPE_API_BASE  # no proxy stands before what runs here
    line = stripe.RequestsClient(timeout=time_limits(patience, left=left), session=_own.session)
    return StripeClient(
        settings.STRIPE_SECRET_KEY,
        http_client=line,
        max_network_retries=0,  # `ask` does it: the package never repeats a 429
        base_addresses={"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else None,
    )


def _raise_if_refused(fault: StripeError) -> None:
    """A key that is wrong (401, 403) or a body that differs under one key proves nothing about an earlier try."""
    if isinstance(fault, stripe.InvalidRequestError | stripe.CardError):
        raise Refused(fault.code or "", fault.user_message or "") from fault


def _may_pass(fault: StripeError) -> bool:
    """May the next try go better? Stripe says so itself, or it was busy, broken or out of reach."""
    advice = (fault.headers or {}).get("stripe-should-retry")
    if advice is not None:
        return advice == "true"
    if isinstance(fault, stripe.APIConnectionError):
        return fault.should_retry
    return fault.http_status is not None and (fault.http_status in {409, 429} or fault.http_status >= 500)
