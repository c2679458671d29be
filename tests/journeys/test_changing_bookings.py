"""Longer, shorter, put right, told otherwise; two people at once; reception for others: in the words of who does it."""

import pytest
import time_machine

from bookings.models import Booking
from spaces.models import Layout, SpaceKind, SpaceLayout
from tenants.billing.models import Charge
from tenants.parties.models import Letter
from tests import cast
from tests.bookings.web.conftest import client_of
from tests.journeys.deeds import book, rival
from tests.journeys.reading import press, see

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]
DURING = cast.at("2026-11-24 09:07")


def charged(booking):
    return [str(charge.net) for charge in Charge.objects.from_source(booking.holder).order_by("position")]


def link(page, words):
    return next(url for text, url in page.links.items() if text.startswith(words))


@pytest.fixture
def desk(place):
    reception = cast.staff(place.hub, "reception", name="Rina van de balie")
    reception.language = "en"
    reception.save()
    client = client_of(reception)
    client.post("/taal", {"language": "en"})
    return client


def test_half_an_hour_longer_in_two_presses(place, annas):
    booking = book(place)
    finder = see(annas, f"/boeking/{booking.code}/verplaats")
    assert "The room is free until 22:00." in finder.text
    check = see(annas, link(finder, "half an hour longer"))
    assert "You pay € 6,25 more." in check.text
    done = press(annas, check, "Change the booking")
    assert "Your booking has been changed." in done.text
    booking.refresh_from_db()
    assert booking.period == cast.between("2026-11-24 08:00", "12:30")


def test_running_and_longer_as_far_as_the_room_is_free(place, annas):
    booking = book(place, end="10:00")
    user, party = rival(place)
    book(place, start="2026-11-24 15:00", end="17:00", user=user, party=party)
    with time_machine.travel(DURING, tick=False):
        annas = client_of(place.anna)
        page = see(annas, f"/boeking/{booking.code}")
        assert "The room is free until 15:00." in page.text
        assert party.name not in page.text
        check = see(annas, link(page, "an hour longer"))
        assert "You pay € 12,50 more." in check.text
        assert "the steps keep counting" not in check.text
        press(annas, check, "Change the booking")
    booking.refresh_from_db()
    assert booking.period == cast.between("2026-11-24 08:00", "11:00")


def test_running_and_the_rest_given_back_says_that_nothing_comes_back(place, annas):
    booking = book(place)
    with time_machine.travel(DURING, tick=False):
        annas = client_of(place.anna)
        check = see(annas, link(see(annas, f"/boeking/{booking.code}"), "Give the rest back"))
        assert "The price stays the same." in check.text
        assert "For the part that is given back € 21,87 stays to be paid" in check.text
        press(annas, check, "Give the rest back")
        page = see(annas, f"/boeking/{booking.code}")
    assert "For the part given up" in page.text
    booking.refresh_from_db()
    assert booking.ends_at == cast.at("2026-11-24 09:15")
    assert sum(map(float, charged(booking))) == 37.5


def test_while_it_runs_the_move_page_leads_to_what_can_be_done(place, annas):
    booking = book(place)
    with time_machine.travel(DURING, tick=False):
        annas = client_of(place.anna)
        assert annas.get(f"/boeking/{booking.code}/verplaats")["Location"] == f"/boeking/{booking.code}#nu"
        refused = see(
            annas, f"/boeking/{booking.code}/verplaats/controleer?ruimte=B04&dag=2026-11-25&van=8&tot=9"
        )
    assert refused.status == 422
    assert "This booking is running" in refused.text


def test_giving_up_late_is_told_before_it_is_done(place, annas):
    booking = book(place, start="2026-11-23 08:00")
    path = f"/boeking/{booking.code}/verplaats/controleer?ruimte=B03&dag=2026-11-23&van=08:00&tot=09:00"
    check = see(annas, path)
    assert (
        "Cancelling already costs money. For the part that is given up € 12,50 stays to be paid" in check.text
    )
    assert "You pay € 12,50 less." in check.text
    press(annas, check, "Change the booking")
    assert charged(booking) == ["12.50", "12.50"]


