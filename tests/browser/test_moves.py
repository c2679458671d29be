"""Changing bookings in a browser: longer and shorter while it runs, two at once, details, and reception for others."""

from uuid import uuid4

import pytest
import time_machine

from bookings import moving, reserving
from bookings.models import Booking
from spaces.models import Layout, SpaceLayout
from tests import cast
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import in_both_languages

DAY = "2026-11-24"


@pytest.fixture
def place(transactional_db):
    with time_machine.travel(cast.NOW, tick=True):
        hub = cast.hub(name="LOC+")
        rooms = [cast.space(hub, code, name=f"Spreekkamer {code[-1]}") for code in ("B03", "B04")]
        for layout, most in [(Layout.SCHOOL, 3), (Layout.THEATRE, 4)]:
            SpaceLayout.objects.create(space=rooms[0], layout=layout, capacity=most)
        cast.rate(hub)
        yield hub, rooms, *cast.zzper(hub)


def booked(place, start=f"{DAY} 08:00", end="12:00", room=0):
    _hub, rooms, anna, party = place
    period = cast.between(start, end)
    held = reserving.hold(
        rooms[room], period=period, party=party, by=anna, contact=anna, key=uuid4(), now=cast.NOW
    )
    return reserving.confirm(held, now=cast.NOW)


def changed_by(user, booking, start, end):
    """Somebody else is first."""
    fresh = Booking.objects.with_everything().get(pk=booking.pk)
    moving.move(
        fresh,
        space=fresh.space,
        period=cast.between(start, end),
        by=user,
        sequence=fresh.sequence,
        now=cast.NOW,
    )


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_changes_a_booking_in_every_way(place, visit, viewport, scripts):
    booking, there = booked(place), visit(place[2], viewport=viewport, scripts=scripts)
    look = in_both_languages if scripts else lambda _there, _name: None
    shot = f"moves-{viewport['width']}"

    there.open(f"/boeking/{booking.code}/verplaats")
    look(there, f"{shot}-1-move")
    there.tap("link", "half uur langer")
    look(there, f"{shot}-2-longer")
    there.tap("button", "Wijzig de boeking")
    there.sees("Uw boeking is gewijzigd")
    look(there, f"{shot}-3-changed")

    there.tap("link", "de naam, het aantal personen of de opstelling")
    look(there, f"{shot}-4-details")
    there.page.get_by_label("Naam op de deur").fill("Spreekuur voeding")
    there.page.get_by_label("Aantal personen").fill("9")
    there.tap("button", "Bewaar de gegevens")
    there.sees("passen 4 personen")
    look(there, f"{shot}-5-too-many")
    there.page.get_by_label("Naam op de deur").fill("Spreekuur voeding")
    there.page.get_by_label("Aantal personen").fill("3")
    there.page.get_by_label("Opstelling").select_option("theatre")
    there.tap("button", "Bewaar de gegevens")
    there.sees("De gegevens zijn gewijzigd")

    two_at_once(place, there, booking, look, shot)
    booking.refresh_from_db()
    assert (booking.title, booking.persons, booking.layout) == ("Spreekuur voeding", 3, "theatre")
    assert booking.period == cast.between(f"{DAY} 08:00", "10:00")


def two_at_once(place, there, booking, look, shot):
    hub, _rooms, _anna, _party = place
    there.open(f"/boeking/{booking.code}/verplaats/controleer?ruimte=B03&dag={DAY}&van=08:00&tot=10:00")
    changed_by(cast.staff(hub, "reception", name="Rina"), booking, f"{DAY} 13:00", "17:00")
    there.tap("button", "Wijzig de boeking")
    there.sees("Zoals het nu is")
    if look is in_both_languages:
        there.is_clean(f"{shot}-6-overtaken")
    there.tap("link", "Ga verder vanaf hoe het nu is")
    there.tap("button", "Wijzig de boeking")
    there.sees("Uw boeking is gewijzigd")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_while_it_runs(place, visit, viewport):
    booking = booked(place)
    with time_machine.travel(cast.at(f"{DAY} 09:07"), tick=True):
        there, shot = visit(place[2], viewport=viewport), f"running-{viewport['width']}"
        there.open(f"/boeking/{booking.code}")
        in_both_languages(there, f"{shot}-1")
        there.tap("link", "Geef de rest terug")
        in_both_languages(there, f"{shot}-2-rest")
        there.tap("button", "Geef de rest terug")
        there.sees("Uw boeking is gewijzigd")
        in_both_languages(there, f"{shot}-3-given-back")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_reception_moves_for_others(place, visit, viewport):
    booking = booked(place)
    with time_machine.travel(cast.at(f"{DAY} 07:30"), tick=True):
        there, shot = visit(cast.staff(place[0], "reception"), viewport=viewport), f"desk-{viewport['width']}"
        there.open("/balie")
        there.tap("link", "Verplaats")
        in_both_languages(there, f"{shot}-1-rooms")
        there.open(f"/boeking/{booking.code}/verplaats/controleer?ruimte=B03&dag={DAY}&van=08:00&tot=09:00")
        in_both_languages(there, f"{shot}-2-whose-request")
        there.page.get_by_text("Op verzoek van het huis").click()
        there.tap("button", "Wijzig de boeking")
        there.sees("krijgt bericht")
    with time_machine.travel(cast.at(f"{DAY} 12:30"), tick=True):
        there.open(f"/boeking/{booking.code}")
        in_both_languages(there, f"{shot}-3-over")
        there.tap("link", "Corrigeer")
        in_both_languages(there, f"{shot}-4-put-right")


def test_the_other_language_keeps_what_was_typed(place, visit):
    booking, there = booked(place), visit(place[2])
    there.open(f"/boeking/{booking.code}/gegevens")
    there.page.get_by_label("Naam op de deur").fill("Spreekuur voeding")
    there.page.get_by_label("Opstelling").select_option("school")

    there.page.locator("form.language button[value=en]").click()

    there.sees("Details of the booking")
    there.page.wait_for_load_state("load")
    assert there.page.get_by_label("Name on the door").input_value() == "Spreekuur voeding"
    assert there.page.get_by_label("Layout").input_value() == "school"
    there.open(f"/boeking/{booking.code}/gegevens")
    assert there.page.get_by_label("Name on the door").input_value() == "Praktijk Anna de Vries"
