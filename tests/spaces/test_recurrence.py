"""Dates of an arrangement. The traps of django-scheduler that it stands beside are in test_scheduler_traps.py."""

from datetime import date, datetime, time, timedelta

import pytest
from schedule.models import Event, Occurrence, Rule

from spaces import patterns, recurrence
from spaces.models import Space
from spaces.periods import Period, local_days
from tests import cast
from tests.cast import AMSTERDAM, at, between

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Space:
    return cast.space(cast.hub(), "B03")


def arranged(room: Space, *, last: date | None = date(2027, 8, 31)) -> Event:
    event = recurrence.arrange_weekly(
        room,
        title="dinsdagochtend",
        weekday=1,
        hours=(time(8), time(12)),
        first=date(2026, 9, 2),
        last=last,
        zone=AMSTERDAM,
    )
    return Event.objects.get(pk=event.pk)


def days(event: Event, first: date, last: date) -> list[date]:
    slots = recurrence.expand(event, within=local_days(first, last, zone=AMSTERDAM), zone=AMSTERDAM)
    return [slot.period.start.astimezone(AMSTERDAM).date() for slot in slots]


def test_it_begins_at_its_first_weekday_and_ends_after_its_last_day(room: Space):
    event = arranged(room, last=date(2026, 9, 22))

    assert days(event, date(2026, 8, 1), date(2026, 12, 31)) == [
        date(2026, 9, 8),
        date(2026, 9, 15),
        date(2026, 9, 22),
    ]


@pytest.mark.parametrize("last", [date(2026, 10, 25), date(2027, 3, 28)])
def test_its_hours_stay_on_the_clock_over_both_nights(room: Space, last: date):
    window = local_days(last - timedelta(days=7), last + timedelta(days=7), zone=AMSTERDAM)
    slots = recurrence.expand(arranged(room), within=window, zone=AMSTERDAM)

    assert {tuple(moment.time() for moment in slot.period.local(AMSTERDAM)) for slot in slots} == {
        (time(8), time(12))
    }
    assert len(slots) == 2


def test_a_slot_that_only_touches_the_window_is_left_out(room: Space):
    event = arranged(room)

    assert recurrence.expand(event, within=between("2026-11-24 12:00", "13:00"), zone=AMSTERDAM) == []
    assert len(recurrence.expand(event, within=between("2026-11-24 11:59", "13:00"), zone=AMSTERDAM)) == 1


def test_a_cancelled_slot_stays_away_and_a_moved_one_stands_where_it_is(room: Space):
    event = arranged(room)
    exception(event, "2026-11-24", cancelled=True)
    exception(event, "2026-12-01", start=at("2026-12-03 13:00"), end=at("2026-12-03 17:00"))

    assert days(event, date(2026, 11, 23), date(2026, 12, 8)) == [date(2026, 12, 3), date(2026, 12, 8)]


def exception(
    event: Event,
    day: str,
    *,
    cancelled: bool = False,
    start: datetime | None = None,
    end: datetime | None = None,
) -> None:
    original = (at(f"{day} 08:00"), at(f"{day} 12:00"))
    Occurrence.objects.create(
        event=event,
        original_start=original[0],
        original_end=original[1],
        start=start or original[0],
        end=end or original[1],
        cancelled=cancelled,
    )


def test_stopping_keeps_what_was_cancelled(room: Space):
    event = arranged(room)
    exception(event, "2026-11-24", cancelled=True)

    recurrence.stop(event, last=date(2026, 12, 1), zone=AMSTERDAM)

    assert days(Event.objects.get(pk=event.pk), date(2026, 11, 17), date(2026, 12, 31)) == [
        date(2026, 11, 17),
        date(2026, 12, 1),
    ]


def slot(event: Event, day: str) -> recurrence.Slot:
    window = between(f"{day} 00:00", "24:00")
    return recurrence.expand(event, within=window, zone=AMSTERDAM)[0]


def test_a_date_is_cancelled_moved_and_put_back_each_as_often_as_asked(room: Space):
    event = arranged(room)
    regular, elsewhere = slot(event, "2026-11-24"), between("2026-11-26 13:00", "17:00")
    shown = []

    for _twice in range(2):
        recurrence.move_slot(event, regular.original_start, regular.period, elsewhere)
    shown.append(days(event, date(2026, 11, 23), date(2026, 11, 29)))
    for _twice in range(2):
        recurrence.cancel_slot(event, regular.original_start, regular.period)
    shown.append(days(event, date(2026, 11, 23), date(2026, 11, 29)))
    for _twice in range(2):
        recurrence.restore_slot(event, regular.original_start)
    shown.append(days(event, date(2026, 11, 23), date(2026, 11, 29)))

    assert shown == [[date(2026, 11, 26)], [], [date(2026, 11, 24)]]
    assert not event.occurrence_set.exists()


def test_moving_a_date_back_makes_it_regular_again(room: Space):
    event = arranged(room)
    regular = slot(event, "2026-11-24")

    recurrence.move_slot(event, regular.original_start, regular.period, between("2026-11-26 13:00", "17:00"))
    recurrence.move_slot(event, regular.original_start, regular.period, regular.period)

    assert not event.occurrence_set.exists()


def test_rules_are_shared(room: Space):
    arranged(room)
    arranged(room)

    assert [(rule.frequency, rule.params) for rule in Rule.objects.all()] == [("WEEKLY", "byweekday:TU")]


def test_more_than_eighteen_months_at_once_is_refused(room: Space):
    with pytest.raises(ValueError, match="18 months"):
        recurrence.expand(
            arranged(room), within=Period(at("2026-01-01 00:00"), at("2028-01-01 00:00")), zone=AMSTERDAM
        )


