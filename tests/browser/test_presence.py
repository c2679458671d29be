"""Being there: the phone, the desk, the screens in the building, and what is closed."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache

from bookings import arriving, displaying, proposing, reserving
from spaces.models import Space, SpaceKind
from tenants.parties.models import Role
from tests import cast
from tests.browser import conftest
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import alone, in_both_languages, unseen, watch

DOOR = {"width": 800, "height": 480}
TABLET = {"width": 1024, "height": 768}
BEFORE = cast.at("2026-11-20 09:00")
REFRESHED = {"resultTypes": ["violations"], "rules": {"meta-refresh": {"enabled": False}}}
"""Nobody types on these screens: they are read, and look again each minute."""


@pytest.fixture
def house(noon, transactional_db):
    """Saturday noon: Anna's room began at half past eleven, Bram's begins at ten past; one room let nobody in time."""
    cache.clear()
    hub = cast.hub(name="LOC+", max_persons=40)
    rooms = [
        cast.space(hub, "B03", name="Spreekkamer 1"),
        cast.space(hub, "B04", name="Spreekkamer 2"),
        cast.space(
            hub, "B08", name="Beweegzaal", kind=SpaceKind.TREATMENT_ROOM, capacity=8, release_after_minutes=15
        ),
    ]
    cast.rate(hub)
    cast.rate(hub, kind=SpaceKind.TREATMENT_ROOM, vat=21)
    for name, room, start, end, more in [
        ("Anna de Vries", rooms[0], "2026-11-21 11:30", "13:00", {"shows_name": True}),
        ("Bram Visser", rooms[1], "2026-11-21 12:15", "14:00", {}),
        ("Coby Laat", rooms[2], "2026-11-21 11:00", "13:00", {}),
        ("Dora Tijd", rooms[0], "2026-11-21 13:00", "15:00", {}),
        ("Eef Over", rooms[0], "2026-11-21 15:15", "16:00", {"shows_name": True}),
        ("Fenna Over", rooms[0], "2026-11-21 16:15", "17:00", {}),
    ]:
        _booked(hub, name, room, start, end, **more)
    arriving.release_missed(now=cast.NOW)
    return hub


def _booked(hub, name, room, start, end, **more):
    user, party = cast.zzper(hub, name, **more)
    held = reserving.hold(
        room,
        period=cast.between(start, end),
        party=party,
        by=user,
        contact=user,
        key=cast.uuid4(),
        now=BEFORE,
    )
    return reserving.confirm(held, now=BEFORE)


def _screen(there, name):
    """Clean and calm as far as it fits a screen, in the language it was asked in."""
    there.page.wait_for_load_state("load")
    if conftest.SHOTS:
        there.page.screenshot(path=f"{conftest.SHOTS}/{name}.png")
    found = Axe().run(there.page, options=REFRESHED)
    assert not found.response["violations"], f"{name}: {found.generate_report()}"
    wide = there.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} scrolls {wide} px sideways"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_bram_says_on_his_phone_that_he_is_there(house, visit, scripts):
    look = in_both_languages if scripts else unseen
    bram = house.parties.get(name="Praktijk Bram Visser").memberships.get().user
    there = visit(bram, scripts=scripts)

    there.open("/mijn")
    look(there, "presence-1-mine")
    there.tap("button", re.compile("Ik ben er"))
    there.sees("Welkom. U zit in Spreekkamer 2, begane grond.")
    look(there, "presence-2-here")


def test_who_was_not_there_reads_it_on_the_booking(house, visit):
    coby = house.parties.get(name="Praktijk Coby Laat")
    there = visit(coby.memberships.get().user)

    there.open(f"/boeking/{coby.bookings.get().code}")
    there.sees("Om 11:15 had niemand zich gemeld.")
    in_both_languages(there, "presence-3-released")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_reception_counts_heads_and_gives_back_what_was_released(house, visit, viewport):
    there = visit(cast.staff(house, Role.RECEPTION, "Rita Balie"), viewport=viewport)
    faults, shot = watch(there.page, there.address), f"presence-4-desk-{viewport['width']}"

    there.open("/balie")
    there.sees("Nu in het gebouw: 0 van hoogstens 40 personen.")
    in_both_languages(there, f"{shot}-1")
    there.tap("button", re.compile("Is er toch"))
    there.sees("Praktijk Coby Laat is er.")
    there.sees("Nu in het gebouw: 1 van hoogstens 40 personen.")
    house.max_persons = 0
    house.save()
    there.open("/balie")
    there.sees("Te veel mensen in het gebouw")
    alone(there, f"{shot}-2")
    assert faults == []


def test_doors_show_their_room(house, visit):
    there = visit(None, viewport=DOOR)
    for number, (code, words) in enumerate(
        [("B03", "Bezet tot 15:00"), ("B04", "Vrij tot 12:15"), ("B08", "Vrij tot 17:00")]
    ):
        space = Space.objects.get(hub=house, code=code)
        _display, token = displaying.connect(house, name=code, space=space, now=cast.NOW)
        there.open(f"/scherm/{token}")
        there.sees(words)
        _screen(there, f"presence-5-door-{number}")
        tall = there.page.evaluate(
            "document.documentElement.scrollHeight - document.documentElement.clientHeight"
        )
        assert tall <= 0, f"the door of {code} is {tall} px too tall"
    assert "Dora" not in there.page.content()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_the_tablet_at_the_entrance_lets_people_check_in(house, visit, scripts):
    look = _screen if scripts else unseen
    booking = house.parties.get(name="Praktijk Bram Visser").bookings.get()
    _display, token = displaying.connect(house, name="Hal", space=None, now=cast.NOW)
    there = visit(None, viewport=TABLET, scripts=scripts)

    there.open(f"/ingang/{token}")
    there.sees("Praktijk Anna de Vries")
    assert "Bram" not in there.page.content()
    look(there, "presence-6-entrance")
    there.tap("link", "Ik ben er")
    look(there, "presence-7-code")
    there.page.get_by_label("Code van uw boeking").fill("ABCDEF")
    there.tap("button", "Ik ben er")
    there.sees("Met deze code kunnen we u nu niet aanmelden.")
    look(there, "presence-8-wrong")
    there.page.get_by_label("Code van uw boeking").fill(booking.code.lower())
    there.tap("button", "Ik ben er")
    there.sees("Spreekkamer 2")
    look(there, "presence-9-welcome")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_staff_keep_the_screens(house, visit, viewport):
    there = visit(cast.staff(house, Role.RECEPTION, "Rita Balie"), viewport=viewport)
    shot = f"presence-10-screens-{viewport['width']}"

    there.open("/beheer/schermen")
    in_both_languages(there, f"{shot}-1")
    there.tap("button", "Maak het adres")
    alone(there, f"{shot}-2-empty")
    there.page.get_by_label("Waar").select_option("B03")
    there.page.get_by_label("Naam van het scherm").fill("Deur 1")
    there.tap("button", "Maak het adres")
    there.sees("U ziet het alleen nu: kopieer het.")
    alone(there, f"{shot}-3-made")
    there.tap("button", re.compile("Trek het adres in"))
    there.sees("Het adres van Deur 1 werkt niet meer.")


@pytest.mark.parametrize(
    ("viewport", "scripts"), [(PHONE, True), (DESK, True), (PHONE, False)], ids=["390", "1280", "none"]
)
def test_the_director_closes_a_room_and_a_holiday(house, visit, viewport, scripts):
    look, look_twice = (alone, in_both_languages) if scripts else (unseen, unseen)
    proposing.propose(now=cast.NOW)
    _booked(house, "Eva Kast", Space.objects.get(code="B03"), "2026-11-24 09:00", "12:00")
    _booked(house, "Frits Laan", Space.objects.get(code="B03"), "2026-11-24 13:00", "17:00")
    _booked(house, "Gerda Maan", Space.objects.get(code="B04"), "2026-11-24 13:00", "17:00")
    there = visit(cast.staff(house, Role.DIRECTOR, "Dirk Directeur"), viewport=viewport, scripts=scripts)
    shot = f"presence-11-closing-{viewport['width']}"

    there.open("/beheer/sluitingen")
    look_twice(there, f"{shot}-1-list")
    there.tap("link", "Sluit iets")
    there.tap("button", "Bekijk wie het raakt")
    look(there, f"{shot}-2-empty")
    there.page.get_by_label("Wat gaat er dicht?").select_option("B03")
    there.page.get_by_label("Van (dag)").fill("2026-11-24")
    there.page.get_by_label("Reden").fill("Lekkage")
    there.tap("button", "Bekijk wie het raakt")
    there.sees("Verplaats naar Spreekkamer 2, zelfde tijd en prijs")
    there.sees("Er is dan geen andere ruimte zoals deze vrij.")
    look_twice(there, f"{shot}-3-check")
    there.tap("button", "Sluit, en doe wat hierboven staat")
    there.sees("Gesloten: Lekkage.")
    there.tap("button", re.compile("Sluit.*Koningsdag"))
    there.sees("Gesloten: Koningsdag.")
    look(there, f"{shot}-4-closed")