def test_the_price_of_the_browser_is_refused(place, annas):
    booking = book(place)
    path = f"/boeking/{booking.code}/verplaats/controleer?ruimte=B03&dag=2026-11-24&van=08:00&tot=10:00"
    refused = press(
        annas, see(annas, path), "Change the booking", prijs="0.01", prijs_huis="0.01", kosten="huis"
    )
    assert refused.status == 409
    assert charged(booking) == ["37.50"]


def test_the_second_of_two_sees_both_versions_and_goes_on(place, annas, desk):
    booking = book(place)
    to = f"/boeking/{booking.code}/verplaats/controleer?ruimte=B04&dag=2026-11-25&van=08:00&tot=12:00"
    mine = see(annas, to)
    theirs = see(desk, to.replace("B04", "B03").replace("van=08:00&tot=12:00", "van=13:00&tot=17:00"))
    press(desk, theirs, "Change the booking")

    clash = press(annas, mine, "Change the booking")
    assert clash.status == 409
    assert "Rina van de balie changed this booking on" in clash.text
    for words in [
        "Your change Room Spreekkamer 2 When Wednesday 25 November 2026, 08:00–12:00",
        "As it is now Room Spreekkamer 1 When Wednesday 25 November 2026, 13:00–17:00",
    ]:
        assert words in clash.text

    again = see(annas, link(clash, "Go on from how it is now"))
    assert "Wednesday 25 November, 13:00–17:00" in again.text
    done = press(annas, again, "Change the booking")
    assert "Your booking has been changed." in done.text
    booking.refresh_from_db()
    assert (booking.space.code, booking.sequence) == ("B04", 2)


def test_who_cancels_what_was_moved_meanwhile_sees_that_first(place, annas, desk):
    booking = book(place)
    page = see(annas, f"/boeking/{booking.code}/annuleer")
    to = f"/boeking/{booking.code}/verplaats/controleer?ruimte=B04&dag=2026-11-25&van=08:00&tot=12:00"
    press(desk, see(desk, to), "Change the booking")

    clash = press(annas, page, "Cancel free of charge")
    assert clash.status == 409
    assert "Wednesday 25 November 2026, 08:00–12:00" in clash.text
    booking.refresh_from_db()
    assert booking.cancelled_at is None
    done = press(annas, see(annas, link(clash, "Go on from how it is now")), "Cancel free of charge")
    assert "Your booking has been cancelled." in done.text


def test_says_another_name_and_number_of_persons(place, annas):
    booking = book(place)
    page = see(annas, f"/boeking/{booking.code}/gegevens")
    done = press(annas, page, "Save the details", naam="Spreekuur voeding", personen="3")
    assert "The details have been changed." in done.text
    assert "Spreekuur voeding 3 persons" in done.text
    booking.refresh_from_db()
    assert (booking.title, booking.persons, booking.sequence) == ("Spreekuur voeding", 3, 1)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"naam": "Jan 111222333"}, "citizen service number"),
        ({"personen": "5"}, "Spreekkamer 1 has room for 4 persons."),
        ({"personen": "0"}, "greater than or equal to 1"),
        ({"volgnummer": "x"}, ""),
    ],
)
def test_details_that_cannot_be_are_refused_in_words(place, annas, typed, words):
    booking = book(place)
    refused = press(annas, see(annas, f"/boeking/{booking.code}/gegevens"), "Save the details", **typed)
    assert refused.status == 422
    assert words in refused.text
    booking.refresh_from_db()
    assert booking.sequence == 0


