"""Files that are no calendar, or ask for more than a calendar of a room can: told in words, after bounded work."""

import pytest

from bookings.calendar_import import expanding
from bookings.calendar_import.refusals import NotACalendar
from bookings.calendar_import.sieving import MAX_BYTES
from tests.bookings.calendars.written import calendar, event

GOOD = event("DTSTART:20261124T080000Z", "DTEND:20261124T090000Z", "SUMMARY:Goed", uid="goed")
START = ("DTSTART:20261124T080000Z", "DTEND:20261124T083000Z")

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leeg"), (b"\xef\xbb\xbf\r\n \r\n", "leeg"), (b"\0\0\0", "leeg"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "geen agendabestand"),
        (b"naam;van;tot\r\nzaal;9;10\r\n", "geen agendabestand"),
        (b"<html>BEGIN:VCALENDAR in a sentence</html>", "geen agendabestand"),
        (calendar(GOOD)[:-20], "breekt halverwege af"), (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "breekt halverwege af"),
        (calendar(GOOD) + b" " * MAX_BYTES, "groter dan 5 MB"),
        (calendar(*[event(*START, uid=str(n)) for n in range(10_001)]), "te veel"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_to_do(place, content, words):
    with pytest.raises(NotACalendar, match=words):
        place.read(content)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ((*START, "RRULE:FREQ=SECONDLY"), "too often"), ((*START, "RRULE:FREQ=MINUTELY;COUNT=1000000000"), "too often"),
        ((*START, "RRULE:FREQ=HOURLY"), "too often"),
        ((*START, f"RRULE:FREQ=DAILY;BYHOUR={','.join(map(str, range(24)))};BYMINUTE=0,15,30,45"), "too often"),
        ((*START, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "endless"),
        ((*START, "RRULE:FREQ=SOMETIMES"), "unreadable"), ((*START, "RRULE:garbage"), "unreadable"),
        ((*START, "RRULE:FREQ=WEEKLY;BYDAY=XX"), "unreadable"), ((*START, "EXRULE:FREQ=WEEKLY"), "old rule"),
        (("DTSTART:20261124T240000Z", "DTEND:20261125T010000Z"), "unreadable"),
        (("DTSTART:nonsense", "DTEND:20261125T010000Z"), "unreadable"), (("DTEND:20261125T010000Z",), "no start"),
        (("DTSTART:20261124T080000Z",), "no end"), (("DTSTART:20261124T080000Z", "DTEND:20261124T080000Z"), "ends before"),
        (("DTSTART:20261124T080000Z", "DTEND:20261124T070000Z"), "ends before"),
        (("DTSTART:20261124T080000Z", "DURATION:-PT1H"), "ends before"), (("DTSTART:20261124T080000Z", "DURATION:PT0S"), "ends before"),
        (("DTSTART:20261124T080000Z", "DURATION:P999999999999D"), "unreadable"), (("DTSTART:20261124T080000Z", "DURATION:one hour"), "unreadable"),
    ],
)  # fmt: skip
def test_one_bad_entry_is_told_and_the_others_are_read(place, lines, why):
    read = place.read(calendar(event(*lines, uid="slecht"), GOOD))
    assert [(it.uid, it.why) for it in read.unreadable] == [("slecht", why)]
    assert [date.title for date in read.dates] == ["Goed"]
    assert read.unreadable[0].sentence


def test_a_thousand_million_times_is_read_as_far_as_the_horizon(place):
    read = place.read(calendar(event(*START, "RRULE:FREQ=DAILY;COUNT=1000000000")))
    assert len(read.dates) == 69
    assert read.goes_on


def test_too_many_dates_in_all_is_refused(place):
    daily = [event(*START, "RRULE:FREQ=DAILY;BYHOUR=8,10,12,14,16", uid=str(n)) for n in range(60)]
    with pytest.raises(NotACalendar, match="te veel"):
        place.read(calendar(*daily))
    assert expanding.MOST_DATES == 20_000


def test_a_full_file_of_five_megabytes_is_read(place):
    padding = ("DESCRIPTION:" + "Vergadering met veel woorden. " * 140,)
    many = [event(*START, *padding, f"SUMMARY:Nummer {n}", uid=str(n)) for n in range(1_100)]
    content = calendar(*many)
    assert MAX_BYTES * 0.8 < len(content) < MAX_BYTES
    assert len(place.read(content).dates) == 1_100


def test_nonsense_between_the_lines_is_passed_over(place):
    odd = ["????", "X" * 100_000, ":", ";;;", "END:VALARM", "SUMMARY", "\x00\x01"]
    assert [date.title for date in place.read(calendar(odd, GOOD, odd)).dates] == ["Goed"]
