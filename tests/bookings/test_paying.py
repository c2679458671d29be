"""Paying a booking when it is made: always one booking paid once, or none and no money, or the money back."""

from datetime import timedelta

import pytest

from bookings import cancelling, releasing
from bookings.paying import on_account, starting, stopping, syncing
from bookings.refusals import BankOutOfReach, NotPaidOnline
from bookings.states import BookingState
from config import controlling
from spaces.models import Claim
from tenants.billing import allocating
from tenants.billing.models import Invoice, OnlinePayment, OnlineRefund, OnlineState, Payment, Refund
from tenants.billing.online import sweeping
from tenants.billing.online.syncing import Seen
from tenants.parties.models import Letter
from tests import cast
from tests.bookings import deeds
from tests.bookings.deeds import fresh, holders, letters, option
from tests.bookings.paid_hub import AMOUNT, Place, no_money, of, paid_once, state
from tests.cast import NOW

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = timedelta(minutes=40)


@pytest.fixture
def place(stripe_server):
    return Place()


@pytest.fixture(autouse=True)
def all_still_adds_up(db):
    yield
    broken = {it.invariant.words: it.shown for it in controlling.look(now=NOW) if it.looked.broken}
    assert broken == {}


def test_the_room_is_claimed_without_an_end_before_stripe_is_asked(place, stripe_server):
    payment = place.start()

    booking, asked = of(payment), stripe_server.asked("post /v1/checkout/sessions")
    assert (booking.state, payment.state, payment.amount) == (BookingState.PAYING, OnlineState.OPEN, AMOUNT)
    assert payment.url
    assert len(asked) == 1
    claim = Claim.objects.get(holder=booking.holder, active=True)
    assert (claim.kind, claim.expires_at) == (Claim.Kind.BOOKING, None)
    assert releasing.release_expired(now=NOW + HALF_AN_HOUR) == 0
    assert no_money()


def test_paid_it_is_booked_with_its_invoice_and_a_letter_and_a_second_look_changes_nothing(
    place, stripe_server
):
    payment = place.start()
    stripe_server.pay(payment.session_id)

    for _look in range(3):
        syncing.sync(payment, now=NOW)

    assert state(payment) == (BookingState.CONFIRMED, OnlineState.SUCCEEDED)
    paid_once()
    assert letters(place.anna) == ["booking_confirmed"]
    assert "37,50 is online betaald" in Letter.objects.get(kind="booking_confirmed").text.replace("\xa0", " ")


def test_two_tabs_and_a_double_press_are_one_attempt(place, stripe_server):
    booking = place.hold()
    first = place.start(booking)
    second = place.start(booking)

    assert (first.pk, first.url) == (second.pk, second.url)
    assert OnlinePayment.objects.count() == 1
    assert on_account.book(booking, by=place.anna, now=NOW).state == BookingState.PAYING
    stripe_server.pay(first.session_id)
    syncing.sync(first, now=NOW)
    assert starting.start(fresh(booking), by=place.anna, now=NOW) is None
    paid_once()


def test_who_gives_up_has_the_time_held_again_and_may_go_on_account(place, stripe_server):
    payment = place.start()
    later = NOW + timedelta(minutes=12)

    booking = stopping.give_up(of(payment), now=later)

    assert stripe_server.thing(payment.session_id)["status"] == "expired"
    assert state(payment) == (BookingState.HELD, OnlineState.EXPIRED)
    assert booking.held_until == later + timedelta(minutes=10)
    claim = Claim.objects.get(holder=booking.holder, active=True)
    assert (claim.kind, claim.expires_at) == (Claim.Kind.HOLD, booking.held_until)
    assert on_account.book(booking, by=place.anna, now=later).state == BookingState.CONFIRMED
    assert not Payment.objects.exists()


def test_who_gives_up_after_they_paid_has_booked(place, stripe_server):
    payment = place.start()
    stripe_server.pay(payment.session_id)

    assert stopping.give_up(of(payment), now=NOW).state == BookingState.CONFIRMED
    paid_once()


def test_a_closed_tab_ends_with_its_session_and_the_time_is_free(place, stripe_server):
    payment, end = place.start(), NOW + HALF_AN_HOUR
    stripe_server.at(end)

    for each in sweeping.due(end):
        syncing.sync(each, now=end)

    assert state(payment) == (BookingState.EXPIRED, OnlineState.EXPIRED)
    assert holders(place.room, now=end) == []
    assert no_money()


def test_money_after_the_page_ended_takes_the_time_back_while_it_is_free(place, stripe_server):
    payment, end = place.start(), NOW + HALF_AN_HOUR
    stripe_server.at(end)
    syncing.sync(payment, now=end)
    late = Seen(OnlineState.SUCCEEDED, received=AMOUNT, session_id=payment.session_id)

    syncing._followed(payment, late, now=end)

    assert state(payment) == (BookingState.CONFIRMED, OnlineState.SUCCEEDED)
    assert holders(place.room, now=end) == [of(payment).holder]
    paid_once()


