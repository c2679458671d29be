"""The tenant's week in the shared meeting area: whole or half, hours of the lease, a colleague, the price beyond."""

import re
from decimal import Decimal

import pytest

from bookings import reserving
from bookings.models import Booking
from spaces.models import SpaceKind
from tenants.parties.models import Letter, Role
from tests import cast
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import alone, in_both_languages, unseen, watch

SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
WEEK = "/ontmoeten?dag=2026-11-24"


@pytest.fixture
def ggd(noon, transactional_db):
    """GGD has eight hours a month in its lease, used two; Accare has half A on Wednesday morning."""
    hub = cast.hub(name="LOC+")
    rooms = cast.meeting_area(hub)
    prices = {"per_hour": Decimal("27.50"), "per_day_part": Decimal("80.00"), "per_day": None}
    cast.rate(hub, group="huurder", kind=SpaceKind.MEETING_AREA, vat=21, **prices)
    user, party = cast.tenant(hub)
    cast.lease(party, included_hours=8)
    cast.membership(cast.user("Coby van de GGD"), hub, Role.TENANT_MEMBER, party)
    _booked(user, party, rooms[2], "2026-11-23 14:00", "16:00")
    _booked(*cast.tenant(hub, "Accare"), rooms[1], "2026-11-25 09:00", "12:00")
    return user


def _booked(user, party, space, start, end):
    then = cast.at("2026-11-20 09:00")
    period = cast.between(start, end)
    held = reserving.hold(
        space, period=period, party=party, by=user, contact=user, key=cast.uuid4(), now=then
    )
    return reserving.confirm(held, now=then)


@SIZES
def test_a_tenant_books_the_whole_area_for_a_colleague(ggd, visit, viewport):
    there = visit(ggd, viewport=viewport)
    faults = watch(there.page, there.address)

    _books_the_whole(there, f"meeting-{viewport['width']}", in_both_languages)
    _halves_are_taken(there, f"meeting-{viewport['width']}", alone)
    _pays_beyond_the_lease(there, f"meeting-{viewport['width']}", in_both_languages)
    assert faults == []


def test_a_tenant_books_the_whole_area_without_javascript(ggd, visit):
    there = visit(ggd, scripts=False)

    _books_the_whole(there, "", unseen)
    _halves_are_taken(there, "", unseen)
    _pays_beyond_the_lease(there, "", unseen)


def _books_the_whole(there, shot, look):
    there.open(WEEK)
    there.sees("In november hebt u 2 uur gebruikt van de 8 uur in uw huurovereenkomst.")
    there.sees("Nog 6 uur over.")
    there.sees("Daarna €\N{NO-BREAK SPACE}33,28 per uur incl. btw")
    assert (
        there.page.get_by_role(
            "link", name=re.compile("Ontmoetingsruimte, vrij 09:00–10:00, woensdag")
        ).count()
        == 0
    )
    look(there, f"{shot}-1-week")
    there.tap("link", re.compile("Ontmoetingsruimte, vrij 09:00–10:00, dinsdag 24 november"))
    there.page.get_by_label("Tot", exact=True).fill("11:00")
    there.page.get_by_label("Voor", exact=True).select_option(label="Coby van de GGD")
    there.page.get_by_label("Aantal personen").fill("20")
    there.page.get_by_label("Naam op de deur").fill("Teamdag")
    there.tap("button", "Verder naar de prijs")
    assert there.heading == "Controleer en boek"
    there.sees("Coby van de GGD")
    look(there, f"{shot}-3-check")
    there.tap("button", re.compile("^Boek voor €.0,00"))
    assert there.heading == "Uw ruimte is geboekt"
    look(there, f"{shot}-4-booked")
    booking = Booking.objects.get(title="Teamdag")
    assert (booking.space.code, booking.contact.name, booking.included_hours) == ("B01", "Coby van de GGD", 2)
    assert Letter.objects.filter(to_email=booking.contact.email).exists()


def _halves_are_taken(there, shot, look):
    for half in "AB":
        there.open(f"{WEEK}&ruimte=B01{half}")
        name = f"Ontmoetingsruimte {half}, vrij 09:00–10:00"
        assert there.page.get_by_role("link", name=re.compile(f"{name}, dinsdag")).count() == 0
    there.sees("Nog 4 uur over.")
    look(there, f"{shot}-5-half")
    wednesday = re.compile("Ontmoetingsruimte B, vrij 09:00–10:00, woensdag")
    assert there.page.get_by_role("link", name=wednesday).count() == 1
    there.open("/ontmoeten/boek?ruimte=B01&dag=2026-11-25&van=09:00&tot=10:00")
    there.tap("button", "Verder naar de prijs")
    there.sees("Net geboekt door iemand anders")
    look(there, f"{shot}-6-taken")


def _pays_beyond_the_lease(there, shot, look):
    there.open("/ontmoeten/boek?ruimte=B01&dag=2026-11-26&van=13:00&tot=18:00")
    look(there, f"{shot}-7-form")
    there.tap("button", "Verder naar de prijs")
    there.tap("button", re.compile("^Boek voor €.33,28"))
    there.open(WEEK)
    there.sees("Nog 0 uur over.")
