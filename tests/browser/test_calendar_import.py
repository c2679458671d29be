"""Reception reads in the calendar of a room: on a phone and at a desk, in two languages, without scripts too."""

import pytest

from bookings.models import ImportedEntry
from spaces.models import Hub
from tests import cast
from tests.bookings.calendars.test_outlook import FILE
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import in_both_languages


@pytest.fixture
def hub(noon, transactional_db) -> Hub:
    row = cast.hub()
    cast.meeting_area(row)
    return row


def send(visitor, content: bytes) -> None:
    visitor.open("/beheer/agenda-inlezen")
    visitor.page.locator("select[name=space]").select_option("B01")
    file = {"name": "ontmoetingsruimte.ics", "mimeType": "text/calendar", "buffer": content}
    visitor.page.locator("input[type=file]").set_input_files(file)
    visitor.page.locator("main form button").click()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_a_calendar_is_looked_at_read_in_and_seen_on_the_desk(hub, visit, viewport):
    visitor, width = visit(cast.staff(hub, "reception"), viewport=viewport), viewport["width"]
    visitor.open("/beheer/agenda-inlezen")
    in_both_languages(visitor, f"{width}-calendar")
    send(visitor, b"dit is geen agenda")
    visitor.sees("Dit is geen agendabestand")
    visitor.is_clean(f"{width}-calendar-refused")

    send(visitor, FILE)
    visitor.page.wait_for_url("**/beheer/agenda-inlezen/*-*")
    visitor.sees("Scholing stagiairs")
    in_both_languages(visitor, f"{width}-calendar-plan")
    visitor.tap("button", "Lees de agenda in")
    visitor.page.wait_for_url("**/van/B01")
    in_both_languages(visitor, f"{width}-calendar-entries")

    visitor.open("/balie?dag=2026-11-24")
    visitor.is_clean(f"{width}-calendar-desk")
    visitor.page.locator("a.slot", has_text="Koffie-inloop Plein").first.click()
    visitor.page.wait_for_url("**/datum/*")
    in_both_languages(visitor, f"{width}-calendar-remove")
    before = ImportedEntry.objects.count()
    visitor.tap("button", "Haal weg uit Plein")
    visitor.page.wait_for_url("**/balie*")
    assert ImportedEntry.objects.count() == before - 1


def test_it_works_without_scripts(hub, visit):
    visitor = visit(cast.staff(hub, "reception"), scripts=False)
    send(visitor, FILE)
    visitor.page.wait_for_url("**/beheer/agenda-inlezen/*-*")
    visitor.page.locator("main form button").click()
    visitor.page.wait_for_url("**/van/B01")
    assert ImportedEntry.objects.count() > 100
