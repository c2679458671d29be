"""The hold ends while somebody pays, two tabs pay, everybody looks at once, a process dies: one booking, paid once.

Stop points are answers of the stand-in that wait: what was asked is done there, and we do not know it yet.
"""

import contextlib
import functools
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from bookings import releasing
from bookings.models import Booking
from bookings.paying import following, starting, stopping, syncing
from bookings.paying import sweeping as sweeping_bookings
from bookings.refusals import TimeTaken
from bookings.states import BookingState
from config import controlling
from spaces import claiming
from spaces.models import Claim
from tenants.billing.models import Invoice, OnlinePayment, OnlineState, Payment, Refund
from tenants.billing.online import attempts
from tenants.billing.online.attempts import Ask
from tenants.parties.models import Letter
from tests import cast
from tests.bookings.deeds import Who, book, fresh, hold, holders
from tests.bookings.paid_hub import Place
from tests.cast import NOW
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
SESSIONS = "post /v1/checkout/sessions"
LOOKS = "get /v1/checkout/sessions"
AT_ONCE = 10


@pytest.fixture
def place(stripe_server: StandIn) -> Place:
    return Place()


def starts(place: Place, booking: Booking, *, now: datetime = NOW) -> OnlinePayment | None:
    return starting.start(Booking.objects.get(pk=booking.pk), by=place.anna, now=now)


def aside(deed: Callable[[], object], pool: ThreadPoolExecutor) -> "Future[object]":
    """Do it in a thread with a connection of its own."""

    def go() -> object:
        try:
            return deed()
        finally:
            connection.close()

    return pool.submit(go)


def pay_and_look(server: StandIn) -> OnlinePayment:
    payment = OnlinePayment.objects.get()
    server.pay(payment.session_id)
    return syncing.sync(payment, now=NOW)


def booked_once(booking: Booking) -> None:
    assert fresh(booking).state == BookingState.CONFIRMED
    assert Invoice.objects.get().prepaid == Payment.objects.get().amount
    assert Letter.objects.filter(kind="booking_confirmed").count() == 1


def test_a_hold_that_ends_while_its_payment_page_opens_goes_to_nobody_else(
    place: Place, stripe_server: StandIn
) -> None:
    booking, bram = place.hold(), place.other()
    end = booking.held_until
    assert end
    with stripe_server.holding(SESSIONS) as stop, ThreadPoolExecutor(1) as pool:
        running = aside(lambda: starts(place, booking, now=end - timedelta(seconds=1)), pool)
        stop.wait_for()
        assert releasing.release_expired(now=end) == 0
        with pytest.raises(TimeTaken):
            hold(place.room, bram, now=end)
        stop.let_go()
        running.result()

    pay_and_look(stripe_server)

    booked_once(booking)
    assert holders(place.room) == [booking.holder]


