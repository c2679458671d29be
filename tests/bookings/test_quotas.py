"""How much a party or a person may book in a week or a month."""

from collections import Counter
from uuid import uuid4

import pytest

from bookings import arriving, cancelling, moving, reserving
from bookings.models import Booking
from bookings.refusals import RuleBroken
from spaces.models import BookingRule, Hub, Space
from spaces.periods import Period
from tenants.parties.models import Party, User
from tests import cast
from tests.cast import NOW, between

pytestmark = pytest.mark.django_db
WEEK = "2026-11-23"


@pytest.fixture
def hub() -> Hub:
    hub = cast.hub()
    cast.rate(hub)
    return hub


@pytest.fixture
def room(hub: Hub) -> Space:
    return cast.space(hub)


@pytest.fixture
def anna(hub: Hub) -> tuple[User, Party]:
    return cast.zzper(hub)


def book(space: Space, who: tuple[User, Party], period: Period) -> Booking:
    held = reserving.hold(space, period=period, party=who[1], by=who[0], key=uuid4(), now=NOW)
    return reserving.confirm(held, now=NOW)


def test_a_party_books_no_more_than_its_hours_a_week_and_the_next_week_again(
    hub: Hub, room: Space, anna: tuple[User, Party]
) -> None:
    BookingRule.objects.create(hub=hub, party_week_hours=4)
    book(room, anna, between("2026-11-24 09:00", "12:00"))

    with pytest.raises(RuleBroken, match="4 uur per week boeken; die week is er nog 1 uur over"):
        book(room, anna, between("2026-11-27 09:00", "11:00"))

    assert book(room, anna, between("2026-11-27 09:00", "10:00"))
    assert book(room, anna, between("2026-11-30 09:00", "13:00"))


def test_a_booking_over_midnight_counts_whole_in_the_week_and_month_it_begins(
    hub: Hub, room: Space, anna: tuple[User, Party]
) -> None:
    hub.opening_hours.update(opens="00:00", closes="00:00")
    cast.opening(hub, 6, 0, 0)
    BookingRule.objects.create(hub=hub, party_month_hours=4)
    book(room, anna, between("2026-11-30 22:00", "2026-12-01 02:00"))

    with pytest.raises(RuleBroken, match="die maand is er nog 0 uur over"):
        book(room, anna, between("2026-11-24 09:00", "10:00"))
    assert book(room, anna, between("2026-12-01 09:00", "13:00"))


def test_a_quota_of_a_kind_counts_that_kind_only(hub: Hub, room: Space, anna: tuple[User, Party]) -> None:
    other = cast.space(hub, "B04")
    BookingRule.objects.create(hub=hub, space=room, party_week_hours=1)
    book(other, anna, between("2026-11-24 09:00", "12:00"))

    assert book(room, anna, between("2026-11-25 09:00", "10:00"))
    with pytest.raises(RuleBroken):
        book(room, anna, between("2026-11-26 09:00", "10:00"))


def test_cancelled_hours_come_back_and_those_nobody_came_for_do_not(
    hub: Hub, room: Space, anna: tuple[User, Party]
) -> None:
    BookingRule.objects.create(hub=hub, party_week_hours=2)
    cancelled = book(room, anna, between("2026-11-24 09:00", "11:00"))
    cancelling.cancel(cancelled, by=anna[0], now=cancelled.starts_at.replace(hour=1))
    missed = book(room, anna, between("2026-11-23 09:00", "11:00"))
    arriving.no_show(missed, now=missed.ends_at)

    with pytest.raises(RuleBroken):
        book(room, anna, between("2026-11-25 09:00", "10:00"))


def test_a_person_has_hours_over_all_their_parties(hub: Hub, room: Space, anna: tuple[User, Party]) -> None:
    BookingRule.objects.create(hub=hub, person_week_hours=2)
    second = cast.party(hub, "Praktijk Twee")
    book(room, anna, between("2026-11-24 09:00", "11:00"))

    with pytest.raises(RuleBroken, match="U mag hier 2 uur per week boeken"):
        book(room, (anna[0], second), between("2026-11-25 09:00", "10:00"))


def test_a_booking_that_moves_does_not_count_twice_and_reception_may_go_beyond(
    hub: Hub, room: Space, anna: tuple[User, Party]
) -> None:
    BookingRule.objects.create(hub=hub, party_week_hours=2)
    booking = book(room, anna, between("2026-11-24 09:00", "11:00"))

    moved = moving.move(
        booking, space=room, period=between("2026-11-25 09:00", "11:00"), by=anna[0], sequence=0, now=NOW
    )

    desk = cast.staff(hub, "reception")
    assert moved.starts_at == between("2026-11-25 09:00", "11:00").start
    assert book(room, (desk, anna[1]), between("2026-11-26 09:00", "11:00"))
    assert Counter(Booking.objects.values_list("state", flat=True)) == Counter(confirmed=2)
