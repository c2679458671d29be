"""Closing: who is in the way is known first, then moved or told, all at once; and opened again."""

from datetime import date

import pytest

from bookings import closing_hits, closing_off
from bookings.closing_off import AlreadyOver, HitsChanged
from bookings.models import Booking
from spaces import closing
from spaces.models import Closure, Hub, Space
from tenants.billing.models import Charge
from tenants.parties.models import Letter, User
from tests import cast
from tests.cast import NOW, at
from tests.concurrency.racing import overlaps
from tests.presence.deeds import TUESDAY, book, held, keys, wish

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_free_day_is_closed_at_once_and_nobody_can_book_it(hub: Hub, room: Space, director: User):
    closing_off.close(wish(hub), seen=(), by=director, now=NOW)

    with pytest.raises(Exception, match="Lekkage"):
        book(room)
    assert Closure.objects.get().reason == "Lekkage"


def test_bookings_are_cancelled_free_of_charge_with_a_letter_that_says_why(
    hub: Hub, room: Space, director: User
):
    booking = book(room, "2026-11-23 09:00")  # cancelling it oneself would cost half
    day = wish(hub, start="2026-11-23 00:00")

    closing_off.close(day, seen=keys(day), by=director, now=NOW)

    booking.refresh_from_db()
    assert (booking.state, booking.cancellation_net, booking.included_hours) == ("cancelled", 0, 0)
    assert not Charge.objects.exists()
    letter = Letter.objects.get(kind="booking_cancelled")
    assert "Reden: Lekkage" in letter.text
    assert "u betaalt niets" in letter.text.lower()
    assert held(booking.holder) == []


def test_who_is_moved_keeps_time_price_and_code(hub: Hub, room: Space, director: User):
    cast.rate(hub, space=cast.space(hub, "B04"), per_day_part="99.00")
    booking = book(room)
    closed = wish(hub, room)
    seen = keys(closed)

    closing_off.close(closed, seen=seen, moved=seen, by=director, now=NOW)

    after = Booking.objects.select_related("space").get()
    assert (after.space.code, after.period, after.gross, after.code) == (
        "B04", booking.period, booking.gross, booking.code,
    )  # fmt: skip
    assert held(booking.holder) == [("B04", booking.period)]
    assert [charge.net for charge in Charge.objects.all()] == [booking.net]
    assert Letter.objects.filter(kind="booking_changed").count() == 1
    assert overlaps() == 0


def test_a_room_is_offered_once_at_a_time_and_never_too_small(hub: Hub, director: User):
    cast.rate(hub, kind="meeting_area")
    whole, _half, _other = cast.meeting_area(hub)
    first, second = book(whole, name="A", persons=50), book(cast.space(hub, "B03"), name="B")
    third = book(cast.space(hub, "B05"), name="C")
    cast.space(hub, "B04")
    floor = hub.floors.get()
    storey = cast.space(hub, "BG", name="Begane grond", floor=floor, bookable=False)
    Space.objects.filter(pk__in=[second.space_id, third.space_id]).update(parent=storey)

    rooms = {
        hit.row.pk: hit.instead.code if hit.instead else None
        for space in (storey, whole)
        for hit in closing_hits.find(wish(hub, space), now=NOW).bookings
    }

    assert rooms == {first.pk: None, second.pk: "B04", third.pk: None}


def test_a_booking_made_in_between_is_listed_and_nothing_is_closed(hub: Hub, room: Space, director: User):
    seen = keys(wish(hub))
    booking = book(room)

    with pytest.raises(HitsChanged) as changed:
        closing_off.close(wish(hub), seen=seen, by=director, now=NOW)

    assert [hit.row for hit in changed.value.hits.bookings] == [booking]
    assert not Closure.objects.exists()


def test_an_offered_room_that_is_taken_in_between_closes_nothing(hub: Hub, room: Space, director: User):
    other = cast.space(hub, "B04")
    booking = book(room)
    closed = wish(hub, room)
    seen = keys(closed)
    book(other, name="Bram Visser")

    with pytest.raises(HitsChanged):
        closing_off.close(closed, seen=seen, moved=seen, by=director, now=NOW)

    booking.refresh_from_db()
    assert (booking.state, Closure.objects.count()) == ("confirmed", 0)


def test_a_second_press_closes_once(hub: Hub, room: Space, director: User):
    book(room)
    seen = keys(wish(hub))

    first, second = (closing_off.close(wish(hub), seen=seen, by=director, now=NOW) for _twice in range(2))

    assert first == second
    assert Letter.objects.filter(kind="booking_cancelled").count() == 1


def test_what_has_begun_goes_on_and_the_rest_is_closed(hub: Hub, room: Space, director: User):
    running = book(room)
    ten = at(f"{TUESDAY} 10:00")
    hits = closing_hits.find(wish(hub, room), now=ten)

    closing_off.close(wish(hub, room), seen=hits.keys, by=director, now=ten)

    running.refresh_from_db()
    assert ([hit.begun for hit in hits.bookings], running.state) == ([True], "confirmed")
    closure = Closure.objects.get()
    assert [period.start for _code, period in held(closing.holder_of(closure))] == [
        at(f"{TUESDAY} 00:00"), at(f"{TUESDAY} 12:00")
    ]  # fmt: skip


def test_what_has_been_is_not_closed(hub: Hub, director: User):
    with pytest.raises(AlreadyOver):
        closing_off.close(wish(hub, start="2026-11-20 00:00"), seen=(), by=director, now=NOW)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_as_many_queries_however_long_it_is(hub: Hub, number: int, django_assert_num_queries):
    storey = cast.space(hub, "BG", bookable=False)
    for each in range(number):
        book(cast.space(hub, f"K{each}", parent=storey), name=f"Persoon {each}")
    cast.space(hub, "B04")

    with django_assert_num_queries(7):
        hits = closing_hits.find(wish(hub, storey), now=NOW)
    assert len(hits.bookings) == number
    assert date(2026, 12, 1) == hits.bookings[0].period.start.date()
