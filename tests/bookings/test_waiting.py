"""The waiting list: what comes free goes to who waits longest, one at a time, and never for nothing."""

from datetime import date, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from bookings import cancelling, options, releasing, reserving, waiting
from bookings.models import Booking, Offer, WaitingEntry
from bookings.refusals import AlreadyDone, NoOption, NotAllowedToBook, TimeTaken, WaitingRefused
from bookings.states import BookingState
from spaces.models import Hub, Space, SpaceKind
from spaces.periods import DAY, HOUR, Period
from tenants.parties import mailing
from tenants.parties.models import Letter, PartyState
from tests import cast
from tests.bookings.deeds import MORNING, Who, book, fresh, hold, holders, letters, wait
from tests.bookings.repeated import made, wish

pytestmark = pytest.mark.django_db
NOW = cast.NOW
LAST = date(2026, 12, 15)
WEEKS = [cast.between(f"2026-{day} 08:00", "12:00") for day in ("11-24", "12-01", "12-08", "12-15")]


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    """The only one, taken on each Tuesday morning that people wait for."""
    cast.rate(hub)
    room = cast.space(hub)
    tenant = cast.zzper(hub, "Vaste Gast")
    for week in WEEKS:
        book(room, tenant, week)
    return room


@pytest.fixture
def anna(hub: Hub) -> Who:
    return cast.zzper(hub)


@pytest.fixture
def bram(hub: Hub) -> Who:
    return cast.zzper(hub, "Bram Visser")


def frees(room: Space, week: Period = MORNING) -> None:
    """The guest cancels."""
    booking = Booking.objects.booked().get(space=room, starts_at=week.start)
    cancelling.cancel(booking, by=booking.booked_by, now=NOW)


def offered(who: Who) -> Booking:
    """What is offered to somebody now."""
    return Offer.objects.order_by("pk").filter(entry__party=who[1]).last().booking


def test_while_nothing_is_free_nobody_hears_anything(room: Space, anna: Who) -> None:
    wait(anna, until=LAST)

    assert (waiting.offer_freed(now=NOW), letters(anna[0])) == (0, [])


def test_what_comes_free_is_held_an_hour_for_who_waits_with_a_link(room: Space, anna: Who) -> None:
    entry = wait(anna, until=LAST)
    frees(room)

    assert [waiting.offer_freed(now=NOW), waiting.offer_freed(now=NOW + timedelta(minutes=1))] == [1, 0]

    booking = offered(anna)
    assert (booking.state, booking.party, booking.period, booking.held_until) == (
        BookingState.HELD,
        anna[1],
        MORNING,
        NOW + HOUR,
    )
    assert holders(room) == [booking.holder]
    letter = Letter.objects.get(kind="time_offered")
    assert (letter.to_email, letter.useless_after) == (anna[0].email, NOW + HOUR)
    assert f"/boek/{booking.pk}" in letter.text
    assert Offer.objects.get().entry == entry


def test_booking_the_offer_ends_the_wish(room: Space, anna: Who) -> None:
    entry = wait(anna, until=LAST)
    frees(room)
    waiting.offer_freed(now=NOW)

    assert reserving.confirm(offered(anna), now=NOW + HOUR / 2).state == BookingState.CONFIRMED
    frees(room, WEEKS[0])
    assert waiting.offer_freed(now=NOW + HOUR / 2) == 0
    entry.refresh_from_db()
    assert entry.ended_at == NOW + HOUR / 2


def test_the_next_in_order_gets_it_when_the_first_lets_it_run_out(room: Space, anna: Who, bram: Who) -> None:
    wait(anna, until=LAST)
    wait(bram, until=LAST, now=NOW + HOUR)
    frees(room)
    later = NOW + 3 * HOUR

    assert (waiting.offer_freed(now=later), letters(anna[0]), letters(bram[0])) == (1, ["time_offered"], [])
    releasing.release_expired(now=later + HOUR)
    assert waiting.offer_freed(now=later + HOUR) == 1
    assert letters(bram[0]) == ["time_offered"]
    assert holders(room, now=later + HOUR) == [offered(bram).holder]
    with pytest.raises(TimeTaken):
        reserving.confirm(fresh(offered(anna)), now=later + HOUR)


def test_a_wish_that_let_an_offer_go_keeps_its_place_for_other_times(room: Space, anna: Who) -> None:
    wait(anna, until=LAST)
    frees(room)
    waiting.offer_freed(now=NOW)
    releasing.let_go(offered(anna), now=NOW + HOUR / 2)

    assert waiting.offer_freed(now=NOW + HOUR / 2) == 0  # not the same time again
    frees(room, WEEKS[2])
    assert waiting.offer_freed(now=NOW + HOUR) == 1
    assert offered(anna).period == WEEKS[2]


def test_two_times_that_come_free_go_to_two_people_in_order(room: Space, anna: Who, bram: Who) -> None:
    wait(bram, until=LAST, now=NOW - HOUR)
    wait(anna, until=LAST)
    frees(room, WEEKS[1])
    frees(room, WEEKS[3])

    assert waiting.offer_freed(now=NOW) == 2
    assert (offered(bram).period, offered(anna).period) == (WEEKS[1], WEEKS[3])


def test_who_does_not_answer_is_written_to_three_times_a_day_at_most(hub: Hub, anna: Who) -> None:
    cast.rate(hub)
    cast.space(hub)
    wait(anna)
    for hour in range(8):
        then = cast.at("2026-11-25 08:00") + hour * HOUR
        releasing.release_expired(now=then)
        waiting.offer_freed(now=then)

    assert len(letters(anna[0])) == 3
    assert waiting.offer_freed(now=cast.at("2026-11-26 08:00")) == 1


