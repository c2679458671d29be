"""Calendars in the manner of Google, Apple, Thunderbird, Nextcloud, Zimbra and old Exchange, each with its quirks."""

import pytest

from bookings.calendar_import.sieving import BUSY
from tests.bookings.calendars.written import calendar, event, zone

NINE_TO_TEN = ("DTSTART;TZID=Europe/Amsterdam:20261124T090000", "DTEND;TZID=Europe/Amsterdam:20261124T100000")
AT_NINE = ["2026-11-24 09:00 – 2026-11-24 10:00"]

pytestmark = pytest.mark.django_db


def test_google_writes_its_zone_in_the_head_and_its_times_in_utc(place):
    night = event("DTSTART:20261025T003000Z", "DTEND:20261025T013000Z", "SUMMARY:Nachtdienst")
    weekly = event(
        "DTSTART;TZID=Europe/Amsterdam:20261020T090000", "DTEND;TZID=Europe/Amsterdam:20261020T100000",
        "RRULE:FREQ=WEEKLY;WKST=MO;UNTIL=20261110T225959Z;BYDAY=TU", uid="g@google.com",
    )  # fmt: skip
    file = calendar(weekly, night, head=("X-WR-TIMEZONE:Europe/Amsterdam", "X-WR-CALNAME:Zaal"))
    assert place.times(file) == [
        "2026-10-20 09:00 – 2026-10-20 10:00",
        "2026-10-25 02:30 – 2026-10-25 02:30",  # an hour long: the clock goes back in it
        "2026-10-27 09:00 – 2026-10-27 10:00",
        "2026-11-03 09:00 – 2026-11-03 10:00",
        "2026-11-10 09:00 – 2026-11-10 10:00",
    ]
    assert [date.period.hours for date in place.read(file).dates] == [1, 1, 1, 1, 1]


def test_google_names_a_changed_date_in_utc(place):
    series = event(*NINE_TO_TEN, "RRULE:FREQ=WEEKLY;COUNT=2", uid="g@google.com")
    moved = event(
        "RECURRENCE-ID:20261201T080000Z", "DTSTART:20261202T120000Z", "DTEND:20261202T130000Z", "SEQUENCE:0",
        uid="g@google.com",
    )  # fmt: skip
    read = place.read(calendar(series, moved))
    assert place.times(calendar(series, moved)) == [*AT_NINE, "2026-12-02 13:00 – 2026-12-02 14:00"]
    assert read.dates[1].original_start.isoformat() == "2026-12-01T08:00:00+00:00"


def test_apple_writes_a_day_as_the_end_of_a_series(place):
    file = calendar(
        event(*NINE_TO_TEN, "RRULE:FREQ=DAILY;UNTIL=20261126", "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC")
    )
    assert [time[:16] for time in place.times(file)] == [
        "2026-11-24 09:00",
        "2026-11-25 09:00",
        "2026-11-26 09:00",
    ]


def test_a_series_of_days_that_ends_at_a_moment_keeps_its_last_day(place):
    lines = ("DTSTART;VALUE=DATE:20261214", "RRULE:FREQ=DAILY;UNTIL=20261215T230000Z")
    assert len(place.times(calendar(event(*lines)))) == 3


def test_thunderbird_prefixes_zones_and_has_todos_and_alarms_between(place):
    todo = ["BEGIN:VTODO", "UID:t", "SUMMARY:Bellen", "DUE:20261124T090000Z", "END:VTODO"]
    journal = ["BEGIN:VJOURNAL", "UID:j", "DTSTART:20261124T090000Z", "END:VJOURNAL"]
    name = "/mozilla.org/20050126_1/Europe/Amsterdam"
    alarm = [
        "BEGIN:VALARM",
        "TRIGGER:-PT15M",
        "SUMMARY:BSN 999990019",
        "DTSTART:20250101T000000Z",
        "END:VALARM",
    ]
    lines = [
        f"DTSTART;TZID={name}:20261124T090000",
        f"DTEND;TZID={name}:20261124T100000",
        *alarm,
        "SUMMARY:Overleg",
    ]
    read = place.read(calendar(zone(name), todo, event(*lines), journal))
    assert [date.title for date in read.dates] == ["Overleg"]
    assert place.times(calendar(zone(name), todo, event(*lines), journal)) == AT_NINE


@pytest.mark.parametrize(
    "name",
    [
        "W. Europe Standard Time", "(UTC+01:00) Amsterdam\\, Berlin\\, Bern\\, Rome\\, Stockholm\\, Vienna",
        "Amsterdam/Berlijn", "Customized Time Zone", "Europe/Amsterdam 1", "/freeassociation.sourceforge.net/Europe/Amsterdam",
    ],
)  # fmt: skip
def test_a_zone_with_an_odd_name_is_read_by_its_own_rules(place, name):
    quoted = f'"{name}"' if ":" in name else name
    lines = (f"DTSTART;TZID={quoted}:20261024T220000", f"DTEND;TZID={quoted}:20261025T050000")
    read = place.read(calendar(zone(name), event(*lines)))
    assert [date.period.hours for date in read.dates] == [8]
    assert read.zones == []


