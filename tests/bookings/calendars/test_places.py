"""In which room a date is, and what of a calendar lies outside the time looked at."""

import pytest

from tests.bookings.calendars.test_programs import NINE_TO_TEN
from tests.bookings.calendars.written import AUTUMN, calendar, event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("location", "room"),
    [
        ("", "B01"), ("Ontmoetingsruimte", "B01"), ("ontmoetingsruimte a", "B01A"), ("B01B", "B01B"), ("A", "B01A"),
        ("Ontmoetingsruimte A (32 p)", "B01A"), ("Ontmoetingsruimte A\\; Microsoft Teams-vergadering", "B01A"),
        ("Microsoft Teams Meeting", "B01"), ("Zorgplein 1\\, 7771 ZZ Hardenberg", "B01"),
        ("Locplus\\, Ontmoetingsruimte B", "B01B"), ("Ontmoetingsruimte A\\; Ontmoetingsruimte B", "B01"),
        ("Ontmoetingsruimte C", None), ("Zolder", None), ("https://meet.example.nl/x", "B01"),
    ],
)  # fmt: skip
def test_the_location_decides_the_whole_or_a_half(place, location, room):
    read = place.read(calendar(event(*NINE_TO_TEN, f"LOCATION:{location}")))
    assert [date.room for date in read.dates] == [room]


def test_what_lies_outside_the_window_is_told(place):
    past = event("DTSTART:20200101T090000Z", "DTEND:20200101T100000Z", uid="1")
    later = event("DTSTART:20300101T090000Z", "DTEND:20300101T100000Z", "SUMMARY:Lustrum", uid="2")
    endless = event(*NINE_TO_TEN, "RRULE:FREQ=YEARLY", "SUMMARY:Jaarlijks", uid="3")
    read = place.read(calendar(past, later, endless), period=AUTUMN)
    assert (len(read.dates), read.before, read.after, read.goes_on) == (1, 1, ["Lustrum"], ["Jaarlijks"])
