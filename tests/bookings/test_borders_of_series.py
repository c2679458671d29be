"""Where series and fixed half-days meet what else happens: every date by itself, approval, closing, re-letting."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from bookings import (
    allowance,
    approving,
    arriving,
    cancelling,
    closing_hits,
    closing_off,
    describing,
    reletting,
    repeating_answering,
    repeating_change,
    repeating_doing,
)
from bookings.describing import Details
from bookings.models import Series
from bookings.refusals import RestTaken
from bookings.repeating import Agreed
from bookings.repeating_plan import Wish
from bookings.states import BookingState
from spaces.models import Hub, Layout, Space, SpaceKind, SpaceLayout
from spaces.periods import Period
from tenants.billing.models import Charge
from tenants.leases import giving, owing
from tenants.leases.models import FixedDayPart, GivenBack
from tenants.leases.refusals import TakenMeanwhile
from tenants.parties.models import Letter, User
from tests import cast
from tests.bookings.deeds import Who, fresh, letters
from tests.bookings.repeated import made, wish
from tests.bookings.test_borders import BY_THE_HOUR, book, broken, move
from tests.cast import NOW, at, between
from tests.leases.half_days import arranged, start

pytestmark = pytest.mark.django_db
D = Decimal
AFTERNOONS = (time(13), time(16))
LAST = date(2027, 1, 26)
EIGHTH = between("2026-12-08 08:00", "12:00")


@pytest.fixture
def hub() -> Hub:
    hub = cast.hub()
    cast.rate(hub)
    cast.rate(hub, kind=SpaceKind.MEETING_AREA, **BY_THE_HOUR)
    return hub


@pytest.fixture
def anna(hub: Hub) -> Who:
    return cast.zzper(hub)


@pytest.fixture
def bram(hub: Hub) -> Who:
    return cast.zzper(hub, "Bram Visser")


@pytest.fixture
def director(hub: Hub) -> User:
    return cast.staff(hub)


@pytest.fixture
def hall(hub: Hub) -> Space:
    return cast.space(hub, "B09", needs_approval=True)


def changed(series: Series, wanted: Wish, cut: date, *, now: datetime = NOW) -> Series:
    plan = repeating_change.plan_change(series, wanted, cut=cut, now=now)
    agreed = Agreed(plan.fingerprint, plan.difference)
    following = repeating_doing.change(series, wanted, cut=cut, choices={}, agreed=agreed, now=now)
    assert broken(now=now) == []
    return following


def stopped(series: Series, cut: date, by: User, *, now: datetime = NOW) -> None:
    plan = repeating_change.plan_stop(series, cut=cut, now=now)
    agreed = Agreed(plan.fingerprint, plan.difference)
    repeating_doing.stop(series, cut=cut, agreed=agreed, by=by, now=now)
    assert broken(now=now) == []


def states(series: Series) -> list[str]:
    return list(series.bookings.order_by("starts_at").values_list("state", flat=True))


def test_dates_that_each_went_their_own_way_stay_sound_when_the_series_changes_and_stops(
    hub: Hub, anna: Who, bram: Who
) -> None:
    room, other = cast.space(hub, release_after_minutes=15, cleanup_minutes=15), cast.space(hub, "B04")
    series = made(wish(room, anna, last=LAST))
    rows = list(series.bookings.order_by("starts_at"))
    move(rows[1], space=other)
    move(rows[2], period=Period(rows[2].starts_at, rows[2].ends_at - timedelta(hours=1)))
    cancelling.cancel(fresh(rows[4]), by=anna[0], now=NOW)
    now = rows[0].starts_at + timedelta(minutes=16)
    assert arriving.release_missed(now=now) == 1
    book(room, bram, Period(at("2026-11-24 10:00"), rows[0].ends_at), now=now)
    with pytest.raises(RestTaken):
        arriving.arrive(fresh(rows[0]), now=now)

    following = changed(series, wish(other, anna, last=LAST, hours=AFTERNOONS), date(2026, 12, 1), now=now)
    stopped(following, date(2026, 12, 22), anna[0], now=now)

    assert fresh(rows[1]).period == rows[1].period
    assert fresh(rows[3]).space == other


def test_a_date_with_a_layout_is_left_to_itself(hub: Hub, anna: Who) -> None:
    room, other = (cast.space(hub, code, kind=SpaceKind.MEETING_AREA, capacity=20) for code in ("B02", "B05"))
    SpaceLayout.objects.create(space=room, layout=Layout.SCHOOL, capacity=12, setup_minutes=45)
    series = made(wish(room, anna))
    row = fresh(series.bookings.order_by("starts_at")[2])
    describing.describe(row, Details("Cursus", 5, Layout.SCHOOL), sequence=row.sequence, now=NOW)

    changed(series, wish(other, anna), date(2026, 11, 24))

    assert (fresh(row).space, fresh(row).setup_minutes) == (room, 45)


def test_dates_of_a_series_are_answered_one_by_one_changed_answered_together_and_stopped(
    hall: Space, anna: Who, director: User
) -> None:
    series = made(wish(hall, anna, last=LAST))
    first, second, *_rest = series.bookings.order_by("starts_at")
    approving.approve(first, by=director, now=NOW)
    approving.decline(second, reason="Dan is er feest", now=NOW)

    shorter = changed(series, wish(hall, anna, last=LAST, hours=(time(9), time(11))), date(2026, 11, 24))
    assert states(shorter)[:2] == [BookingState.CONFIRMED, BookingState.REQUESTED]
    later = changed(shorter, wish(hall, anna, last=LAST, hours=AFTERNOONS), date(2026, 12, 1))
    repeating_answering.approve(later, by=director, now=NOW)
    assert broken() == []

    assert set(states(later)) == {BookingState.CONFIRMED}
    assert fresh(second).state == BookingState.DECLINED
    stopped(later, date(2026, 12, 22), anna[0])


def test_a_request_that_goes_to_a_room_where_nobody_asks_is_booked(hub: Hub, hall: Space, anna: Who) -> None:
    series = made(wish(hall, anna))

    following = changed(series, wish(cast.space(hub), anna), date(2026, 11, 24))

    assert set(states(following)) == {BookingState.CONFIRMED}


def test_a_series_that_has_to_be_approved_again_gives_one_letter_each(
    hall: Space, anna: Who, director: User
) -> None:
    series = made(wish(hall, anna))
    repeating_answering.approve(series, by=director, now=NOW)
    Letter.objects.all().delete()

    following = changed(series, wish(hall, anna, hours=AFTERNOONS), date(2026, 11, 24))

    assert set(states(following)) == {BookingState.REQUESTED}
    assert (letters(anna[0]), letters(director)) == (["series_changed"], ["series_requested"])
    letter = Letter.objects.get(kind="series_changed")
    assert letter.text.count("24 november") == 2
    assert b"STATUS:TENTATIVE" in bytes(letter.attachments.get().content)
    repeating_answering.decline(following, reason="Helaas", now=NOW)
    assert letters(director) == []


def test_hours_of_the_lease_are_those_of_the_month_in_which_a_date_lies_now(hub: Hub, anna: Who) -> None:
    cast.lease(anna[1], included_hours=5)
    rows = list(
        made(wish(cast.space(hub, "B02", kind=SpaceKind.MEETING_AREA), anna)).bookings.order_by("starts_at")
    )
    assert [row.included_hours for row in rows] == [3, 3, 2, 0]

    move(rows[1], period=between("2026-12-01 09:00", "10:00"))
    assert move(rows[3], period=between("2026-12-15 09:00", "11:00")).included_hours == 2
    assert move(rows[3], period=between("2026-11-30 09:00", "12:00")).included_hours == 2

    used = [allowance.included(anna[1], month=date(2026, month, 1), now=NOW).used for month in (11, 12)]
    assert used == [5, 3]


def credited(given: GivenBack) -> Decimal:
    reletting.settle(now=NOW)
    assert broken() == []
    given.refresh_from_db()
    return given.credit_net


def test_the_credit_follows_who_took_the_date_through_moves_cancelling_closing_and_reopening(
    hub: Hub, anna: Who, bram: Who, director: User
) -> None:
    room, other = cast.space(hub), cast.space(hub, "B04")
    fixed = arranged(anna[1], room)
    [given] = giving.give_back([(fixed, start("2026-12-08"))], by=anna[0], now=NOW)
    booking = book(room, bram, EIGHTH)

    assert credited(given) == D("37.50")
    move(booking, space=other)
    assert credited(given) == 0
    move(booking, space=room)
    assert credited(given) == D("37.50")
    closing = closing_hits.Wish(hub, room, between("2026-12-08 00:00", "24:00"), "Lekkage")
    closure = closing_off.close(closing, seen=closing_hits.find(closing, now=NOW).keys, by=director, now=NOW)
    assert credited(given) == 0
    with pytest.raises(TakenMeanwhile):
        giving.take_back([(fixed, start("2026-12-08"))], now=NOW)
    closing_off.reopen(closure, now=NOW)
    assert giving.take_back([(fixed, start("2026-12-08"))], now=NOW) == 1
    assert broken() == []


def test_a_month_with_a_date_given_back_and_two_closed_is_charged_for_what_is_left(
    hub: Hub, anna: Who, director: User
) -> None:
    fixed = arranged(
        anna[1], cast.space(hub), charged_per=FixedDayPart.ChargedPer.MONTH, price=D(160),
        on_closure=FixedDayPart.OnClosure.LAPSES,
    )  # fmt: skip
    giving.give_back([(fixed, start("2026-12-08"))], by=anna[0], now=NOW)
    closing = closing_hits.Wish(hub, None, between("2026-12-08 00:00", "2026-12-16 00:00"), "Lekkage")
    closing_off.close(closing, seen=closing_hits.find(closing, now=NOW).keys, by=director, now=NOW)
    assert broken() == []

    owing.post_months(now=at("2026-12-31 12:00"))

    assert sum(Charge.objects.values_list("net", flat=True)) == D(96)
