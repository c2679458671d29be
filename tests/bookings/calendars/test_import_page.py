"""Staff read in a calendar on the page and by the command."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from bookings.calendar_import import pending
from bookings.models import ImportedEntry, PendingCalendar
from tests import cast
from tests.bookings.calendars.test_importing import TUESDAY, dated
from tests.bookings.calendars.test_outlook import FILE, NEVER
from tests.bookings.calendars.written import calendar
from tests.journeys.reading import Page, press, see

pytestmark = pytest.mark.django_db(transaction=True)
START = "/beheer/agenda-inlezen"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(cast.NOW, tick=False):
        yield


@pytest.fixture
def desk(lasting_place) -> Client:
    return client_of(cast.staff(lasting_place.hub, "reception"))


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, content: bytes, *, space: str = "B01", name: str = "zaal.ics") -> Page:
    file = SimpleUploadedFile(name, content)
    return Page(client.post(START, {"space": space, "calendar": file}, follow=True))


def test_choose_look_confirm_and_see_it_on_the_desk(desk, lasting_place):
    shown = send(desk, calendar(TUESDAY))
    assert "Dit zou zaal.ics doen voor Ontmoetingsruimte. Er is nog niets opgeslagen." in shown.text
    assert "Inloop" in shown.text
    assert ImportedEntry.objects.count() == 0

    done = press(desk, shown, "Lees de agenda in")
    assert "De agenda is ingelezen: 1 nieuw, 0 gewijzigd, 0 vervallen." in done.text
    assert done.heading == "Ingelezen datums"
    assert "Inloop" in see(desk, "/balie?dag=2026-11-24").text


def test_pressing_twice_reads_it_in_once(desk):
    shown = send(desk, calendar(TUESDAY))
    press(desk, shown, "Lees de agenda in")
    assert "Deze agenda is al ingelezen." in press(desk, shown, "Lees de agenda in").text
    assert ImportedEntry.objects.count() == 1


def test_what_cannot_be_placed_is_on_the_page_before_anything_is_stored(desk):
    double = dated("2026-11-24", "10:00", "12:00", "SUMMARY:Dubbel", "LOCATION:B01A", uid="twee")
    shown = send(desk, calendar(TUESDAY, double))
    assert "1 datum die Plein niet kan plaatsen" in shown.text
    assert "Het valt samen met “Inloop” in deze agenda" in shown.text
    assert "1 datum is niet geplaatst." in press(desk, shown, "Lees de agenda in").text


def test_nothing_private_is_kept_at_any_step(desk):
    shown = send(desk, FILE)
    kept = str(PendingCalendar.objects.get().reading)
    assert [words for words in NEVER if words in kept] == []
    assert [words for words in NEVER if words in shown.text and not words.startswith("example")] == []
    press(desk, shown, "Lees de agenda in")
    assert PendingCalendar.objects.get().reading == {}
    rows = str(list(ImportedEntry.objects.values()))
    assert [words for words in NEVER if words in rows] == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Dit bestand is leeg."),
        (b"hallo", "Dit is geen agendabestand"),
        (calendar(TUESDAY)[:-9], "breekt halverwege af"),
    ],
)
def test_a_file_that_is_no_calendar_is_told_beside_the_field(desk, content, words):
    page = send(desk, content)
    assert page.status == 422
    assert words in page.text


def test_a_room_is_asked_for(desk):
    page = Page(desk.post(START, {"calendar": SimpleUploadedFile("zaal.ics", calendar(TUESDAY))}))
    assert "Kies de ruimte waarvan deze agenda is." in page.text


def test_when_the_room_fills_up_in_between_the_plan_is_shown_again(desk, lasting_place):
    shown = send(desk, calendar(TUESDAY))
    lasting_place.store(calendar(dated("2026-11-24", "09:30", "10:30", "SUMMARY:Eerder", uid="eerder")))
    again = press(desk, shown, "Lees de agenda in")
    assert again.status == 409
    assert "Sinds u keek is er in Plein iets veranderd." in again.text


def test_somebody_elses_upload_and_another_hubs_dates_are_not_there(desk, lasting_place):
    send(desk, calendar(TUESDAY))
    lasting_place.store(calendar(TUESDAY))
    kept, entry = PendingCalendar.objects.get(), ImportedEntry.objects.get()
    other = cast.hub("elders")
    for stranger in (client_of(cast.staff(lasting_place.hub)), client_of(cast.staff(other))):
        assert stranger.get(reverse("calendar-import-check", args=[kept.pk])).status_code == 404
        assert stranger.post(reverse("calendar-import-check", args=[kept.pk])).status_code == 404
    stranger = client_of(cast.staff(other))
    assert stranger.post(reverse("calendar-entry-remove", args=[entry.pk])).status_code == 404
    assert stranger.get(reverse("calendar-entries", args=["B01"])).status_code == 404
    assert ImportedEntry.objects.exists()


def test_it_is_kept_for_a_day_at_most(desk):
    send(desk, calendar(TUESDAY))
    kept = PendingCalendar.objects.get()
    with time_machine.travel(cast.NOW + timedelta(days=1), tick=False):
        assert desk.get(reverse("calendar-import-check", args=[kept.pk])).status_code in (302, 404)
    assert pending.drop_stale(now=cast.NOW + timedelta(hours=23)) == 0
    assert pending.drop_stale(now=cast.NOW + timedelta(days=1)) == 1


def test_the_desk_removes_a_date(desk, lasting_place):
    lasting_place.store(calendar(TUESDAY))
    entry = ImportedEntry.objects.get()
    page = see(desk, reverse("calendar-entry-remove", args=[entry.pk]))
    gone = press(desk, page, "Haal weg uit Plein")
    assert "Weggehaald: Inloop. Anderen kunnen deze tijd nu boeken." in gone.text
    assert not ImportedEntry.objects.exists()
    assert "B01" in see(desk, "/balie?dag=2026-11-24").html


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(desk, lasting_place, django_assert_num_queries, rows):
    lasting_place.store(calendar(dated("2026-11-24", "09:00", "10:00", f"RRULE:FREQ=DAILY;COUNT={rows}")))
    desk.get(START)
    with django_assert_num_queries(6):
        desk.get(reverse("calendar-entries", args=["B01"]))


def command(tmp_path, content: bytes, *arguments: str) -> str:
    file, told = tmp_path / "zaal.ics", StringIO()
    file.write_bytes(content)
    call_command("import_calendar", str(file), "--space", "B01", *arguments, stdout=told)
    return told.getvalue()


def test_the_command_looks_first_and_stores_when_asked(lasting_place, tmp_path):
    looked = command(tmp_path, FILE)
    assert "Scholing stagiairs. Het valt samen met “Voorlichting mantelzorg”" in looked
    assert looked.rstrip().endswith("Proef: er is niets opgeslagen.")
    assert ImportedEntry.objects.count() == 0
    assert "Opgeslagen." in command(tmp_path, FILE, "--store")
    assert ImportedEntry.objects.count() > 100
    assert "0 nieuw, 0 gewijzigd, 0 vervallen" in command(tmp_path, FILE, "--store", "--hub", "locplus")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nergens.ics", "--space", "B01"], "bestaat niet"), ([".", "--space", "B01"], "is een map"),
        ([__file__, "--space", "X99"], "Er is geen ruimte X99"), ([__file__, "--space", "B01", "--hub", "elders"], "welke hub u bedoelt"),
        ([__file__, "--space", "B01"], "geen agendabestand"),
    ],
)  # fmt: skip
def test_the_command_says_what_is_wrong(lasting_place, arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("import_calendar", *arguments)
