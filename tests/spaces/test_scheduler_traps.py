"""The traps of django-scheduler 0.12.0, each reproduced by running it: an upgrade that changes one goes red here, and the
test says which of our work-arounds it was.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction
from schedule.models import Calendar, Event, Occurrence, Rule
from schedule.periods import Period as PackagePeriod

from spaces import patterns, recurrence
from spaces.models import Space
from spaces.periods import local_days
from tests import cast
from tests.cast import AMSTERDAM, at

pytestmark = pytest.mark.django_db

HOURS = (time(9), time(10))
TUESDAY = patterns.weekly([1])


@pytest.fixture
def room() -> Space:
    return cast.space(cast.hub(), "B03")


def arranged(room: Space, pattern=TUESDAY, *, first=date(2026, 10, 6), last: date | None = None) -> Event:
    event = recurrence.draft(pattern, hours=HOURS, first=first, last=last, zone=AMSTERDAM)
    return recurrence.arrange(event, space=room, title="overleg", pattern=pattern)


def by_hand(room: Space, params: str, *, frequency: str = "WEEKLY", start: str = "2026-10-06 09:00") -> Event:
    """An event whose rule did not come from our one factory."""
    rule = Rule.objects.create(name="by hand", description="by hand", frequency=frequency, params=params)
    return Event.objects.create(
        calendar=Calendar.objects.get_or_create(name=room.code, slug=room.code)[0],
        title="x",
        rule=rule,
        start=at(start),
        end=at(start) + timedelta(hours=1),
    )


def weekdays_of(event: Event) -> list[int]:
    starts = event.get_rrule_object(AMSTERDAM).between(datetime(2026, 10, 5), datetime(2026, 10, 12))
    return sorted({start.weekday() for start in starts})


def in_utc(event: Event) -> list[Occurrence]:
    return event.get_occurrences(datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 12, 6, tzinfo=UTC))


def slots(event: Event) -> list[recurrence.Slot]:
    within = local_days(date(2026, 11, 23), date(2026, 12, 5), zone=AMSTERDAM)
    return recurrence.expand(event, within=within, zone=AMSTERDAM)


def hours_of(occurrences) -> list[int]:
    return [occurrence.start.astimezone(AMSTERDAM).hour for occurrence in occurrences]


def test_a_query_in_utc_shifts_an_hour_after_the_clock_changed(room: Space):
    """Work-around: only `recurrence.expand`, `regular` and `audit` ask, and always on the clock of the hub."""
    assert hours_of(in_utc(arranged(room))) == [8, 8]
    assert [slot.period.local(AMSTERDAM)[0].hour for slot in slots(arranged(room))] == [9, 9]


def test_occurrences_after_without_a_zone_shifts_an_hour_too(room: Space):
    """Work-around: nobody calls `occurrences_after`."""
    following = arranged(room).occurrences_after(datetime(2026, 11, 23, tzinfo=UTC), max_occurrences=1)

    assert hours_of(following) == [8]


def test_its_own_week_is_in_utc_unless_it_is_told_otherwise(room: Space):
    """Work-around: its Period classes get the zone of the hub, or are not used."""
    week = PackagePeriod(
        [arranged(room)], datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)
    )

    assert hours_of(week.get_occurrences()) == [8]


def test_a_query_in_utc_brings_a_cancelled_date_back_and_doubles_a_moved_one(room: Space):
    """Work-around: the same; and `expand` reads the exceptions by their original start alone."""
    event = arranged(room)
    first, second = slots(event)
    recurrence.cancel_slots(event, [first])
    recurrence.move_slots(event, [recurrence.Slot(second.period, second.original_start)])

    assert [item.cancelled for item in in_utc(event)] == [False, False, False]
    assert slots(event) == [second]


def test_a_moment_without_a_named_zone_is_a_fault(room: Space):
    """Work-around: addresses with a fixed offset or Z never reach it; our pages ask our own rows."""
    fixed = datetime.fromisoformat("2026-11-23T00:00:00+01:00")

    with pytest.raises(Exception, match=r"UTC\+01:00"):
        arranged(room).get_occurrences(fixed, fixed + timedelta(days=7))


@pytest.mark.parametrize(
    ("params", "seen"),
    [("byweekday:1,3", [1]), ("byweekday:TU(1)", [1, 2, 3, 4, 5, 6]), ("byweekday:TU,TH", [1, 3])],
)
def test_weekdays_as_numbers_lose_some_and_with_a_count_become_every_day(
    room: Space, params: str, seen: list[int]
):
    """Work-around: one factory writes rules, by name; "the second Tuesday" is byweekday with bysetpos."""
    frequency = "DAILY" if "(" in params else "WEEKLY"

    assert weekdays_of(by_hand(room, params, frequency=frequency)) == seen


def test_an_unknown_word_in_a_rule_fails_at_every_reading(room: Space):
    """Work-around: the factory knows interval, byweekday, bysetpos and bymonthday, nothing else."""
    with pytest.raises(TypeError):
        by_hand(room, "wekelijks:1").get_rrule_object(AMSTERDAM)


def test_of_two_days_of_the_month_one_is_lost(room: Space):
    """Work-around: one day of the month a pattern; so a 31st cannot slide to the last day, and is skipped instead."""
    event = by_hand(room, "bymonthday:6,20", frequency="MONTHLY")
    starts = event.get_rrule_object(AMSTERDAM).between(datetime(2026, 10, 1), datetime(2026, 12, 1))

    assert [start.day for start in starts] == [6, 6]


def test_a_start_that_the_rule_does_not_hit_is_no_date(room: Space):
    """Work-around: `draft` begins at the first day that the pattern hits."""
    off = by_hand(room, "byweekday:TH")

    starts = off.get_rrule_object(AMSTERDAM).between(datetime(2026, 10, 5), datetime(2026, 10, 12))
    assert [start.day for start in starts] == [8]
    assert arranged(room, patterns.weekly([3])).start == at("2026-10-08 09:00")


def test_an_end_that_is_the_last_start_drops_it(room: Space):
    """Work-around: the end is the last second of the last day."""
    event = arranged(room)
    event.end_recurring_period = at("2026-10-13 09:00")
    event.save()
    found = event.get_occurrences(
        at("2026-10-12 00:00").astimezone(AMSTERDAM), at("2026-10-14 00:00").astimezone(AMSTERDAM)
    )

    assert found == []
    recurrence.stop(event, last=date(2026, 10, 13), zone=AMSTERDAM)
    found = event.get_occurrences(
        at("2026-10-12 00:00").astimezone(AMSTERDAM), at("2026-10-14 00:00").astimezone(AMSTERDAM)
    )
    assert hours_of(found) == [9]


def test_a_count_starts_anew_when_an_arrangement_is_split(room: Space):
    """Work-around: "so many times" is stored as the day of the last."""
    first = by_hand(room, "count:5")
    second = by_hand(room, "count:5", start="2026-10-20 09:00")

    assert sum(len(list(event.get_rrule_object(AMSTERDAM))) for event in (first, second)) == 10


def test_another_start_of_an_event_revives_what_was_cancelled(room: Space):
    """Work-around: an event is never changed; it is closed, and another begins."""
    event = arranged(room)
    recurrence.cancel_slots(event, slots(event)[:1])
    Event.objects.filter(pk=event.pk).update(start=at("2026-10-06 09:30"), end=at("2026-10-06 10:30"))
    event.refresh_from_db()

    week = (at("2026-11-23 00:00").astimezone(AMSTERDAM), at("2026-11-28 00:00").astimezone(AMSTERDAM))
    assert [item.cancelled for item in event.get_occurrences(*week)] == [False]


def test_without_its_rule_an_event_happens_once(room: Space):
    """Work-around: rules are never deleted; `Series.rule` and the fixed half-days hold theirs with PROTECT."""
    event = arranged(room)
    Rule.objects.all().delete()
    event.refresh_from_db()

    assert event.rule is None
    assert event.get_rrule_object(AMSTERDAM) is None
    assert (
        apps.get_model("bookings", "Series")._meta.get_field("rule").remote_field.on_delete.__name__
        == "PROTECT"
    )


def test_two_exceptions_for_one_date_are_refused_by_our_index(room: Space):
    """Work-around: a unique index of our own; without it its own reading fails for ever."""
    event = arranged(room)
    recurrence.cancel_slots(event, slots(event)[:1])
    twice = event.occurrence_set.get()
    twice.pk = None

    with pytest.raises(IntegrityError, match="one_exception_per_date"), transaction.atomic():
        twice.save()


def test_and_without_the_index_its_reading_fails(room: Space):
    """The control of the test above."""
    event = arranged(room)
    recurrence.cancel_slots(event, slots(event)[:1])
    with connection.cursor() as cursor:
        cursor.execute("drop index one_exception_per_date")
    twice = event.occurrence_set.get()
    twice.pk = None
    twice.save()

    with pytest.raises((ObjectDoesNotExist, Occurrence.MultipleObjectsReturned)):
        event.get_occurrence(twice.original_start.astimezone(AMSTERDAM))


def test_its_reading_throws_away_what_was_not_saved(room: Space):
    """Work-around: a plan reads `get_rrule_object` of a draft, which asks the database nothing."""
    event = arranged(room)
    event.title = "nog niet bewaard"
    in_utc(event)

    assert event.title == "overleg"


def test_two_of_its_dates_are_equal_whatever_event_they_are_of(room: Space):
    """Work-around: our own Slot, and rows known by their series."""
    mine, theirs = in_utc(arranged(room))[0], in_utc(arranged(room))[0]

    assert mine.event_id != theirs.event_id
    assert mine == theirs


def test_it_compares_each_date_with_every_other(room: Space, monkeypatch: pytest.MonkeyPatch):
    """Work-around: at most 18 months at once, and never its `get_occurrences` where people wait."""
    event, compared = arranged(room, patterns.weekly(patterns.WORKDAYS), first=date(2026, 1, 1)), []
    equal = Occurrence.__eq__
    monkeypatch.setattr(Occurrence, "__eq__", lambda mine, other: compared.append(1) or equal(mine, other))
    year = (at("2026-01-01 00:00").astimezone(AMSTERDAM), at("2027-01-01 00:00").astimezone(AMSTERDAM))
    found = event.get_occurrences(*year)

    assert len(compared) == len(found) * (len(found) - 1) // 2


def test_cancelled_dates_are_among_the_dates(room: Space):
    """Work-around: `expand` leaves them out."""
    event = arranged(room)
    recurrence.cancel_slots(event, slots(event)[:1])
    week = (at("2026-11-23 00:00").astimezone(AMSTERDAM), at("2026-11-28 00:00").astimezone(AMSTERDAM))

    assert [item.cancelled for item in event.get_occurrences(*week)] == [True]


def test_a_moved_date_that_ends_where_the_window_begins_is_taken_for_inside(room: Space):
    """Work-around: `expand` is half-open."""
    event = arranged(room)
    slot = slots(event)[0]
    moved = cast.between("2026-11-24 09:00", "09:30")
    recurrence.move_slots(event, [recurrence.Slot(moved, slot.original_start)])
    window = (moved.end.astimezone(AMSTERDAM), at("2026-11-24 23:00").astimezone(AMSTERDAM))

    assert len(event.get_occurrences(*window)) == 1
    assert recurrence.expand(event, within=cast.between("2026-11-24 09:30", "23:00"), zone=AMSTERDAM) == []