def test_control_a_hold_that_keeps_its_end_while_it_is_paid_is_paid_without_a_room(
    place: Place, stripe_server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As everywhere where a payment takes longer than a hold: the room goes to the next, and the money comes."""
    booking, bram = place.hold(), place.other()
    counted = Claim.objects.filter(active=True, kind=Claim.Kind.HOLD)
    monkeypatch.setattr(claiming, "keep", lambda holder, kind: counted.filter(holder=holder).count())
    starts(place, booking)
    monkeypatch.undo()
    assert booking.held_until
    book(place.room, bram, now=booking.held_until)

    pay_and_look(stripe_server)

    assert Booking.objects.filter(state=BookingState.CONFIRMED).count() == 2
    assert [it for it in controlling.look(now=NOW) if it.looked.broken]


@pytest.mark.parametrize("rounds", [3, pytest.param(50, marks=pytest.mark.long)])
def test_in_the_second_that_a_hold_ends_exactly_one_gets_the_room(
    place: Place, stripe_server: StandIn, rounds: int
) -> None:
    """Anna pays, the sweep ends her hold, and Bram books: all released at once."""
    bram = place.other()
    for number in range(rounds):
        place.room = cast.space(place.hub, f"R{number:02d}")
        booking = place.hold()
        end = booking.held_until
        assert end
        _all_at_once(place, booking, bram, end)
        for payment in OnlinePayment.objects.under_way():
            stripe_server.pay(payment.session_id)
            syncing.sync(payment, now=end)
        (winner,) = Booking.objects.filter(space=place.room, state=BookingState.CONFIRMED)
        assert holders(place.room, now=end) == [winner.holder]
        assert OnlinePayment.objects.filter(state=OnlineState.SUCCEEDED).count() == Invoice.objects.count()
        assert not Refund.objects.exists()


def test_two_tabs_at_once_open_one_page(place: Place, stripe_server: StandIn) -> None:
    booking = place.hold()
    with stripe_server.holding(SESSIONS) as stop, ThreadPoolExecutor(2) as pool:
        tabs = [aside(lambda: starts(place, booking), pool) for _tab in range(2)]
        stop.wait_for(2)
        stop.let_go()
        pages = {tab.result().url for tab in tabs}  # type: ignore[attr-defined]

    assert len(pages) == len(stripe_server.account.all("checkout.session")) == 1
    pay_and_look(stripe_server)
    booked_once(booking)


def test_control_without_one_attempt_for_a_booking_two_tabs_pay_twice(
    place: Place, stripe_server: StandIn
) -> None:
    booking = place.hold()
    constraint = next(
        it for it in OnlinePayment._meta.constraints if it.name == "one_attempt_under_way_per_source"
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(OnlinePayment, constraint)
    try:
        for _tab in range(2):
            ask = Ask(place.practice, booking.gross, "Boeking", "/", source=booking.holder)
            row = attempts.open_session(attempts.make(ask, now=NOW), now=NOW)
            stripe_server.pay(row.session_id)
        assert sum(it["amount_received"] for it in stripe_server.account.all("payment_intent")) == 7500
    finally:
        OnlinePayment.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(OnlinePayment, constraint)


def test_ten_who_look_at_once_book_it_once(place: Place, stripe_server: StandIn) -> None:
    """The webhook, the return page and the sweep: all have asked before the first of them writes."""
    booking = place.hold()
    payment = starts(place, booking)
    assert payment
    stripe_server.pay(payment.session_id)
    with stripe_server.holding(LOOKS) as stop, ThreadPoolExecutor(AT_ONCE) as pool:
        looks = [aside(lambda: syncing.sync(payment, now=NOW), pool) for _look in range(AT_ONCE)]
        stop.wait_for(AT_ONCE)
        stop.let_go()
        assert {look.result().state for look in looks} == {OnlineState.SUCCEEDED}  # type: ignore[attr-defined]

    booked_once(booking)


def test_who_pays_while_they_give_up_has_booked_or_has_not_paid(place: Place, stripe_server: StandIn) -> None:
    """The payer presses at the bank between our wish to close the page and its closing."""
    booking = place.hold()
    payment = starts(place, booking)
    assert payment
    with stripe_server.holding(LOOKS) as stop, ThreadPoolExecutor(1) as pool:
        stripe_server.pay(payment.session_id)
        running = aside(lambda: stopping.give_up(fresh(booking), now=NOW), pool)
        stop.wait_for()
        with pytest.raises(TimeTaken):
            hold(place.room, place.other())
        stop.let_go()
        running.result()

    booked_once(booking)


def test_control_released_before_the_page_is_closed_somebody_pays_for_nothing(
    place: Place, stripe_server: StandIn
) -> None:
    booking = place.hold()
    payment = starts(place, booking)
    assert payment
    later = NOW + timedelta(minutes=31)
    with transaction.atomic():
        following.not_paid(fresh(booking), now=later)
    book(place.room, place.other(), now=later)
    stripe_server.pay(payment.session_id)

    syncing.sync(payment, now=later)

    assert Payment.objects.exists()
    assert fresh(booking).state == BookingState.EXPIRED


@pytest.mark.parametrize("kills", [6, pytest.param(100, marks=pytest.mark.long)])
def test_killed_between_stripe_and_our_commit_every_booking_is_paid_once(
    place: Place, stripe_server: StandIn, kills: int
) -> None:
    chance = random.Random(2026)
    held = [hold(cast.space(place.hub, f"K{number:02d}"), place.who) for number in range(kills // 2)]
    for booking in held:
        _killed(stripe_server, SESSIONS, lambda booking=booking: starts(place, booking), chance)
    assert OnlinePayment.objects.count() == len(held), "the row is there before Stripe is asked"
    assert {fresh(booking).state for booking in held} == {BookingState.PAYING}
    sweeping_bookings.look(now=NOW + timedelta(minutes=4))
    for payment in OnlinePayment.objects.all():
        stripe_server.pay(payment.session_id)
        _killed(stripe_server, LOOKS, lambda payment=payment: syncing.sync(payment, now=NOW), chance)

    sweeping_bookings.look(now=NOW + timedelta(minutes=15))

    assert {fresh(booking).state for booking in held} == {BookingState.CONFIRMED}
    assert Invoice.objects.count() == Payment.objects.count() == len(held)
    assert set(OnlinePayment.objects.values_list("state", flat=True)) == {OnlineState.SUCCEEDED}
    assert Letter.objects.filter(kind="booking_confirmed").count() == len(held)
    assert len(stripe_server.account.all("checkout.session")) == len(held), "each was asked under one key"


def _killed(server: StandIn, what: str, deed: Callable[[], object], chance: random.Random) -> None:
    """Do it in a process of its own, and kill that: before Stripe's answer comes, or soon after."""
    connections.close_all()
    with server.holding(what) as stop:
        child = os.fork()
        if child == 0:
            deed()
            time.sleep(60)
        stop.wait_for()
        if chance.random() < 0.7:
            stop.let_go()
            time.sleep(chance.uniform(0, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _all_at_once(place: Place, booking: Booking, bram: Who, now: datetime) -> None:
    gate = threading.Barrier(3)

    def released(deed: Callable[[], object]) -> None:
        connection.ensure_connection()
        gate.wait(timeout=30)
        with contextlib.suppress(TimeTaken):
            deed()

    deeds = [
        lambda: starts(place, booking, now=now),
        lambda: releasing.release_expired(now=now),
        lambda: book(place.room, bram, now=now),
    ]
    with ThreadPoolExecutor(3) as pool:
        for each in [aside(functools.partial(released, deed), pool) for deed in deeds]:
            each.result()
