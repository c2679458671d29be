"""Reception through the day: who is where, somebody walks in, who came, what to print."""

import re

import pytest
from django.db import transaction

from bookings import reserving
from bookings.models import Booking
from bookings.states import BookingState
from spaces import closing
from spaces.models import SpaceKind
from tenants.parties.models import Role
from tests import cast
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import alone, in_both_languages, unseen, watch

SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])


@pytest.fixture
def reception(noon, transactional_db):
    """Saturday noon: two people expected, one of them since half past eleven; one room closed."""
    hub = cast.hub(name="LOC+")
    rooms = [
        cast.space(hub, "B03", name="Spreekkamer 1"),
        cast.space(hub, "B04", name="Spreekkamer 2"),
        cast.space(hub, "B06", name="Behandelkamer 1", kind=SpaceKind.TREATMENT_ROOM),
    ]
    cast.rate(hub)
    cast.rate(hub, group="extern", per_hour="17.50", per_day_part="52.50", per_day="95.00")
    cast.closure(hub, cast.between("2026-11-21 13:00", "15:00"), space=rooms[2], reason="verwarming")
    with transaction.atomic():
        closing.settle(hub, now=cast.NOW)
    for name, room, start, end in [
        ("Anna de Vries", rooms[0], "2026-11-21 11:30", "13:00"),
        ("Bram Visser", rooms[1], "2026-11-21 12:30", "14:00"),
        ("Anna de Vries", rooms[1], "2026-11-24 09:00", "10:00"),
    ]:
        _booked(hub, name, room, start, end)
    return cast.staff(hub, Role.RECEPTION, "Rita Balie")


def _booked(hub, name, room, start, end):
    user, party = cast.zzper(hub, name)
    held = reserving.hold(
        room,
        period=cast.between(start, end),
        party=party,
        by=user,
        contact=user,
        key=cast.uuid4(),
        now=cast.at("2026-11-20 09:00"),
    )
    return reserving.confirm(held, now=cast.at("2026-11-20 09:00"))


@SIZES
def test_reception_has_the_day(reception, visit, viewport):
    there = visit(reception, viewport=viewport)
    faults = watch(there.page, there.address)
    shot = f"desk-{viewport['width']}"

    there.open("/balie")
    assert there.heading == "Vandaag, zaterdag 21 november"
    there.sees("Nu bezet: 1 van de 3 ruimtes.")
    in_both_languages(there, f"{shot}-1-day")
    _walks_in(there, shot, alone, in_both_languages)
    _came_or_not(there, shot, alone)
    _finds_and_prints(there, shot, in_both_languages)
    assert faults == []


def test_reception_has_the_day_without_javascript(reception, visit):
    there = visit(reception, scripts=False)

    there.open("/balie")
    _walks_in(there, "", unseen, unseen)
    _came_or_not(there, "", unseen)
    _finds_and_prints(there, "", unseen)


def test_keys_shorten_the_way_and_can_be_switched_off(reception, visit):
    there = visit(reception, viewport=DESK)
    there.open("/balie")
    there.page.keyboard.press("ArrowRight")
    there.page.wait_for_url("**/balie?dag=2026-11-22")
    there.page.keyboard.press("/")
    there.page.keyboard.type("n/bram")
    assert there.page.get_by_label("Zoek op naam of code").input_value() == "n/bram"
    there.open("/balie")
    there.page.keyboard.press("?")
    there.tap("button", "Sneltoetsen staan aan")
    there.page.keyboard.press("n")
    assert there.heading.startswith("Vandaag")


def test_the_table_refreshes_itself_unless_somebody_is_in_it(reception, visit):
    there = visit(reception, viewport=DESK)
    there.open("/balie")
    hub = reception.memberships.get().hub
    _booked(hub, "Coby Laat", hub.spaces.get(code="B04"), "2026-11-21 15:00", "16:00")

    there.page.locator(".slot-free").first.focus()
    there.page.clock.run_for(31_000)
    assert there.page.locator(".day-table", has_text="Coby Laat").count() == 0
    there.page.get_by_label("Zoek op naam of code").focus()
    there.page.clock.run_for(31_000)
    there.page.locator(".day-table", has_text="Coby Laat").wait_for()


def _walks_in(there, shot, look, look_twice):
    """Two steps from a free cell: who, then the price."""
    there.tap("link", "Boek Spreekkamer 1, vrij 13:00–14:00")
    assert there.page.get_by_label("Van", exact=True).input_value() == "13:00"
    look_twice(there, f"{shot}-2-walk-in")
    there.tap("button", "Verder naar de prijs")
    assert there.page.title().startswith("Fout:")
    look(there, f"{shot}-3-walk-in-empty")
    there.page.get_by_label("Naam", exact=False).first.fill("P. Voorbijganger")
    there.page.get_by_label("Telefoonnummer").fill("06 12345678")
    there.tap("button", "Verder naar de prijs")
    there.sees("€\N{NO-BREAK SPACE}17,50")
    look_twice(there, f"{shot}-4-walk-in-check")
    there.tap("button", "Boek voor €\N{NO-BREAK SPACE}17,50")
    there.sees("Geboekt: P. Voorbijganger in Spreekkamer 1.")
    look(there, f"{shot}-5-walked-in")
    assert Booking.objects.get(party__name="P. Voorbijganger").state == BookingState.CONFIRMED


def _came_or_not(there, shot, look):
    anna = Booking.objects.get(contact__name="Anna de Vries", starts_at=cast.at("2026-11-21 11:30"))
    for button, told, state in [
        ("Is er", "Praktijk Anna de Vries is er.", "arrived"),
        ("Ongedaan maken", "Ongedaan gemaakt", "confirmed"),
        ("Niet verschenen", "Praktijk Anna de Vries is niet verschenen.", "no_show"),
    ]:
        there.tap("button", re.compile(f"{button}.*Anna de Vries"))
        there.sees(told)
        look(there, f"{shot}-6-{state}")
        anna.refresh_from_db()
        assert anna.state == state


def _finds_and_prints(there, shot, look_twice):
    there.page.get_by_label("Zoek op naam of code").fill("bram")
    there.tap("button", "Zoek", exact=True)
    there.sees("1 boeking gevonden")
    look_twice(there, f"{shot}-7-found")
    there.tap("link", "Daglijst")
    assert there.heading == "Daglijst, zaterdag 21 november"
    look_twice(there, f"{shot}-8-list")
    there.tap("link", "Terug naar de balie")
    there.page.get_by_label("Andere dag").fill("2026-11-24")
    there.tap("button", "Bekijk")
    assert there.heading == "dinsdag 24 november"
    look_twice(there, f"{shot}-9-tuesday")
