"""Changing and stopping a series: the plan first, then the same rows at their new place."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from bookings import (
    cancelling,
    moving,
    repeating,
    repeating_change,
    repeating_doing,
    repeating_horizon,
    reserving,
)
from bookings.models import Booking, Series
from bookings.repeating import Agreed
from bookings.repeating_change import Change
from bookings.repeating_plan import Wish
from bookings.repeating_refusals import PlanChanged, SeriesEnded
from spaces import patterns
from spaces.models import Claim, Hub, Space
from tenants.billing.models import Charge
from tenants.parties.models import Letter, Party, Role, User
from tests import cast
from tests.billing import books
from tests.bookings.repeated import FIRST, made, wish
from tests.cast import NOW, between
from tests.concurrency.racing import overlaps

pytestmark = pytest.mark.django_db
THURSDAYS = patterns.weekly([3])


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    cast.rate(hub)
    return cast.space(hub)


@pytest.fixture
def dietitian(hub: Hub) -> tuple[User, Party]:
    return cast.zzper(hub)


@pytest.fixture
def series(room: Space, dietitian: tuple[User, Party]) -> Series:
    """Tuesdays 24 November to 15 December 2026, 09:00–12:00."""
    return made(wish(room, dietitian))


def planned(
    series: Series, wanted: Wish, *, cut: date, choices: dict[str, str] | None = None, now=NOW
) -> Change:
    return repeating_change.plan_change(series, wanted, cut=cut, choices=choices or {}, now=now)


def changed(
    series: Series, wanted: Wish, *, cut: date, choices: dict[str, str] | None = None, now=NOW
) -> Series:
    plan = planned(series, wanted, cut=cut, choices=choices, now=now)
    agreed = Agreed(plan.fingerprint, plan.difference)
    return repeating_doing.change(series, wanted, cut=cut, choices=choices or {}, agreed=agreed, now=now)


def stopped(series: Series, *, cut: date, by: User, now=NOW) -> Series:
    plan = repeating_change.plan_stop(series, cut=cut, now=now)
    agreed = Agreed(plan.fingerprint, plan.difference)
    return repeating_doing.stop(series, cut=cut, agreed=agreed, by=by, now=now)


def told(series: Series, **more: Any) -> list[str]:
    rows = series.bookings.filter(state__in=repeating.STANDING, **more).order_by("starts_at")
    return [f"{row.period.local(cast.AMSTERDAM)[0]:%d-%m %H:%M}" for row in rows]


def in_order(series: Series) -> list[Booking]:
    return list(series.bookings.order_by("original_start"))


def agrees() -> bool:
    """Every arrangement and its rows, the claims and the rows, and no two claims at once."""
    differences = [each for series in Series.objects.all() for each in repeating.audit(series)]
    standing = Booking.objects.filter(state__in=repeating.STANDING)
    holders = sorted(Claim.objects.filter(active=True).values_list("holder", "starts_at", "ends_at"))
    rows = sorted((row.holder, row.starts_at, row.ends_at) for row in standing)
    return (differences, holders == rows, overlaps()) == ([], True, 0)


def test_this_and_following_keep_their_codes_and_get_another_time(room, series, dietitian):
    codes = [row.code for row in in_order(series)]
    later = wish(
        room,
        dietitian,
        pattern=THURSDAYS,
        hours=(time(13), time(16)),
        first=date(2026, 12, 3),
        last=date(2026, 12, 17),
    )
    new = changed(series, later, cut=date(2026, 12, 1))

    assert told(series) == ["24-11 09:00"]
    assert told(new) == ["03-12 13:00", "10-12 13:00", "17-12 13:00"]
    assert [row.code for row in in_order(new)] == codes[1:]
    assert {row.sequence for row in in_order(new)} == {1}
    assert new.split_from == series
    assert Charge.objects.count() == 4
    assert agrees()


def test_one_letter_tells_a_change_with_the_calendar_put_right(room, series, dietitian):
    changed(series, wish(room, dietitian, hours=(time(10), time(12)), last=date(2026, 12, 8)), cut=FIRST)

    letter = Letter.objects.get(kind="series_changed")
    file = bytes(letter.attachments.get().content)
    assert (file.count(b"SEQUENCE:1"), file.count(b"STATUS:CANCELLED")) == (4, 1)
    assert b"METHOD:PUBLISH" in file
    assert "Verplaatst naar:" in letter.text
    assert "Geannuleerd:" in letter.text


def test_all_begins_at_the_first_date_that_is_neither_past_nor_invoiced(series):
    assert repeating_change.first_open(series, now=NOW) == date(2026, 11, 24)
    assert repeating_change.first_open(series, now=cast.at("2026-12-01 10:00")) == date(2026, 12, 8)


def test_a_date_that_was_moved_by_hand_survives_a_later_edit_of_the_series(room, series, dietitian):
    second = in_order(series)[1]
    moving.move(
        second, space=room, period=between("2026-12-02 13:00", "16:00"), by=dietitian[0], sequence=0, now=NOW
    )
    new = changed(series, wish(room, dietitian, hours=(time(10), time(13))), cut=FIRST)

    assert told(new) == ["24-11 10:00", "02-12 13:00", "08-12 10:00", "15-12 10:00"]
    assert agrees()


def test_a_date_that_was_cancelled_by_hand_survives_a_later_edit_of_the_series(room, series, dietitian):
    cancelling.cancel(in_order(series)[1], by=dietitian[0], now=NOW)
    new = changed(series, wish(room, dietitian, hours=(time(10), time(13))), cut=FIRST)
    newer = changed(
        new,
        wish(room, dietitian, pattern=THURSDAYS, first=date(2026, 11, 26), last=date(2026, 12, 17)),
        cut=FIRST,
    )

    assert told(new) == []
    assert told(newer) == ["26-11 09:00", "10-12 09:00", "17-12 09:00"]
    assert agrees()


def test_a_date_that_cannot_be_given_up_for_nothing_stays_as_it_is(room, series, dietitian):
    late = cast.at("2026-11-23 10:00")
    plan = planned(series, wish(room, dietitian, hours=(time(10), time(13))), cut=FIRST, now=late)
    new = changed(series, wish(room, dietitian, hours=(time(10), time(13))), cut=FIRST, now=late)

    assert [step.stays for step in plan.steps] == [True, False, False, False]
    assert told(new) == ["24-11 09:00", "01-12 10:00", "08-12 10:00", "15-12 10:00"]
    assert agrees()


def test_another_rhythm_keeps_the_weeks_that_stay_and_gives_up_the_others(room, series, dietitian):
    fortnightly = wish(room, dietitian, pattern=patterns.weekly([1], every=2), hours=(time(13), time(16)))
    plan = planned(series, fortnightly, cut=FIRST)
    new = changed(series, fortnightly, cut=FIRST)

    assert [(step.moves, step.cancels) for step in plan.steps] == [(True, False), (False, True)] * 2
    assert told(new) == ["24-11 13:00", "08-12 13:00"]
    assert agrees()


def test_a_longer_series_gets_new_dates_and_their_price_is_shown(room, series, dietitian):
    longer = wish(room, dietitian, last=date(2026, 12, 29))
    plan = planned(series, longer, cut=FIRST)
    new = changed(series, longer, cut=FIRST)

    assert plan.difference == Decimal("75.00")
    assert len(told(new)) == 6
    assert Charge.objects.count() == 6
    assert agrees()


def test_an_edit_that_overlaps_its_own_old_dates_is_no_clash(room, series, dietitian):
    shifted = wish(room, dietitian, first=date(2026, 12, 1), last=date(2026, 12, 22))
    new = changed(series, shifted, cut=FIRST)

    assert told(new) == ["01-12 09:00", "08-12 09:00", "15-12 09:00", "22-12 09:00"]
    assert agrees()


def test_a_date_that_clashes_stays_where_it_was_and_what_counted_on_its_place_too(
    hub, room, series, dietitian
):
    other = cast.zzper(hub, "Bram Bos")
    held = reserving.hold(
        room, period=between("2026-12-22 09:00", "12:00"), party=other[1], by=other[0], key=uuid4(), now=NOW
    )
    reserving.confirm(held, now=NOW)
    shifted = wish(room, dietitian, first=date(2026, 12, 1), last=date(2026, 12, 22))
    new = changed(series, shifted, cut=FIRST)

    assert told(new) == ["24-11 09:00", "01-12 09:00", "08-12 09:00", "15-12 09:00"]
    assert agrees()


def test_a_change_since_the_person_looked_saves_nothing(hub, room, series, dietitian):
    wanted = wish(room, dietitian, hours=(time(13), time(16)))
    seen = planned(series, wanted, cut=FIRST)
    cancelling.cancel(in_order(series)[2], by=dietitian[0], now=NOW)
    agreed = Agreed(seen.fingerprint, seen.difference)

    with pytest.raises(PlanChanged):
        repeating_doing.change(series, wanted, cut=FIRST, choices={}, agreed=agreed, now=NOW)
    assert Series.objects.count() == 1


def test_stopping_cancels_the_rest_at_the_agreed_cost_in_one_letter(series, dietitian):
    late = cast.at("2026-11-22 12:00")
    plan = repeating_change.plan_stop(series, cut=FIRST, now=late)
    stopped(series, cut=FIRST, by=dietitian[0], now=late)

    assert plan.fees == Decimal("18.75")
    assert told(series) == []
    assert [charge.net for charge in Charge.objects.all()] == [Decimal("18.75")]
    assert Letter.objects.filter(kind="series_changed").count() == 1
    assert agrees()
    with pytest.raises(SeriesEnded):
        repeating_change.plan_stop(series, cut=FIRST, now=late)


def test_what_is_invoiced_is_left_alone() -> None:
    hub = books.hub()
    cast.rate(hub)
    room, anna = cast.space(hub), cast.zzper(hub, **books.ADDRESS)
    series = made(wish(room, anna))
    books.approve_month(hub)  # as if it were December: who may invoice ahead is not our business
    plan = planned(series, wish(room, anna, hours=(time(13), time(16))), cut=FIRST)
    new = changed(series, wish(room, anna, hours=(time(13), time(16))), cut=FIRST)
    stopped(new, cut=FIRST, by=anna[0])

    assert [step.why for step in plan.steps if step.stays] == ["staat op een factuur: blijft zo"]
    assert told(new) == ["24-11 09:00"]
    assert agrees()


def test_the_horizon_books_what_came_within_a_year_once(room, dietitian):
    series = made(wish(room, dietitian, last=None))
    later = NOW + timedelta(days=15)
    before = len(told(series))
    done = [repeating_horizon.extend_horizon(now=later) for _twice in range(2)]
    series.refresh_from_db()

    assert before == 52
    assert [(each.booked, each.missed) for each in done] == [(2, 0), (0, 0)]
    assert series.materialised_until == date(2027, 12, 6)
    assert agrees()


def test_the_holder_and_the_directors_hear_once_of_a_date_that_could_not_be_had(hub, room, dietitian):
    director = cast.staff(hub)
    series = made(wish(room, dietitian, last=None))
    cast.closure(hub, between("2027-11-23 00:00", "2027-11-24 00:00"), reason="studiedag")
    for _twice in range(2):
        repeating_horizon.extend_horizon(now=NOW + timedelta(days=8))

    letters = sorted(Letter.objects.filter(kind__startswith="series_clash").values_list("kind", "to_email"))
    assert letters == [("series_clash", dietitian[0].email), ("series_clash_staff", director.email)]
    assert "studiedag" in Letter.objects.get(kind="series_clash").text
    assert repeating.audit(series) == []


def test_new_dates_that_need_approval_are_told_once_to_the_holder_and_to_who_answers(hub, room, dietitian):
    Space.objects.filter(pk=room.pk).update(needs_approval=True)
    room.refresh_from_db()
    series = made(wish(room, dietitian, last=None))
    Letter.objects.all().delete()
    director, reception = cast.staff(hub), cast.staff(hub, Role.RECEPTION)
    for _twice in range(2):
        repeating_horizon.extend_horizon(now=NOW + timedelta(days=15))

    told_to = sorted(Letter.objects.values_list("kind", "to_email"))
    assert told_to == [
        ("series_goes_on", dietitian[0].email),
        *sorted(("series_requested", user.email) for user in (director, reception)),
    ]
    assert "dinsdag 30 november" in Letter.objects.get(kind="series_goes_on").text
    assert f"/reeks/{series.pk}" in Letter.objects.filter(kind="series_requested")[0].text
