"""The zzp'er changes their mind: move or cancel, with the money on the page first; strangers find nothing."""

import pytest
import time_machine

from bookings.states import BookingState
from tests import cast
from tests.bookings.web.conftest import client_of
from tests.journeys.deeds import book, rival
from tests.journeys.reading import press, see

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]


def test_the_booking_goes_into_a_calendar(place, annas):
    booking = book(place)
    answer = annas.get(f"/boeking/{booking.code}/agenda.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"DTSTART:20261124T070000Z" in answer.content


def test_moves_to_another_day_after_seeing_the_difference(place, annas):
    booking = book(place)
    finder = see(annas, f"/boeking/{booking.code}/verplaats")
    assert "this is your booking now" in finder.text
    shorter = see(
        annas, f"/boeking/{booking.code}/verplaats?dag=2026-11-24&van=08:00&tot=10:00&soort=consult_room"
    )
    assert "€ 12,50 less" in shorter.text
    path = f"/boeking/{booking.code}/verplaats/controleer?ruimte=B03&dag=2026-11-24&van=08:00&tot=10:00"
    check = see(annas, path)
    assert "You pay € 12,50 less." in check.text
    moved = press(annas, check, "Change the booking")
    assert "Your booking has been changed." in moved.text
    booking.refresh_from_db()
    assert (booking.period, booking.sequence) == (cast.between("2026-11-24 08:00", "10:00"), 1)


def test_a_move_of_a_booking_that_changed_meanwhile_is_refused(place, annas):
    booking = book(place)
    path = f"/boeking/{booking.code}/verplaats/controleer?ruimte=B04&dag=2026-11-25&van=08:00&tot=12:00"
    check, second = see(annas, path), see(annas, path)
    press(annas, check, "Change the booking")
    refused = press(annas, second, "Change the booking")
    assert refused.status == 409
    assert "Your change" in refused.text
    assert "As it is now" in refused.text
    assert "Anna de Vries changed this booking on" in refused.text
    booking.refresh_from_db()
    assert booking.sequence == 1


def test_moving_into_a_taken_room_offers_what_is_near(place, annas):
    booking = book(place)
    check = see(
        annas, f"/boeking/{booking.code}/verplaats/controleer?ruimte=B04&dag=2026-11-25&van=08:00&tot=12:00"
    )
    user, party = rival(place)
    book(place, room=1, start="2026-11-25 08:00", user=user, party=party)
    lost = press(annas, check, "Change the booking")
    assert lost.status == 409
    assert "Spreekkamer 1 Wednesday 25 November, 08:00–12:00" in lost.text


def test_moving_late_says_that_the_steps_count_from_the_old_date(place, annas):
    booking = book(place, start="2026-11-23 08:00")
    path = f"/boeking/{booking.code}/verplaats/controleer?ruimte=B03&dag=2026-12-01&van=08:00&tot=12:00"
    check = see(annas, path)
    assert "the steps keep counting from the old date: Monday 23 November, 08:00." in check.text


def test_cancelling_early_costs_nothing(place, annas):
    booking = book(place)
    page = see(annas, f"/boeking/{booking.code}/annuleer")
    assert "Cancelling costs nothing." in page.text
    done = press(annas, page, "Cancel free of charge")
    assert "Your booking has been cancelled. It costs nothing." in done.text
    assert "cancelled" in done.text


def test_cancelling_late_shows_the_money_first(place, annas):
    booking = book(place, start="2026-11-23 08:00")
    page = see(annas, f"/boeking/{booking.code}/annuleer")
    assert "Cancelling costs € 18,75." in page.text
    assert "€ 18,75 will be on your invoice instead of € 37,50. You get € 18,75 back." in page.text
    done = press(annas, page, "Cancel for € 18,75")
    assert "€ 18,75 will be on your invoice." in done.text


def test_a_cost_that_rose_meanwhile_is_shown_before_anything_is_cancelled(place, annas):
    booking = book(place)
    page = see(annas, f"/boeking/{booking.code}/annuleer")
    with time_machine.travel(cast.at("2026-11-23 07:00"), tick=False):
        again = press(client_of(place.anna), page, "Cancel free of charge")
    assert again.status == 409
    assert "the cost of cancelling has changed" in again.text
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED


def test_cancelling_after_the_start_is_refused_with_what_to_do(place, annas):
    booking = book(place)
    with time_machine.travel(cast.at("2026-11-24 09:00"), tick=False):
        page = see(client_of(place.anna), f"/boeking/{booking.code}/annuleer")
    assert page.status == 422
    assert "This booking has already begun. Ask reception to change it." in page.text


def test_a_stranger_finds_nothing(place):
    booking = book(place)
    stranger = client_of(rival(place)[0])
    place_of_move = "ruimte=B03&dag=2026-11-25&van=8&tot=12"
    paths = ["", "/agenda.ics", "/annuleer", "/verplaats", f"/verplaats/controleer?{place_of_move}"]
    assert {stranger.get(f"/boeking/{booking.code}{path}").status_code for path in paths} == {404}
    assert stranger.post(f"/boeking/{booking.code}/annuleer", {"kosten": "0.00"}).status_code == 404
    assert stranger.get(f"/boek/{booking.pk}").status_code == 404
    assert see(stranger, "/mijn").text.count("Spreekkamer") == 0


def test_a_visitor_is_asked_to_sign_in(place, client):
    assert client.get("/boek")["Location"].startswith("/account/")
