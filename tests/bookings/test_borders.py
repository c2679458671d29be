"""Where one part of a booking's life meets another: changing what was approved, offered, invoiced or held with extras.

Everything that must always be true is looked at after each deed.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from bookings import (
    approving,
    arriving,
    closing_hits,
    closing_off,
    moving,
    options,
    repeating_answering,
    reserving,
    waiting,
)
from bookings.additions import Wish
from bookings.models import Booking, Challenge
from bookings.refusals import AdditionRefused, NotBookable
from bookings.repeating_refusals import BareOnly
from bookings.states import BookingState
from bookings.terms import Terms
from config import controlling
from spaces.models import CancellationStep, Hub, Space, SpaceKind
from spaces.periods import Period
from tenants.billing.models import Charge
from tenants.parties.models import Letter, User
from tests import cast
from tests.bookings import deeds
from tests.bookings.deeds import MORNING, TUESDAY, Who, fresh, letters
from tests.bookings.repeated import made, wish
from tests.bookings.test_additions import beamer
from tests.cast import NOW, at, between

pytestmark = pytest.mark.django_db
D = Decimal
AFTERNOON = between(f"{TUESDAY} 13:00", "17:00")
BY_THE_HOUR: dict[str, Any] = {"vat": 21, "per_hour": D(20), "per_day_part": None, "per_day": None}


@pytest.fixture
def hub() -> Hub:
    hub = cast.hub()
    cast.rate(hub)
    cast.rate(hub, kind=SpaceKind.MEETING_AREA, **BY_THE_HOUR)
    return hub


@pytest.fixture
def area(hub: Hub) -> tuple[Space, Space, Space]:
    return cast.meeting_area(hub)


@pytest.fixture
def anna(hub: Hub) -> Who:
    return cast.zzper(hub)


@pytest.fixture
def director(hub: Hub) -> User:
    return cast.staff(hub)


def hold(room: Space, who: Who, period: Period = MORNING, *, now: datetime = NOW, **more: Any) -> Booking:
    user, party = who
    return reserving.hold(
        room, period=period, party=party, by=user, contact=user, key=uuid4(), now=now, **more
    )


def book(room: Space, who: Who, period: Period = MORNING, *, now: datetime = NOW, **more: Any) -> Booking:
    return reserving.confirm(hold(room, who, period, now=now, **more), now=now)


def move(booking: Booking, *, now: datetime = NOW, **to: Any) -> Booking:
    there = fresh(booking)
    place = {"space": there.space, "period": there.period, "by": there.booked_by} | to
    moved = moving.move(there, sequence=there.sequence, now=now, **place)
    assert broken(now=now) == []
    return moved


def owed(booking: Booking) -> Decimal:
    return sum((charge.net for charge in Charge.objects.of_family(booking.holder)), D(0))


def broken(*, now: datetime = NOW) -> list[str]:
    """What is not as it must be; that nobody sends letters here is no fault."""
    answers = (it for it in controlling.look(now=now) if not it.invariant.words.startswith("no letter"))
    return [line for answer in answers for line in answer.looked.broken]


def test_another_time_for_a_second_room_that_asks_for_approval_is_asked_again(
    area: tuple[Space, ...], anna: Who, director: User
) -> None:
    _whole, half_a, half_b = area
    Space.objects.filter(pk=half_b.pk).update(needs_approval=True)
    half_b.refresh_from_db()
    booking = book(half_a, anna, wish=Wish(rooms=(half_b,)))
    approving.approve(booking, by=director, now=NOW)

    shorter = move(booking, period=between(f"{TUESDAY} 08:00", "10:00"))
    assert shorter.state == BookingState.CONFIRMED
    assert move(booking, period=AFTERNOON).state == BookingState.REQUESTED


def test_a_half_that_goes_along_is_not_paid_twice_when_moved_to_the_whole(
    area: tuple[Space, ...], anna: Who
) -> None:
    whole, half_a, half_b = area
    booking = book(half_a, anna, wish=Wish(rooms=(half_b,)))

    with pytest.raises(AdditionRefused, match="Ontmoetingsruimte B"):
        move(booking, space=whole)


def test_the_room_that_goes_along_keeps_to_its_own_rules_at_another_time(
    area: tuple[Space, ...], anna: Who
) -> None:
    _whole, half_a, half_b = area
    booking = book(half_a, anna, wish=Wish(rooms=(half_b,)))
    Space.objects.filter(pk=half_b.pk).update(bookable=False)

    assert move(booking, period=between(f"{TUESDAY} 08:00", "10:00")).state == BookingState.CONFIRMED
    with pytest.raises(NotBookable):
        move(booking, period=AFTERNOON)


def test_a_beamer_does_not_come_along_to_a_room_where_it_cannot_be_had(
    hub: Hub, area: tuple[Space, ...], anna: Who, director: User
) -> None:
    booking = book(area[1], anna, wish=Wish(extras=(beamer(hub),)))
    consult_room = cast.space(hub)

    with pytest.raises(AdditionRefused, match="Beamer"):
        move(booking, space=consult_room)
    assert move(booking, space=consult_room, by=director, terms=Terms.DESK).space == consult_room


def test_what_is_booked_after_its_start_is_not_released_at_once(hub: Hub, anna: Who, director: User) -> None:
    room = cast.space(hub, release_after_minutes=15)
    now = at(f"{TUESDAY} 10:20")
    late = book(room, anna, between(f"{TUESDAY} 10:00", "12:00"), now=now)
    moved = book(cast.space(hub, "B04", release_after_minutes=15), anna, between(f"{TUESDAY} 11:00", "12:00"))
    move(moved, period=between(f"{TUESDAY} 10:00", "12:00"), by=director, terms=Terms.HOUSE, now=now)

    assert arriving.release_missed(now=now + timedelta(minutes=14)) == 0
    assert arriving.release_missed(now=now + timedelta(minutes=15)) == 2
    assert fresh(late).released_at == now + timedelta(minutes=15)
    assert broken(now=now + timedelta(minutes=15)) == []


def test_who_had_arrived_is_expected_again_when_moved_to_another_day(
    hub: Hub, anna: Who, director: User
) -> None:
    now = at(f"{TUESDAY} 10:05")
    booking = book(cast.space(hub), anna, between(f"{TUESDAY} 10:00", "12:00"))
    arriving.arrive(booking, now=now)

    moved = move(
        booking, period=between("2026-12-16 10:00", "12:00"), by=director, terms=Terms.HOUSE, now=now
    )

    assert (moved.state, moved.arrived_at) == (BookingState.CONFIRMED, None)


def test_the_other_room_of_who_did_not_come_costs_its_share_when_the_first_was_included(
    hub: Hub, area: tuple[Space, ...], anna: Who
) -> None:
    CancellationStep.objects.filter(hub=hub, hours_before=-1).update(percentage=50)
    cast.lease(anna[1], included_hours=10)
    booking = book(area[1], anna, wish=Wish(rooms=(area[2],)))
    assert (booking.net, owed(booking)) == (0, D(80))

    arriving.no_show(booking, now=booking.starts_at)

    assert owed(booking) == D(40)
    assert broken(now=booking.starts_at) == []


def test_an_offer_that_was_booked_may_go_to_another_room(hub: Hub, anna: Who) -> None:
    deeds.wait(anna, space=cast.space(hub))
    waiting.offer_freed(now=NOW)
    booking = reserving.confirm(Booking.objects.get(), now=NOW)

    assert move(booking, space=cast.space(hub, "B04")).space.code == "B04"


def test_who_asked_for_an_option_hears_that_it_became_a_series(hub: Hub, anna: Who) -> None:
    bram, room = cast.zzper(hub, "Bram Visser"), cast.space(hub)
    option = deeds.option(room, anna, between(f"{TUESDAY} 09:00", "12:00"))
    options.ask(option, party=bram[1], by=bram[0], now=NOW)

    made(wish(room, anna, hold=fresh(option), first=date(2026, 12, 15), last=date(2027, 1, 5)))

    assert not Challenge.objects.filter(ended_at=None).exists()
    assert letters(bram[0]) == ["option_asked_by_you", "option_kept"]
    assert broken() == []


def test_what_goes_with_a_room_is_not_lost_by_repeating_it(area: tuple[Space, ...], anna: Who) -> None:
    held = hold(area[1], anna, between("2026-11-24 09:00", "12:00"), wish=Wish(rooms=(area[2],)))

    with pytest.raises(BareOnly):
        made(wish(area[1], anna, hold=held))


def test_a_date_that_was_booked_before_leaves_the_calendar_when_its_series_is_declined(
    hub: Hub, anna: Who, director: User
) -> None:
    series = made(wish(cast.space(hub, needs_approval=True), anna))
    repeating_answering.approve(series, by=director, now=NOW)
    row = move(series.bookings.order_by("starts_at")[2], period=between("2026-12-08 13:00", "16:00"))

    repeating_answering.decline(series, reason="Helaas", now=NOW)

    told = Letter.objects.filter(to_email=anna[0].email).order_by("pk").last()
    content = bytes(told.attachments.get().content).decode()
    assert "STATUS:CANCELLED" in content
    assert f"SEQUENCE:{row.sequence + 1}" in content
    assert letters(director)[-1:] == []
    assert broken() == []


def test_a_closed_room_gives_its_bookings_to_a_room_with_margins_of_its_own(
    hub: Hub, anna: Who, director: User
) -> None:
    room = cast.space(hub, setup_minutes=30, cleanup_minutes=30)
    other = cast.space(hub, "B04")
    first, _next = (
        book(room, anna, between(f"{TUESDAY} 09:00", "11:00")),
        book(other, anna, between(f"{TUESDAY} 11:00", "12:00")),
    )
    closing = closing_hits.Wish(hub, room, between(f"{TUESDAY} 00:00", "24:00"), "Lekkage")
    hits = closing_hits.find(closing, now=NOW)

    closing_off.close(
        closing, seen=hits.keys, moved=[hit.key for hit in hits.bookings if hit.instead], by=director, now=NOW
    )

    assert (fresh(first).space, fresh(first).cleanup_minutes) == (other, 0)
    assert broken() == []