def test_old_exchange_forgets_the_quotes_around_a_name_with_colons(place):
    name = "(UTC+01:00) Amsterdam, Berlin"
    lines = (f"DTSTART;TZID={name}:20261124T090000", f"DTEND;TZID={name}:20261124T100000")
    assert place.times(calendar(zone(name), event(*lines))) == AT_NINE


def test_a_zone_nobody_knows_is_read_on_the_clock_of_the_hub_and_told(place):
    lines = ("DTSTART;TZID=Ergens:20261124T090000", "DTEND;TZID=Ergens:20261124T100000")
    assert place.times(calendar(event(*lines))) == AT_NINE
    assert place.read(calendar(event(*lines))).zones == ["Ergens"]


def test_another_zone_of_its_own_keeps_its_hours(place):
    new_york = [
        "BEGIN:VTIMEZONE",
        "TZID:Kantoor NY",
        "BEGIN:STANDARD",
        "DTSTART:16010101T020000",
        "TZOFFSETFROM:-0500",
        "TZOFFSETTO:-0500",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]
    lines = ("DTSTART;TZID=Kantoor NY:20261124T030000", "DTEND;TZID=Kantoor NY:20261124T040000")
    assert place.times(calendar(new_york, event(*lines))) == AT_NINE


def test_nextcloud_has_days_without_an_end(place):
    file = calendar(event("DTSTART;VALUE=DATE:20261124", "SUMMARY:Open dag"))
    assert place.times(file) == ["2026-11-24 00:00 – 2026-11-25 00:00"]


def test_zimbra_ends_a_day_on_the_same_day_and_omits_value(place):
    file = calendar(event("DTSTART:20261124", "DTEND:20261124"))
    assert place.times(file) == ["2026-11-24 00:00 – 2026-11-25 00:00"]


def test_several_days_over_the_night_the_clock_goes_back(place):
    read = place.read(calendar(event("DTSTART;VALUE=DATE:20261024", "DTEND;VALUE=DATE:20261026")))
    assert [date.period.hours for date in read.dates] == [49]


@pytest.mark.parametrize(
    ("start", "duration", "end", "hours"),
    [
        ("20261124T090000", "PT1H30M", "2026-11-24 10:30", "1.5"),
        ("20261024T220000", "PT7H", "2026-10-25 04:00", "7"),  # hours pass, whatever the clock says
        ("20261024T220000", "P1D", "2026-10-25 22:00", "25"),  # a day is a day
        ("20261124T090000", "P1W", "2026-12-01 09:00", "168"),
    ],
)
def test_a_duration_instead_of_an_end(place, start, duration, end, hours):
    file = calendar(event(f"DTSTART;TZID=Europe/Amsterdam:{start}", f"DURATION:{duration}"))
    assert [time.split(" – ")[1] for time in place.times(file)] == [end]
    assert [str(date.period.hours) for date in place.read(file).dates] == [hours]


def test_a_series_with_a_duration_that_starts_before_the_window(place):
    file = calendar(
        event("DTSTART;TZID=Europe/Amsterdam:20200106T230000", "DURATION:PT2H", "RRULE:FREQ=WEEKLY;COUNT=400")
    )
    assert place.times(file)[0] == "2026-08-31 23:00 – 2026-09-01 01:00"


def test_floating_times_are_on_the_clock_of_the_hub(place):
    file = calendar(
        event("DTSTART:20261124T090000", "DTEND:20261124T100000"), head=("X-WR-TIMEZONE:America/New_York",)
    )
    assert place.times(file) == AT_NINE


def test_extra_and_skipped_dates(place):
    file = calendar(
        event(
            *NINE_TO_TEN, "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=Europe/Amsterdam:20261201T090000,20261208T090000",
            "EXDATE:20261215T080000Z", "RDATE;TZID=Europe/Amsterdam:20261217T140000",
            "RDATE;VALUE=PERIOD:20261218T080000Z/PT3H",
        )
    )  # fmt: skip
    assert place.times(file) == [
        *AT_NINE, "2026-12-17 14:00 – 2026-12-17 15:00", "2026-12-18 09:00 – 2026-12-18 12:00",
    ]  # fmt: skip


def test_this_and_all_following_are_moved(place):
    series = event(*NINE_TO_TEN, "RRULE:FREQ=WEEKLY;COUNT=4")
    later = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Amsterdam:20261208T090000",
        "DTSTART;TZID=Europe/Amsterdam:20261208T130000", "DTEND;TZID=Europe/Amsterdam:20261208T150000",
    )  # fmt: skip
    dates = place.read(calendar(series, later)).dates
    assert place.times(calendar(series, later)) == [
        *AT_NINE, "2026-12-01 09:00 – 2026-12-01 10:00", "2026-12-08 13:00 – 2026-12-08 15:00",
        "2026-12-15 13:00 – 2026-12-15 15:00",
    ]  # fmt: skip
    assert len({date.original_start for date in dates}) == 4


