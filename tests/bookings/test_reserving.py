"""Holding and booking a room: who was first has it, and keeps it."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from bookings import releasing, reserving
from bookings.models import Booking
from bookings.refusals import (
    AdditionRefused,
    AlreadyDone,
    InThePast,
    NotAllowedToBook,
    NotBookable,
    OffHours,
    RuleBroken,
    TimeTaken,
    Unpriced,
)
from bookings.states import BookingState
from spaces.models import Claim, Hub, Space
from spaces.periods import Period
from tenants.billing.models import Charge
from tenants.parties.models import Letter, Party, PartyState, User
from tests import cast

pytestmark = pytest.mark.django_db
TUESDAY = "2026-11-24"
MORNING = cast.between(f"{TUESDAY} 08:00", "12:00")


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    cast.rate(hub)
    return cast.space(hub)


@pytest.fixture
def dietitian(hub: Hub) -> tuple[User, Party]:
    return cast.zzper(hub)


def hold(room: Space, who: tuple[User, Party], period: Period = MORNING, **more: object) -> Booking:
    user, party = who
    wish = {"party": party, "by": user, "contact": user, "key": uuid4(), "now": cast.NOW} | more
    return reserving.hold(room, period=period, **wish)


def book(room: Space, who: tuple[User, Party], period: Period = MORNING) -> Booking:
    return reserving.confirm(hold(room, who, period), now=cast.NOW)


def in_force(booking: Booking) -> list[tuple[str, str]]:
    claims = Claim.objects.held_by(booking.holder).filter(active=True).order_by("space__code")
    return list(claims.values_list("space__code", "kind"))


def test_a_hold_keeps_the_room_for_ten_minutes_and_knows_its_price(
    room: Space, dietitian: tuple[User, Party]
) -> None:
    booking = hold(room, dietitian)

    assert (booking.state, booking.held_until) == (BookingState.HELD, cast.NOW + timedelta(minutes=10))
    assert (booking.net, booking.vat, booking.gross) == (Decimal("37.50"), Decimal("0.00"), Decimal("37.50"))
    assert in_force(booking) == [("B03", "hold")]
    assert not Charge.objects.exists()


@pytest.mark.parametrize(("persons", "fits"), [(None, True), (4, True), (5, False)])
def test_nobody_holds_a_room_for_more_persons_than_it_has_room_for(room, dietitian, persons, fits) -> None:
    if fits:
        assert hold(room, dietitian, persons=persons).persons == persons
        return
    with pytest.raises(AdditionRefused):
        hold(room, dietitian, persons=persons)
    assert not Booking.objects.exists()


def test_booking_makes_the_claim_lasting_owes_one_charge_and_one_letter(
    room: Space, dietitian: tuple[User, Party]
) -> None:
    booking = hold(room, dietitian)

    booked = [reserving.confirm(booking, title="Diëtiste", now=cast.NOW) for _twice in range(2)]

    assert [it.state for it in booked] == [BookingState.CONFIRMED] * 2
    assert in_force(booking) == [("B03", "booking")]
    assert [(charge.source, charge.net, charge.starts_on.isoformat()) for charge in Charge.objects.all()] == [
        (booking.holder, Decimal("37.50"), TUESDAY)
    ]
    letter = Letter.objects.get()
    assert (letter.key, letter.to_email) == (f"{booking.holder}:confirmed", dietitian[0].email)
    assert letter.subject.startswith("Geboekt: Spreekkamer B03, dinsdag 24 november")
    assert [file.name for file in letter.attachments.all()] == [f"{booking.code}.ics"]


def test_the_same_key_twice_is_one_booking(room: Space, dietitian: tuple[User, Party]) -> None:
    key = uuid4()

    first, second = (hold(room, dietitian, key=key) for _twice in range(2))

    assert first.pk == second.pk
    assert Booking.objects.count() == 1


def test_who_comes_second_gets_the_nearest_alternatives(
    room: Space, hub: Hub, dietitian: tuple[User, Party]
) -> None:
    cast.space(hub, "B04")
    hold(room, dietitian)

    with pytest.raises(TimeTaken) as refused:
        hold(room, cast.zzper(hub, "Bert Bos"))

    first = refused.value.alternatives[0]
    assert (first.space.code, first.period) == ("B04", MORNING)
    assert any(offer.space == room for offer in refused.value.alternatives)


def test_bookings_may_touch(room: Space, dietitian: tuple[User, Party]) -> None:
    book(room, dietitian, cast.between(f"{TUESDAY} 08:00", "10:00"))

    book(room, dietitian, cast.between(f"{TUESDAY} 10:00", "12:00"))

    assert Booking.objects.booked().count() == 2


def test_the_whole_and_its_halves_exclude_each_other_and_the_halves_do_not(
    hub: Hub, dietitian: tuple[User, Party]
) -> None:
    whole, half_a, half_b = cast.meeting_area(hub)
    cast.rate(hub, kind="meeting_area", vat=21)
    book(half_a, dietitian)
    book(half_b, dietitian)

    with pytest.raises(TimeTaken):
        book(whole, dietitian)
    afternoon = cast.between(f"{TUESDAY} 13:00", "17:00")
    assert in_force(book(whole, dietitian, afternoon)) == [("B01A", "booking"), ("B01B", "booking")]
    with pytest.raises(TimeTaken):
        book(half_b, dietitian, afternoon)


def test_a_hold_that_ran_out_is_free_for_others(room: Space, hub: Hub, dietitian: tuple[User, Party]) -> None:
    late = hold(room, dietitian)
    after = cast.NOW + timedelta(minutes=11)

    other = hold(room, cast.zzper(hub, "Bert Bos"), now=after)

    assert other.state == BookingState.HELD
    with pytest.raises(TimeTaken):
        reserving.confirm(late, now=after)


def test_a_hold_that_ran_out_is_still_booked_while_nobody_else_came(
    room: Space, dietitian: tuple[User, Party]
) -> None:
    booking = hold(room, dietitian)
    after = cast.NOW + timedelta(minutes=30)
    assert releasing.release_expired(now=after) == 1
    assert in_force(booking) == []

    booked = reserving.confirm(booking, now=after)

    assert booked.state == BookingState.CONFIRMED
    assert in_force(booking) == [("B03", "booking")]


def test_expired_holds_are_released_once(room: Space, dietitian: tuple[User, Party]) -> None:
    hold(room, dietitian)
    after = cast.NOW + timedelta(minutes=10)

    assert [releasing.release_expired(now=moment) for moment in (cast.NOW, after, after)] == [0, 1, 0]


def test_a_hold_is_extended_once(room: Space, dietitian: tuple[User, Party]) -> None:
    booking = hold(room, dietitian)
    later = cast.NOW + timedelta(minutes=9)

    extended = reserving.extend(booking, now=later)

    assert extended.held_until == later + timedelta(minutes=10)
    assert Claim.objects.get().expires_at == extended.held_until
    with pytest.raises(AlreadyDone):
        reserving.extend(booking, now=later)


def test_a_hold_that_ran_out_is_not_extended(room: Space, dietitian: tuple[User, Party]) -> None:
    booking = hold(room, dietitian)

    with pytest.raises(AlreadyDone):
        reserving.extend(booking, now=cast.NOW + timedelta(minutes=10))


@pytest.mark.parametrize(
    ("period", "refusal"),
    [
        (cast.between("2026-11-20 08:00", "12:00"), InThePast),
        (cast.between(f"{TUESDAY} 06:00", "09:00"), OffHours),
        (cast.between("2026-11-22 09:00", "12:00"), OffHours),
        (cast.between(f"{TUESDAY} 09:05", "10:00"), RuleBroken),
        (cast.between("2027-11-23 09:00", "12:00"), RuleBroken),
    ],
)
def test_a_time_that_cannot_be_is_refused(
    room: Space, dietitian: tuple[User, Party], period: Period, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        hold(room, dietitian, period)
    assert not Booking.objects.exists()
    assert not Claim.objects.exists()


def test_an_applicant_cannot_book(room: Space, hub: Hub, dietitian: tuple[User, Party]) -> None:
    user, party = dietitian
    party.state = PartyState.APPLIED

    with pytest.raises(NotAllowedToBook):
        hold(room, (user, party))


def test_a_room_that_is_not_for_booking_or_of_another_hub_is_refused(
    hub: Hub, dietitian: tuple[User, Party]
) -> None:
    for room in (cast.space(hub, "B15", bookable=False), cast.space(cast.hub("elders"), "X1")):
        with pytest.raises(NotBookable):
            hold(room, dietitian)


def test_a_room_without_a_price_says_so(hub: Hub, dietitian: tuple[User, Party]) -> None:
    with pytest.raises(Unpriced):
        hold(cast.space(hub), dietitian)


def test_letting_go_frees_the_room_at_once(room: Space, hub: Hub, dietitian: tuple[User, Party]) -> None:
    releasing.let_go(hold(room, dietitian), now=cast.NOW)

    assert hold(room, cast.zzper(hub, "Bert Bos")).state == BookingState.HELD


def test_letting_go_of_a_booking_leaves_it(room: Space, dietitian: tuple[User, Party]) -> None:
    booking = book(room, dietitian)

    releasing.let_go(booking, now=cast.NOW)

    assert in_force(booking) == [("B03", "booking")]
