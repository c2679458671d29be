"""My bookings: what is shown where, and at what cost."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import cancelling, reserving
from tests import cast
from tests.bookings.web.conftest import client_of

QUERIES = 8
"""Session, user, actor, how many bookings, the bookings."""


def book(place, start, *, room=0, now=cast.NOW):
    hold = {"party": place.party, "by": place.anna, "key": uuid4(), "now": now}
    held = reserving.hold(place.rooms[room], period=cast.between(start, "12:00"), **hold)
    return reserving.confirm(held, now=now)


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(place, annas, number):
    for room in range(number):
        book(place, "2026-11-24 08:00", room=room)
    with CaptureQueriesContext(connection) as caught:
        page = annas.get("/mijn").content.decode()
    assert page.count("/verplaats") == number
    assert len(caught) == QUERIES


def test_today_stands_on_top_and_what_is_over_under_its_own_tab(place):
    book(place, "2026-11-24 08:00")
    book(place, "2026-11-26 08:00")
    with cast_at("2026-11-24 07:00"):
        annas = client_of(place.anna)
        page = annas.get("/mijn").content.decode()
        assert page.index('id="today-heading"') < page.index('id="later-heading"')
    with cast_at("2026-11-24 13:00"):
        assert "24 november" not in annas.get("/mijn").content.decode()
        assert "24 november" in annas.get("/mijn?deel=voorbij").content.decode()


def test_cancelled_bookings_have_their_own_tab(place, annas):
    booking = book(place, "2026-11-24 08:00")
    cancelling.cancel(booking, by=place.anna, now=cast.NOW)
    assert booking.code not in annas.get("/mijn").content.decode()
    assert f"/boeking/{booking.code}" in annas.get("/mijn?deel=geannuleerd").content.decode()


def test_each_tab_is_never_just_empty(annas):
    for part in ("komend", "voorbij", "geannuleerd", "onzin"):
        page = annas.get(f"/mijn?deel={part}").content.decode()
        assert 'class="empty"' in page
        assert 'href="/boek"' in page


def test_nonsense_as_a_page_number_shows_a_page(annas):
    for text in ("\0", "-1", "9" * 400, "🦊"):
        assert annas.get("/mijn", {"page": text}).status_code == 200


def test_long_lists_are_in_pages(place, annas):
    for week in range(21):
        book(place, f"{(cast.NOW + timedelta(days=3 + 7 * week)).date()} 08:00")
    assert annas.get("/mijn").content.decode().count("/annuleer") == 20
    assert annas.get("/mijn?page=2").content.decode().count("/annuleer") == 1


def test_staff_see_the_bookings_they_made_themselves(place):
    reception = cast.staff(place.hub, "reception")
    book(place, "2026-11-24 08:00")
    assert "/verplaats" not in client_of(reception).get("/mijn").content.decode()


def test_book_again_opens_the_same_room_on_the_next_such_day(place, annas):
    book(place, "2026-11-24 08:00")
    assert "dag=2026-12-01&amp;van=08%3A00&amp;tot=12%3A00&amp;soort=consult_room&amp;ruimte=B03" in (
        annas.get("/mijn").content.decode()
    )


def cast_at(text):
    return time_machine.travel(cast.at(text), tick=False)
