"""The zzp'er, in their own words: find, hold, book, lose a race, move, cancel."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection

from bookings import releasing
from bookings.models import Booking
from bookings.states import BookingState
from tenants.parties.models import Letter, PartyState
from tests import cast
from tests.bookings.web.conftest import client_of
from tests.journeys.deeds import book, rival
from tests.journeys.reading import press, see

TUESDAY = "/boek?dag=2026-11-24&deel=ochtend&soort=consult_room"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]


def test_finds_a_room_with_its_price_and_why_and_books_it(place, annas):
    finder = see(annas, TUESDAY)
    assert "2 rooms free" in finder.text
    assert "16,40 m² ground floor" in finder.text
    assert "€ 37,50 incl. VAT" in finder.text
    assert "1 day part (€ 37,50) is cheaper than 4 hours (€ 50,00)." in finder.text

    check = press(annas, finder, "Book Spreekkamer 1")
    assert check.heading == "Check and book"
    assert "We keep this time for you until 12:10." in check.text
    assert "On account: on the invoice of the month" in check.text
    assert "Until Sunday 22 November, 08:00: free of charge." in check.text

    done = press(annas, check, "Book for", naam="Spreekuur voeding")
    booking = Booking.objects.get()
    assert done.heading == "Your room has been booked"
    assert booking.code in done.text
    assert "The building is open from 08:00 to 22:00 that day." in done.text
    assert (booking.state, booking.title) == (BookingState.CONFIRMED, "Spreekuur voeding")
    assert Letter.objects.get().to_email == place.anna.email


def test_the_needs_asked_for_narrow_and_stay(place, annas):
    finder = see(annas, "/boek?dag=2026-11-24&deel=ochtend&nodig=wash-basin&nodig=treatment-couch")
    assert "1 room free" in finder.text
    press(annas, finder, "Book Behandelkamer 1")
    assert 'value="wash-basin" checked' in see(annas, "/boek").html


def test_the_price_with_vat_is_the_large_one(place, annas):
    finder = see(annas, "/boek?dag=2026-11-24&deel=ochtend&soort=treatment_room")
    assert "€ 54,45 incl. VAT" in finder.text
    assert "€ 45,00 excl. VAT, plus € 9,45 VAT (21 %)." in finder.text


def test_a_first_visit_starts_at_the_next_part_of_the_day_that_is_open(place, annas):
    assert "Saturday 21 November, 13:00–17:00" in see(annas, "/boek").text


def test_somebody_known_finds_their_kind_of_room_and_usual_choice(place, annas):
    book(place, room=2, start="2026-11-17 08:00", now=cast.at("2026-11-10 09:00"))
    finder = see(annas, "/boek")
    assert 'value="treatment_room" checked' in finder.html
    assert "Your usual choice Behandelkamer 1 Tuesday 24 November, 08:00–12:00" in finder.text
    done = press(annas, press(annas, finder, "Book again"), "Book for")
    assert done.heading == "Your room has been booked"


def test_a_room_that_is_taken_says_until_when_and_when_next_free(place, annas):
    user, party = rival(place)
    book(place, user=user, party=party)
    finder = see(annas, TUESDAY)
    assert "1 room free" in finder.text
    assert "Taken until 12:00" in finder.text
    assert "Next free: Tuesday 24 November, 13:00–17:00" in finder.text
    assert party.name not in finder.text


def test_nothing_free_offers_the_first_free_moment(place, annas):
    user, party = rival(place)
    for room in (0, 1):
        book(place, room=room, user=user, party=party)
    finder = see(annas, TUESDAY)
    assert "No room free" in finder.text
    assert "First free: Tuesday 24 November, 13:00–17:00" in finder.text


def test_a_closed_day_says_so_once_and_offers_another(place, annas):
    finder = see(annas, "/boek?dag=2026-11-22&deel=ochtend")
    assert finder.text.count("The building is closed on Sunday 22 November") == 1
    assert "First free: Monday 23 November, 08:00–12:00" in finder.text


def test_a_double_click_books_once(place, annas):
    finder = see(annas, TUESDAY)
    first = press(annas, finder, "Book Spreekkamer 1")
    second = press(annas, finder, "Book Spreekkamer 1")
    press(annas, first, "Book for")
    done = press(annas, second, "Book for")
    assert Booking.objects.count() == 1
    assert done.heading == "Your room has been booked"


def test_two_presses_at_the_same_moment_hold_once(place, annas):
    fields = see(annas, TUESDAY).form("Book Spreekkamer 1")["fields"]
    barrier, answers = threading.Barrier(2), []

    def click():
        client = client_of(place.anna)
        barrier.wait()
        answers.append(client.post("/boek/houd-vast", fields)["Location"])
        connection.close()

    threads = [threading.Thread(target=click) for _click in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert Booking.objects.count() == 1
    assert set(answers) == {f"/boek/{Booking.objects.get().pk}"}


def test_losing_the_race_keeps_what_was_chosen_and_offers_what_is_near(place, annas):
    finder = see(annas, TUESDAY + "&nodig=wash-basin")
    book(place, room=1, user=rival(place)[0], party=cast.party(place.hub, "Praktijk Zuid"))
    lost = press(annas, finder, "Book Spreekkamer 2")
    assert lost.status == 409
    assert "Just booked by someone else" in lost.text
    assert 'value="wash-basin" checked' in lost.html
    assert 'value="2026-11-24" checked' in lost.html
    check = press(annas, lost, "Book Spreekkamer 1")
    assert "Tuesday 24 November, 08:00–12:00" in check.text
    assert press(annas, check, "Book for").heading == "Your room has been booked"


def test_losing_the_race_on_the_check_page_keeps_the_name(place, annas):
    check = press(annas, see(annas, TUESDAY), "Book Spreekkamer 1")
    with time_machine.travel(cast.NOW + timedelta(minutes=11), tick=False):
        user, party = rival(place)
        book(place, user=user, party=party, now=cast.NOW + timedelta(minutes=11))
        lost = press(annas, check, "Book for", naam="Spreekuur voeding")
        assert lost.status == 409
        assert 'value="Spreekuur voeding"' in lost.html
        again = press(annas, lost, "Book Spreekkamer 2")
        assert 'value="Spreekuur voeding"' in again.html


def test_a_hold_that_ran_out_can_still_be_booked_while_nobody_else_did(place, annas):
    check = press(annas, see(annas, TUESDAY), "Book Spreekkamer 1")
    with time_machine.travel(cast.NOW + timedelta(minutes=11), tick=False):
        releasing.release_expired(now=cast.NOW + timedelta(minutes=11))
        late = see(annas, check.form("Book for")["action"])
        assert "The time for which we kept this room is over." in late.text
        assert press(annas, late, "Book for").heading == "Your room has been booked"


def test_ten_minutes_longer_once_and_the_name_comes_along(place, annas):
    check = press(annas, see(annas, TUESDAY), "Book Spreekkamer 1")
    path = check.form("Book for")["action"]
    with time_machine.travel(cast.NOW + timedelta(minutes=8), tick=False):
        longer = annas.post(f"{path}/langer", {"naam": "Spreekuur"}, follow=True).content.decode()
    assert "until 12:18" in longer
    assert 'value="Spreekuur"' in longer
    assert "minutes longer" not in longer


def test_never_mind_gives_the_time_back(place, annas):
    check = press(annas, see(annas, TUESDAY), "Book Spreekkamer 1")
    back = press(annas, check, "Never mind")
    assert "Nothing has been booked." in back.text
    assert "2 rooms free" in back.text


def test_changing_ones_mind_is_not_kept_out_by_ones_own_hold(place, annas):
    press(annas, see(annas, TUESDAY), "Book Spreekkamer 1")
    finder = see(annas, "/boek?dag=2026-11-24&van=09:00&tot=12:00&soort=consult_room")
    assert "You are holding this room now" in finder.text
    fields = finder.form("Book Spreekkamer 2")["fields"] | {"ruimte": "B03", "sleutel": str(uuid4())}
    annas.post("/boek/houd-vast", fields)
    running = Booking.objects.get(state=BookingState.HELD)
    assert running.period == cast.between("2026-11-24 09:00", "12:00")


def test_a_bsn_in_the_name_on_the_door_is_refused_in_words(place, annas):
    check = press(annas, see(annas, TUESDAY), "Book Spreekkamer 1")
    refused = press(annas, check, "Book for", naam="Jan 111222333")
    assert refused.status == 422
    assert "This looks like a citizen service number" in refused.text
    assert Booking.objects.get().state == BookingState.HELD


def test_the_price_never_comes_from_the_browser(place, annas):
    finder = see(annas, TUESDAY)
    fields = finder.form("Book Spreekkamer 1")["fields"] | {"gross": "0.01", "prijs": "0.01", "net": "0"}
    annas.post("/boek/houd-vast", fields)
    assert str(Booking.objects.get().gross) == "37.50"


def test_an_applicant_sees_everything_but_why_not_yet_instead_of_the_button(place, annas):
    place.party.state = PartyState.APPLIED
    place.party.save()
    finder = see(annas, TUESDAY)
    assert "€ 37,50 incl. VAT" in finder.text
    assert "You cannot book yet: the director still has to approve your application." in finder.text
    assert "houd-vast" not in finder.html
    assert annas.post("/boek/houd-vast", {"ruimte": "B03"}).status_code == 403


def test_somebody_with_two_practices_chooses_for_whom(place, annas):
    second = cast.party(place.hub, "Praktijk Zuid")
    cast.membership(place.anna, place.hub, party=second)
    assert "For whom" in see(annas, TUESDAY).text
    press(annas, see(annas, f"{TUESDAY}&partij={second.pk}"), "Book Spreekkamer 1")
    assert Booking.objects.get().party == second


def test_reception_chooses_a_party_first(place):
    reception = client_of(cast.staff(place.hub, "reception"))
    reception.post("/taal", {"language": "en"})
    assert "Choose first for whom you book." in see(reception, TUESDAY).text
    press(reception, see(reception, f"{TUESDAY}&partij={place.party.pk}"), "Book Spreekkamer 1")
    assert Booking.objects.get().party == place.party
