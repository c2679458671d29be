"""Dates of a weekly arrangement, and the traps of django-scheduler that we stand beside: an upgrade that changes
one of them goes red here.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from schedule.models import Event, Occurrence, Rule

from spaces import recurrence
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


def test_trap_expanding_in_utc_shifts_an_hour(room: Space):
    """Why `expand` always passes the hub's zone."""
    naive = arranged(room).get_occurrences(
        datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)
    )

    assert [occurrence.start.astimezone(AMSTERDAM).time() for occurrence in naive] == [time(7)]


def test_trap_weekdays_as_numbers_are_read_wrong(room: Space):
    """Why rules name their weekday: the number of the first slot's own weekday swallows the other."""
    event = arranged(room)
    event.rule = Rule.objects.create(name="x", description="x", frequency="WEEKLY", params="byweekday:1,3")

    starts = event.get_rrule_object(AMSTERDAM).between(datetime(2026, 11, 23), datetime(2026, 11, 30))
    assert [start.weekday() for start in starts] == [1]


def test_trap_a_rule_that_is_deleted_leaves_a_single_date(room: Space):
    """Why rules are shared and never deleted."""
    event = arranged(room)
    Rule.objects.all().delete()
    event.refresh_from_db()

    assert event.rule is None
    assert event.get_rrule_object(AMSTERDAM) is None


def test_trap_an_end_at_the_last_start_counts_by_its_very_second(room: Space):
    """Why the end is stored as the last second of the last day."""
    event = arranged(room)
    event.end_recurring_period = at("2026-09-22 08:00") - timedelta(seconds=1)

    starts = event.get_rrule_object(AMSTERDAM).between(datetime(2026, 9, 20), datetime(2026, 9, 30))
    assert starts == []
