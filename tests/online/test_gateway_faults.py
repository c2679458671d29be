"""Stripe is slow, broken, busy or out of reach: nothing is done twice, no is no, and unknown is never called a failure."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tenants.billing import stripe
from tenants.billing.stripe import line, patience
from tests.online.test_gateway import PAGE, paid
from tests.stand_in.stand_in import StandIn

OPEN = "post /v1/checkout/sessions"
KEY = "locplus:checkout:7e5c:1"
SHORT = patience.Patience(connect=0.5, read=0.3, total=0.4)


@pytest.fixture(autouse=True)
def no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PAUSE", 0.01)
    monkeypatch.setattr(patience, "LEAST", 0.1)
    monkeypatch.setattr(line, "PLACE", 0.1)


@contextmanager
def at_most(seconds: patience.Patience) -> Iterator[None]:
    before = patience._patience.set(seconds)
    try:
        yield
    finally:
        patience._patience.reset(before)


def made(server: StandIn) -> set[str]:
    return {name for name in server.account.things if name.startswith("cs_")}


@pytest.mark.parametrize("way", ["before", "after", "dropped", "lost", "busy"])
@pytest.mark.parametrize("times", [1, 2])
def test_what_passes_by_itself_is_tried_again_under_the_same_key(
    way: str, times: int, stripe_server: StandIn
) -> None:
    stripe_server.goes_wrong(OPEN, way, times=times)

    page = stripe.open_checkout(PAGE, key=KEY)

    asked = stripe_server.asked(OPEN)
    assert made(stripe_server) == {page.id}
    assert {(each.key, each.text) for each in asked} == {(KEY, asked[0].text)}
    assert len(asked) == times + 1


def test_control_without_one_key_a_lost_answer_makes_two_pages(stripe_server: StandIn) -> None:
    stripe_server.goes_wrong(OPEN, "after", times=3)
    with suppress(stripe.Unavailable):
        stripe.open_checkout(PAGE, key=str(uuid4()))

    stripe.open_checkout(PAGE, key=str(uuid4()))

    assert len(made(stripe_server)) == 2


@pytest.mark.parametrize("way", ["before", "after", "dropped", "lost", "busy", "stuck"])
def test_what_stays_broken_is_unknown_and_goes_on_later(way: str, stripe_server: StandIn) -> None:
    stripe_server.goes_wrong(OPEN, way, times=3)

    with pytest.raises(stripe.Unavailable):
        stripe.open_checkout(PAGE, key=KEY)

    assert len(stripe_server.asked(OPEN)) <= patience.TRIES
    stripe_server.mend()
    if way != "stuck":
        assert made(stripe_server) in ({stripe.open_checkout(PAGE, key=KEY).id}, set())
    assert len(made(stripe_server)) == 1


def test_a_refund_whose_answer_was_lost_goes_back_once(stripe_server: StandIn) -> None:
    intent_id = paid(stripe_server).intent_id
    wish = stripe.RefundAsk(intent_id, Decimal("10.00"), "r1", "locplus")
    stripe_server.goes_wrong("post /v1/refunds", "lost", times=3)

    with pytest.raises(stripe.Unavailable):
        stripe.refund(wish, key="locplus:refund:r1:1")
    again = stripe.refund(wish, key="locplus:refund:r1:1")

    assert [each.id for each in stripe.refunds_of(intent_id)] == [again.id]


def test_a_slow_answer_is_not_waited_for_and_found_later(stripe_server: StandIn) -> None:
    stripe_server.goes_wrong(OPEN, "slow", times=None, seconds=30)

    with at_most(SHORT), pytest.raises(stripe.Unavailable):
        stripe.open_checkout(PAGE, key=KEY)

    stripe_server.mend()
    assert {stripe.open_checkout(PAGE, key=KEY).id} == made(stripe_server)


@pytest.mark.parametrize(("key", "body"), [("other", PAGE), (KEY, replace(PAGE, amount=Decimal("1.00")))])
def test_a_wrong_key_of_ours_says_nothing_about_what_was_done_before(
    key: str, body: stripe.CheckoutAsk, stripe_server: StandIn, settings: Any
) -> None:
    stripe.open_checkout(PAGE, key=KEY)
    if key == "other":
        settings.STRIPE_SECRET_KEY = "sk_" + "live_somebodyelse0"

    with pytest.raises(stripe.Unavailable):
        stripe.open_checkout(body, key=KEY)


def test_nobody_is_there(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_" + "test_nobodythere", "http://127.0.0.1:9"

    with pytest.raises(stripe.Unavailable):
        stripe.session("cs_1")


def test_all_calls_of_a_page_share_its_time(stripe_server: StandIn) -> None:
    stripe_server.goes_wrong(OPEN, "slow", times=None, seconds=30)
    asked = []

    with at_most(SHORT), stripe.within_a_page():
        for _ in range(3):
            with pytest.raises(stripe.Unavailable):
                stripe.open_checkout(PAGE, key=KEY)
            asked.append(len(stripe_server.asked(OPEN)))

    assert asked == asked[:1] * 3


@given(left=st.floats(min_value=0.1, max_value=patience.LONG.total))
def test_no_try_takes_more_time_than_is_left(left: float) -> None:
    for wait_for in (patience.BRIEF, patience.LONG):
        with at_most(wait_for):
            connect, read = patience.time_limits(left)

        assert connect > 0
        assert read > 0
        assert connect + read <= left + 1e-9


def test_every_page_waits_ten_seconds_in_all(client: Client, settings: Any) -> None:
    """The middleware is there for each page; a task gets more time, and ends before its limit."""
    assert patience.BRIEF.total == 10
    assert "tenants.billing.web.middleware.StripeTimeMiddleware" in settings.MIDDLEWARE
    assert patience.LONG.total < settings.CELERY_TASK_SOFT_TIME_LIMIT


def test_whoever_waits_for_the_same_thing_tries_again_at_different_moments() -> None:
    pauses = {patience.pause(attempt) for attempt in (1, 2) for _ in range(50)}

    assert len(pauses) == 100
    assert 0.5 * patience.PAUSE <= min(pauses) <= max(pauses) <= 3 * patience.PAUSE


@pytest.mark.parametrize("places", [2, 0])
def test_other_pages_go_on_while_stripe_hangs(
    places: int, stripe_server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four threads, as a web process has; six people pay at once. The run with all places is the control."""
    monkeypatch.setattr(line, "_places", threading.BoundedSemaphore(places) if places else None)
    with ThreadPoolExecutor(4) as web, stripe_server.holding(OPEN) as hung:
        payers = [web.submit(_pays, f"locplus:checkout:{number}:1") for number in range(6)]
        hung.wait_for(places or 4)
        others = [web.submit(lambda: Client().get("/gezond/levend").status_code) for _ in range(40)]
        done = wait(others, timeout=None if places else 0.5).done
        hung.let_go()

    outcomes = [payer.result() for payer in payers]
    if places:
        assert {each.result() for each in done} == {200}
        assert (len(done), outcomes.count("unknown")) == (40, 4)
    else:
        assert done == set()


def _pays(key: str) -> str:
    try:
        return stripe.open_checkout(PAGE, key=key).state
    except stripe.Unavailable:
        return "unknown"
