"""A booking that is running: the rest given back, longer as far as the room is free, and what that costs."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from bookings import arriving, moving, reserving, stretching
from bookings.models import Booking
from bookings.refusals import OffHours, OnlyTheEnd, TimeTaken, TooLate
from bookings.states import BookingState
from bookings.terms import Terms
from spaces.models import Claim, Hub, Space
from spaces.periods import Period
from tenants.billing.models import Charge
from tenants.parties.models import Letter, Party, User
from tests import cast

pytestmark = pytest.mark.django_db
D = Decimal
DAY = "2026-11-24"
MORNING = cast.between(f"{DAY} 08:00", "12:00")
RUNNING = cast.at(f"{DAY} 09:07")


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    cast.rate(hub)
    return cast.space(hub)


@pytest.fixture
def anna(hub: Hub) -> tuple[User, Party]:
    return cast.zzper(hub)


def book(room: Space, who: tuple[User, Party], period: Period = MORNING, *, now=cast.NOW) -> Booking:
    user, party = who
    held = reserving.hold(room, period=period, party=party, by=user, contact=user, key=uuid4(), now=now)
    return reserving.confirm(held, now=now)


def change(booking: Booking, period: Period, *, now=RUNNING, **more) -> Booking:
    return moving.move(
        booking,
        space=booking.space,
        period=period,
        by=booking.booked_by,
        sequence=booking.sequence,
        now=now,
        **more,
    )


def charged(booking: Booking) -> list[Decimal]:
    return [charge.net for charge in Charge.objects.from_source(booking.holder)]


def until(text: str) -> Period:
    return cast.between(f"{DAY} 08:00", text)


def ends(periods: list[Period]) -> list[str]:
    return [f"{period.end.astimezone(cast.AMSTERDAM):%H:%M}" for period in periods]


def test_it_says_until_when_the_room_is_free(hub: Hub, room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna)
    book(room, cast.zzper(hub, "Bert Bos"), cast.between(f"{DAY} 15:00", "17:00"))

    reach = stretching.reach(booking, now=RUNNING)

    assert reach.free_until == cast.at(f"{DAY} 15:00")
    assert ends(reach.longer) == ["12:15", "12:30", "13:00", "15:00"]
    assert reach.shorter == until("09:15")


def test_it_can_never_be_longer_than_the_building_is_open(room: Space, anna: tuple[User, Party]) -> None:
    evening = cast.between(f"{DAY} 18:00", "21:30")
    booking = book(room, anna, evening)

    reach = stretching.reach(booking, now=evening.start)

    assert reach.free_until == cast.at(f"{DAY} 22:00")
    assert ends(reach.longer) == ["21:45", "22:00"]


def test_at_closing_time_there_is_nothing_more(room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna, cast.between(f"{DAY} 18:00", "22:00"))

    reach = stretching.reach(booking, now=booking.starts_at)

    assert (reach.free_until, reach.longer) == (booking.ends_at, [])


def test_time_to_clean_and_set_up_stays_between_it_and_the_next(
    hub: Hub, room: Space, anna: tuple[User, Party]
) -> None:
    Space.objects.filter(pk=room.pk).update(setup_minutes=30, cleanup_minutes=15)
    room.refresh_from_db()
    booking = book(room, anna, until("10:00"))
    book(room, cast.zzper(hub, "Bert Bos"), cast.between(f"{DAY} 12:00", "13:00"))

    assert stretching.free_until(booking, now=RUNNING) == cast.at(f"{DAY} 11:30")
    with pytest.raises(TimeTaken):
        change(booking, until("11:45"))
    assert change(booking, until("11:30")).period == until("11:30")


def test_a_closure_ends_it_too(hub: Hub, room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna, until("10:00"))
    cast.closure(hub, cast.between(f"{DAY} 13:00", "18:00"))

    assert stretching.free_until(booking, now=RUNNING) == cast.at(f"{DAY} 13:00")


def test_reach_takes_the_same_queries_whatever_comes_after(
    hub: Hub, room: Space, anna: tuple[User, Party], django_assert_num_queries
) -> None:
    booking = book(room, anna, until("09:30"))
    for start in ("10:00", "11:00", "12:00"):
        with django_assert_num_queries(4):
            stretching.reach(booking, now=RUNNING)
        book(room, anna, Period(cast.at(f"{DAY} {start}"), cast.at(f"{DAY} {start}") + timedelta(minutes=30)))


@pytest.mark.parametrize("arrived", [False, True])
def test_longer_while_it_runs(room: Space, anna: tuple[User, Party], *, arrived: bool) -> None:
    booking = book(room, anna, until("10:00"))
    if arrived:
        booking = arriving.arrive(booking, now=booking.starts_at)

    longer = change(booking, until("11:00"))

    assert (longer.period, longer.sequence) == (until("11:00"), 1)
    assert longer.state == (BookingState.ARRIVED if arrived else BookingState.CONFIRMED)
    assert charged(booking) == [D("37.50")]
    assert Claim.objects.get(active=True).ends_at == until("11:00").end
    assert Letter.objects.filter(key=f"{booking.holder}:changed:1").exists()


def test_longer_than_it_is_free_is_refused_and_nothing_changes(
    hub: Hub, room: Space, anna: tuple[User, Party]
) -> None:
    booking = book(room, anna)
    book(room, cast.zzper(hub, "Bert Bos"), cast.between(f"{DAY} 13:00", "17:00"))

    with pytest.raises(TimeTaken):
        change(booking, until("13:15"))

    booking.refresh_from_db()
    assert (booking.period, charged(booking)) == (MORNING, [D("37.50")])


def test_longer_than_the_building_is_open_is_refused(room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna)

    with pytest.raises(OffHours):
        change(booking, until("22:15"))


def test_the_rest_given_back_is_free_at_once_and_gives_no_money_back(
    hub: Hub, room: Space, anna: tuple[User, Party]
) -> None:
    booking = book(room, anna)

    planned = moving.plan(booking, space=room, period=until("09:15"), now=RUNNING)
    shorter = change(booking, until("09:15"))
    other = book(room, cast.zzper(hub, "Bert Bos"), cast.between(f"{DAY} 09:15", "12:00"), now=RUNNING)

    assert planned.difference == 0
    assert (sum(charged(booking)), shorter.net) == (D("37.50"), D("37.50"))
    assert other.state == BookingState.CONFIRMED


def test_a_hub_may_give_a_part_back_after_the_start(hub: Hub, room: Space, anna: tuple[User, Party]) -> None:
    hub.cancellation_steps.filter(hours_before=-1).update(percentage=60)
    booking = book(room, anna)

    change(booking, until("10:00"))

    assert charged(booking) == [D("25.00"), D("7.50")]


def test_only_the_end_changes_while_it_runs(hub: Hub, room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna)
    other = cast.space(hub, "B09")

    for space, period in [
        (other, until("13:00")),
        (room, cast.between(f"{DAY} 09:00", "13:00")),
        (room, until("09:00")),
    ]:
        with pytest.raises(OnlyTheEnd):
            moving.plan(booking, space=space, period=period, now=RUNNING)


def test_what_is_over_is_for_reception(room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna)

    with pytest.raises(TooLate):
        change(booking, until("12:30"), now=MORNING.end)
    put_right = change(booking, until("12:30"), now=MORNING.end + timedelta(hours=2), terms=Terms.DESK)

    assert put_right.period == until("12:30")


def test_the_first_quarter_can_not_be_given_back(room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna, until("08:15"))

    assert stretching.reach(booking, now=booking.starts_at).shorter is None


def test_before_it_begins_half_an_hour_less_is_the_quick_choice(
    room: Space, anna: tuple[User, Party]
) -> None:
    booking = book(room, anna)

    assert stretching.reach(booking, now=cast.NOW).shorter == until("11:30")
