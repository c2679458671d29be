"""Layouts, extras and other rooms: with the room or not at all, and what they cost when it does not take place."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from bookings import additions, cancelling, moving, reserving
from bookings.additions import Wish
from bookings.models import Booking
from bookings.refusals import AdditionRefused, TimeTaken
from spaces import claiming
from spaces.models import Claim, Extra, Hub, Space, SpaceKind, SpaceLayout
from spaces.money import VatTreatment
from spaces.periods import Period
from tenants.billing.models import Charge
from tenants.parties.models import Party, User
from tests import cast
from tests.cast import NOW, between

pytestmark = pytest.mark.django_db
TUESDAY = "2026-11-24"
BY_THE_HOUR: dict[str, None] = {"per_day_part": None, "per_day": None}
MORNING = between(f"{TUESDAY} 09:00", "11:00")


@pytest.fixture
def hub() -> Hub:
    hub = cast.hub()
    cast.rate(
        hub, group="huurder", kind=SpaceKind.MEETING_AREA, vat=21, per_hour=Decimal("20.00"), **BY_THE_HOUR
    )
    return hub


@pytest.fixture
def area(hub: Hub) -> tuple[Space, Space, Space]:
    return cast.meeting_area(hub)


@pytest.fixture
def ggd(hub: Hub) -> tuple[User, Party]:
    return cast.tenant(hub)


def hold(space: Space, who: tuple[User, Party], *, period: Period = MORNING, **fields: object) -> Booking:
    return reserving.hold(space, period=period, party=who[1], by=who[0], key=uuid4(), now=NOW, **fields)


def coffee(hub: Hub, **fields: object) -> Extra:
    defaults = {"per": Extra.Per.PERSON, "price": Decimal("2.50"), "lead_minutes": 24 * 60, "vat_rate": 9}
    return extra(hub, "koffie", "Koffie", **defaults | fields)


def beamer(hub: Hub, *, pieces: int = 1, **fields: object) -> Extra:
    row = extra(hub, "beamer", "Beamer", price=Decimal("15.00"), vat_rate=21, **fields)
    for number in range(pieces):
        cast.space(
            hub, f"BM{number}", name=f"Beamer {number}", kind=SpaceKind.EQUIPMENT, area_m2=0, capacity=None,
            bookable=False, lettable=False, extra=row,
        )  # fmt: skip
    return row


def extra(hub: Hub, code: str, name: str, **fields: object) -> Extra:
    return Extra.objects.create(
        hub=hub,
        code=code,
        name_nl=name,
        vat_treatment=VatTreatment.SERVICE_OWN,
        vat_reason="eigen dienst",
        **fields,
    )


def claimed(booking: Booking) -> set[str]:
    claims = Claim.objects.filter(holder=booking.holder, active=True)
    return set(claims.values_list("space__code", flat=True))


def charged(booking: Booking) -> list[tuple[Decimal, Decimal]]:
    charges = Charge.objects.filter(source=booking.holder).order_by("position")
    return [(charge.net, charge.vat_rate) for charge in charges]


def test_room_other_half_and_beamer_are_taken_together_and_each_has_its_own_vat(
    hub: Hub, area: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    _whole, half_a, half_b = area
    wish = Wish(extras=(coffee(hub), beamer(hub)), rooms=(half_b,))

    booking = reserving.confirm(hold(half_a, ggd, persons=10, wish=wish), now=NOW)

    assert claimed(booking) == {"B01A", "B01B", "BM0"}
    assert charged(booking) == [(40, 21), (40, 21), (25, 9), (15, 21)]
    assert booking.gross == Decimal("48.40")
    assert booking.total == Decimal("48.40") * 2 + Decimal("27.25") + Decimal("18.15")


def test_the_last_beamer_is_lent_once_and_then_nothing_is_booked(
    hub: Hub, area: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    _whole, half_a, half_b = area
    wish = Wish(extras=(beamer(hub, pieces=2),))
    first = hold(half_a, ggd, wish=wish)
    room = cast.space(hub, "B02", kind=SpaceKind.MEETING_AREA)
    second = hold(half_b, ggd, wish=wish)

    with pytest.raises(AdditionRefused, match="alles is dan al uitgeleend"):
        hold(room, ggd, wish=wish)

    assert claimed(first) | claimed(second) == {"B01A", "B01B", "BM0", "BM1"}
    assert Booking.objects.count() == 2
    assert not Claim.objects.filter(space=room).exists()


def test_another_room_that_is_taken_is_named_and_nothing_is_booked(
    hub: Hub, area: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    _whole, half_a, half_b = area
    hold(half_b, ggd)

    with pytest.raises(AdditionRefused, match="Ontmoetingsruimte B is dan niet vrij"):
        hold(half_a, ggd, wish=Wish(rooms=(half_b,)))

    assert Booking.objects.count() == 1


def test_a_part_of_what_is_booked_is_no_other_room(
    hub: Hub, area: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    whole, half_a, _half_b = area

    with pytest.raises(AdditionRefused, match="hoort al bij"):
        hold(whole, ggd, wish=Wish(rooms=(half_a,)))


def test_a_layout_has_its_own_number_of_persons_and_time_to_set_up(
    hub: Hub, area: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    whole, half_a, _half_b = area
    Space.objects.filter(pk=whole.pk).update(setup_minutes=10, cleanup_minutes=15)
    whole.refresh_from_db()
    SpaceLayout.objects.create(space=whole, layout="theatre", capacity=50, setup_minutes=30)

    with pytest.raises(AdditionRefused, match="50"):
        hold(whole, ggd, persons=51, wish=Wish(layout="theatre"))
    with pytest.raises(AdditionRefused, match="carré"):
        hold(whole, ggd, wish=Wish(layout="square"))
    booking = hold(whole, ggd, persons=50, wish=Wish(layout="theatre"))

    assert (booking.layout, booking.setup_minutes, booking.cleanup_minutes) == ("theatre", 40, 15)
    with pytest.raises(TimeTaken):
        hold(half_a, ggd, period=between(f"{TUESDAY} 08:00", "08:30"))
    assert hold(half_a, ggd, period=between(f"{TUESDAY} 11:15", "12:15"))


def test_what_is_served_has_to_be_ordered_in_time_and_for_persons(
    hub: Hub, area: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    drinks = coffee(hub, lead_minutes=4 * 24 * 60)

    with pytest.raises(AdditionRefused, match="te laat"):
        hold(area[0], ggd, persons=3, wish=Wish(extras=(drinks,)))
    drinks.lead_minutes = 0
    with pytest.raises(AdditionRefused, match="aantal personen"):
        hold(area[0], ggd, wish=Wish(extras=(drinks,)))


def test_cancelling_in_time_costs_nothing_and_too_late_what_was_being_made(
    hub: Hub, area: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    _whole, half_a, half_b = area
    wish = Wish(extras=(coffee(hub), beamer(hub)), rooms=(half_b,))
    booking = reserving.confirm(hold(half_a, ggd, persons=10, wish=wish), now=NOW)
    late = MORNING.start - timedelta(hours=23)

    in_time = cancelling.plan(booking, now=NOW)
    planned = cancelling.plan(booking, now=late)
    cancelling.cancel(booking, by=ggd[0], agreed=planned.fee.gross, now=late)

    assert (in_time.free, in_time.back) == (True, booking.total)
    assert planned.fee.gross == Decimal("48.40") * 2 + Decimal("27.25")
    assert charged(booking) == [(40, 21), (40, 21), (25, 9)]
    assert claimed(booking) == set()


def test_a_move_takes_all_along_at_the_price_of_the_new_time(
    hub: Hub, area: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    _whole, half_a, half_b = area
    wish = Wish(extras=(beamer(hub, pieces=2, per=Extra.Per.HOUR),), rooms=(half_b,))
    booking = reserving.confirm(hold(half_a, ggd, wish=wish), now=NOW)
    later = between(f"{TUESDAY} 13:00", "16:00")
    other = cast.space(hub, "B02", kind=SpaceKind.MEETING_AREA)
    hold(other, ggd, period=later, wish=Wish(extras=wish.extras))

    moved = moving.move(booking, space=half_a, period=later, by=ggd[0], sequence=0, now=NOW)

    assert claimed(moved) == {"B01A", "B01B", "BM1"}
    assert charged(moved) == [(60, 21), (60, 21), (45, 21)]
    assert moved.total == Decimal("72.60") * 2 + Decimal("54.45")


def test_a_move_is_refused_with_what_cannot_come_along(
    hub: Hub, area: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    _whole, half_a, half_b = area
    booking = reserving.confirm(hold(half_a, ggd, wish=Wish(rooms=(half_b,))), now=NOW)
    later = between(f"{TUESDAY} 13:00", "16:00")
    claiming.take([half_b], period=later, kind="booking", holder="booking:other", now=NOW)

    with pytest.raises(AdditionRefused, match="Ontmoetingsruimte B is dan niet vrij"):
        moving.move(booking, space=half_a, period=later, by=ggd[0], sequence=0, now=NOW)

    assert claimed(booking) == {"B01A", "B01B"}


def test_a_hold_that_ran_out_takes_everything_again(
    hub: Hub, area: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    booking = hold(area[1], ggd, wish=Wish(rooms=(area[2],)))
    later = NOW + timedelta(hours=1)

    confirmed = reserving.confirm(booking, now=later)

    assert claimed(confirmed) == {"B01A", "B01B"}
    assert len(additions.of(confirmed)) == 1
