"""Saying something else of a booking, with what goes along: its price, its margins, and who was first."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bookings import describing, moving, reserving
from bookings.additions import Wish
from bookings.describing import Details
from bookings.models import Booking
from bookings.refusals import AdditionRefused, AlreadyDone, Overtaken, PriceChanged, TooLate
from bookings.terms import Terms
from spaces.models import Claim, Hub, Layout, Space, SpaceLayout
from spaces.periods import Period
from tenants.billing.models import Charge
from tenants.parties.models import Party, User
from tests.bookings.test_additions import MORNING, TUESDAY, area, coffee, ggd, hold, hub
from tests.cast import NOW, at, between

__all__ = ["area", "ggd", "hub"]
pytestmark = pytest.mark.django_db
D = Decimal
KITCHEN_KNOWS = at("2026-11-23 12:00")
"""Less than a day before: coffee for so many has been ordered."""


@pytest.fixture
def booking(hub: Hub, area: tuple[Space, ...], ggd: tuple[User, Party]) -> Booking:
    """Half A for ten, with coffee."""
    SpaceLayout.objects.create(space=area[1], layout=Layout.THEATRE, capacity=20, setup_minutes=30)
    wish = Wish(extras=(coffee(hub),))
    return reserving.confirm(hold(area[1], ggd, persons=10, title="GGD", wish=wish), now=NOW)


def charged(booking: Booking) -> list[Decimal]:
    return [charge.net for charge in Charge.objects.from_source(booking.holder).order_by("position")]


def test_coffee_for_more_costs_more_and_that_has_to_have_been_seen(booking: Booking) -> None:
    wanted = Details("GGD", 12, "")
    along, _there = describing.plan(booking, wanted, now=NOW)
    total = booking.total + along.difference

    with pytest.raises(PriceChanged):
        describing.describe(booking, wanted, sequence=0, agreed=booking.total, now=NOW)
    done = describing.describe(booking, wanted, sequence=0, agreed=total, now=NOW)

    assert along.difference == D("5.45")
    assert (done.persons, done.total, charged(booking)) == (12, total, [D("40.00"), D("30.00")])


def test_what_the_kitchen_knows_only_reception_can_change(booking: Booking) -> None:
    wanted = Details("GGD", 8, "")

    with pytest.raises(AdditionRefused, match="te laat"):
        describing.describe(booking, wanted, sequence=0, now=KITCHEN_KNOWS)
    done = describing.describe(booking, wanted, terms=Terms.DESK, sequence=0, now=KITCHEN_KNOWS)

    assert charged(done) == [D("40.00"), D("20.00")]


def test_what_is_counted_per_person_needs_a_number(booking: Booking) -> None:
    with pytest.raises(AdditionRefused):
        describing.describe(booking, Details("GGD", None, ""), sequence=0, now=NOW)


def test_a_layout_is_set_up_in_time_that_others_cannot_have(
    booking: Booking, ggd: tuple[User, Party]
) -> None:
    done = describing.describe(booking, Details("GGD", 10, "theatre"), sequence=0, now=NOW)

    assert (done.layout, done.setup_minutes) == ("theatre", 30)
    assert Claim.objects.get(active=True).setup_minutes == 30


def test_a_layout_without_time_to_set_it_up_is_refused_and_nothing_changes(
    booking: Booking, ggd: tuple[User, Party]
) -> None:
    before = Period(MORNING.start - timedelta(hours=1), MORNING.start)
    reserving.confirm(hold(booking.space, ggd, period=before), now=NOW)

    with pytest.raises(AdditionRefused, match="geen tijd"):
        describing.describe(booking, Details("GGD", 10, "theatre"), sequence=0, now=NOW)

    booking.refresh_from_db()
    assert (booking.layout, booking.setup_minutes, booking.sequence) == ("", 0, 0)


def test_the_same_again_changes_nothing_and_who_is_second_sees_it(booking: Booking) -> None:
    wanted = Details("Overleg", 10, "")
    for _twice in range(2):
        done = describing.describe(booking, wanted, sequence=0, now=NOW)
    assert done.sequence == 1

    with pytest.raises(Overtaken):
        describing.describe(booking, Details("Anders", 10, ""), sequence=0, now=NOW)


def test_what_is_over_or_cancelled_keeps_what_it_said(booking: Booking) -> None:
    with pytest.raises(TooLate):
        describing.describe(booking, Details("Later", 10, ""), sequence=0, now=MORNING.end)
    Booking.objects.filter(pk=booking.pk).update(state="no_show")
    with pytest.raises(AlreadyDone):
        describing.describe(booking, Details("Later", 10, ""), sequence=0, now=NOW)


def test_giving_up_part_of_two_rooms_late_costs_its_share_of_both(
    area: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    _whole, half_a, half_b = area
    booking = reserving.confirm(hold(half_a, ggd, wish=Wish(rooms=(half_b,))), now=NOW)
    half_price = MORNING.start - timedelta(hours=30)

    shorter = moving.move(
        booking,
        space=half_a,
        period=between(f"{TUESDAY} 09:00", "10:00"),
        by=ggd[0],
        sequence=0,
        now=half_price,
    )

    assert charged(booking) == [D("20.00"), D("20.00"), D("20.00")]
    assert shorter.total == D("72.60")
