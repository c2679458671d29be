"""A professional applies, sees what they may do meanwhile, is approved by the director, and books."""

import re

import pytest
from django.core import mail

from bookings.models import Booking
from tenants.parties.models import Party, PartyState, Role
from tenants.parties.tasks import send_letters
from tests import cast
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import alone, in_both_languages, unseen, watch

SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])


@pytest.fixture
def director(noon, transactional_db):
    hub = cast.hub(name="LOC+")
    cast.space(hub, "B03", name="Spreekkamer 1")
    cast.rate(hub)
    return cast.staff(hub, Role.DIRECTOR, "Dirk Directeur")


@SIZES
def test_from_stranger_to_first_booking(director, visit, viewport):
    shot = f"joining-{viewport['width']}"
    eva, dirk = visit(None, viewport=viewport), visit(director, viewport=viewport)
    faults = watch(eva.page, eva.address) + watch(dirk.page, dirk.address)

    _applies(eva, shot, in_both_languages, alone)
    _waits(eva, shot, in_both_languages)
    _is_approved(dirk, shot, in_both_languages)
    _books(eva)
    assert faults == []


def test_from_stranger_to_first_booking_without_javascript(director, visit):
    eva, dirk = visit(None, scripts=False), visit(director, scripts=False)

    _applies(eva, "", unseen, unseen)
    _waits(eva, "", unseen)
    _is_approved(dirk, "", unseen)
    _books(eva)


def _applies(eva, shot, look_twice, look):
    eva.open("/")
    look_twice(eva, f"{shot}-1-sign-in")
    eva.tap("link", "Meld u aan als zzp'er")
    look_twice(eva, f"{shot}-2-join")
    for label, words in [
        ("Uw naam", "Eva Diëtist"),
        ("E-mailadres", "eva@example.nl"),
        ("Telefoonnummer", "06 12345678"),
        ("Naam van uw praktijk", "Diëtiek Eva"),
        ("Uw beroep", "diëtist"),
        ("Wat voegt u toe", "voedingsadvies dichtbij"),
    ]:
        eva.page.get_by_label(label).fill(words)
    eva.page.get_by_label("KvK-nummer").fill("123")
    eva.tap("button", "Verstuur mijn aanmelding")
    assert eva.page.title().startswith("Fout:")
    look(eva, f"{shot}-3-join-wrong")
    eva.page.get_by_label("KvK-nummer").fill("00018299")
    eva.tap("button", "Verstuur mijn aanmelding")
    eva.page.wait_for_url("**/account/login/code/confirm/")
    look_twice(eva, f"{shot}-4-code")
    eva.page.locator("input[name=code]").fill(_code())
    eva.page.locator("input[name=code]").press("Enter")


def _code():
    """The code in the mail, on a line of its own."""
    send_letters()
    body = next(message.body for message in mail.outbox if "code" in message.subject.lower())
    return re.search(r"^[A-Z0-9-]{6,}$", body, re.MULTILINE)[0]


def _waits(eva, shot, look):
    eva.page.wait_for_url("**/welkom")
    eva.sees("We hebben uw aanmelding ontvangen.")
    eva.sees("Boeken kan nog niet.")
    look(eva, f"{shot}-5-waits")
    eva.tap("link", "Bekijk de ruimtes")
    eva.open("/boek?dag=2026-11-24&dagdeel=ochtend")
    eva.sees("Spreekkamer 1")
    assert eva.page.get_by_role("button", name=re.compile("^Boek Spreekkamer")).count() == 0
    look(eva, f"{shot}-6-looks")


def _is_approved(dirk, shot, look):
    dirk.open("/overzicht")
    dirk.open("/beheer/aanmeldingen")
    look(dirk, f"{shot}-7-applications")
    dirk.tap("link", "Diëtiek Eva", exact=True)
    look(dirk, f"{shot}-8-application")
    dirk.tap("button", "Keur goed")
    dirk.sees("Diëtiek Eva mag vanaf nu boeken")
    assert Party.objects.get(name="Diëtiek Eva").state == PartyState.ACTIVE


def _books(eva):
    eva.open("/boek?dag=2026-11-24&dagdeel=ochtend")
    eva.tap("button", re.compile("Boek.*Spreekkamer 1"))
    eva.tap("button", re.compile("^Boek voor"))
    assert eva.heading == "Uw ruimte is geboekt"
    assert Booking.objects.get().party.name == "Diëtiek Eva"
