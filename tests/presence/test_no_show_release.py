"""A room that nobody comes to is free for others after its own minutes; care rooms keep waiting."""

from decimal import Decimal
from uuid import uuid4

import pytest

from bookings import arriving, reserving
from bookings.additions import Wish
from bookings.models import Booking
from bookings.refusals import CheckInClosed, GivenToOthers, RestTaken
from bookings.states import BookingState
from spaces.models import Claim, Extra, Hub, Space
from tenants.billing.models import Charge
from tenants.parties.models import Letter
from tests import cast
from tests.cast import NOW, at, between

pytestmark = pytest.mark.django_db(transaction=True)
START, RELEASE, END = at("2026-11-24 09:00"), at("2026-11-24 09:15"), at("2026-11-24 12:00")


@pytest.fixture
def hub() -> Hub:
    hub = cast.hub()
    cast.rate(hub)
    return hub


@pytest.fixture
def room(hub: Hub) -> Space:
    return cast.space(hub, release_after_minutes=15)


def book(
    room: Space, start: str = "2026-11-24 09:00", end: str = "12:00", name: str = "Anna de Vries"
) -> Booking:
    person, party = cast.zzper(room.hub, name)
    held = reserving.hold(
        room, period=between(start, end), party=party, by=person, contact=person, key=uuid4(), now=NOW
    )
    return reserving.confirm(held, now=NOW)


def now_in_ledger(booking: Booking) -> list[tuple]:
    claims = Claim.objects.filter(holder=booking.holder, active=True).order_by("starts_at")
    return [(claim.starts_at, claim.ends_at) for claim in claims]


def fresh(booking: Booking) -> Booking:
    return Booking.objects.with_everything().get(pk=booking.pk)


def test_the_rest_is_free_for_others_and_the_booker_is_told_what_it_costs(room: Space):
    booking = book(room)

    counts = [arriving.release_missed(now=moment) for moment in (at("2026-11-24 09:14"), RELEASE, RELEASE)]

    booking = fresh(booking)
    assert counts == [0, 1, 0]
    assert (booking.state, booking.released_at, booking.cancellation_net) == ("no_show", RELEASE, booking.net)
    assert now_in_ledger(booking) == [(START, RELEASE)]
    letter = Letter.objects.get(kind="booking_released")
    assert letter.subject == "Niet ingecheckt: Spreekkamer B03, dinsdag 24 november, 09:00–12:00"
    assert "Niet komen kost €\N{NO-BREAK SPACE}37,50 incl. btw" in letter.text
    assert [charge.net for charge in Charge.objects.all()] == [booking.net]
    other = book(room, "2026-11-24 09:15", "11:00", "Bram Visser")
    assert other.state == BookingState.CONFIRMED


def test_a_milder_last_step_is_charged_once(hub: Hub, room: Space):
    hub.cancellation_steps.filter(hours_before=-1).update(percentage=80)
    booking = book(room)

    arriving.release_missed(now=RELEASE)
    arriving.release_missed(now=at("2026-11-24 09:20"))

    assert [charge.net for charge in Charge.objects.all()] == [booking.net * 80 / 100]
    assert Letter.objects.filter(kind="booking_released").count() == 1


def test_a_care_room_waits_until_the_end(hub: Hub):
    booking = book(cast.space(hub))

    assert arriving.release_missed(now=at("2026-11-24 11:59")) == 0
    assert fresh(booking).state == BookingState.CONFIRMED


def test_who_checked_in_keeps_the_room(room: Space):
    booking = book(room)
    arriving.check_in(booking, now=at("2026-11-24 08:50"))

    assert arriving.release_missed(now=RELEASE) == 0
    assert now_in_ledger(booking) == [(START, END)]


def test_a_sweep_that_slept_releases_nothing_that_is_over(room: Space):
    book(room)

    assert arriving.release_missed(now=END) == 0


