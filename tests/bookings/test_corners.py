"""The corners where a booking could go wrong: holds that ran out, prices that changed, keys used twice, midnights."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from bookings import allowance, arriving, cancelling, moving, releasing, reserving
from bookings.models import Booking
from bookings.refusals import FormUsed, NotToday, PriceChanged, TimeTaken
from bookings.states import BookingState
from spaces.models import Claim, Hub, Rate, Space
from spaces.periods import Period
from tenants.billing.models import Charge
from tenants.parties import visiting
from tenants.parties.models import Party, User
from tests import cast

pytestmark = pytest.mark.django_db
MORNING = cast.between("2026-11-24 08:00", "12:00")
AFTERNOON = cast.between("2026-11-24 13:00", "17:00")
LATER = cast.NOW + timedelta(minutes=30)


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def area(hub: Hub) -> tuple[Space, Space, Space]:
    rooms = cast.meeting_area(hub)
    for group in ("huurder", "zzp-zorg"):
        cast.rate(hub, group=group, kind="meeting_area", vat=21, per_hour=Decimal("20.00"))
    return rooms


@pytest.fixture
def ggd(hub: Hub) -> tuple[User, Party]:
    """A tenant whose lease includes four meeting hours a month."""
    user, party = cast.tenant(hub)
    cast.lease(party, included_hours=4)
    return user, party


def hold(space: Space, who: tuple[User, Party], period: Period = MORNING, **more: object) -> Booking:
    wish = {"party": who[1], "by": who[0], "contact": who[0], "key": uuid4(), "now": cast.NOW} | more
    return reserving.hold(space, period=period, **wish)  # type: ignore[arg-type]


def held(booking: Booking) -> list[str]:
    claims = Claim.objects.held_by(booking.holder).filter(active=True)
    return sorted(claims.values_list("space__code", flat=True))


def test_a_whole_of_which_somebody_took_a_half_is_not_booked_for_the_other_half(
    hub: Hub, area: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    whole = hold(area[0], ggd)
    half = hold(area[1], cast.zzper(hub), now=LATER)

    with pytest.raises(TimeTaken):
        reserving.confirm(whole, now=LATER)

    assert held(half) == ["B01A"]
    whole.refresh_from_db()
    assert whole.state != BookingState.CONFIRMED


def test_hours_given_back_by_a_hold_that_ran_out_are_not_spent_twice(
    area: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    first = hold(area[0], ggd)
    releasing.release_expired(now=LATER)
    second = reserving.confirm(hold(area[0], ggd, AFTERNOON, now=LATER), now=LATER)

    with pytest.raises(PriceChanged):
        reserving.confirm(first, now=LATER)

    first.refresh_from_db()
    assert (second.gross, first.state, first.included_hours) == (0, BookingState.HELD, 0)
    assert first.gross > 0
    booked = reserving.confirm(first, now=LATER)
    assert [charge.net for charge in Charge.objects.from_source(booked.holder)] == [booked.net]
    assert allowance.included(ggd[1], month=MORNING.start.date(), now=LATER).used == 4


def test_a_price_that_rose_after_the_hold_ended_is_shown_before_it_counts(hub: Hub) -> None:
    room, who = cast.space(hub), cast.zzper(hub)
    cast.rate(hub)
    booking = hold(room, who)
    releasing.release_expired(now=LATER)
    Rate.objects.update(per_day_part=Decimal("40.00"))

    with pytest.raises(PriceChanged):
        reserving.confirm(booking, now=LATER)
    booking.refresh_from_db()

    assert (booking.gross, held(booking)) == (Decimal("40.00"), ["B03"])
    assert reserving.confirm(booking, now=LATER).state == BookingState.CONFIRMED


def test_a_hold_that_ran_out_and_was_not_swept_uses_no_hours(
    area: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    hold(area[0], ggd)

    assert hold(area[0], ggd, AFTERNOON, now=LATER).gross == 0


def test_a_key_belongs_to_one_wish(hub: Hub) -> None:
    room, who, key = cast.space(hub), cast.zzper(hub), uuid4()
    cast.rate(hub)
    hold(room, who, key=key)

    with pytest.raises(FormUsed):
        hold(room, who, AFTERNOON, key=key)
    with pytest.raises(FormUsed):
        hold(room, cast.zzper(hub, "Bert Bos"), key=key)


def test_moving_and_cancelling_stop_when_the_price_is_not_what_was_shown(hub: Hub) -> None:
    room, who = cast.space(hub), cast.zzper(hub)
    cast.rate(hub)
    booking = reserving.confirm(hold(room, who), now=cast.NOW)
    wrong = Decimal("1.00")

    with pytest.raises(PriceChanged):
        moving.move(booking, space=room, period=AFTERNOON, by=who[0], sequence=0, agreed=wrong, now=cast.NOW)
    with pytest.raises(PriceChanged):
        cancelling.cancel(booking, by=who[0], agreed=wrong, now=cast.NOW)

    booking.refresh_from_db()
    assert (booking.state, booking.period) == (BookingState.CONFIRMED, MORNING)


def test_moving_late_to_an_earlier_time_counts_from_the_earlier_start(hub: Hub) -> None:
    room, who = cast.space(hub), cast.zzper(hub)
    cast.rate(hub)
    thursday = cast.between("2026-11-26 08:00", "12:00")
    booking = reserving.confirm(hold(room, who, thursday), now=cast.NOW)
    late = cast.at("2026-11-24 10:00")

    moved = moving.move(booking, space=room, period=AFTERNOON, by=who[0], sequence=0, now=late)
    missed = arriving.no_show(moved, now=AFTERNOON.start)

    assert moved.policy_starts_at == AFTERNOON.start
    assert (missed.cancellation_net, [charge.net for charge in Charge.objects.all()]) == (
        moved.net,
        [moved.net],
    )


def test_where_no_step_is_free_moving_in_time_takes_the_steps_along(hub: Hub) -> None:
    hub.cancellation_steps.all().delete()
    for hours, percentage in [(168, 10), (48, 50), (0, 75), (-1, 100)]:
        hub.cancellation_steps.create(hours_before=hours, percentage=percentage)
    room, who = cast.space(hub), cast.zzper(hub)
    cast.rate(hub)
    booking = reserving.confirm(hold(room, who, cast.between("2026-12-15 08:00", "12:00")), now=cast.NOW)

    january = cast.between("2027-01-19 08:00", "12:00")
    moved = moving.move(booking, space=room, period=january, by=who[0], sequence=0, now=cast.NOW)

    assert moved.policy_starts_at == january.start


def test_until_midnight_is_charged_to_the_day_it_began(hub: Hub) -> None:
    hub.opening_hours.update(closes="00:00")
    room, who = cast.space(hub), cast.zzper(hub)
    cast.rate(hub)

    booking = reserving.confirm(hold(room, who, cast.between("2026-11-30 22:00", "24:00")), now=cast.NOW)

    charge = Charge.objects.from_source(booking.holder).get()
    assert (charge.starts_on.isoformat(), charge.ends_on.isoformat()) == ("2026-11-30", "2026-11-30")
    assert charge.description["params"]["ends"] == "24:00"


def test_an_arrival_is_noted_on_the_day_itself(hub: Hub) -> None:
    room, who = cast.space(hub), cast.zzper(hub)
    cast.rate(hub)
    booking = reserving.confirm(hold(room, who), now=cast.NOW)

    with pytest.raises(NotToday):
        arriving.arrive(booking, now=cast.at("2026-11-23 23:59"))

    assert arriving.arrive(booking, now=cast.at("2026-11-24 07:30")).state == BookingState.ARRIVED


def test_a_hold_that_was_extended_meanwhile_is_not_swept_away(hub: Hub) -> None:
    room, who = cast.space(hub), cast.zzper(hub)
    cast.rate(hub)
    stale = hold(room, who)
    reserving.extend(stale, now=cast.NOW + timedelta(minutes=9))

    assert releasing._end(stale, run_out_by=cast.NOW + timedelta(minutes=10), now=cast.NOW) is False
    assert held(stale) == ["B03"]


def test_somebody_who_walks_in_again_may_leave_an_address(hub: Hub) -> None:
    first = visiting.welcome(hub, name="P. Jansen", phone="0612345678")

    again = visiting.welcome(hub, name="p. jansen", phone="0612345678", email="p@example.nl")

    assert (again.pk, again.email) == (first.pk, "p@example.nl")