def test_while_stripe_says_nothing_the_room_is_kept(place, stripe_server):
    payment, end = place.start(), NOW + HALF_AN_HOUR
    stripe_server.goes_wrong("", "dropped", times=None)

    with pytest.raises(BankOutOfReach):
        stopping.give_up(of(payment), now=end)

    assert state(payment) == (BookingState.PAYING, OnlineState.OPEN)
    stripe_server.mend()
    stripe_server.pay(payment.session_id)
    syncing.sync(payment, now=end)
    assert state(payment) == (BookingState.CONFIRMED, OnlineState.SUCCEEDED)


def test_an_answer_that_was_lost_is_asked_for_again_under_the_same_key(place, stripe_server):
    booking = place.hold()
    stripe_server.goes_wrong("post /v1/checkout/sessions", "lost", times=None)
    with pytest.raises(BankOutOfReach):
        place.start(booking)
    assert fresh(booking).state == BookingState.PAYING
    stripe_server.mend()

    payment = starting.go_on(fresh(booking), now=NOW)

    assert payment.state == OnlineState.OPEN
    assert len({thing for thing in stripe_server.account.things if thing.startswith("cs_")}) == 1


def test_when_stripe_refuses_the_time_is_held_as_it_was(place, stripe_server):
    booking = place.hold()
    stripe_server.at(NOW + timedelta(minutes=10))  # a session would end too soon: Stripe refuses

    with pytest.raises(NotPaidOnline):
        place.start(booking)

    assert fresh(booking).state == BookingState.HELD
    assert fresh(booking).held_until == booking.held_until
    assert OnlinePayment.objects.get().state == OnlineState.FAILED


def test_who_gives_up_before_a_page_was_there_has_the_time_held_again(place, stripe_server):
    booking = place.hold()
    stripe_server.goes_wrong("", "dropped", times=None)
    with pytest.raises(BankOutOfReach):
        place.start(booking)
    stripe_server.mend()
    later = NOW + timedelta(minutes=10)
    stripe_server.at(later)  # a session would end too soon by now: Stripe refuses to open it

    assert stopping.give_up(fresh(booking), now=later).state == BookingState.HELD
    assert OnlinePayment.objects.get().state == OnlineState.FAILED


def test_an_option_that_is_not_paid_stays_an_option(place, stripe_server):
    taken = option(place.room, place.who)
    payment = place.start(taken)

    booking = stopping.give_up(of(payment), now=NOW)

    assert (booking.state, booking.held_until) == (BookingState.OPTION, taken.held_until)
    claim = Claim.objects.get(holder=booking.holder, active=True)
    assert (claim.kind, claim.expires_at) == (Claim.Kind.HOLD, taken.held_until)


def test_called_off_while_somebody_pays_the_page_is_closed_by_the_next_look(place, stripe_server):
    payment = place.start()
    cancelling.cancel_free(of(payment), why="lekkage", by=cast.staff(place.hub), now=NOW)

    assert (of(payment).state, holders(place.room)) == (BookingState.CANCELLED, [])
    syncing.sync(payment, now=NOW)

    assert state(payment) == (BookingState.CANCELLED, OnlineState.EXPIRED)
    assert letters(place.anna) == ["booking_cancelled"]
    assert no_money()


def test_money_for_what_was_called_off_goes_back(place, stripe_server):
    payment = place.start()
    cancelling.cancel_free(of(payment), why="vergissing", by=cast.staff(place.hub), now=NOW)
    stripe_server.pay(payment.session_id)

    syncing.sync(payment, now=NOW)

    assert state(payment) == (BookingState.CANCELLED, OnlineState.SUCCEEDED)
    assert holders(place.room) == []
    assert [row.amount for row in OnlineRefund.objects.all()] == [payment.amount]


def test_money_for_a_time_that_went_to_another_goes_back_with_a_letter(place, stripe_server):
    director = cast.staff(place.hub)
    payment = place.start()
    cancelling.cancel_free(of(payment), why="lekkage", by=director, now=NOW)
    deeds.book(place.room, place.other())
    stripe_server.pay(payment.session_id)

    for _look in range(2):
        syncing.sync(payment, now=NOW)

    assert state(payment) == (BookingState.CANCELLED, OnlineState.SUCCEEDED)
    refund = Refund.objects.get()
    assert (refund.amount, refund.through_id, refund.state) == (AMOUNT, payment.pk, Refund.State.LISTED)
    assert not Invoice.objects.exists()
    assert letters(place.anna) == ["booking_cancelled", "paid_too_late"]
    assert letters(director) == ["paid_too_late_staff"]


def test_booked_on_account_meanwhile_late_money_pays_that_booking(place, stripe_server):
    """Stripe closes a page that nobody paid on; should money come all the same, it is not lost."""
    payment = place.start()
    stopping.give_up(of(payment), now=NOW)
    on_account.book(of(payment), by=place.anna, now=NOW)

    late = Seen(OnlineState.SUCCEEDED, received=AMOUNT, session_id=payment.session_id)
    syncing._followed(payment, late, now=NOW)

    assert of(payment).state == BookingState.CONFIRMED
    paid_once()


def test_without_an_address_at_the_end_the_booking_goes_through_and_the_money_is_credit(place, stripe_server):
    payment = place.start()
    place.practice.street = ""
    place.practice.save()
    stripe_server.pay(payment.session_id)

    syncing.sync(payment, now=NOW)

    assert of(payment).state == BookingState.CONFIRMED
    assert not Invoice.objects.exists()
    assert allocating.unused(Payment.objects.get()) == AMOUNT
