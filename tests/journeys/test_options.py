"""Options, requests and the waiting list, in the words of who uses them."""

from datetime import timedelta

import pytest
import time_machine

from bookings import releasing, waiting
from bookings.models import Booking, WaitingEntry
from bookings.states import BookingState
from tenants.parties.models import Letter, Role
from tests import cast
from tests.bookings.web.conftest import client_of
from tests.journeys.deeds import book, rival
from tests.journeys.reading import Page, press, see

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]
DAY = "/boek?dag=2026-12-15&deel=ochtend&soort=consult_room"
BUSY = "/boek?dag=2026-11-24&deel=ochtend&soort=consult_room"


def link(letter: str, user) -> str:
    """The page that the last letter of this kind leads to."""
    text = Letter.objects.filter(kind=letter, to_email=user.email).last().text
    return next(line for line in text.splitlines() if line.startswith("http")).removeprefix(
        "http://localhost:8000"
    )


@pytest.fixture
def bram(place):
    user, party = rival(place)
    user.language = "en"
    user.save()
    return user, party


@pytest.fixture
def brams(bram):
    return client_of(bram[0])


def takes(client, check: Page) -> Page:
    """The second button of the check page, with the name as it was typed."""
    assert f'formaction="{check.path}/optie"' in check.html
    fields = check.form("Book for")["fields"] | {"naam": "Spreekuur"}
    return Page(client.post(f"{check.path}/optie", fields, follow=True))


def in_option(annas) -> Page:
    """Anna takes an option on the first room."""
    return takes(annas, press(annas, see(annas, DAY), "Book Spreekkamer 1"))


def test_takes_an_option_sees_it_among_her_bookings_and_confirms_it(place, annas):
    check = press(annas, see(annas, DAY), "Book Spreekkamer 1")
    assert "An option costs nothing and lasts until Saturday 5 December, 12:00." in check.text
    option = takes(annas, check)
    assert (
        "We keep this time for you until Saturday 5 December, 12:00. The price stays as it is." in option.text
    )
    mine = see(annas, "/mijn")
    assert "Waits for an answer Spreekkamer 1" in mine.text
    assert "until Saturday 5 December, 12:00" in mine.text

    done = press(annas, see(annas, mine.links["Confirm"]), "Confirm for € 37,50")

    assert done.heading == "Your room has been booked"
    assert Booking.objects.get().title == "Spreekuur"
    assert "Waits for an answer" not in see(annas, "/mijn").text


def test_lets_an_option_go_from_her_own_page(place, annas):
    in_option(annas)
    mine = press(annas, see(annas, "/mijn"), "Let go")
    assert "Nothing has been booked. The time is free for others again." in mine.text
    assert "2 rooms free" in see(annas, DAY).text


def test_somebody_else_asks_and_gets_the_room_when_the_option_goes(place, annas, brams, bram):
    in_option(annas)
    finder = see(brams, DAY)
    assert "In option" in finder.text
    ask = see(brams, finder.links["Ask for it"])
    assert "They have until Monday 23 November, 12:00 to confirm." in ask.text
    assert place.party.name not in ask.text

    asked = press(brams, ask, "Ask for this time")
    assert "You asked for it. You hear the answer before Monday 23 November, 12:00." in asked.text
    assert "Somebody else asks for this time" in see(annas, link("option_asked", place.anna)).text

    press(annas, see(annas, "/mijn"), "Let go")
    assert "free for you" in see(brams, "/mijn").text
    claim = see(brams, link("time_offered", bram[0]))
    assert "minutes longer" not in claim.text
    assert "Take an option" not in claim.text
    assert press(brams, claim, "Book for").heading == "Your room has been booked"


def test_who_asked_hears_that_the_holder_booked_it_and_asking_twice_is_once(place, annas, brams, bram):
    in_option(annas)
    ask = see(brams, see(brams, DAY).links["Ask for it"])
    press(brams, ask, "Ask for this time")
    press(brams, ask, "Ask for this time")
    third = client_of(cast.zzper(place.hub, "Carla Mulder", language="nl")[0])
    assert third.post(ask.path).status_code == 422

    press(annas, see(annas, see(annas, "/mijn").links["Confirm"]), "Confirm for")

    kinds = Letter.objects.filter(to_email=bram[0].email).order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["option_asked_by_you", "option_kept"]


