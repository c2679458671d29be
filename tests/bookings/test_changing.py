"""After booking: cancelling by the agreed steps, moving in place, who came, and the reminder."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from icalendar import Calendar

from bookings import allowance, arriving, cancelling, invitation, moving, reminding, reserving
from bookings.models import Booking
from bookings.refusals import AlreadyDone, OnlyTheEnd, TimeTaken, TooEarly, TooLate
from bookings.states import NEXT, BookingState
from spaces.models import Claim, Hub, Space
from spaces.periods import Period
from tenants.billing.models import Charge
from tenants.parties.models import Letter, Party, User
from tests import cast

pytestmark = pytest.mark.django_db
TUESDAY = "2026-11-24"
MORNING = cast.between(f"{TUESDAY} 08:00", "12:00")
AFTERNOON = cast.between(f"{TUESDAY} 13:00", "17:00")


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


def book(room: Space, who: tuple[User, Party], period: Period = MORNING) -> Booking:
    user, party = who
    held = reserving.hold(room, period=period, party=party, by=user, contact=user, key=uuid4(), now=cast.NOW)
    return reserving.confirm(held, now=cast.NOW)


def charged(booking: Booking) -> list[Decimal]:
    return [charge.net for charge in Charge.objects.from_source(booking.holder)]


def letters(booking: Booking) -> list[str]:
    prefix = f"{booking.holder}:"
    keys = (
        Letter.objects.filter(key__startswith=prefix, dropped_at=None)
        .order_by("pk")
        .values_list("key", flat=True)
    )
    return [key.removeprefix(prefix) for key in keys]


@pytest.mark.parametrize(
    ("before", "fee"),
    [
        (timedelta(hours=48), "0.00"),
        (timedelta(hours=47), "18.75"),
        (timedelta(hours=24), "18.75"),
        (timedelta(hours=23), "37.50"),
        (timedelta(seconds=1), "37.50"),
    ],
)
def test_cancelling_costs_what_was_agreed_and_gives_the_room_back(
    room: Space, dietitian: tuple[User, Party], before: timedelta, fee: str
) -> None:
    booking = book(room, dietitian)
    moment = booking.starts_at - before

    planned = cancelling.plan(booking, now=moment)
    done = [cancelling.cancel(booking, by=dietitian[0], now=moment) for _twice in range(2)]

    assert planned.fee.net == Decimal(fee)
    assert planned.fee.gross + planned.back == booking.gross
    assert [it.state for it in done] == [BookingState.CANCELLED] * 2
    assert charged(booking) == ([Decimal(fee)] if Decimal(fee) else [])
    assert not Claim.objects.filter(active=True).exists()
    assert letters(booking) == ["confirmed", "cancelled"]


def test_what_has_begun_is_not_cancelled_or_moved(room: Space, dietitian: tuple[User, Party]) -> None:
    booking = book(room, dietitian)

    with pytest.raises(TooLate):
        cancelling.cancel(booking, by=dietitian[0], now=booking.starts_at)
    with pytest.raises(OnlyTheEnd):
        moving.move(booking, space=room, period=AFTERNOON, by=dietitian[0], sequence=0, now=booking.starts_at)
    with pytest.raises(TooLate):
        moving.move(booking, space=room, period=AFTERNOON, by=dietitian[0], sequence=0, now=booking.ends_at)


def test_moving_keeps_the_code_the_charge_and_the_calendar_entry(
    hub: Hub, room: Space, dietitian: tuple[User, Party]
) -> None:
    other = cast.space(hub, "B09")
    cast.rate(hub, space=other, per_day_part=Decimal("42.50"))
    booking = book(room, dietitian)

    planned = moving.plan(booking, space=other, period=AFTERNOON, now=cast.NOW)
    moved = moving.move(booking, space=other, period=AFTERNOON, by=dietitian[0], sequence=0, now=cast.NOW)

    assert planned.difference == Decimal("5.00")
    assert (moved.pk, moved.code, moved.space, moved.period) == (booking.pk, booking.code, other, AFTERNOON)
    assert charged(booking) == [Decimal("42.50")]
    assert invitation.uid(moved) == invitation.uid(booking)
    assert list(Claim.objects.filter(active=True).values_list("space__code", flat=True)) == ["B09"]
    assert letters(booking) == ["confirmed", "changed:1"]


def test_moving_to_a_taken_time_keeps_what_one_had(
    hub: Hub, room: Space, dietitian: tuple[User, Party]
) -> None:
    booking = book(room, dietitian)
    book(room, cast.zzper(hub, "Bert Bos"), AFTERNOON)

    with pytest.raises(TimeTaken):
        moving.move(booking, space=room, period=AFTERNOON, by=dietitian[0], sequence=0, now=cast.NOW)

    booking.refresh_from_db()
    assert booking.period == MORNING
    assert Claim.objects.held_by(booking.holder).filter(active=True).count() == 1


def test_a_booking_can_be_made_longer_over_itself(room: Space, dietitian: tuple[User, Party]) -> None:
    booking = book(room, dietitian, cast.between(f"{TUESDAY} 09:00", "11:00"))

    moved = moving.move(booking, space=room, period=MORNING, by=dietitian[0], sequence=0, now=cast.NOW)

    assert moved.period == MORNING


def test_who_saw_an_older_version_does_not_move_it(room: Space, dietitian: tuple[User, Party]) -> None:
    booking = book(room, dietitian)
    moving.move(booking, space=room, period=AFTERNOON, by=dietitian[0], sequence=0, now=cast.NOW)

    with pytest.raises(AlreadyDone):
        moving.move(booking, space=room, period=MORNING, by=dietitian[0], sequence=0, now=cast.NOW)


def test_moving_late_does_not_escape_the_cost_of_cancelling(
    room: Space, dietitian: tuple[User, Party]
) -> None:
    booking = book(room, dietitian)
    late = booking.starts_at - timedelta(hours=2)
    next_month = cast.between("2026-12-15 08:00", "12:00")

    moved = moving.move(booking, space=room, period=next_month, by=dietitian[0], sequence=0, now=late)

    assert cancelling.plan(moved, now=late).fee.net == Decimal("37.50")


def test_a_no_show_is_charged_in_full_and_an_arrival_is_too(
    hub: Hub, room: Space, dietitian: tuple[User, Party]
) -> None:
    booking = book(room, dietitian)
    with pytest.raises(TooEarly):
        arriving.no_show(booking, now=cast.NOW)

    arriving.no_show(booking, now=booking.starts_at)
    arriving.undo(booking)
    booking = arriving.arrive(booking, now=booking.starts_at)

    assert booking.state == BookingState.ARRIVED
    assert charged(booking) == [Decimal("37.50")]


def test_a_hub_may_let_people_off_when_they_do_not_come(
    hub: Hub, room: Space, dietitian: tuple[User, Party]
) -> None:
    hub.cancellation_steps.filter(hours_before=-1).update(percentage=80)
    booking = book(room, dietitian)

    arriving.no_show(booking, now=booking.starts_at)
    missed = charged(booking)
    arriving.undo(booking)

    assert (missed, charged(booking)) == ([Decimal("30.00")], [Decimal("37.50")])


def a_tenant_with_hours(hub: Hub, hours: int) -> tuple[User, Party]:
    user, party = cast.tenant(hub)
    cast.lease(party, included_hours=hours)
    return user, party


def test_hours_of_the_lease_come_first_and_run_out(hub: Hub) -> None:
    whole, _a, _b = cast.meeting_area(hub)
    cast.rate(
        hub, group="huurder", space=whole, vat=21, per_hour=Decimal("27.50"), per_day_part=None, per_day=None
    )
    ggd = a_tenant_with_hours(hub, 5)

    first = book(whole, ggd, MORNING)
    second = book(whole, ggd, AFTERNOON)

    assert (first.included_hours, first.gross, charged(first)) == (4, 0, [])
    assert (second.included_hours, second.net, second.gross) == (1, Decimal("82.50"), Decimal("99.83"))
    assert allowance.included(ggd[1], month=MORNING.start.date(), now=cast.NOW) == allowance.Allowance(
        Decimal(5), Decimal(5)
    )


def test_cancelling_in_time_gives_the_hours_back_and_late_does_not(hub: Hub) -> None:
    whole, _a, _b = cast.meeting_area(hub)
    cast.rate(hub, group="huurder", space=whole, vat=21)
    ggd = a_tenant_with_hours(hub, 8)
    in_time, late = book(whole, ggd, MORNING), book(whole, ggd, AFTERNOON)

    cancelling.cancel(in_time, by=ggd[0], now=cast.NOW)
    cancelling.cancel(late, by=ggd[0], now=late.starts_at - timedelta(hours=1))

    assert allowance.included(ggd[1], month=MORNING.start.date(), now=cast.NOW).used == 4


@pytest.mark.parametrize(
    ("moment", "owed"),
    [
        ("2026-11-23 15:59", 0),
        ("2026-11-23 16:00", 1),
        ("2026-11-23 20:59", 1),
        ("2026-11-23 21:00", 0),
        ("2026-11-22 16:30", 0),
    ],
)
def test_the_reminder_comes_the_day_before_in_the_afternoon(
    room: Space, dietitian: tuple[User, Party], moment: str, owed: int
) -> None:
    booking = book(room, dietitian)

    assert [reminding.remind(now=cast.at(moment)) for _twice in range(2)] == [owed, 0]
    reminders = Letter.objects.filter(key__startswith=f"{booking.holder}:reminder")
    assert [letter.useless_after for letter in reminders] == [booking.starts_at] * owed


def test_a_booking_made_or_moved_after_the_reminder_hour_has_just_had_its_letter(
    hub: Hub, room: Space, dietitian: tuple[User, Party]
) -> None:
    after = cast.at("2026-11-23 16:30")
    user, party = dietitian
    reserving.confirm(
        reserving.hold(room, period=MORNING, party=party, by=user, contact=user, key=uuid4(), now=after),
        now=after,
    )
    moved = book(
        cast.space(hub, "B09"), cast.zzper(hub, "Bert Bos"), cast.between("2026-11-26 08:00", "12:00")
    )
    moving.move(moved, space=room, period=AFTERNOON, by=user, sequence=0, now=after)

    assert reminding.remind(now=cast.at("2026-11-23 17:00")) == 0


def test_a_moved_booking_is_reminded_of_its_new_day_only(room: Space, dietitian: tuple[User, Party]) -> None:
    booking = book(room, dietitian)
    reminding.remind(now=cast.at("2026-11-23 16:00"))

    moving.move(
        booking, space=room, period=cast.between("2026-11-25 08:00", "12:00"), by=dietitian[0], sequence=0,
        now=cast.at("2026-11-23 17:00"),
    )  # fmt: skip
    reminding.remind(now=cast.at("2026-11-24 16:00"))

    assert letters(booking) == ["confirmed", "changed:1", "reminder:20261125T0700"]


def test_the_invitation_follows_the_booking_in_place(room: Space, dietitian: tuple[User, Party]) -> None:
    booking = book(room, dietitian)
    moving.move(booking, space=room, period=AFTERNOON, by=dietitian[0], sequence=0, now=cast.NOW)
    booking.refresh_from_db()
    cancelling.cancel(booking, by=dietitian[0], now=cast.NOW)

    files = [
        bytes(letter.attachments.get().content)
        for letter in Letter.objects.order_by("pk")
        if letter.attachments.exists()
    ]
    events = [event for file in files for event in Calendar.from_ical(file).walk("VEVENT")]

    assert [int(event["sequence"]) for event in events] == [0, 1, 2]
    assert len({str(event["uid"]) for event in events}) == 1
    assert [str(event["status"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_every_state_says_where_it_can_go() -> None:
    assert set(NEXT) == set(BookingState)
