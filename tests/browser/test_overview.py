"""The director's page, the rows behind it and the page of a room: on a phone, at a desk and on paper."""

import io
from contextlib import suppress

import pypdf
import pytest

from bookings.refusals import BookingRefused
from spaces.models import Hub
from tenants.leases.hub_import import importing
from tenants.parties.models import User
from tests import cast
from tests.bookings import full_hub
from tests.browser.conftest import DESK, NARROW, PHONE, SHOTS
from tests.cast import NOW
from tests.leases import workbooks


@pytest.fixture
def full(noon, transactional_db):
    return full_hub.full_hub()


@pytest.fixture
def locplus(noon, transactional_db):
    """The director's own workbook, and a week of bookings."""
    importing.store(workbooks.PATH.read_bytes(), now=NOW)
    hub = Hub.objects.get()
    anna, party = cast.zzper(hub)
    rooms = list(
        hub.spaces.bookable().filter(parts=None, kind__in=["consult_room", "treatment_room"]).order_by("code")
    )
    place = full_hub.FullHub(hub, cast.staff(hub), rooms, anna, party, party)
    for number in range(len(rooms)):
        for day in range(23, 28 - number // 2):
            with suppress(BookingRefused):
                full_hub.book(place, f"2026-11-{day} 13:00", f"{15 + number % 3}:00", room=number)
    return place


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("viewport", [PHONE, DESK, NARROW], ids=["390", "1280", "320"])
def test_the_director_sees_the_month_and_the_rows_behind_it(full, visit, viewport, language):
    User.objects.update(language=language)
    shot = f"{language}-{viewport['width']}"
    director = visit(full.director, viewport=viewport)

    director.open("/overzicht")
    director.is_clean(f"{shot}-overview")
    director.page.locator("#f-flex ~ details summary").click()
    director.is_clean(f"{shot}-overview-definition")
    for figure in ("verhuurd", "omzet", "drukte", "vandaag", "partijen", "gezocht"):
        director.open(f"/overzicht/{figure}?maand=2026-11")
        director.is_clean(f"{shot}-rows-{figure}")
    director.open("/overzicht/niet-verschenen?maand=2026-10")
    director.is_clean(f"{shot}-rows-empty")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("viewport", [PHONE, DESK, NARROW], ids=["390", "1280", "320"])
def test_a_zzper_looks_at_a_room_and_goes_on_to_book_it(full, visit, viewport, language):
    User.objects.update(language=language)
    anna = visit(full.anna, viewport=viewport)

    anna.open("/ruimte/B03")
    anna.is_clean(f"{language}-{viewport['width']}-room")
    anna.page.locator(".week-table td a").first.click()
    anna.page.wait_for_url("**/boek?dag=2026-11-2*ruimte=B03")
    anna.open("/ruimte/101")
    anna.is_clean(f"{language}-{viewport['width']}-room-let")


def test_the_rows_add_up_to_the_number_that_was_pressed(full, visit):
    User.objects.update(language="en")
    director = visit(full.director, viewport=DESK)
    director.open("/overzicht")

    director.tap("link", "Revenue from bookings, excl. VAT")

    assert director.heading == "Revenue from bookings, November 2026"
    assert "€ 137,50" in director.page.locator("tfoot").inner_text().replace("\N{NO-BREAK SPACE}", " ")


def test_the_overview_of_a_whole_hub_is_one_a4_and_its_figures_are_right(locplus, visit):
    director = visit(locplus.director, viewport=DESK)
    director.open("/overzicht")
    for figure in ("751,90 m²", "50,13 %", "1.500,00 m²", "14 stageplekken"):
        director.sees(figure.replace(" ", "\N{NO-BREAK SPACE}") if "stage" not in figure else figure)
    director.is_clean("locplus-overview")

    if SHOTS:
        director.page.pdf(format="A4", print_background=True, path=f"{SHOTS}/overview.pdf")
    paper = director.page.pdf(format="A4", print_background=True)

    assert len(pypdf.PdfReader(io.BytesIO(paper)).pages) == 1
