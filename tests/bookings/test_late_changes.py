"""What is given up when cancelling already costs money, and what it costs."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from bookings import cancelling, lessening, moving, reserving
from bookings.models import Booking
from bookings.refusals import AlreadyDone, NothingChanged, Overtaken, PriceChanged, RuleBroken
from bookings.terms import Terms
from spaces.models import Claim, Hub, Rate, RateGroup, Space
from spaces.periods import Period
from tenants.billing.models import Charge
from tenants.parties.models import Letter, Party, User
from tests import cast
from tests.billing import books

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
TUESDAY = "2026-11-24"
MORNING = cast.between(f"{TUESDAY} 08:00", "12:00")
ONE_HOUR = cast.between(f"{TUESDAY} 08:00", "09:00")
TWO_HOURS = cast.between(f"{TUESDAY} 08:00", "10:00")
IN_TIME = cast.NOW
HALF = cast.at("2026-11-23 07:00")
"""25 hours before: cancelling costs half."""
FULL = cast.at("2026-11-23 12:00")


@pytest.fixture
def hub() -> Hub:
    return books.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    cast.rate(hub)
    return cast.space(hub)


@pytest.fixture
def anna(hub: Hub) -> tuple[User, Party]:
    return cast.zzper(hub, **books.ADDRESS)


def book(room: Space, who: tuple[User, Party], period: Period = MORNING, *, now=cast.NOW) -> Booking:
    user, party = who
    held = reserving.hold(room, period=period, party=party, by=user, contact=user, key=uuid4(), now=now)
    return reserving.confirm(held, now=now)


def change(booking: Booking, period: Period, *, now, space: Space | None = None, **more) -> Booking:
    fresh = Booking.objects.with_everything().get(pk=booking.pk)
    return moving.move(
        fresh, space=space or fresh.space, period=period, by=fresh.booked_by, sequence=fresh.sequence, now=now,
        **more,
    )  # fmt: skip


def charged(booking: Booking) -> list[Decimal]:
    return [charge.net for charge in Charge.objects.of_family(booking.holder).order_by("pk")]


@pytest.mark.parametrize(
    ("moment", "owed"),
    [(IN_TIME, [D("12.50")]), (HALF, [D("12.50"), D("12.50")]), (FULL, [D("12.50"), D("25.00")])],
    ids=["free", "half", "full"],
)
def test_making_it_shorter_costs_what_cancelling_that_part_costs(
    room: Space, anna: tuple[User, Party], moment, owed: list[Decimal]
) -> None:
    booking = book(room, anna)

    planned = moving.plan(booking, space=room, period=ONE_HOUR, now=moment)
    changed = change(booking, ONE_HOUR, now=moment, agreed=planned.quote.gross)

    assert charged(booking) == owed
    assert (changed.net, changed.gross - booking.gross) == (sum(owed), planned.difference)
    assert planned.fee.net == sum(owed) - D("12.50")
    assert changed.period == ONE_HOUR


def test_nobody_dodges_the_fee_by_moving_to_less_first(room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna)

    shorter = change(booking, ONE_HOUR, now=FULL)
    cancelling.cancel(shorter, by=anna[0], now=FULL)

    assert sum(charged(booking)) == D("37.50")


def test_the_order_of_changes_makes_no_difference(room: Space, anna: tuple[User, Party]) -> None:
    at_once, in_steps = book(room, anna), book(cast.space(room.hub, "B09"), anna)

    change(at_once, TWO_HOURS, now=HALF)
    for period in (ONE_HOUR, TWO_HOURS, ONE_HOUR, TWO_HOURS):
        change(in_steps, period, now=HALF)

    assert charged(in_steps) == charged(at_once) == [D("25.00"), D("6.25")]


def test_making_it_long_again_gives_back_what_was_kept(room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna)

    change(booking, ONE_HOUR, now=FULL)
    back = change(booking, MORNING, now=FULL)

    assert charged(booking) == [D("37.50")]
    assert lessening.kept(back) == lessening.Kept(D("0.00"), D("0.00"))


def test_another_room_at_the_same_price_keeps_what_was_kept(room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna)
    change(booking, ONE_HOUR, now=HALF)

    for code in ("B08", "B09"):
        change(booking, ONE_HOUR, now=HALF, space=cast.space(room.hub, code))

    assert charged(booking) == [D("12.50"), D("12.50")]


def test_a_cheaper_room_is_given_up_in_part_too(room: Space, anna: tuple[User, Party]) -> None:
    cheap = cast.space(room.hub, "B09")
    cast.rate(room.hub, space=cheap, per_day_part=D("30.00"), per_hour=D("10.00"))
    booking = book(room, anna)

    change(booking, MORNING, space=cheap, now=HALF)

    assert charged(booking) == [D("30.00"), D("3.75")]


def test_the_reason_of_what_is_kept_is_on_the_charge(room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna)

    change(booking, ONE_HOUR, now=HALF)

    reason = Charge.objects.from_source(booking.holder).last().reason
    assert reason["text"].startswith("Of %(price)s that was given up")
    assert reason["params"] == {"price": "€\N{NO-BREAK SPACE}25,00"}


def test_a_taxed_room_keeps_its_own_vat(hub: Hub, anna: tuple[User, Party]) -> None:
    whole, _a, _b = cast.meeting_area(hub)
    cast.rate(hub, space=whole, vat=21, per_hour=D("27.50"), per_day_part=None, per_day=None)
    booking = book(whole, anna)

    changed = change(booking, ONE_HOUR, now=HALF)

    assert (changed.net, changed.vat, changed.gross) == (D("68.75"), D("14.44"), D("83.19"))


def test_the_house_asks_and_nothing_is_kept_and_the_steps_begin_anew(
    room: Space, anna: tuple[User, Party]
) -> None:
    booking = book(room, anna)
    next_month = cast.between("2026-12-15 08:00", "09:00")

    moved = change(booking, next_month, now=FULL, terms=Terms.HOUSE)

    assert charged(booking) == [D("12.50")]
    assert cancelling.plan(moved, now=FULL).free
    letter = Letter.objects.get(key=f"{booking.holder}:changed:1")
    assert "Wij vroegen om deze wijziging" in letter.text


def test_the_letter_tells_what_is_kept(room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna)

    change(booking, ONE_HOUR, now=HALF)

    letter = Letter.objects.get(key=f"{booking.holder}:changed:1")
    assert "€\N{NO-BREAK SPACE}12,50 voor het deel dat u teruggeeft" in letter.text
    assert "12,50 voor het deel dat u teruggeeft" in letter.html


@pytest.mark.parametrize("price", ["0.01", "24.99"])
def test_a_price_sent_by_the_browser_is_ignored_or_refused(
    room: Space, anna: tuple[User, Party], price: str
) -> None:
    """Edge case "a price sent by the browser is ignored": it only says what was seen."""
    booking = book(room, anna)

    with pytest.raises(PriceChanged):
        change(booking, TWO_HOURS, now=IN_TIME, agreed=D(price))

    assert charged(booking) == [D("37.50")]


def test_the_policy_counts_on_the_clock_over_the_night_that_the_clock_changes(
    room: Space, anna: tuple[User, Party]
) -> None:
    """Edge case "policy over DST": 48 hours before Monday 29 March 2027 09:00 is Saturday 09:00, 47 elapsed hours."""
    booked_on = cast.at("2027-03-20 12:00")
    deadline = cast.at("2027-03-27 09:00")
    monday = cast.between("2027-03-29 09:00", "12:00")
    shorter = Period(monday.start, monday.end - timedelta(hours=1))
    booking = book(room, anna, monday, now=booked_on)
    assert monday.start - deadline == timedelta(hours=47)

    in_time = moving.plan(booking, space=room, period=shorter, now=deadline)
    late = moving.plan(booking, space=room, period=shorter, now=deadline + timedelta(seconds=1))

    assert (in_time.fee.net, late.fee.net) == (D("0.00"), D("6.25"))


def test_a_price_list_that_changed_counts_for_a_change_and_not_for_who_leaves_it(
    hub: Hub, room: Space, anna: tuple[User, Party]
) -> None:
    """Edge case "price changes mid-period": what was agreed stays until the booking itself changes."""
    left, moved = book(room, anna), book(cast.space(hub, "B09"), anna)
    Rate.objects.filter(hub=hub).update(per_day_part=D("45.00"), per_hour=D("15.00"))

    changed = change(moved, cast.between(f"{TUESDAY} 13:00", "17:00"), now=IN_TIME)

    left.refresh_from_db()
    assert (left.net, changed.net) == (D("37.50"), D("45.00"))


def test_a_party_in_another_rate_group_pays_that_from_its_next_change_on(
    hub: Hub, room: Space, anna: tuple[User, Party]
) -> None:
    """Edge case "tenant changes mid-period"."""
    cast.rate(hub, group="huurder", per_day_part=D("30.00"), per_hour=D("10.00"))
    booking = book(room, anna)
    anna[1].rate_group = RateGroup.objects.get(hub=hub, code="huurder")
    anna[1].save()

    changed = change(booking, cast.between(f"{TUESDAY} 13:00", "17:00"), now=IN_TIME)

    assert (booking.net, changed.net) == (D("37.50"), D("30.00"))


def test_the_same_room_and_time_is_no_change(room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna)

    with pytest.raises(NothingChanged):
        change(booking, MORNING, now=IN_TIME)


def test_off_the_quarter_is_refused_also_when_it_gets_shorter(room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna)

    with pytest.raises(RuleBroken):
        change(booking, cast.between(f"{TUESDAY} 08:00", "09:07"), now=IN_TIME)


def test_who_saw_an_older_version_neither_moves_nor_cancels(room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna)
    change(booking, TWO_HOURS, now=IN_TIME)

    with pytest.raises(Overtaken):
        moving.move(booking, space=room, period=ONE_HOUR, by=anna[0], sequence=0, now=IN_TIME)
    with pytest.raises(Overtaken):
        cancelling.cancel(booking, by=anna[0], sequence=0, now=IN_TIME)

    assert charged(booking) == [D("25.00")]


def test_what_was_cancelled_or_missed_is_not_changed(room: Space, anna: tuple[User, Party]) -> None:
    booking = book(room, anna)
    cancelling.cancel(booking, by=anna[0], now=IN_TIME)

    with pytest.raises(AlreadyDone):
        change(booking, TWO_HOURS, now=IN_TIME, terms=Terms.HOUSE)
    assert not Claim.objects.filter(active=True).exists()
