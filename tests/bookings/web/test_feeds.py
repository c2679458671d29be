"""The page where one makes calendar addresses, and the address as calendar programs read it."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils.module_loading import import_string
from icalendar import Calendar

from bookings.models import Feed
from tenants.parties.models import Membership
from tests import cast
from tests.bookings.web.conftest import client_of
from tests.journeys.deeds import book, rival
from tests.journeys.reading import press, see

pytestmark = pytest.mark.django_db
PAGE = "/agenda/koppelen"


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()


def address(client: Client, words: str = "Maak een adres: Mijn boekingen", **typed: str) -> str:
    page = press(client, see(client, PAGE), words, **typed)
    return re.search(r"http://localhost:8000(/agenda/[\w-]{43}\.ics)", page.html).group(1)


def events(path: str, client: Client | None = None):
    answer = (client or Client()).get(path)
    assert answer.status_code == 200
    return Calendar.from_ical(answer.content).walk("VEVENT")


def test_the_address_is_shown_once_and_read_without_signing_in(place, annas):
    booking = book(place)
    path = address(annas)
    assert path not in see(annas, PAGE).html
    assert [str(event["uid"]) for event in events(path)] == [f"{booking.pk}@localhost"]


def test_the_page_says_when_it_was_last_read(place, annas):
    path = address(annas)
    assert "Nog geen agenda heeft het gelezen." in see(annas, PAGE).text
    Client().get(path)
    assert "Laatst gelezen op zaterdag 21 november, 12:00." in see(annas, PAGE).text


def test_a_new_address_ends_the_old_one_at_once(place, annas):
    old = address(annas)
    new = address(annas, "Nieuw adres: Mijn boekingen")
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)


def test_withdrawing_ends_it_at_once(place, annas):
    path = address(annas)
    page = press(annas, see(annas, PAGE), "Trek in: Mijn boekingen")
    assert "Het adres werkt niet meer." in page.text
    assert Client().get(path).status_code == 404


def test_a_room_and_the_whole_building_have_addresses_of_their_own(place, annas):
    user, party = rival(place)
    book(place, user=user, party=party)
    book(place, room=1, user=user, party=party)
    room, hub = (
        address(annas, "voor deze ruimte", ruimte="B03"),
        address(annas, "Maak een adres: Het hele gebouw"),
    )
    assert [str(event["summary"]) for event in events(room)] == ["Bezet"]
    assert sorted(str(event["summary"]) for event in events(hub)) == [
        "Bezet: Spreekkamer 1",
        "Bezet: Spreekkamer 2",
    ]
    assert "Spreekkamer 1 Adres gemaakt op" in see(annas, PAGE).text


def test_it_is_in_the_language_of_its_user(place, annas):
    user, party = rival(place)
    book(place, user=user, party=party)
    path = address(annas, "voor deze ruimte", ruimte="B03")
    place.anna.language = "en"
    place.anna.save()
    assert [str(event["summary"]) for event in events(path)] == ["Taken"]


@pytest.mark.parametrize("wrong", ["x", "A" * 43, "é", "%00", "a" * 2000, "..%2f"])
def test_any_other_address_is_not_found(place, annas, wrong):
    address(annas)
    answer = Client().get(f"/agenda/{wrong}.ics")
    assert answer.status_code == 404
    assert answer.content.count(b"VCALENDAR") == 0


def test_who_lost_their_role_reads_nothing_more(place, annas):
    path = address(annas)
    Membership.objects.filter(user=place.anna).delete()
    assert Client().get(path).status_code == 404


def test_nothing_new_is_not_sent_again(place, annas):
    path = address(annas)
    first = Client().get(path)
    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    since = Client().get(path, headers={"If-Modified-Since": first["Last-Modified"]})
    assert [(answer.status_code, answer.content) for answer in (again, since)] == [(304, b"")] * 2
    book(place)
    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        assert Client().get(path, headers=headers).status_code == 200


def test_what_disappeared_is_news_too(place, annas):
    booking = book(place)
    path = address(annas)
    first = Client().get(path)
    type(booking).objects.filter(pk=booking.pk).update(state="expired")
    assert Client().get(path, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 200


def test_sixty_times_an_hour_is_enough_for_any_calendar(place, annas):
    path, other = address(annas), address(annas, "Maak een adres: Het hele gebouw")
    assert {Client().get(path).status_code for _time in range(60)} == {200}
    refused = Client().get(path)
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert Client().get(other).status_code == 200
    with time_machine.travel(cast.NOW + timedelta(hours=1), tick=False):
        assert Client().get(path).status_code == 200


def test_the_address_goes_no_further(place, annas):
    for answer in (Client().get(address(annas)), Client().get("/agenda/x.ics")):
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Cache-Control"] in {"private, no-cache", "no-store"}
    assert Client().get(address(annas, "Nieuw adres"))["Content-Type"] == "text/calendar; charset=utf-8"


def test_the_log_does_not_know_the_address(place, annas, caplog):
    token = address(annas).removeprefix("/agenda/").removesuffix(".ics")
    Feed.objects.all().delete()
    formatter = dict(settings.LOGGING["formatters"]["line"])
    made = import_string(formatter.pop("()"))(**formatter)
    with caplog.at_level(logging.DEBUG):
        Client().get(f"/agenda/{token}.ics")
    told = "\n".join(made.format(record) for record in caplog.records)
    assert "/agenda/….ics" in told
    assert token not in told


def test_another_persons_feed_is_not_mine_to_end(place, annas):
    path = address(annas)
    stranger = client_of(rival(place)[0])
    assert stranger.post(f"{PAGE}/{Feed.objects.get().pk}/intrekken").status_code == 404
    assert Client().get(path).status_code == 200


@pytest.mark.parametrize("data", [{}, {"wat": "alles"}, {"wat": "mine\x00"}])
def test_nonsense_makes_no_address(place, annas, data):
    assert annas.post(PAGE, data).status_code == 422
    assert not Feed.objects.exists()


@pytest.mark.parametrize("code", ["", "X99", "A01", "\x00"])
def test_a_room_that_cannot_be_booked_has_no_address(place, annas, code):
    cast.space(place.hub, "A01", bookable=False)
    cast.space(cast.hub("elders"), "X99")
    assert annas.post(PAGE, {"wat": "space", "ruimte": code}).status_code == 404
    assert not Feed.objects.exists()


def test_pressing_twice_leaves_one_address_that_works(place, annas):
    first, second = (annas.post(PAGE, {"wat": "mine"}).content.decode() for _press in range(2))
    paths = [re.search(r"(/agenda/[\w-]{43}\.ics)", html).group(1) for html in (first, second)]
    assert [Client().get(path).status_code for path in paths] == [404, 200]


def test_the_account_page_leads_here(place, annas):
    assert see(annas, "/account/ik").links["Koppel uw agenda"] == PAGE
