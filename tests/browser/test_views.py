"""When rooms are free, on a phone and at a desk: day, week, month, my agenda, first free, suitability, calendar addresses."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from bookings import reserving
from bookings.models import Booking
from spaces.models import SpaceKind
from tests import cast
from tests.bookings.feed_reading import half_day
from tests.browser.conftest import DESK, NARROW, PHONE
from tests.browser.looking import in_both_languages, unseen, watch

SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
FEATURES = [
    ("soundproof", "geluidsisolatie", "soundproof"), ("wash-basin", "wastafel", "wash basin"),
    ("screened-from-view", "visueel afgeschermd", "screened from view"), ("projector", "beamer", "projector"),
    ("wheelchair-accessible", "rolstoeltoegankelijk", "wheelchair accessible"),
]  # fmt: skip


@pytest.fixture
def anna(noon, transactional_db):
    """A dietitian with a booking and a fixed half-day; somebody else has the room on Wednesday."""
    hub = cast.hub(name="LOC+ Hardenberg")
    for code, name_nl, name_en in FEATURES:
        cast.feature(code, name_nl, name_en)
    room = cast.space(hub, "B03", name="Spreekkamer 1", features=("soundproof", "wheelchair-accessible"))
    cast.space(
        hub, "B09", name="Spreekkamer 4", area_m2=Decimal("20.40"),
        features=("soundproof", "screened-from-view", "wheelchair-accessible", "projector"),
    )  # fmt: skip
    cast.space(hub, "B06", name="Behandelkamer 1", kind=SpaceKind.TREATMENT_ROOM, features=("wash-basin",))
    cast.rate(hub)
    cast.rate(hub, kind=SpaceKind.TREATMENT_ROOM, vat=21)
    user, party = cast.zzper(hub)
    _booked(room, user, party, "2026-11-24 08:00", "12:00")
    _booked(room, *cast.zzper(hub, "Bram Visser"), "2026-11-25 08:00", "22:00")
    half_day(room, party)
    return user


def _booked(room, user, party, start, end):
    period = cast.between(start, end)
    held = reserving.hold(
        room, period=period, party=party, by=user, contact=user, key=cast.uuid4(), now=cast.NOW
    )
    return reserving.confirm(held, now=cast.NOW)


@SIZES
def test_looking_when_rooms_are_free(anna, visit, viewport):
    there = visit(anna, viewport=viewport)
    faults = watch(there.page, there.address)
    size = viewport["width"]
    _looks_around(there, size, in_both_languages)
    _finds_the_first(there, size, in_both_languages)
    _connects(there, size, in_both_languages)
    assert faults == []


def test_looking_without_javascript(anna, visit):
    there = visit(anna, scripts=False)
    _looks_around(there, 0, unseen)
    _finds_the_first(there, 0, unseen)
    _connects(there, 0, unseen)


@pytest.mark.parametrize(
    "path",
    ["/rooster?dag=2026-11-24", "/ruimte/B03/week?dag=2026-11-24", "/ruimte/B03/maand?dag=2026-11-24", "/ruimte/B03",
     "/agenda?dag=2026-11-24", "/eerst-vrij", "/agenda/koppelen"],
)  # fmt: skip
def test_nothing_scrolls_sideways_at_320(anna, visit, path):
    there = visit(anna, viewport=NARROW)
    there.open(path)
    there.is_clean(f"views-320-{re.sub('[^a-z]+', '-', path)}")


def _looks_around(there, size, look):
    there.open("/boek")
    there.tap("link", "Rooster")
    there.open("/rooster?dag=2026-11-24")
    look(there, f"views-{size}-day")
    there.tap("link", "Week", exact=True)
    assert there.heading == "Spreekkamer 1"
    there.open("/ruimte/B03/week?dag=2026-11-24")
    look(there, f"views-{size}-week")
    there.tap("link", "Maand", exact=True)
    there.sees("deels vrij")
    look(there, f"views-{size}-month")
    there.page.get_by_role("link", name=re.compile("26")).first.click()
    assert there.heading == "donderdag 26 november"
    there.tap("link", re.compile("Boek Spreekkamer 1, vrij 09:00–10:00"))
    there.sees("donderdag 26 november, 09:00–10:00")
    there.open("/ruimte/B03")
    there.sees("afgeschermd voor inkijk")
    look(there, f"views-{size}-room")
    there.open("/agenda?dag=2026-11-24")
    there.sees("vast dagdeel")
    look(there, f"views-{size}-agenda")
    there.tap("link", "Maand", exact=True)
    look(there, f"views-{size}-agenda-month")


def _finds_the_first(there, size, look):
    there.open("/eerst-vrij?duur=120&nodig=projector&nodig=wheelchair-accessible&dagen=30")
    there.sees("zaterdag 21 november, 12:30–14:30")
    look(there, f"views-{size}-first")
    there.tap("button", re.compile("Boek Spreekkamer 4"))
    assert there.heading == "Controleer en boek"
    there.tap("button", re.compile("^Boek voor"))
    assert there.heading == "Uw ruimte is geboekt"
    Booking.objects.filter(space__code="B09").delete()


def _connects(there, size, look):
    there.open("/agenda/koppelen")
    look(there, f"views-{size}-feeds")
    there.tap("button", re.compile("Maak een adres.*Mijn boekingen"))
    there.sees("Kopieer het nu")
    address = there.page.get_by_label("Adres voor uw agenda").input_value()
    if size:
        there.is_clean(f"views-{size}-feed-made")
    path = address.removeprefix("http://localhost:8000")
    assert b"BEGIN:VEVENT" in Client().get(path).content
    there.tap("button", re.compile("Trek in.*Mijn boekingen"))
    there.sees("Het adres werkt niet meer.")
    assert Client().get(path).status_code == 404
