"""Being there: the zzp'er says so on the phone, reception puts right what was missed, the director closes a room."""

import pytest
import time_machine

from bookings import arriving, cancelling
from spaces.models import Closure, Space
from tenants.parties.models import Role
from tests import cast
from tests.bookings.web.conftest import client_of
from tests.journeys.deeds import book, rival
from tests.journeys.reading import press, see

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]
TUESDAY = "2026-11-24"


def at(clock):
    return time_machine.travel(cast.at(f"{TUESDAY} {clock}"), tick=False)


def english_staff(place, role):
    person = cast.staff(place.hub, role)
    person.language = "en"
    person.save()
    return client_of(person)


def test_annas_phone_says_i_am_here_from_a_quarter_of_an_hour_before_the_start(place):
    booking = book(place, start=f"{TUESDAY} 09:00")
    with at("08:30"):
        early = see(client_of(place.anna), "/mijn")
    with at("08:50"):
        phone = client_of(place.anna)
        welcome = press(phone, see(phone, "/mijn"), "I am here")
        again = phone.post(f"/boeking/{booking.code}/ik-ben-er", follow=True)
    assert "I am here" not in early.text
    assert "Welcome. You are in Spreekkamer 1, ground floor." in welcome.text
    assert again.status_code == 200
    booking.refresh_from_db()
    assert (booking.state, booking.arrived_at) == ("arrived", cast.at(f"{TUESDAY} 08:50"))


def test_nobody_says_it_for_somebody_else(place, client):
    booking = book(place, start=f"{TUESDAY} 09:00")
    with at("09:00"):
        stranger = client_of(rival(place)[0]).post(f"/boeking/{booking.code}/ik-ben-er")
        visitor = client.post(f"/boeking/{booking.code}/ik-ben-er")
    booking.refresh_from_db()
    assert (stranger.status_code, visitor.status_code, booking.state) == (404, 302, "confirmed")


def test_reception_puts_right_what_was_released_until_somebody_else_has_it(place):
    Space.objects.update(release_after_minutes=15)
    booking = book(place, start=f"{TUESDAY} 09:00")
    arriving.release_missed(now=cast.at(f"{TUESDAY} 09:15"))
    user, party = rival(place)
    other = book(place, start=f"{TUESDAY} 11:00", user=user, party=party, now=cast.at(f"{TUESDAY} 09:16"))
    with at("09:20"):
        late = see(client_of(place.anna), f"/boeking/{booking.code}")
        desk = english_staff(place, Role.RECEPTION)
        refused = press(desk, see(desk, "/balie"), "Is here after all")
        cancelling.cancel(other, by=user, now=cast.at(f"{TUESDAY} 09:20"))
        back = press(desk, see(desk, "/balie"), "Is here after all")
    booking.refresh_from_db()
    assert "Praktijk Anna de Vries has arrived." in back.text
    assert booking.state == "arrived"
    assert "Nobody had checked in at 09:15." in late.text
    assert "Somebody else has the room for the rest of this booking" in refused.text


def closing(place, **more):
    return {
        "ruimte": "B03", "dag": TUESDAY, "van": "", "tot_dag": "", "tot": "", "reden": "Leak", **more,
    }  # fmt: skip


def test_the_director_closes_a_room_and_everybody_is_moved_or_told(place):
    anna, (user, party) = book(place, start=f"{TUESDAY} 09:00"), rival(place)
    book(place, room=1, start=f"{TUESDAY} 13:00", end="17:00", user=user, party=party)
    late = book(place, start=f"{TUESDAY} 13:00", end="17:00")
    director = english_staff(place, Role.DIRECTOR)
    form = see(director, "/beheer/sluitingen/sluit")
    check = see(director, "/beheer/sluitingen/sluit?ruimte=B03&dag=24-11&van=&tot_dag=&tot=&reden=Leak")
    assert form.heading == "Close something"
    assert "Move to Spreekkamer 2, same time and price" in check.text
    assert "No other room like it is free then." in check.text
    done = press(director, check, "Close, and do what stands above", **choices(check, "verplaats"))
    assert "Closed: Leak." in done.text
    anna.refresh_from_db()
    late.refresh_from_db()
    assert (anna.space.code, anna.state, late.state) == ("B04", "confirmed", "cancelled")
    reopened = press(director, done, "Open again")
    assert "Open again: Leak." in reopened.text
    assert not Closure.objects.exists()


def choices(page, chosen):
    return {name: chosen for form in page.forms for name in form["fields"] if name.startswith("keuze-")}


def test_a_booking_made_while_the_director_looks_is_listed_first(place):
    director = english_staff(place, Role.DIRECTOR)
    check = see(director, "/beheer/sluitingen/sluit?ruimte=B03&dag=24-11&van=&tot_dag=&tot=&reden=Leak")
    booking = book(place, start=f"{TUESDAY} 09:00")
    again = press(director, check, "Close this")
    assert (again.status, Closure.objects.count()) == (409, 0)
    assert "In the meantime something has changed." in again.text
    assert "Praktijk Anna de Vries" in again.text
    booking.refresh_from_db()
    assert booking.state == "confirmed"


@pytest.mark.parametrize(
    "wrong",
    [{"dag": "31-2"}, {"dag": "x" * 900}, {"ruimte": "B99"}, {"van": "25:00"}, {"van": "12:00", "tot": "11:00"},
     {"tot_dag": "23-11"}, {"reden": ""}, {"reden": "\0"}, {"dag": "2099-01-01"}, {"tot_dag": "9999-12-31"}],
)  # fmt: skip
def test_nonsense_in_a_closure_is_told_and_nothing_closes(place, wrong):
    director = english_staff(place, Role.DIRECTOR)
    answers = [
        getattr(director, how)("/beheer/sluitingen/sluit", closing(place) | wrong) for how in ("get", "post")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert not Closure.objects.exists()


def test_what_has_been_is_not_closed(place):
    director = english_staff(place, Role.DIRECTOR)
    answer = director.post("/beheer/sluitingen/sluit", closing(place, dag="2026-11-20"))
    assert answer.status_code == 409
    assert "This time has passed. Choose a later end." in answer.content.decode()