def test_two_who_change_the_details_at_once(place, annas, desk):
    booking = book(place)
    path = f"/boeking/{booking.code}/gegevens"
    mine, theirs = see(annas, path), see(desk, path)
    press(desk, theirs, "Save the details", naam="Van de balie")

    clash = press(annas, mine, "Save the details", naam="Van mij", personen="2")
    assert clash.status == 409
    assert "Your change Name on the door Van mij" in clash.text
    assert "As it is now Name on the door Van de balie" in clash.text
    again = see(annas, link(clash, "Go on from how it is now"))
    press(annas, again, "Save the details", naam="Van mij", personen="2")
    booking.refresh_from_db()
    assert (booking.title, booking.persons, booking.sequence) == ("Van mij", 2, 2)


def test_another_layout_takes_its_time_to_set_up(place, annas):
    hall = cast.space(place.hub, "B01", name="Zaal", kind=SpaceKind.MEETING_AREA, capacity=40)
    cast.rate(place.hub, space=hall)
    SpaceLayout.objects.create(space=hall, layout=Layout.THEATRE, capacity=30, setup_minutes=45)
    place.rooms.append(hall)
    booking = book(place, room=3)

    done = press(
        annas, see(annas, f"/boeking/{booking.code}/gegevens"), "Save the details",
        personen="30", opstelling="theatre",
    )  # fmt: skip
    assert "theatre" in done.text
    booking.refresh_from_db()
    assert (booking.layout, booking.setup_minutes) == ("theatre", 45)
    assert Booking.objects.get().state == "confirmed"
    too_many = press(
        annas,
        see(annas, f"/boeking/{booking.code}/gegevens"),
        "Save the details",
        personen="31",
        opstelling="theatre",
    )
    assert too_many.status == 422


def test_what_is_over_keeps_its_details(place, annas):
    booking = book(place)
    with time_machine.travel(booking.ends_at, tick=False):
        page = see(client_of(place.anna), f"/boeking/{booking.code}/gegevens")
    assert "its details stay as they are" in page.text


def test_a_stranger_finds_nothing(place):
    booking = book(place)
    stranger = client_of(rival(place)[0])
    place_of_move = {
        "ruimte": "B03",
        "dag": "2026-11-25",
        "van": "8",
        "tot": "12",
        "volgnummer": 0,
        "prijs": "1",
    }
    assert stranger.get(f"/boeking/{booking.code}/gegevens").status_code == 404
    assert stranger.post(f"/boeking/{booking.code}/gegevens", {"naam": "x"}).status_code == 404
    assert stranger.post(f"/boeking/{booking.code}/verplaats/controleer", place_of_move).status_code == 404


def test_a_double_press_changes_once(place, annas):
    booking = book(place)
    path = f"/boeking/{booking.code}/verplaats/controleer?ruimte=B03&dag=2026-11-24&van=08:00&tot=10:00"
    check = see(annas, path)
    press(annas, check, "Change the booking")
    second = press(annas, check, "Change the booking")
    booking.refresh_from_db()
    assert (second.status, booking.sequence) == (409, 1)
    assert Letter.objects.filter(key__startswith=f"{booking.holder}:changed").count() == 1


def test_a_tenant_who_changes_the_wish_for_a_meeting_is_led_back_to_that_form(place):
    hall = cast.space(place.hub, "B01", name="Zaal", kind=SpaceKind.MEETING_AREA, capacity=40)
    cast.rate(place.hub, group="huurder", space=hall)
    user, _party = cast.tenant(place.hub)
    user.language = "en"
    user.save()
    tenant = client_of(user)
    form = see(tenant, "/ontmoeten/boek?ruimte=B01&dag=2026-11-24&van=09:00&tot=11:00")
    sent = form.form("price")["fields"] | {"ruimte": "B01", "contact": str(user.pk)}
    sent.pop("rooms")  # a box that nobody ticked
    check = see(tenant, tenant.post("/ontmoeten/boek", sent)["Location"])
    assert link(check, "Change").startswith(
        "/ontmoeten/boek?ruimte=B01&dag=2026-11-24&van=09%3A00&tot=11%3A00"
    )
    assert see(tenant, link(check, "Change")).status == 200
