"""The line to Stripe: with which key, how long we wait, what is tried again, and what an error means."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TypeVar

import requests
import stripe
from django.conf import settings
from stripe import StripeClient, StripeError, V1Services

from tenants.billing.stripe import patience, watching
from tenants.billing.stripe.refusals import Refused, Unavailable

log = logging.getLogger(__name__)
stripe.enable_telemetry = False

Answer = TypeVar("Answer", bound=stripe.StripeObject)

OTHER_MODE = "a similar object exists in"
"""Stripe's words, in a 404, when a test key asks for what was made with a real one, or the other way round."""
PLACE = 1.0  # seconds to wait for a place, where there are only so many

_own = threading.local()
_places = threading.BoundedSemaphore(settings.STRIPE_PLACES) if settings.STRIPE_PLACES else None
"""So many threads of a web process may wait for Stripe at once: while it hangs, the others go on with other pages."""


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
        answer = _tried(deed)
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


def _tried(deed: Callable[[V1Services], Answer]) -> Answer:
    end = patience.end()
    for attempt in count(1):
        left = end - time.monotonic()
        if left < patience.LEAST:
            raise Unavailable("the time for this page is up")
        try:
            return deed(_client(left).v1)
        except StripeError as fault:
            watching.note_clock(fault.headers)
            _raise_if_refused(fault)
            if attempt == patience.TRIES or not _may_pass(fault) or not _waited(attempt, until=end):
                log.warning("stripe: after %d tries: %r", attempt, fault)
                raise Unavailable(str(fault)) from fault
    raise AssertionError("count does not end")


def _waited(attempt: int, *, until: float) -> bool:
    """Wait before the next try; not when there would be no time left for it."""
    wait = patience.pause(attempt)
    if time.monotonic() + wait + patience.LEAST > until:
        return False
    time.sleep(wait)
    return True


def _client(left: float) -> StripeClient:
    """A client that takes no more than what is `left`; its connections are kept for the thread."""
    session = _session()
    session.trust_env = not settings.STRIPE_API_BASE  # no proxy stands before what runs here
    line = stripe.RequestsClient(timeout=patience.time_limits(left), session=session)
    return StripeClient(
        settings.STRIPE_SECRET_KEY,
        http_client=line,
        max_network_retries=0,  # `ask` does it: the package never repeats a 429
        base_addresses={"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else None,
    )


def _session() -> requests.Session:
    """Its connections are of this thread of this process: a forked one would read the answers of its parent."""
    if getattr(_own, "process", None) != os.getpid():
        _own.process, _own.session = os.getpid(), requests.Session()
    session: requests.Session = _own.session
    return session


def _raise_if_refused(fault: StripeError) -> None:
    """A key that is wrong (401, 403, or of tests for what is real) proves nothing about an earlier try.

    Nor does a body that differs under one key.
    """
    if OTHER_MODE in (fault.user_message or ""):
        return
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
