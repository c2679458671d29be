"""Fixed half-days in a browser: staff agree one, its holder gives a date back; on phone and desk, nl and en."""

import pytest

from bookings import reletting
from spaces.models import SpaceKind
from tenants.leases import giving
from tenants.leases.models import FixedDayPart, GivenBack
from tests import cast
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.looking import in_both_languages, unseen
from tests.cast import NOW
from tests.journeys.deeds import book
from tests.leases.half_days import TUESDAY, arranged, start

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [
    pytest.param({"viewport": PHONE}, in_both_languages, "390", id="phone"),
    pytest.param({"viewport": DESK}, in_both_languages, "1280", id="desk"),
    pytest.param({"viewport": PHONE, "scripts": False}, unseen, "plain", id="no-javascript"),
]


class Place:
    """A hub with two rooms, Anna's practice, and somebody who books."""

    def __init__(self) -> None:
        self.hub = cast.hub()
        self.rooms = [cast.space(self.hub, "B03", name="Spreekkamer 1"), cast.space(self.hub, "B04")]
        cast.rate(self.hub)
        cast.rate(self.hub, kind=SpaceKind.TREATMENT_ROOM, vat=21)
        self.anna, self.party = cast.zzper(self.hub)
        self.bram, self.practice = cast.zzper(self.hub, "Bram Visser")


@pytest.fixture
def place(transactional_db) -> Place:
    return Place()


@pytest.mark.parametrize(("window", "look", "name"), LOOKS)
def test_reception_agrees_a_half_day_and_ends_it(place, visit, window, look, name):
    book(place, start="2026-12-08 09:00", end="10:00", user=place.bram, party=place.practice)
    cast.closure(place.hub, cast.between("2026-12-29 00:00", "24:00"))
    there: Visit = visit(cast.staff(place.hub, "reception"), **window)
    there.open("/beheer/vaste-dagdelen")
    look(there, f"{name}-half-days-empty")
    there.tap("link", "Nieuw vast dagdeel")
    look(there, f"{name}-half-days-new")
    fill(there, place)
    there.tap("button", "Toon de datums")
    there.sees("51 datums zijn vrij")
    look(there, f"{name}-half-days-plan")
    there.tap("button", "Leg dit vast zonder 1 datum")
    there.sees("heeft nu elke dinsdagochtend Spreekkamer 1")
    look(there, f"{name}-half-days-agreed")
    fixed = FixedDayPart.objects.get()
    there.open("/beheer/vaste-dagdelen")
    look(there, f"{name}-half-days-list")
    there.open(f"/beheer/vaste-dagdelen/{fixed.pk}/beeindig")
    there.page.get_by_label("Laatste dag").fill("2026-12-31")
    there.tap("button", "Toon wat dat betekent")
    there.sees("De laatste dag is donderdag 31 december.")
    look(there, f"{name}-half-days-end")
    there.tap("button", "Beëindig na donderdag 31 december")
    there.sees("Het vaste dagdeel stopt.")


@pytest.mark.parametrize(("window", "look", "name"), LOOKS)
def test_anna_gives_dates_back_and_takes_one_back(place, visit, window, look, name):
    fixed = arranged(place.party, place.rooms[0])
    arranged(place.party, place.rooms[1], weekday=3)
    giving.give_back([(fixed, start("2026-12-15"))], by=place.anna, now=NOW)
    book(place, start="2026-12-15 08:00", end="10:00", user=place.bram, party=place.practice)
    reletting.settle(now=NOW)
    there: Visit = visit(place.anna, **window)
    there.open("/vast")
    look(there, f"{name}-my-half-days")
    there.page.get_by_label("Van").fill("2026-12-21")
    there.page.get_by_label("Tot en met").fill("2027-01-01")
    there.tap("button", "Toon mijn datums in die tijd")
    there.sees("4 datums in die tijd")
    look(there, f"{name}-my-half-days-away")
    there.tap("button", "Geef deze datums terug")
    there.sees("4 datums zijn teruggegeven")
    there.open(f"/vast/{fixed.pk}")
    there.sees("18,75 terug incl. btw")
    there.page.get_by_label("dinsdag 8 december").check()
    there.tap("button", "Geef de aangekruiste datums terug")
    there.sees("1 datum is teruggegeven")
    look(there, f"{name}-half-day")
    there.tap("button", "Neem terug dinsdag 8 december")
    there.sees("De ruimte is die dag weer van u.")
    assert GivenBack.objects.open().count() == 5


def fill(there: Visit, place: Place) -> None:
    page = there.page
    page.get_by_label("Voor wie").select_option(label=place.party.name)
    page.get_by_label("Ruimte").select_option(label="B03 Spreekkamer 1")
    page.get_by_label("Elke").select_option(str(TUESDAY))
    page.get_by_label("Dagdeel").select_option(label="ochtend")
    page.get_by_label("Eerste dag").fill("2026-12-01")
    page.get_by_label("Prijs excl. btw").fill("37,50")