def test_waiting_list_mailed_for_a_slot_already_past(room: Space, anna: Who) -> None:
    """It never is: what begins before the offer would end is not offered, and an unsent letter is dropped with it."""
    wait(anna, until=LAST)
    frees(room, WEEKS[0])
    start = WEEKS[0].start

    assert waiting.offer_freed(now=start - timedelta(minutes=30)) == 0
    assert waiting.offer_freed(now=start + HOUR) == 0
    assert waiting.offer_freed(now=start - 12 * HOUR) == 1
    assert mailing.drop_useless(now=start - 11 * HOUR) == 1
    assert letters(anna[0]) == []


def test_freed_slot_not_returned(room: Space, anna: Who, bram: Who) -> None:
    """It is: an offer that ran out leaves nothing behind, so that anybody can book the time."""
    wait(anna, until=LAST)
    frees(room)
    waiting.offer_freed(now=NOW)
    after = NOW + HOUR

    assert book(room, bram, now=after).state == BookingState.CONFIRMED  # even before the sweep came by
    assert releasing.release_expired(now=after) == 1
    assert waiting.offer_freed(now=after) == 0


def test_nobody_is_asked_at_night(room: Space, anna: Who) -> None:
    wait(anna, until=LAST)
    frees(room)
    nights = ["2026-11-22 21:00", "2026-11-23 02:00", "2026-11-23 06:59"]

    assert [waiting.offer_freed(now=cast.at(night)) for night in nights] == [0, 0, 0]
    assert waiting.offer_freed(now=cast.at("2026-11-23 07:00")) == 1


def test_an_offer_can_neither_be_extended_nor_made_an_option_nor_lost_by_another_hold(
    room: Space, anna: Who
) -> None:
    wait(anna, until=LAST)
    frees(room)
    waiting.offer_freed(now=NOW)
    booking = offered(anna)

    with pytest.raises(AlreadyDone):
        reserving.extend(booking, now=NOW)
    with pytest.raises(NoOption):
        options.take(booking, now=NOW)
    hold(room, anna, cast.between("2026-11-26 08:00", "12:00"))
    assert releasing.let_go_of_others(anna[0], party=anna[1], key=uuid4(), now=NOW) == 1
    assert fresh(booking).state == BookingState.HELD


def test_a_wish_ends_after_its_last_day_or_when_it_is_stopped(room: Space, anna: Who) -> None:
    entry, stopped = wait(anna, until=LAST), wait(anna, space=room)

    assert [waiting.stop(stopped, now=NOW), waiting.stop(stopped, now=NOW)] == [True, False]
    waiting.offer_freed(now=cast.at("2026-12-15 23:00"))
    assert WaitingEntry.objects.waiting().get() == entry
    waiting.offer_freed(now=cast.at("2026-12-16 00:30"))
    assert not WaitingEntry.objects.waiting().exists()


def test_only_what_was_asked_for_is_offered(hub: Hub, room: Space, anna: Who) -> None:
    cast.rate(hub, kind=SpaceKind.TREATMENT_ROOM, per_day_part=Decimal(45))
    cast.space(hub, "B06", kind=SpaceKind.TREATMENT_ROOM)
    wish = waiting.Wish(
        MORNING.start.astimezone(cast.AMSTERDAM).time(), MORNING.end.astimezone(cast.AMSTERDAM).time(),
        from_date=date(2026, 12, 1), until_date=LAST, kinds=("consult_room",), persons=4, weekdays=(1,),
    )  # fmt: skip
    waiting.join(wish, party=anna[1], by=anna[0], now=NOW)

    assert waiting.offer_freed(now=NOW) == 0  # the treatment room is free all the time
    frees(room, WEEKS[0])
    assert waiting.offer_freed(now=NOW) == 0  # before the first day
    frees(room, WEEKS[1])
    assert waiting.offer_freed(now=NOW) == 1


def test_a_closed_day_a_room_without_a_price_and_a_party_that_may_not_book_get_no_offer(
    room: Space, hub: Hub, anna: Who
) -> None:
    wait(anna, until=LAST)
    frees(room)
    cast.closure(hub, cast.between("2026-12-15 00:00", "24:00"))
    cast.space(hub, "B06", kind=SpaceKind.TREATMENT_ROOM)  # free, and nobody knows what it costs

    assert waiting.offer_freed(now=NOW) == 0
    hub.closures.all().delete()
    anna[1].state = PartyState.DECLINED
    anna[1].save()
    assert waiting.offer_freed(now=NOW) == 0


def test_the_same_wish_is_there_once_and_ten_are_enough(room: Space, hub: Hub, anna: Who) -> None:
    assert wait(anna) == wait(anna, now=NOW + HOUR)
    for day in range(9):
        wait(anna, until=date(2027, 2, 2) + day * DAY)

    with pytest.raises(WaitingRefused, match="10"):
        wait(anna, until=date(2027, 3, 1))
    with pytest.raises(WaitingRefused):
        wait(anna, until=date(2026, 11, 20))
    with pytest.raises(WaitingRefused):
        wait(anna, until=date(2027, 12, 1))
    with pytest.raises(NotAllowedToBook):
        wait(cast.zzper(hub, "Dirk Applicant", state=PartyState.APPLIED))


def test_an_offer_that_becomes_a_series_ends_the_wish(room: Space, anna: Who) -> None:
    entry = wait(anna, until=LAST)
    frees(room)
    waiting.offer_freed(now=NOW)

    hours = (time(8), time(12))
    made(wish(room, anna, hold=offered(anna), hours=hours, first=LAST, last=date(2026, 12, 29)))

    entry.refresh_from_db()
    assert entry.ended_at == NOW