def test_an_option_that_ran_out_is_told_in_words(place, annas, brams):
    option = in_option(annas)
    ask = see(brams, see(brams, DAY).links["Ask for it"])
    press(brams, ask, "Ask for this time")
    with time_machine.travel(cast.NOW + timedelta(hours=48, seconds=10), tick=False):
        late = press(annas, option, "Confirm for")
        assert late.status == 422
        assert "somebody else had asked for this time" in late.text


def test_the_own_option_shows_as_such_and_a_strangers_page_is_not_found(place, annas, brams):
    option = in_option(annas)
    assert "You have an option on it" in see(annas, DAY).text
    assert brams.get(option.path).status_code == 404
    assert brams.post(f"{option.path}/optie").status_code == 404
    assert brams.post(f"{option.path}/toch-niet").status_code == 404
    outsider = client_of(cast.zzper(cast.hub("elders"), "Dirk Elders")[0])
    assert outsider.get(f"/optie/{Booking.objects.get().pk}/vraag").status_code == 404


def test_a_room_that_needs_approval_is_asked_for_and_approved(place, annas):
    place.rooms[0].needs_approval = True
    place.rooms[0].save()
    director = client_of(cast.staff(place.hub))
    check = press(annas, see(annas, DAY), "Book Spreekkamer 1")
    assert "For this room the hub says yes first." in check.text

    asked = press(annas, check, "Ask for it, € 37,50")
    assert "Waits for approval" in asked.text
    assert "waits for approval" in see(annas, "/mijn").text
    requests = see(director, "/beheer/aanvragen")
    assert place.party.name in requests.text
    again = press(director, requests, "Keur goed Spreekkamer 1")
    press(director, requests, "Keur goed Spreekkamer 1")
    assert "Niets wacht op uw antwoord" in again.text
    assert Booking.objects.get().state == BookingState.CONFIRMED
    assert "booked" in see(annas, asked.path).text


def test_a_request_is_declined_with_a_reason_that_is_read(place, annas):
    place.rooms[0].needs_approval = True
    place.rooms[0].save()
    reception = client_of(cast.staff(place.hub, Role.RECEPTION))
    asked = press(annas, press(annas, see(annas, DAY), "Book Spreekkamer 1"), "Ask for it")
    page = see(reception, f"/beheer/aanvragen/{Booking.objects.get().pk}/afwijzen")
    assert press(reception, page, "Wijs de aanvraag af", reden="").status == 422

    press(reception, page, "Wijs de aanvraag af", reden="Dan is er groot onderhoud.")

    assert "Not approved Dan is er groot onderhoud." in see(annas, asked.path).text
    assert "2 rooms free" in see(annas, DAY).text


def test_a_request_can_be_withdrawn_by_who_asked_and_by_no_stranger(place, annas, brams):
    place.rooms[0].needs_approval = True
    place.rooms[0].save()
    asked = press(annas, press(annas, see(annas, DAY), "Book Spreekkamer 1"), "Ask for it")
    pk = Booking.objects.get().pk
    assert brams.post(f"/boek/{pk}/trek-in").status_code == 404
    assert annas.post(f"/beheer/aanvragen/{pk}/goedkeuren").status_code == 403

    assert "Your request has been withdrawn." in press(annas, asked, "Withdraw the request").text
    elsewhere = client_of(cast.staff(cast.hub("elders")))
    assert elsewhere.post(f"/beheer/aanvragen/{pk}/goedkeuren").status_code == 404


def full(place, bram):
    """Both consult rooms are taken on Tuesday morning."""
    user, party = bram
    return [book(place, room=room, user=user, party=party) for room in (0, 1)]


def test_waits_from_the_empty_finder_and_claims_with_one_link(place, annas, bram, brams):
    taken = full(place, bram)
    form = see(annas, see(annas, BUSY).links["Put me on the waiting list"])
    assert "Such a time did not come free in the last 3 months." in form.text
    for field in (
        'name="dagen" value="1"',
        'value="08:00"',
        'value="12:00"',
        'name="soort" value="consult_room"',
    ):
        assert field in form.html
    fields = {
        "dagen": ["1"],
        "van": "08:00",
        "tot": "12:00",
        "soort": ["consult_room"],
        "vanaf": "21-11",
        "tm": "24-11",
    }
    waits = Page(annas.post("/wachtlijst/nieuw", fields, follow=True))
    assert "You are on the waiting list. Nothing of it is free now." in waits.text
    assert "Tuesday, 08:00–12:00" in waits.text

    press(brams, see(brams, f"/boeking/{taken[1].code}/annuleer"), "Cancel")
    waiting.offer_freed(now=cast.NOW)
    claim = see(annas, link("time_offered", place.anna))
    assert "Spreekkamer 2" in claim.text
    assert press(annas, claim, "Book for").heading == "Your room has been booked"
    waiting.offer_freed(now=cast.NOW)
    ended = see(annas, "/wachtlijst")
    assert "You wait for nothing" in ended.text
    assert 'name="dagen" value="1"' in see(annas, ended.links["Wait for this again"]).html


