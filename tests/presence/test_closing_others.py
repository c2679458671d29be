"""Closing what is no plain booking: half-days, options, series, imported dates, let rooms; and opening again."""

from uuid import uuid4

import pytest
from django.db import transaction

from bookings import closing_hits, closing_off, options, repeating, reserving
from bookings.closing_hits import Wish
from bookings.models import Booking, ImportedEntry
from spaces import claiming, closing
from spaces.models import Claim, Closure, Hub, Space
from tenants.leases import fixing
from tenants.leases.hub_import import importing
from tenants.leases.models import FixedDayPart
from tenants.parties.models import Letter, Role, User
from tests import cast
from tests.bookings import repeated
from tests.cast import NOW, at, between
from tests.leases import workbooks
from tests.presence.deeds import TUESDAY, held, keys, wish

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_hold_ends_and_an_imported_date_is_taken_out(hub: Hub, room: Space, director: User):
    person, party = cast.zzper(hub)
    hold = reserving.hold(
        room, period=between(f"{TUESDAY} 09:00", "10:00"), party=party, by=person, key=uuid4(), now=NOW
    )
    entry = ImportedEntry.objects.create(
        hub=hub, space=room, source="B03", uid="x", original_start=at(f"{TUESDAY} 13:00"),
        starts_at=at(f"{TUESDAY} 13:00"), ends_at=at(f"{TUESDAY} 14:00"), title="Bezet",
    )  # fmt: skip
    with transaction.atomic():
        claiming.take([room], period=entry.period, kind="booking", holder=entry.holder, now=NOW)
    hits = closing_hits.find(wish(hub), now=NOW)

    closing_off.close(wish(hub), seen=hits.keys, by=director, now=NOW)

    hold.refresh_from_db()
    assert ([hit.row for hit in hits.entries], hold.state) == ([entry], "expired")
    assert not ImportedEntry.objects.exists()
    assert not Letter.objects.exists()


@pytest.fixture
def thursday() -> FixedDayPart:
    importing.store(workbooks.real(), now=NOW)
    return FixedDayPart.objects.select_related("hub", "space", "party").get(weekday=3)


def test_fixed_half_days_lapse_with_a_letter_and_come_back(thursday: FixedDayPart):
    hub, director = thursday.hub, cast.staff(thursday.hub, Role.DIRECTOR, "Dirk")
    closed = Wish(hub, thursday.space, between("2026-12-03 00:00", "2026-12-11 00:00"), "Schilderen")
    hits = closing_hits.find(closed, now=NOW)
    before = held(thursday.holder)

    closure = closing_off.close(closed, seen=hits.keys, by=director, now=NOW)
    without = held(thursday.holder)
    back = closing_off.reopen(closure, now=NOW)

    assert [hit.period.start for hit in hits.fixed] == [at("2026-12-03 08:00"), at("2026-12-10 08:00")]
    assert (len(before) - len(without), back, held(thursday.holder)) == (2, 2, before)
    letter = Letter.objects.get(kind="fixed_day_part_closed")
    assert "donderdag 3 december, 08:00–12:00" in letter.text
    assert "Reden: Schilderen" in letter.text
    assert fixing.extend_horizon(now=NOW).clashes == []


def test_let_rooms_are_listed_and_left_alone(thursday: FixedDayPart):
    hub, director = thursday.hub, cast.staff(thursday.hub, Role.DIRECTOR, "Dirk")
    day = Wish(hub, None, between("2026-12-05 00:00", "24:00"), "Storing")
    leased = Claim.objects.filter(holder__startswith="lease:", active=True).count()
    hits = closing_hits.find(day, now=NOW)

    closing_off.close(day, seen=hits.keys, by=director, now=NOW)

    assert hits.leases
    assert Claim.objects.filter(holder__startswith="lease:", active=True).count() == leased


def test_open_again_from_now_on_keeps_what_was_closed_on_record(hub: Hub, room: Space, director: User):
    closure = closing_off.close(wish(hub, room), seen=(), by=director, now=NOW)
    ten = at(f"{TUESDAY} 10:00")

    for _twice in range(2):
        closing_off.reopen(closure, now=ten)

    assert Closure.objects.get().period == between(f"{TUESDAY} 00:00", "10:00")
    assert held(closing.holder_of(closure)) == [("B03", between(f"{TUESDAY} 00:00", "10:00"))]
    reserving.check(room, period=between(f"{TUESDAY} 13:00", "14:00"), party=cast.party(hub), now=ten)


def test_a_closure_that_is_gone_leaves_the_time_to_one_that_overlaps(hub: Hub, room: Space, director: User):
    whole = closing_off.close(wish(hub, room), seen=(), by=director, now=NOW)
    part = closing_off.close(wish(hub, room, end="12:00"), seen=(), by=director, now=NOW)

    closing_off.reopen(whole, now=NOW)

    assert held(closing.holder_of(part)) == [("B03", between(f"{TUESDAY} 00:00", "12:00"))]


def test_dates_of_a_series_are_moved_or_cancelled_and_the_arrangement_knows(
    hub: Hub, room: Space, director: User
):
    cast.space(hub, "B04")
    series = repeated.made(repeated.wish(room, cast.zzper(hub)))
    december = wish(hub, room, end="2026-12-09 00:00")
    first, second = closing_hits.find(december, now=NOW).bookings

    closing_off.close(december, seen={first.key, second.key}, moved=[first.key], by=director, now=NOW)

    dates = series.bookings.order_by("original_start").values_list("space__code", "state")
    assert list(dates) == [
        ("B03", "confirmed"), ("B04", "confirmed"), ("B03", "cancelled"), ("B03", "confirmed"),
    ]  # fmt: skip
    assert repeating.audit(series) == []


def test_who_asked_for_an_option_in_a_closed_room_hears_that_it_is_gone(
    hub: Hub, room: Space, director: User
):
    holder, party = cast.zzper(hub)
    held = reserving.hold(
        room,
        period=between(f"{TUESDAY} 09:00", "12:00"),
        party=party,
        by=holder,
        contact=holder,
        key=uuid4(),
        now=NOW,
    )
    option = options.take(held, now=NOW)
    asker, other = cast.zzper(hub, "Bram Visser")
    options.ask(option, party=other, by=asker, now=NOW)
    seen = keys(wish(hub))

    closing_off.close(wish(hub), seen=seen, by=director, now=NOW)

    option.refresh_from_db()
    assert (option.state, option.challenges.get().ended_at) == ("expired", NOW)
    assert "Reden: Lekkage" in Letter.objects.get(kind="booking_cancelled").text
    assert held_by_nobody(option)


def held_by_nobody(booking: Booking) -> bool:
    return held(booking.holder) == []
