"""Reception changes bookings for others, in its own words: whose wish it is decides what giving up costs."""

from datetime import timedelta

import pytest
import time_machine

from tenants.parties.models import Letter
from tests import cast
from tests.bookings.web.conftest import client_of
from tests.journeys.deeds import book
from tests.journeys.reading import press, see
from tests.journeys.test_changing_bookings import charged, desk

__all__ = ["desk"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]


def test_reception_moves_from_the_list_of_the_day_to_a_room_that_is_free_then(place, desk):
    booking = book(place)
    day = see(desk, "/balie?dag=2026-11-24")
    finder = see(desk, next(url for url in day.links.values() if f"{booking.code}/verplaats" in url))
    assert finder.heading == "Move the booking of Praktijk Anna de Vries"
    assert (
        see(desk, f"/boeking/{booking.code}/annuleer").heading
        == "Cancel the booking of Praktijk Anna de Vries?"
    )
    assert "Spreekkamer 2" in finder.text
    assert "Behandelkamer 1" in finder.text  # every kind of room that is free then
    check = see(
        desk, f"/boeking/{booking.code}/verplaats/controleer?ruimte=B04&dag=2026-11-24&van=08:00&tot=12:00"
    )
    assert "Praktijk Anna de Vries" not in check.text or "The price stays the same." in check.text
    done = press(desk, check, "Change the booking", kosten="afspraak")
    assert "The booking has been changed. Praktijk Anna de Vries gets a letter." in done.text
    assert Letter.objects.get(key=f"{booking.holder}:changed:1").to_email == place.anna.email


def test_reception_chooses_whether_giving_up_costs_money(place, desk):
    booking = book(place, start="2026-11-23 08:00")
    path = f"/boeking/{booking.code}/verplaats/controleer?ruimte=B03&dag=2026-11-23&van=08:00&tot=09:00"
    check = see(desk, path)
    assert "Praktijk Anna de Vries pays € 12,50 less." in check.text
    assert "Theirs: what was agreed about cancelling counts. € 12,50 less" in check.text
    assert (
        "Ours: giving up costs nothing, and the steps for cancelling start anew. € 25,00 less" in check.text
    )
    fields = check.form("Change the booking")["fields"]
    desk.post(f"/boeking/{booking.code}/verplaats/controleer", fields | {"kosten": "huis"})
    assert charged(booking) == ["12.50"]
    assert "We asked for this change" in Letter.objects.get(key=f"{booking.holder}:changed:1").text


def test_a_zzper_cannot_let_the_house_pay(place, annas):
    booking = book(place, start="2026-11-23 08:00")
    path = f"/boeking/{booking.code}/verplaats/controleer?ruimte=B03&dag=2026-11-23&van=08:00&tot=09:00"
    check = see(annas, path)
    assert "At whose request?" not in check.text
    press(annas, check, "Change the booking", kosten="huis")
    assert charged(booking) == ["12.50", "12.50"]


def test_reception_puts_right_what_is_over(place, desk):
    booking = book(place)
    with time_machine.travel(booking.ends_at + timedelta(hours=3), tick=False):
        reception = client_of(cast.staff(place.hub, "director", name="Dirk"))
        reception.post("/taal", {"language": "en"})
        page = see(reception, f"/boeking/{booking.code}/verplaats")
        assert "Fill in how it really is or was" in page.text
        check = see(
            reception,
            f"/boeking/{booking.code}/verplaats/controleer?ruimte=B03&dag=2026-11-24&van=08:00&tot=13:00",
        )
        assert "Praktijk Anna de Vries pays € 12,50 more." in check.text
        press(reception, check, "Change the booking")
    booking.refresh_from_db()
    assert booking.period == cast.between("2026-11-24 08:00", "13:00")