def test_what_is_free_already_is_offered_on_the_page_itself(place, annas):
    fields = {
        "dagen": ["1"],
        "van": "08:00",
        "tot": "12:00",
        "ruimte": "B04",
        "vanaf": "21-11",
        "tm": "1-2-2027",
    }
    waits = Page(annas.post("/wachtlijst/nieuw", fields, follow=True))
    assert "This is free now: Spreekkamer 2 Tuesday 24 November, 08:00–12:00" in waits.text
    assert (
        press(annas, press(annas, waits, "Book Spreekkamer 2"), "Book for").heading
        == "Your room has been booked"
    )


def test_stops_waiting_and_nobody_else_can_do_that(place, annas, brams):
    fields = {"van": "08:00", "tot": "12:00", "vanaf": "21-11", "tm": "1-2-2027"}
    waits = Page(annas.post("/wachtlijst/nieuw", fields, follow=True))
    assert "Any day, 08:00–12:00" in waits.text
    assert brams.post(f"/wachtlijst/{WaitingEntry.objects.get().pk}/stop").status_code == 404
    assert "You no longer wait for this." in press(annas, waits, "Stop waiting").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"van": "12:00", "tot": "08:00"}, "The end has to be later than the start."),
        ({"tm": "2020-01-01"}, "The last day has to be today or later"),
        ({"tm": "31-02"}, "Write a day as 24-11 or 24 nov."),
        ({"ruimte": "A01"}, "Select a valid choice"),
    ],
    ids=["backwards", "past", "no day", "no such room"],
)
def test_a_wish_that_cannot_be_is_told_and_kept(place, annas, wrong, words):
    fields = {"van": "08:00", "tot": "12:00", "vanaf": "21-11", "tm": "1-2-2027", "dagen": ["3"]} | wrong
    page = Page(annas.post("/wachtlijst/nieuw", fields))
    assert (page.status, words in page.text) == (422, True)
    assert not WaitingEntry.objects.exists()


def test_reception_sees_the_whole_list_in_order_and_waits_for_somebody(place, annas, bram):
    reception = client_of(cast.staff(place.hub, Role.RECEPTION))
    fields = {"van": "08:00", "tot": "12:00", "vanaf": "21-11", "tm": "1-2-2027"}
    annas.post("/wachtlijst/nieuw", fields)
    assert reception.post("/wachtlijst/nieuw", fields).status_code == 422  # for whom?
    page = Page(reception.post("/wachtlijst/nieuw", fields | {"partij": bram[1].pk}, follow=True))
    assert page.text.index(place.party.name) < page.text.index(bram[1].name)


def test_the_director_sets_how_long_things_last(place):
    director = client_of(cast.staff(place.hub))
    page = see(director, "/beheer/instellingen")
    assert press(director, page, "Bewaar", option_days="0").status == 422
    press(director, page, "Bewaar", option_days="7", challenge_hours="24")
    place.hub.refresh_from_db()
    assert (place.hub.option_days, place.hub.challenge_hours, place.hub.offer_minutes) == (7, 24, 60)


def test_the_lists_ask_as_much_for_one_row_as_for_three(place, annas, bram, django_assert_num_queries):
    director = client_of(cast.staff(place.hub))
    place.rooms[2].needs_approval = True
    place.rooms[2].save()
    for day in (15, 16, 17):
        takes(annas, press(annas, see(annas, f"/boek?dag=2026-12-{day}&deel=ochtend"), "Book Spreekkamer 1"))
        press(
            annas,
            press(annas, see(annas, f"/boek?dag=2026-12-{day}&deel=ochtend"), "Book Behandelkamer 1"),
            "Ask for it",
        )
        annas.post("/wachtlijst/nieuw", {"van": "08:00", "tot": "12:00", "vanaf": "21-11", "tm": f"{day}-12"})
        for client, path, number in (
            (annas, "/mijn", 8),
            (annas, "/wachtlijst", 11),
            (director, "/beheer/aanvragen", 4),
        ):
            with django_assert_num_queries(number):
                assert client.get(path).status_code == 200
    releasing.release_expired(now=cast.NOW)
