"""A lease gets its rooms: who is in the way is seen first, then moved or told in the step that stores it."""

from datetime import date

import pytest
from django.db import transaction

from bookings import making_room
from bookings.making_room import CannotMakeRoom, ObstaclesChanged
from bookings.models import Booking, ImportedEntry
from spaces import claiming
from spaces.models import Claim, Closure
from tenants.leases import fixing, invariants, renting
from tenants.leases.contracts import drafts
from tenants.leases.contracts.refusals import InTheWay
from tenants.leases.models import Lease
from tenants.parties.models import Letter
from tests import cast
from tests.cast import NOW, between
from tests.concurrency.racing import overlaps
from tests.leases.agreeing import answers, change, new
from tests.leases.half_days import arranged
from tests.presence.deeds import book

pytestmark = pytest.mark.django_db(transaction=True)
JANUARY = "2027-01-12"


class Place:
    """B03 and B04 are consult rooms; Accare wants B03 from 2027 on."""

    def __init__(self) -> None:
        self.hub = cast.hub()
        self.director = cast.staff(self.hub)
        cast.rate(self.hub)
        cast.rate(self.hub, group="huurder")
        self.room, self.other = cast.space(self.hub, "B03"), cast.space(self.hub, "B04")
        self.tenant = cast.tenant(self.hub, "Accare")[1]
        self.told = answers(self.tenant, self.room)

    def draft(self, **told):
        return new(self.hub, self.told | told, by=self.director)

    def find(self, draft):
        return making_room.find(draft, by=self.director, now=NOW)

    def store(self, draft, *, seen=None, moved=(), why="De ruimte is verhuurd"):
        seen = self.find(draft).keys if seen is None else seen
        return making_room.store(draft, seen=seen, moved=moved, why=why, by=self.director, now=NOW)

    def is_whole(self):
        return overlaps() == 0 and all(each.look(NOW).broken == [] for each in invariants.INVARIANTS)


@pytest.fixture
def place(transactional_db) -> Place:
    return Place()


def test_a_lease_in_the_way_of_a_booking_is_refused_and_nothing_is_stored(place):
    book(place.room, f"{JANUARY} 09:00")
    draft = place.draft()

    with pytest.raises(InTheWay):
        drafts.confirm(draft, by=place.director, now=NOW)
    assert not Lease.objects.exists()
    assert not Claim.objects.filter(holder__startswith="lease:").exists()


def test_bookings_are_moved_to_a_room_like_it_or_cancelled_with_a_letter_that_says_why(place):
    moved, gone = book(place.room, f"{JANUARY} 09:00"), book(place.room, "2027-01-13 09:00", name="Bram")
    draft = place.draft()
    hits = place.find(draft)
    lease = place.store(draft, moved=[hits.bookings[0].key])

    rows = {row.pk: (row.space.code, row.state) for row in Booking.objects.select_related("space")}
    assert rows == {moved.pk: ("B04", "confirmed"), gone.pk: ("B03", "cancelled")}
    letters = Letter.objects.filter(kind__in=["booking_changed", "booking_cancelled"])
    assert sorted(letters.values_list("kind", flat=True)) == ["booking_cancelled", "booking_changed"]
    assert "De ruimte is verhuurd" in letters.get(kind="booking_cancelled").text
    assert Claim.objects.filter(holder=lease.holder, active=True).count() == 1
    assert place.is_whole()


def test_a_half_day_ends_before_its_first_date_in_the_lease(place):
    fixed = arranged(place.tenant, place.room)
    draft = place.draft()
    hits = place.find(draft)
    place.store(draft)

    fixed.refresh_from_db()
    assert [hit.row.pk for hit in hits.fixed] == [fixed.pk]
    assert fixed.ends_on == date(2027, 1, 4)
    assert Letter.objects.filter(kind="fixed_ended").count() == 1
    assert place.is_whole()


def test_a_half_day_that_begins_within_the_lease_loses_its_only_date(place):
    fixed = arranged(place.tenant, place.room, starts_on=date(2027, 1, 5))
    draft = place.draft()
    place.store(draft)

    fixed.refresh_from_db()
    assert fixed.ends_on == date(2027, 1, 5)
    assert not Claim.objects.filter(holder=fixed.holder, active=True).exists()
    fixing.extend_horizon(now=NOW)
    assert place.is_whole()


def test_entries_of_an_outside_calendar_go_and_closures_give_way(place):
    with transaction.atomic():
        entry = ImportedEntry.objects.create(
            hub=place.hub, space=place.room, source="B03", uid="x", title="Teamdag", original_start=NOW,
            starts_at=cast.at(f"{JANUARY} 09:00"), ends_at=cast.at(f"{JANUARY} 12:00"),
        )  # fmt: skip
        period = between(f"{JANUARY} 09:00", "12:00")
        claiming.take([place.room], period=period, kind="booking", holder=entry.holder, now=NOW)
    cast.closure(place.hub, between("2027-01-20 00:00", "24:00"), space=place.room)
    place.store(place.draft())

    assert (Closure.objects.count(), ImportedEntry.objects.count()) == (1, 0)
    assert place.is_whole()


def test_another_lease_blocks_until_it_gives_way(place):
    first = cast.lease(place.tenant, rooms=[place.room], ends="2028-08-31", number="HC-1")
    with transaction.atomic():
        renting.claim(first, now=NOW)
    draft = place.draft()
    assert [hit.row for hit in place.find(draft).leases] == [first]
    with pytest.raises(CannotMakeRoom):
        place.store(draft)

    change(first, "end", by=place.director, last="2026-12-31")

    assert not place.find(draft).leases
    place.store(draft)
    assert place.is_whole()


def test_who_booked_meanwhile_is_seen_before_anything_happens(place):
    draft = place.draft()
    booking = book(place.room, f"{JANUARY} 09:00")

    with pytest.raises(ObstaclesChanged) as changed:
        place.store(draft, seen=())
    booking.refresh_from_db()
    assert (booking.state, [hit.row.pk for hit in changed.value.hits.bookings]) == ("confirmed", [booking.pk])
    assert not Lease.objects.exists()


def test_the_same_press_twice_is_one_lease(place):
    book(place.room, f"{JANUARY} 09:00")
    draft = place.draft()
    seen = place.find(draft).keys
    first = place.store(draft, seen=seen)

    assert place.store(draft, seen=seen) == first
    assert Lease.objects.count() == 1


def test_a_room_added_to_a_lease_makes_room_too(place):
    lease = drafts.confirm(place.draft(), by=place.director, now=NOW)
    booking = book(place.other, "2027-02-10 09:00")
    rooms = [[room.pk, str(room.area_m2)] for room in (place.room, place.other)]
    draft = drafts.draft(
        lease, "rooms", {"starts_on": "2027-02-01", "rooms": rooms}, by=place.director, now=NOW
    )

    assert [hit.row.pk for hit in place.find(draft).bookings] == [booking.pk]
    place.store(draft)
    assert lease.lines.count() == 2
    assert place.is_whole()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_as_many_queries_however_long_it_is(place, number, django_assert_num_queries):
    for at in range(number):
        book(place.room, f"2027-01-{12 + at} 09:00", name=f"Anna {at}")
        arranged(place.tenant, place.room, weekday=at, starts_on=date(2027, 2, 1))
    draft = place.draft()
    with django_assert_num_queries(36):
        assert len(place.find(draft).bookings) == number
