"""Everything a meeting needs in one booking, what reception makes ready, and the rules and extras that staff keep."""

import re
from decimal import Decimal

import pytest

from bookings.models import Booking
from spaces.models import BookingRule, Extra, Space, SpaceKind, SpaceLayout
from tests import cast
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import in_both_languages, unseen, watch

SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])


@pytest.fixture
def hub(noon, transactional_db):
    hub = cast.hub(name="LOC+")
    whole, *_halves = cast.meeting_area(hub)
    cast.rate(hub, group="huurder", kind=SpaceKind.MEETING_AREA, vat=21)
    Space.objects.filter(pk=whole.pk).update(cleanup_minutes=15)
    SpaceLayout.objects.create(space=whole, layout="theatre", capacity=50, setup_minutes=30)
    cast.space(hub, "B02", name="Vergaderruimte B02", kind=SpaceKind.MEETING_ROOM)
    cast.rate(hub, group="huurder", kind=SpaceKind.MEETING_ROOM, vat=21)
    Extra.objects.create(
        hub=hub, code="koffie", name_nl="Koffie", name_en="Coffee", per="person", price=Decimal("2.50"), vat_rate=9,
        vat_treatment="service_own", vat_reason="eten en drinken", lead_minutes=24 * 60,
    )  # fmt: skip
    return hub


@SIZES
def test_a_tenant_books_a_room_with_all_that_goes_with_it(hub, visit, viewport):
    user, _party = cast.tenant(hub)
    there = visit(user, viewport=viewport)
    faults = watch(there.page, there.address)

    _books_it_all(there, f"taking-{viewport['width']}", in_both_languages)
    there.tap("link", "Annuleer")
    there.sees("Annuleren kost niets.")
    there = visit(cast.staff(hub, "reception"), viewport=viewport)
    there.open("/balie?dag=2026-11-24")
    there.sees("Klaarzetten")
    there.sees("Koffie, voor 24 personen")
    in_both_languages(there, f"taking-{viewport['width']}-5-balie")
    there.open("/balie/lijst?dag=2026-11-24")
    there.sees("theater")
    assert faults == []


def test_a_tenant_books_it_all_without_javascript(hub, visit):
    user, _party = cast.tenant(hub)

    _books_it_all(visit(user, scripts=False), "", unseen)


@SIZES
def test_the_director_sets_rules_rooms_and_extras(hub, visit, viewport):
    there = visit(cast.staff(hub), viewport=viewport)
    faults, shot = watch(there.page, there.address), f"taking-{viewport['width']}"

    there.open("/beheer")
    there.tap("link", "Boekingsregels")
    in_both_languages(there, f"{shot}-6-rules-none")
    there.tap("link", "Nieuwe regel")
    there.page.get_by_label("Welke ruimtes").select_option(label="vergaderruimte")
    there.page.get_by_label(re.compile("^kortste", re.IGNORECASE)).fill("120")
    there.tap("button", "Toon in woorden")
    there.sees("Iedereen, vergaderruimte: minstens 2 uur")
    in_both_languages(there, f"{shot}-7-rule")
    there.tap("button", "Bewaar deze regel")
    there.sees("Bewaard: Iedereen, vergaderruimte: minstens 2 uur.")
    in_both_languages(there, f"{shot}-8-rules")
    there.open("/beheer/ruimtes")
    in_both_languages(there, f"{shot}-9-rooms")
    there.tap("link", "Ontmoetingsruimte", exact=True)
    in_both_languages(there, f"{shot}-10-room")
    there.open("/beheer/extras")
    in_both_languages(there, f"{shot}-11-extras")
    there.tap("link", "Nieuwe extra")
    in_both_languages(there, f"{shot}-12-extra")
    there.open("/boek?dag=2026-11-24&van=09:00&tot=10:00")
    there.sees("Deze ruimte boekt u voor minstens 2 uur. 09:00–11:00 past.")
    assert BookingRule.objects.get().shortest_minutes == 120
    assert faults == []


def _books_it_all(there, shot, look):
    there.open("/ontmoeten/boek?ruimte=B01&dag=2026-11-24&van=10:00&tot=12:00")
    there.page.get_by_label("Aantal personen").fill("24")
    there.page.get_by_label("Opstelling").select_option(label="theater")
    there.page.get_by_role("checkbox", name=re.compile("Koffie")).check()
    there.page.get_by_role("checkbox", name="Vergaderruimte B02").check()
    look(there, f"{shot}-1-form")
    there.tap("button", "Verder naar de prijs")
    there.sees("Koffie, voor 24 personen")
    there.sees("theater")
    look(there, f"{shot}-2-check")
    there.tap("button", re.compile("^Boek voor"))
    there.sees("Vergaderruimte B02")
    look(there, f"{shot}-3-booking")
    booking = Booking.objects.get()
    assert (booking.layout, booking.persons, booking.setup_minutes) == ("theatre", 24, 30)
    assert booking.total == booking.gross * 2 + Decimal("65.40")
