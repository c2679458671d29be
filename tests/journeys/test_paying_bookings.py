"""The zzp'er pays a room when booking it, in her own words; and what strangers and staff see of it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from bookings.models import Booking
from bookings.paying import starting, sweeping
from bookings.states import BookingState
from spaces.models import Rate
from tenants.billing.models import OnlinePayment, OnlineSettings, OnlineState
from tenants.parties.models import User
from tests import cast
from tests.billing import books
from tests.bookings.deeds import hold
from tests.bookings.web.conftest import client_of
from tests.journeys.reading import Page, press, see

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]
TUESDAY = "/boek?dag=2026-11-24&deel=ochtend&soort=consult_room"
LATER = cast.NOW + timedelta(minutes=40)


@pytest.fixture
def online(place, stripe_server):
    """The hub takes online payments, and Anna has an address."""
    OnlineSettings.objects.create(hub=place.hub, takes_payments=True)
    place.hub.vat_id = "NL991000109B01"
    place.hub.save()
    type(place.party).objects.filter(pk=place.party.pk).update(**books.ADDRESS)
    return stripe_server


def reads_english(user: User) -> Client:
    User.objects.filter(pk=user.pk).update(language="en")
    return client_of(user)


def held(client: Client) -> Page:
    return press(client, see(client, TUESDAY), "Book Spreekkamer 1")


def goes_to_the_bank(client: Client, page: Page) -> str:
    """Presses the button; the address of the page of the bank."""
    form = page.form("Book and pay") if "Check" in page.heading else page.form("Go on with paying")
    answer = client.post(form["action"], form["fields"] | {"betalen": "online"})
    assert answer.status_code == 303
    return answer["Location"]


def comes_back(client: Client) -> Page:
    return Page(client.get(f"/boek/{Booking.objects.get().pk}/betaling", follow=True))


def test_books_and_pays_and_reads_how_it_was_paid(online, annas):
    check = held(annas)
    assert "Pay online now iDEAL | Wero, card, Bancontact" in check.text
    assert "On account on the invoice of the month" in check.text
    assert "No real money is paid here." in check.text

    online.pay(goes_to_the_bank(annas, check))
    done = comes_back(annas)

    assert done.heading == "Your room has been booked"
    assert "€ 37,50 has been paid with iDEAL | Wero." in done.text
    assert "Invoice 2026-0001" in done.links
    assert "On account" not in done.text
    assert comes_back(annas).heading == "Your room has been booked"
    again = press(annas, check, "Book for", betalen="rekening")
    assert again.heading == "Your room has been booked"
    assert OnlinePayment.objects.count() == 1


def test_comes_back_without_paying_and_pays_after_all(online, annas):
    page = goes_to_the_bank(annas, held(annas))

    back = comes_back(annas)
    assert back.heading == "Not paid yet"
    assert "Your booking is made as soon as € 37,50 has been paid. Until 12:32 we keep the room" in back.text
    assert "is being paid" in see(annas, "/mijn").text
    assert "is being paid" in see(annas, "/agenda?dag=2026-11-24").text
    assert goes_to_the_bank(annas, see(annas, "/mijn")) == page
    online.pay(page)
    assert comes_back(annas).heading == "Your room has been booked"


def test_waits_for_the_bank_without_a_button_to_pay_again(online, annas):
    intent = online.pay(goes_to_the_bank(annas, held(annas)), outcome="waiting")

    wait = comes_back(annas)
    assert wait.heading == "We wait for the bank"
    assert "You need not do anything: we keep the room" in wait.text
    assert not [form for form in wait.forms if "pay" in form["button"].lower()]
    code = Booking.objects.get().code
    assert annas.get(f"/boeking/{code}?wacht=processing").status_code == 204
    mine = see(annas, "/mijn")
    assert "We wait for the bank" in mine.text
    assert "Go on with paying" not in mine.text

    online.settle(intent["id"])
    sweeping.look(now=cast.NOW + timedelta(minutes=4))
    news = annas.get(f"/boeking/{code}?wacht=processing", headers={"hx-request": "true"})
    assert news["HX-Redirect"] == f"/boeking/{code}?geboekt=1"
    assert see(annas, news["HX-Redirect"]).heading == "Your room has been booked"


def test_the_bank_says_no_and_the_time_is_free_again(online, annas):
    intent = online.pay(goes_to_the_bank(annas, held(annas)), outcome="waiting")
    online.fail(intent["id"])
    with time_machine.travel(LATER, tick=False):
        over = comes_back(annas)

    assert over.heading == "Check and book"
    assert "Nothing has been paid." in over.text
    assert Booking.objects.get().state == BookingState.EXPIRED


def test_the_page_that_waits_says_that_the_bank_refused(online, annas):
    intent = online.pay(goes_to_the_bank(annas, held(annas)), outcome="waiting")
    code = comes_back(annas).path.rpartition("/")[2]
    online.fail(intent["id"])
    sweeping.look(now=cast.NOW + timedelta(minutes=4))

    news = annas.get(f"/boeking/{code}?wacht=processing", headers={"hx-request": "true"})

    check = see(annas, news["HX-Redirect"])
    assert check.heading == "Check and book"
    assert "The bank refused the payment. Nothing has been paid. Try again, or pay another way." in check.text


def test_stops_and_books_on_account(online, annas):
    goes_to_the_bank(annas, held(annas))
    page = comes_back(annas)

    check = press(annas, page, "Pay another way, or do not book")
    assert check.heading == "Check and book"
    done = press(annas, check, "Book for", betalen="rekening")

    assert done.heading == "Your room has been booked"
    assert "On account: on the invoice of the month" in done.text


def test_stripe_is_out_of_reach_and_the_room_is_kept(online, annas):
    check = held(annas)
    online.goes_wrong("", "dropped", times=None)
    kept = press(annas, check, "Book and pay", betalen="online")

    assert kept.heading == "Not paid yet"
    assert "We cannot reach the payment page right now. We keep the room for you" in kept.text
    assert "We cannot reach the payment page" in press(annas, kept, "Go on with paying").text
    assert "We cannot reach the payment page" in press(annas, kept, "Pay another way").text
    online.mend()
    online.pay(goes_to_the_bank(annas, see(annas, kept.path)))
    assert comes_back(annas).heading == "Your room has been booked"


def test_where_the_price_list_asks_for_a_part_it_says_what_now_and_what_later(online, annas):
    Rate.objects.update(prepaid_percentage=30)
    assert "You pay 30 % of it online when you book." in see(annas, "/ruimte/B03").text
    check = held(annas)
    assert "You pay € 11,25 online now: 30 % of the price. The rest, € 26,25, is on the invoice" in check.text
    assert "on the invoice of the month" not in check.text
    refused = press(annas, check, "Book and pay", betalen="rekening")
    assert "This room is paid when you book it. Choose to pay online." in refused.text

    online.pay(goes_to_the_bank(annas, check))
    done = comes_back(annas)

    assert "€ 11,25 has been paid with iDEAL | Wero." in done.text
    assert "The rest, € 26,25, is to be paid by Saturday 5 December." in done.text
    assert "You need not do anything else." not in done.text

    cancelled = press(annas, see(annas, done.links["Cancel"]), "Cancel free")
    assert "Your booking has been cancelled. € 11,25 comes back." in cancelled.text
    assert "The rest" not in cancelled.text


def test_without_an_address_she_is_asked_for_it_first(online, annas, place):
    type(place.party).objects.update(street="")
    check = held(annas)
    assert "Do you want to pay online? Then complete your address first" in check.text
    assert check.links["Complete your address"] == "/account/partij"
    assert press(annas, check, "Book for").heading == "Your room has been booked"

    Booking.objects.all().update(state=BookingState.EXPIRED)
    Rate.objects.update(prepaid_percentage=50)
    other = press(annas, see(annas, TUESDAY), "Book Spreekkamer 2")
    assert other.links["Complete your address"] == "/account/partij"
    assert "You pay it" not in other.text


def test_strangers_find_nothing_and_staff_may_stop_it(online, annas, place):
    goes_to_the_bank(annas, held(annas))
    booking = Booking.objects.get()
    stranger = client_of(cast.zzper(place.hub, "Bram Visser")[0])
    assert stranger.get(f"/boek/{booking.pk}/betaling").status_code == 404
    for deed in ("verder", "stop"):
        assert stranger.post(f"/boek/{booking.pk}/betaling/{deed}").status_code == 404

    reception = reads_english(cast.staff(place.hub, "reception"))
    assert "on hold" in see(reception, "/balie?dag=2026-11-24").text
    page = see(reception, f"/boeking/{booking.code}")
    assert "Go on with paying" not in page.text
    bookkeeper = reads_english(cast.staff(place.hub, "bookkeeper"))
    assert "Stop this payment" not in see(bookkeeper, f"/boeking/{booking.code}").text
    press(reception, page, "Stop this payment")
    assert OnlinePayment.objects.get().state == OnlineState.EXPIRED


def test_who_books_for_others_does_it_on_account(online, place):
    held_ = hold(place.rooms[0], (place.anna, place.party), cast.between("2026-11-24 08:00", "12:00"))
    reception = reads_english(cast.staff(place.hub, "reception"))

    check = see(reception, f"/boek/{held_.pk}")

    assert "On account: on the invoice of the month" in check.text
    assert "Pay online now" not in check.text


def test_one_or_three_that_are_being_paid_cost_my_bookings_as_many_queries(
    online, annas, place, django_assert_num_queries
):
    counted = []
    for number, more in enumerate([1, 2]):
        for each in range(more):
            period = cast.between(f"2026-12-0{1 + number + 2 * each} 08:00", "12:00")
            booking = hold(place.rooms[0], (place.anna, place.party), period)
            starting.start(booking, by=place.anna, now=cast.NOW)
        with django_assert_num_queries(9):
            counted.append(annas.get("/mijn").status_code)
    assert counted == [200, 200]