def test_reception_that_was_first_is_charged_no_second_time(room: Space):
    booking = book(room)
    arriving.no_show(booking, now=at("2026-11-24 09:05"))

    assert arriving.release_missed(now=RELEASE) == 1
    assert now_in_ledger(booking) == [(START, RELEASE)]
    assert [charge.net for charge in Charge.objects.all()] == [booking.net]


def test_here_after_all_gives_the_rest_back_while_it_is_free(hub: Hub, room: Space):
    hub.cancellation_steps.filter(hours_before=-1).update(percentage=80)
    booking = book(room)
    arriving.release_missed(now=RELEASE)

    for minute in ("09:20", "09:21"):
        arriving.arrive(booking, now=at(f"2026-11-24 {minute}"))

    booking = fresh(booking)
    assert (booking.state, booking.released_at, booking.cancellation_net) == ("arrived", None, None)
    assert now_in_ledger(booking) == [(START, END)]
    assert [charge.net for charge in Charge.objects.all()] == [booking.net]
    assert arriving.release_missed(now=at("2026-11-24 09:30")) == 0


def test_what_somebody_else_took_is_not_given_back_and_reception_hears_why(room: Space):
    booking = book(room)
    arriving.release_missed(now=RELEASE)
    book(room, "2026-11-24 10:00", "11:00", "Bram Visser")

    with pytest.raises(RestTaken):
        arriving.arrive(booking, now=at("2026-11-24 09:20"))

    assert fresh(booking).state == BookingState.NO_SHOW
    assert now_in_ledger(booking) == [(START, RELEASE)]


def test_a_whole_is_released_with_its_parts(hub: Hub):
    cast.rate(hub, kind="meeting_area")
    whole, half, _other = cast.meeting_area(hub)
    Space.objects.filter(pk=whole.pk).update(release_after_minutes=15)
    booking = book(whole)

    arriving.release_missed(now=RELEASE)

    assert now_in_ledger(booking) == [(START, RELEASE)] * 2
    assert book(half, "2026-11-24 10:00", "11:00", "Bram Visser").state == BookingState.CONFIRMED


def test_check_in_opens_some_minutes_before_the_start_and_closes_at_the_end(room: Space):
    booking = book(room)

    for moment in ("08:44", "12:00"):
        with pytest.raises(CheckInClosed):
            arriving.check_in(booking, now=at(f"2026-11-24 {moment}"))
    arrived = [arriving.check_in(booking, now=at(f"2026-11-24 {moment}")) for moment in ("08:45", "08:46")]

    assert [each.arrived_at for each in arrived] == [at("2026-11-24 08:45")] * 2


def test_who_comes_after_the_release_is_sent_to_reception(room: Space):
    booking = book(room)
    arriving.release_missed(now=RELEASE)

    with pytest.raises(GivenToOthers):
        arriving.check_in(booking, now=at("2026-11-24 09:16"))


def test_the_letter_names_all_that_not_coming_costs(hub: Hub):
    cast.rate(hub, kind="meeting_area")
    room = cast.space(hub, "B01", kind="meeting_area", release_after_minutes=15)
    coffee = Extra.objects.create(
        hub=hub, code="koffie", name_nl="Koffie", price=Decimal("10.00"), vat_rate=9, vat_treatment="service_own",
        vat_reason="eigen dienst",
    )  # fmt: skip
    person, party = cast.zzper(hub)
    held = reserving.hold(
        room, period=between("2026-11-24 09:00", "12:00"), party=party, by=person, contact=person, persons=2,
        wish=Wish(extras=(coffee,)), key=uuid4(), now=NOW,
    )  # fmt: skip
    reserving.confirm(held, now=NOW)

    arriving.release_missed(now=RELEASE)

    assert sorted(charge.net for charge in Charge.objects.all()) == [Decimal("10.00"), Decimal("37.50")]
    assert (
        "Niet komen kost €\N{NO-BREAK SPACE}48,40 incl. btw"
        in Letter.objects.get(kind="booking_released").text
    )