PATTERNS = {
    "weekly": (patterns.weekly([1]), ["2026-12-01", "2026-12-08", "2026-12-15"]),
    "every two weeks, two days": (
        patterns.weekly([1, 3], every=2),
        ["2026-12-01", "2026-12-03", "2026-12-15", "2026-12-17", "2026-12-29", "2026-12-31"],
    ),
    "workdays": (
        patterns.weekly(patterns.WORKDAYS),
        ["2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04", "2026-12-07"],
    ),
    "second Tuesday": (patterns.monthly_weekday(1, nth=2), ["2026-12-08", "2027-01-12", "2027-02-09"]),
    "last Friday": (patterns.monthly_weekday(4, nth=-1), ["2026-12-25", "2027-01-29", "2027-02-26"]),
    "the fifth Monday": (patterns.monthly_weekday(0, nth=5), ["2027-03-29", "2027-05-31", "2027-08-30"]),
    "day 12": (patterns.monthly_day(12), ["2026-12-12", "2027-01-12", "2027-02-12"]),
    "the 31st": (patterns.monthly_day(31), ["2026-12-31", "2027-01-31", "2027-03-31", "2027-05-31"]),
    "the last day": (patterns.monthly_day(-1), ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_each_pattern_falls_on_its_days_as_a_draft_and_once_it_is_stored(room: Space, name: str):
    pattern, expected = PATTERNS[name]
    event = recurrence.draft(
        pattern, hours=(time(9), time(10)), first=date(2026, 12, 1), last=None, zone=AMSTERDAM
    )
    window = local_days(date(2026, 12, 1), date(2027, 12, 1), zone=AMSTERDAM)
    drafted = recurrence.regular(event, within=window, zone=AMSTERDAM)
    recurrence.arrange(event, space=room, title="overleg", pattern=pattern)

    assert [str(slot.period.start.date()) for slot in drafted][: len(expected)] == expected
    assert recurrence.expand(Event.objects.get(pk=event.pk), within=window, zone=AMSTERDAM) == drafted


@pytest.mark.parametrize("name", PATTERNS)
def test_so_many_times_end_on_the_day_of_the_last(name: str):
    pattern, expected = PATTERNS[name]
    days = [
        str(recurrence.last_of(pattern, first=date(2026, 12, 1), times=times, zone=AMSTERDAM))
        for times in range(1, len(expected) + 1)
    ]
    assert days == expected


def test_a_first_day_the_rule_does_not_hit_moves_to_the_first_it_does(room: Space):
    event = recurrence.draft(
        patterns.weekly([0], every=2),
        hours=(time(9), time(10)),
        first=date(2026, 11, 27),
        last=None,
        zone=AMSTERDAM,
    )
    window = local_days(date(2026, 11, 20), date(2026, 12, 31), zone=AMSTERDAM)

    assert [
        str(slot.period.start.date()) for slot in recurrence.regular(event, within=window, zone=AMSTERDAM)
    ] == [
        "2026-11-30",
        "2026-12-14",
        "2026-12-28",
    ]


def test_weekdays_that_never_occur_give_no_dates():
    event = recurrence.draft(
        patterns.weekly([6]),
        hours=(time(9), time(10)),
        first=date(2026, 11, 23),
        last=date(2026, 11, 28),
        zone=AMSTERDAM,
    )
    window = local_days(date(2026, 11, 1), date(2027, 11, 1), zone=AMSTERDAM)

    assert recurrence.regular(event, within=window, zone=AMSTERDAM) == []


def test_the_hour_that_the_clock_skips_or_repeats_has_one_name_the_package_agrees_on(room: Space):
    """Sunday 28 March and 25 October 2027 … 2026, 02:15–02:45."""
    event = recurrence.draft(
        patterns.weekly([6]),
        hours=(time(2, 15), time(2, 45)),
        first=date(2026, 10, 18),
        last=None,
        zone=AMSTERDAM,
    )
    recurrence.arrange(event, space=room, title="nacht", pattern=patterns.weekly([6]))
    window = local_days(date(2026, 10, 18), date(2027, 4, 4), zone=AMSTERDAM)
    slots = recurrence.regular(event, within=window, zone=AMSTERDAM)
    theirs = event.get_occurrences(window.start.astimezone(AMSTERDAM), window.end.astimezone(AMSTERDAM))

    assert [slot.original_start for slot in slots] == [item.original_start for item in theirs]


def test_the_package_and_our_rows_agree_or_each_difference_is_named(room: Space):
    event = arranged(room)
    window = local_days(date(2026, 11, 1), date(2027, 5, 1), zone=AMSTERDAM)
    slots = recurrence.expand(event, within=window, zone=AMSTERDAM)
    recurrence.cancel_slots(event, slots[:2])
    elsewhere = Period(slots[2].period.start + timedelta(days=1), slots[2].period.end + timedelta(days=1))
    recurrence.move_slots(event, [recurrence.Slot(elsewhere, slots[2].original_start)])
    rows = {slot.original_start: slot.period for slot in slots[3:]} | {slots[2].original_start: elsewhere}

    agreed = recurrence.audit(event, rows, within=window, zone=AMSTERDAM)
    del rows[slots[5].original_start]
    rows[slots[0].original_start] = slots[0].period
    differences = recurrence.audit(event, rows, within=window, zone=AMSTERDAM)

    assert agreed == []
    assert differences == [
        recurrence.Difference(slots[0].original_start, None, slots[0].period),
        recurrence.Difference(slots[5].original_start, slots[5].period, None),
    ]
