"""Where other rooms and extras meet invoices, options, closing and what is changed while it runs."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from bookings import arriving, cancelling, closing_hits, closing_off, options, releasing, reserving
from bookings.additions import Wish
from bookings.models import Challenge
from bookings.refusals import TooLate
from bookings.states import BookingState
from bookings.terms import Terms
from spaces.models import Hub, Space, SpaceKind
from spaces.periods import DAY, HOUR
from tenants.billing import invoicing
from tenants.parties.models import User
from tests import cast
from tests.billing import books
from tests.bookings import deeds
from tests.bookings.deeds import MORNING, Who, fresh
from tests.bookings.repeated import made, wish
from tests.bookings.test_additions import beamer, coffee
from tests.bookings.test_borders import BY_THE_HOUR, book, broken, hold, move, owed
from tests.cast import NOW, at, between

pytestmark = pytest.mark.django_db
D = Decimal
TUESDAY = "2026-12-01"


@pytest.fixture
def hub() -> Hub:
    hub = books.hub()
    cast.rate(hub, kind=SpaceKind.MEETING_AREA, **BY_THE_HOUR)
    return hub


@pytest.fixture
def area(hub: Hub) -> tuple[Space, Space, Space]:
    return cast.meeting_area(hub)


@pytest.fixture
def anna(hub: Hub) -> Who:
    return cast.zzper(hub, **books.ADDRESS)


@pytest.fixture
def bram(hub: Hub) -> Who:
    return cast.zzper(hub, "Bram Visser")


@pytest.fixture
def director(hub: Hub) -> User:
    return cast.staff(hub)


def test_what_is_invoiced_with_all_its_extras_is_missed_undone_moved_and_cancelled(
    hub: Hub, area: tuple[Space, ...], anna: Who, director: User
) -> None:
    wanted = Wish(rooms=(area[2],), extras=(beamer(hub), coffee(hub)))
    booking = book(area[1], anna, between("2026-11-30 09:00", "11:00"), persons=10, wish=wanted)
    now = books.DECEMBER_1
    books.approve_month(hub, now=now)
    invoicing.issue_approved(now=now)
    assert (owed(booking), broken(now=now)) == (D(120), [])

    arriving.no_show(fresh(booking), now=now)
    arriving.undo(fresh(booking))
    assert (owed(booking), broken(now=now)) == (D(120), [])
    to = {"by": director, "terms": Terms.HOUSE, "now": now}
    move(booking, period=between("2026-11-30 09:00", "10:00"), **to)
    assert owed(booking) == D(80)
    move(booking, period=between("2026-12-10 09:00", "11:00"), **to)
    assert owed(booking) == D(120)
    day_before = at("2026-12-09 12:00")
    cancelling.cancel(fresh(booking), by=anna[0], now=day_before)

    assert owed(booking) == D(105)
    assert broken(now=day_before) == []


def test_an_option_with_a_beamer_and_another_room_goes_to_who_asked_and_leaves_those(
    hub: Hub, area: tuple[Space, ...], anna: Who, bram: Who
) -> None:
    held = hold(area[1], anna, wish=Wish(rooms=(area[2],), extras=(beamer(hub),)))
    option = options.take(held, now=NOW)
    options.ask(option, party=bram[1], by=bram[0], now=NOW)
    assert broken() == []

    now = NOW + 2 * DAY + HOUR
    releasing.release_expired(now=now)
    given = Challenge.objects.get().given
    assert given is not None
    booked = reserving.confirm(given, now=now)

    assert broken(now=now) == []
    assert deeds.holders(area[1], MORNING, now=now) == [booked.holder]
    assert deeds.holders(area[2], MORNING, now=now) == []


def test_closing_half_a_meeting_area_and_then_all_ends_whatever_is_in_it(
    hub: Hub, area: tuple[Space, ...], anna: Who, bram: Who, director: User
) -> None:
    whole, half_a, half_b = area
    wanted = Wish(rooms=(half_b,), extras=(beamer(hub),))
    with_more = book(half_a, anna, between(f"{TUESDAY} 09:00", "10:00"), wish=wanted)
    option = deeds.option(whole, bram, between(f"{TUESDAY} 13:00", "14:00"))
    options.ask(fresh(option), party=anna[1], by=anna[0], now=NOW)
    held = deeds.hold(half_b, anna, between(f"{TUESDAY} 15:00", "16:00"))
    evenings = wish(
        half_a, bram, first=date(2026, 12, 1), last=date(2026, 12, 22), hours=(time(18), time(20))
    )
    series = made(evenings)

    closures = []
    for space in (half_b, None):
        closing = closing_hits.Wish(hub, space, between(f"{TUESDAY} 00:00", "24:00"), "Lekkage")
        seen = closing_hits.find(closing, now=NOW).keys
        closures.append(closing_off.close(closing, seen=seen, by=director, now=NOW))
        assert broken() == []

    assert fresh(with_more).state == BookingState.CANCELLED
    assert {fresh(option).state, fresh(held).state} == {BookingState.EXPIRED}
    assert not Challenge.objects.filter(ended_at=None).exists()
    assert series.bookings.filter(state=BookingState.CONFIRMED).count() == 3
    for closure in reversed(closures):
        closing_off.reopen(closure, now=NOW)
        assert broken() == []


def test_what_runs_gets_longer_and_shorter_with_its_beamer_though_the_other_beamer_is_lent(
    hub: Hub, area: tuple[Space, ...], anna: Who, bram: Who
) -> None:
    beamers = beamer(hub, pieces=2)
    ten = at(f"{TUESDAY} 09:10")
    booking = book(
        area[1], anna, between(f"{TUESDAY} 09:00", "10:00"), wish=Wish(rooms=(area[2],), extras=(beamers,))
    )
    other = cast.space(hub, "B02", kind=SpaceKind.MEETING_AREA)
    book(other, bram, between(f"{TUESDAY} 10:00", "11:00"), wish=Wish(extras=(beamers,)))
    arriving.check_in(booking, now=ten)

    longer = move(booking, period=between(f"{TUESDAY} 09:00", "11:00"), now=ten)
    assert longer.state == BookingState.ARRIVED
    move(booking, period=between(f"{TUESDAY} 09:00", "09:30"), now=ten + timedelta(minutes=10))

    with pytest.raises(TooLate):
        cancelling.cancel(fresh(booking), by=anna[0], now=ten)
