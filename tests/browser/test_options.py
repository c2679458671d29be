"""Options, requests and the waiting list on a phone, at a desk and without JavaScript."""

from datetime import date, time
from functools import partial

import pytest

from bookings import approving, options, waiting
from bookings.models import Booking
from bookings.states import BookingState
from tests import cast
from tests.bookings.deeds import book, option
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import in_both_languages, unseen

DAY = "/boek?dag=2026-12-15&deel=ochtend&soort=consult_room"


@pytest.fixture
def place(noon, transactional_db):
    """Three consult rooms, one of them on approval; Bram has an option, a booking and a request."""
    hub = cast.hub(name="LOC+")
    rooms = [cast.space(hub, f"B0{number}", name=f"Spreekkamer {number}") for number in (1, 2)]
    rooms.append(cast.space(hub, "B03", name="Ontmoetingsruimte", needs_approval=True))
    cast.rate(hub)
    bram = cast.zzper(hub, "Bram Visser")
    option(rooms[0], bram)
    book(rooms[1], bram)
    book(rooms[2], bram)
    return hub, rooms, cast.zzper(hub), bram


@pytest.mark.parametrize(
    ("viewport", "scripts"), [(PHONE, True), (DESK, True), (PHONE, False)], ids=["390", "1280", "bare"]
)
def test_takes_asks_waits_and_claims(place, visit, viewport, scripts):
    _hub, _rooms, (anna, party), bram = place
    there = visit(anna, viewport=viewport, scripts=scripts)
    look = partial(in_both_languages, there) if scripts else partial(unseen, there)
    size = viewport["width"] if scripts else "bare"

    there.open(DAY)
    look(f"o-{size}-1-finder")
    there.tap("link", "Vraag erom")
    look(f"o-{size}-2-ask")
    there.tap("button", "Vraag om deze tijd")
    there.sees("U hebt erom gevraagd")
    look(f"o-{size}-3-mine-asked")

    there.open("/boek?dag=2026-12-16&deel=ochtend&soort=consult_room")
    there.tap("button", "Boek Spreekkamer 2")
    look(f"o-{size}-4-check")
    there.tap("button", "Neem een optie")
    there.sees("In optie.")
    look(f"o-{size}-5-option")
    options.ask(
        Booking.objects.get(party=party, state=BookingState.OPTION), party=bram[1], by=bram[0], now=cast.NOW
    )
    there.open("/mijn")
    look(f"o-{size}-6-mine")
    there.tap("link", "Bevestig")
    look(f"o-{size}-7-confirm")
    there.tap("button", "Bevestig voor")
    there.sees("Uw ruimte is geboekt")

    waits_and_claims(there, look, size)


def waits_and_claims(there, look, size):
    there.open(f"/wachtlijst/nieuw?{DAY.partition('?')[2]}")
    look(f"o-{size}-8-wait")
    there.tap("button", "Zet mij op de wachtlijst")
    there.sees("U staat op de wachtlijst.")
    look(f"o-{size}-9-waiting")
    waiting.offer_freed(now=cast.NOW)
    there.open("/wachtlijst")
    look(f"o-{size}-10-offered")
    there.tap("link", "Boek Spreekkamer 1")
    there.tap("button", "Boek voor")
    there.sees("Uw ruimte is geboekt")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_staff_answer_and_set_up(place, visit, viewport):
    hub, rooms, (anna, party), bram = place
    declined = book(rooms[2], (anna, party), cast.between("2026-12-17 08:00", "12:00"))
    waiting.join(
        waiting.Wish(time(8), time(12), date(2026, 11, 21), date(2027, 2, 1), weekdays=(1,)),
        party=party,
        by=anna,
        now=cast.NOW,
    )
    there, size = visit(cast.staff(hub), viewport=viewport), viewport["width"]

    for number, path in enumerate(
        (
            "/beheer/aanvragen",
            f"/beheer/aanvragen/{declined.pk}/afwijzen",
            "/beheer/instellingen",
            "/wachtlijst",
            "/wachtlijst/nieuw",
        )
    ):
        there.open(path)
        in_both_languages(there, f"o-{size}-2{number}-staff")
    there.open(f"/beheer/aanvragen/{declined.pk}/afwijzen")
    there.tap("button", "Wijs de aanvraag af")
    in_both_languages(there, f"o-{size}-26-no-reason")
    there.page.locator("html[lang=nl]").wait_for(state="attached")
    there.open(f"/beheer/aanvragen/{declined.pk}/afwijzen")
    there.page.get_by_label("Reden").fill("Dan is er groot onderhoud.")
    there.tap("button", "Wijs de aanvraag af")
    there.tap("button", "Keur goed")
    there.sees("Niets wacht op uw antwoord")
    assert Booking.objects.get(space=rooms[2], party=bram[1]).state == BookingState.CONFIRMED


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_who_asked_sees_the_answer(place, visit, viewport):
    _hub, rooms, (anna, party), _bram = place
    declined = book(rooms[2], (anna, party), cast.between("2026-12-17 08:00", "12:00"))
    approving.decline(declined, reason="Dan is er groot onderhoud.", now=cast.NOW)

    hers, size = visit(anna, viewport=viewport), viewport["width"]
    hers.open(f"/boeking/{declined.code}")
    in_both_languages(hers, f"o-{size}-27-declined")
    asked = book(rooms[2], (anna, party), cast.between("2026-12-18 08:00", "12:00"))
    hers.open(f"/boeking/{asked.code}")
    in_both_languages(hers, f"o-{size}-28-asked")
    hers.open("/ruimte/B01?dag=2026-12-14")
    in_both_languages(hers, f"o-{size}-29-room")
    assert approving.withdraw(asked, now=cast.NOW)
