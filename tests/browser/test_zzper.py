"""The zzp'er on a phone and at a desk: book, look, move, cancel; on every page nothing that keeps anybody out."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext

from bookings import reserving
from bookings.models import Booking
from bookings.states import BookingState
from spaces.models import SpaceKind
from tenants.parties.models import PartyState, User
from tests import cast
from tests.browser.conftest import DESK, NARROW, PHONE

FEATURES = [
    ("daylight", "daglicht", "daylight"), ("wash-basin", "wastafel", "wash basin"),
    ("wheelchair-accessible", "rolstoeltoegankelijk", "wheelchair accessible"),
    ("treatment-couch", "behandelbank", "treatment couch"),
]  # fmt: skip
AMOUNT = "€\N{NO-BREAK SPACE}37,50"


@pytest.fixture
def place(noon, transactional_db):
    hub = cast.hub(name="LOC+")
    for names in FEATURES:
        cast.feature(*names)
    rooms = [
        cast.space(hub, "B03", name="Spreekkamer 1", features=("daylight",)),
        cast.space(hub, "B04", name="Spreekkamer 2", features=("wash-basin", "wheelchair-accessible")),
        cast.space(
            hub, "B06", name="Behandelkamer 1", kind=SpaceKind.TREATMENT_ROOM, features=("treatment-couch",)
        ),
    ]
    cast.space(hub, "111-1", name="Flexplek 1", kind=SpaceKind.HOT_DESK, area_m2=Decimal("6.60"), capacity=1)
    cast.rate(hub)
    cast.rate(
        hub, kind=SpaceKind.TREATMENT_ROOM, vat=21, per_day_part=Decimal("45.00"), per_hour=Decimal("15.00")
    )
    cast.rate(
        hub, kind=SpaceKind.HOT_DESK, per_hour=None, per_day_part=Decimal("10.00"), per_day=Decimal("17.50")
    )
    return hub, rooms, *cast.zzper(hub)


def booked(place, start, end, *, room=0, by=None, now=cast.NOW):
    _hub, rooms, *anna = place
    user, party = by or anna
    period = cast.between(start, end)
    held = reserving.hold(
        rooms[room], period=period, party=party, by=user, contact=user, key=uuid4(), now=now
    )
    return reserving.confirm(held, title="", now=now)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("viewport", [PHONE, DESK, NARROW], ids=["390", "1280", "320"])
def test_books_looks_moves_and_cancels(place, visit, viewport, language):
    anna = place[2]
    anna.language = language
    anna.save()
    booked(place, "2026-11-24 08:00", "12:00", room=1, by=cast.zzper(place[0], "Bram Visser"))
    booked(place, "2026-11-17 08:00", "12:00", now=cast.at("2026-11-10 09:00"))
    there, say, shot = visit(anna, viewport=viewport), words(language), f"{language}-{viewport['width']}"

    books_tuesday_morning(there, say, shot)
    booking = Booking.objects.get(starts_at=cast.at("2026-11-24 08:00"), party=place[3])
    assert (booking.state, there.taps) == (BookingState.CONFIRMED, 4)
    looks_at_own_bookings(there, shot)
    moves_to_wednesday(there, say, shot, booking)
    cancels(there, say, shot, booking)


def books_tuesday_morning(there, say, shot):
    there.open("/boek")
    there.is_clean(f"{shot}-1-finder")
    there.choose(say["tuesday"])
    there.choose(say["morning"])
    there.page.locator("#results h2", has_text=say["free"]).wait_for()
    there.is_clean(f"{shot}-2-tuesday")
    there.tap("button", say["book"])
    assert there.heading == say["check"]
    button = there.page.get_by_role("button", name=say["book for"], exact=True).bounding_box()
    assert there.page.viewport_size["width"] > 700 or button["y"] < there.page.viewport_size["height"]
    there.is_clean(f"{shot}-3-check")
    there.tap("button", say["book for"], exact=True)
    assert there.heading == say["booked"]
    there.is_clean(f"{shot}-4-booked")


def looks_at_own_bookings(there, shot):
    for name, path in [
        ("coming", "/mijn"),
        ("past", "/mijn?deel=voorbij"),
        ("cancelled", "/mijn?deel=geannuleerd"),
    ]:
        there.open(path)
        there.is_clean(f"{shot}-5-{name}")


def moves_to_wednesday(there, say, shot, booking):
    there.open(f"/boeking/{booking.code}/verplaats")
    there.is_clean(f"{shot}-6-move")
    there.choose(say["wednesday"])
    there.page.locator("#results", has_text=say["same price"]).wait_for()
    there.tap("link", say["choose"])
    there.page.wait_for_url("**/controleer*")
    there.is_clean(f"{shot}-7-move-check")
    there.tap("button", say["move it"])
    there.sees(say["moved"])
    there.is_clean(f"{shot}-8-moved")
    booking.refresh_from_db()
    assert booking.starts_at == cast.at("2026-11-25 08:00")


def cancels(there, say, shot, booking):
    there.open(f"/boeking/{booking.code}/annuleer")
    there.is_clean(f"{shot}-9-cancel")
    there.tap("button", say["cancel it"])
    there.sees(say["cancelled"])
    there.is_clean(f"{shot}-10-cancelled")
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED


def test_two_taps_book_the_usual_choice(place, visit):
    booked(place, "2026-11-17 08:00", "12:00", now=cast.at("2026-11-10 09:00"))
    there, say = visit(place[2]), words("nl")
    there.open("/boek")
    there.tap("button", say["again"])
    there.tap("button", say["book for"], exact=True)
    assert there.heading == say["booked"]
    assert Booking.objects.filter(starts_at=cast.at("2026-11-24 08:00"), state="confirmed").count() == 1


def test_the_chips_keep_the_focus_the_address_and_the_language_switch(place, visit):
    there = visit(place[2])
    there.open("/boek")
    there.page.locator("input[name=dag]:checked").focus()
    there.page.keyboard.press("ArrowRight")
    there.page.wait_for_url("**dag=2026-11-23**")
    there.page.locator("#results", has_text="23 november").wait_for()
    assert there.page.evaluate("document.activeElement.value") == "2026-11-23"
    assert "dag=2026-11-23" in there.page.locator("#language-next").get_attribute("value")


def test_everything_works_without_javascript(place, visit):
    there, say = visit(place[2], scripts=False), words("nl")
    there.open("/boek")
    there.choose(say["tuesday"])
    there.choose(say["hours"])
    there.page.get_by_label(say["from"], exact=True).select_option("09:00")
    there.page.get_by_label(say["until"], exact=True).select_option("11:00")
    there.tap("button", say["show"])
    there.tap("button", say["book"])
    there.tap("button", say["longer"])
    assert there.heading == say["check"]
    there.tap("button", say["book for"].replace("37,50", "25,00"), exact=True)
    assert there.heading == say["booked"]
    booking = Booking.objects.get()
    assert (booking.period, booking.extended) == (cast.between("2026-11-24 09:00", "11:00"), True)
    there.open(f"/boeking/{booking.code}/annuleer")
    there.tap("button", say["cancel it"])
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED


def test_losing_the_race_shows_what_is_left_and_books_it(place, visit):
    there, say = visit(place[2]), words("nl")
    there.open("/boek?dag=2026-11-24&deel=ochtend&soort=consult_room")
    booked(place, "2026-11-24 08:00", "12:00", by=cast.zzper(place[0], "Bram Visser"))
    there.tap("button", say["book"])
    there.sees(say["lost"])
    there.is_clean("nl-390-11-lost")
    assert there.page.locator("#results").is_visible()
    there.tap("button", f"{say['book it']} Spreekkamer 2")
    there.tap("button", say["book for"], exact=True)
    assert there.heading == say["booked"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_other_state_of_the_pages_is_clean_too(place, visit, language):
    hub, _rooms, anna, party = place
    User.objects.update(language=language)
    bram, practice = cast.zzper(hub, "Bram Visser", language=language)
    late = booked(place, "2026-11-23 08:00", "12:00", by=(bram, practice))
    party.state = PartyState.APPLIED
    party.save()
    states = {
        "12-applicant": (anna, "/boek"),
        "13-hours": (bram, "/boek?dag=2026-12-08&deel=uren&van=09:15&tot=11:00&nodig=wash-basin"),
        "14-closed": (bram, "/boek?dag=2026-11-22&deel=ochtend"),
        "15-nonsense": (bram, "/boek?dag=31-02&deel=nacht&van=25:00&soort=kelder"),
        "16-none": (bram, "/boek?dag=2026-11-23&deel=ochtend&soort=consult_room&nodig=daylight"),
        "17-reception": (cast.staff(hub, "reception"), "/boek"),
        "18-bookkeeper": (cast.staff(hub, "bookkeeper"), "/boek"),
        "19-own-page": (bram, f"/boeking/{late.code}"),
        "20-cancel-late": (bram, f"/boeking/{late.code}/annuleer"),
        "21-nothing-yet": (anna, "/mijn"),
    }
    User.objects.update(language=language)
    windows = {user.pk: visit(user) for user, _path in states.values()}
    for name, (user, path) in states.items():
        windows[user.pk].open(path)
        windows[user.pk].is_clean(f"{language}-390-{name}")


def words(language):
    """What the pages say, in the language of the person."""
    dutch = language == "nl"
    with translation.override(language):
        return {
            "tuesday": "24 nov" if dutch else "24 Nov",
            "wednesday": "25 nov" if dutch else "25 Nov",
            "morning": "ochtend" if dutch else "morning",
            "hours": gettext("hours…"),
            "from": gettext("From"),
            "until": gettext("Until"),
            "show": gettext("Show rooms"),
            "free": ngettext("%(number)s room free", "%(number)s rooms free", 1) % {"number": 1},
            "again": gettext("Book again"),
            "book it": gettext("Book"),
            "book": f"{gettext('Book')} Spreekkamer 1",
            "check": gettext("Check and book"),
            "longer": gettext("%(minutes)s minutes longer") % {"minutes": 10},
            "book for": gettext("Book for %(amount)s") % {"amount": AMOUNT},
            "booked": gettext("Your room has been booked"),
            "lost": gettext("Just booked by someone else"),
            "same price": gettext("same price"),
            "choose": f"{gettext('Choose')} Spreekkamer 1",
            "move it": gettext("Change the booking"),
            "moved": gettext("Your booking has been changed. A new confirmation is on its way."),
            "cancel it": gettext("Cancel free of charge"),
            "cancelled": gettext("Your booking has been cancelled. It costs nothing."),
        }
