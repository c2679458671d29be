"""The calendar of the meeting area as Exchange exports it, against its hand-made list of dates."""

import csv
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from bookings.calendar_import import reading
from bookings.calendar_import.locating import Rooms
from bookings.calendar_import.sieving import BUSY
from bookings.models import ImportedEntry
from spaces.models import Claim, Hub, Space
from tests.bookings.calendars.written import AUTUMN

HERE = Path(__file__).parent
FILE = (HERE / "outlook-ontmoetingsruimte.ics").read_bytes()
with (HERE / "outlook-expected-occurrences.csv").open(encoding="utf-8", newline="") as _file:
    EXPECTED = list(csv.DictReader(_file))
ROOMS = {"": "B01", "Ontmoetingsruimte": "B01", "Ontmoetingsruimte A": "B01A", "Ontmoetingsruimte B": "B01B"}
PRIVATE = "Gesprek kandidaat beheerder"
NEVER = ("BSN", "999990019", "Voorbeeld", "teams.example", "example.nl", PRIVATE, "mantelzorg\\;", "carré")


def row(expected: dict[str, str]) -> tuple[object, ...]:
    moments = (datetime.fromisoformat(expected[name]) for name in ("start", "end"))
    title = BUSY if expected["summary"] == PRIVATE else expected["summary"]
    room, whole_days = ROOMS[expected["location"]], expected["all_day"] == "ja"
    return (expected["uid"], *moments, title, room, whole_days)


@cache
def dates() -> list[tuple[object, ...]]:
    whole, *halves = (Space(code=code, name=name, hub=Hub()) for name, code in ROOMS.items() if name)
    read = reading.read(FILE, rooms=Rooms(whole, halves), period=AUTUMN)
    return [(it.uid, it.period.start, it.period.end, it.title, it.room, it.whole_days) for it in read.dates]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda it: f"{it['start'][:16]} {it['summary']}")
def test_each_date_is_exactly_as_expected(expected):
    assert dates().count(row(expected)) == (1 if expected["blocks"] == "ja" else 0)


def test_there_are_105_dates_that_take_the_room_and_two_that_do_not(place):
    read = place.read(FILE)
    assert (len(EXPECTED), len(read.dates), read.idle, read.unreadable) == (107, 105, 2, [])


def test_nothing_private_is_read(place):
    read = str(place.read(FILE).as_json())
    assert [words for words in NEVER if words in read] == []


def test_all_that_can_be_placed_is_placed_and_the_rest_is_told(lasting_place):
    plan = lasting_place.store(FILE)
    within = ImportedEntry.objects.filter(starts_at__lt=AUTUMN.end, ends_at__gt=AUTUMN.start).count()
    left = [it for it in plan.left_out if it.period and it.period.overlaps(AUTUMN)]
    assert within + len(left) == 105
    assert [(it.title, it.why) for it in left if it.title == "Scholing stagiairs"] == [
        (
            "Scholing stagiairs",
            "Het valt samen met “Voorlichting mantelzorg” in deze agenda (donderdag 26 november 2026, 13:00–15:00).",
        )
    ]
    claims = Claim.objects.filter(active=True, holder__startswith="entry:")
    wholes = ImportedEntry.objects.filter(space=lasting_place.whole).count()
    assert claims.count() == ImportedEntry.objects.count() + wholes


def test_the_same_file_again_changes_nothing(lasting_place):
    lasting_place.store(FILE)
    before = set(ImportedEntry.objects.values_list("pk", flat=True)), Claim.objects.count()
    again = lasting_place.store(FILE)
    assert again.changes_nothing
    assert (set(ImportedEntry.objects.values_list("pk", flat=True)), Claim.objects.count()) == before