def test_a_cancelled_and_a_moved_date_of_a_series(place):
    series = event(*NINE_TO_TEN, "RRULE:FREQ=WEEKLY;COUNT=3")
    cancelled = event(
        "RECURRENCE-ID;TZID=Europe/Amsterdam:20261201T090000",
        "DTSTART;TZID=Europe/Amsterdam:20261201T090000",
        "DTEND;TZID=Europe/Amsterdam:20261201T100000",
        "STATUS:CANCELLED",
    )
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Amsterdam:20261208T090000",
        "DTSTART:20261209T080000Z",
        "DTEND:20261209T090000Z",
    )
    assert place.times(calendar(series, cancelled, moved)) == [
        *AT_NINE,
        "2026-12-09 09:00 – 2026-12-09 10:00",
    ]


def test_a_changed_date_without_its_series_is_a_date(place):
    file = calendar(event("RECURRENCE-ID:20261201T080000Z", *NINE_TO_TEN))
    assert place.times(file) == AT_NINE


def test_of_one_arrangement_twice_the_newest_counts_and_other_times_under_one_uid_are_both_there(place):
    old = event("DTSTART:20261123T080000Z", "DTEND:20261123T090000Z", "SEQUENCE:1")
    new = event(*NINE_TO_TEN, "SEQUENCE:2")
    assert place.times(calendar(new, old)) == AT_NINE
    both = calendar(event(*NINE_TO_TEN), event("DTSTART:20261125T080000Z", "DTEND:20261125T090000Z"))
    assert place.times(both) == [*AT_NINE, "2026-11-25 09:00 – 2026-11-25 10:00"]


def test_dates_without_a_uid_have_a_name_that_lasts(place):
    bare = ["BEGIN:VEVENT", *NINE_TO_TEN, "SUMMARY:Zonder", "END:VEVENT"]
    first, second = (place.read(calendar(bare)).dates[0] for _each in range(2))
    assert first.uid == second.uid
    assert first.uid.startswith("zonder-uid-")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending_with_folds_and_a_byte_order_mark(place, ending):
    fold = f"SUMMARY:Overleg met{ending}  de wijk"
    file = b"\xef\xbb\xbf" + calendar(event(*NINE_TO_TEN, fold), ending=ending)
    assert [date.title for date in place.read(file).dates] == ["Overleg met de wijk"]


def test_a_fold_within_a_letter_and_western_bytes(place):
    cut = calendar(event(*NINE_TO_TEN, "SUMMARY:Café")).replace("é".encode(), b"\xc3\r\n \xa9")
    western = calendar(event(*NINE_TO_TEN, "SUMMARY:Café")).decode().encode("cp1252")
    assert [place.read(file).dates[0].title for file in (cut, western)] == ["Café", "Café"]


@pytest.mark.parametrize("secret", ["CLASS:PRIVATE", "CLASS:CONFIDENTIAL", "CLASS:X-IETS"])
def test_what_is_private_is_only_busy_and_so_are_its_changed_dates(place, secret):
    series = event(
        "SUMMARY:Gesprek", "LOCATION:bij mevrouw Jansen", *NINE_TO_TEN, "RRULE:FREQ=WEEKLY;COUNT=2", secret
    )
    changed = event(
        "SUMMARY:Gesprek",
        "RECURRENCE-ID:20261201T080000Z",
        "DTSTART:20261201T100000Z",
        "DTEND:20261201T110000Z",
    )
    kept = str(place.read(calendar(series, changed)).as_json())
    assert [date.title for date in place.read(calendar(series, changed)).dates] == [BUSY, BUSY]
    assert "Jansen" not in kept
    assert "Gesprek" not in kept


def test_a_citizen_service_number_in_a_title_is_never_taken(place):
    assert place.read(calendar(event(*NINE_TO_TEN, "SUMMARY:Intake 999990019"))).dates[0].title == BUSY


def test_titles_are_one_plain_line_of_80_letters(place):
    file = calendar(
        event(*NINE_TO_TEN, "SUMMARY;LANGUAGE=nl-NL:Overleg\\, wijk\\nzaal\\; \u202eA\x07" + "x" * 200)
    )
    title = place.read(file).dates[0].title
    assert title.startswith("Overleg, wijk zaal; A xxx")
    assert len(title) == 80


@pytest.mark.parametrize(
    ("lines", "taken"),
    [
        (("TRANSP:TRANSPARENT",), 0),
        (("X-MICROSOFT-CDO-BUSYSTATUS:FREE",), 0),
        (("TRANSP:OPAQUE", "STATUS:TENTATIVE"), 1),
    ],
)
def test_what_is_free_takes_no_room(place, lines, taken):
    read = place.read(calendar(event(*NINE_TO_TEN, *lines)))
    assert (len(read.dates), read.idle) == (taken, 1 - taken)
