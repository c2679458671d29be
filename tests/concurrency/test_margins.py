"""Two at once: neighbours that need time in between, the last beamer, and the last hours of a quota."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest

from bookings import reserving
from bookings.additions import Wish
from bookings.models import Booking
from bookings.refusals import AdditionRefused, RuleBroken
from spaces import claiming
from spaces.claiming import Margin
from spaces.models import BookingRule, Claim, Extra, Hub, Space, SpaceKind
from tests import cast
from tests.cast import NOW, between
from tests.concurrency.racing import guard_off, race, together, wide_window

pytestmark = pytest.mark.django_db(transaction=True)
DAY = "2026-11-24"
FIRST, SECOND = between(f"{DAY} 09:00", "10:00"), between(f"{DAY} 10:00", "11:00")
CLEANED = Margin(cleanup_minutes=15)
ROUNDS = 15


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


def neighbours(room: Space) -> int:
    """Both at once; how many of the rounds left a period in the other's margin."""
    wrong = 0
    for _round in range(ROUNDS):
        together([
            partial(
                claiming.take, [room], period=period, kind="booking", holder=f"booking:{uuid4()}", margin=CLEANED, now=NOW
            )
            for period in (FIRST, SECOND)
        ])  # fmt: skip
        wrong += Claim.objects.filter(active=True).count() > 1
        Claim.objects.all().delete()
    return wrong


def test_of_two_neighbours_that_need_time_in_between_one_wins(hub: Hub) -> None:
    room = cast.space(hub)

    with wide_window():
        assert neighbours(room) == 0


def test_with_the_lock_off_both_get_it_so_the_lock_is_what_guards_margins(hub: Hub) -> None:
    room = cast.space(hub)

    with guard_off(), wide_window():
        assert neighbours(room) > 0


def test_two_bookings_want_the_last_beamer_and_one_gets_it(hub: Hub) -> None:
    cast.rate(hub, group="huurder", kind=SpaceKind.MEETING_ROOM, vat=21)
    beamer = Extra.objects.create(
        hub=hub, code="beamer", name_nl="Beamer", price=Decimal(15), vat_rate=21, vat_treatment="service_own",
        vat_reason="eigen dienst",
    )  # fmt: skip
    cast.space(
        hub,
        "BM1",
        kind=SpaceKind.EQUIPMENT,
        extra=beamer,
        area_m2=0,
        capacity=None,
        bookable=False,
        lettable=False,
    )
    rooms = [cast.space(hub, f"M{number}", kind=SpaceKind.MEETING_ROOM) for number in range(2)]
    people = [cast.tenant(hub, f"Huurder {number}") for number in range(2)]

    def attempt(client: int, turn: int) -> str:
        period = between(f"2026-11-{23 + turn} 09:00", "10:00")
        user, party = people[client]
        space = Space.objects.select_related("hub").get(pk=rooms[client].pk)
        try:
            reserving.hold(
                space, period=period, party=party, by=user, wish=Wish(extras=(beamer,)), key=uuid4(), now=NOW
            )
        except AdditionRefused:
            return "refused"
        return "held"

    outcomes = race(attempt, clients=2, rounds=5)

    assert [sorted(outcome) for outcome in outcomes] == [["held", "refused"]] * 5


def test_two_bookings_want_the_last_hours_of_a_quota_and_one_gets_them(hub: Hub) -> None:
    cast.rate(hub)
    BookingRule.objects.create(hub=hub, party_week_hours=1)
    rooms = [cast.space(hub, f"B{number}") for number in range(2)]
    user, party = cast.zzper(hub)

    def attempt(client: int, turn: int) -> str:
        period = between(
            f"{datetime(2026, 11, 23, tzinfo=UTC).date()} {9 + client:02}:00", f"{10 + client:02}:00"
        )
        space = Space.objects.select_related("hub").get(pk=rooms[client].pk)
        try:
            reserving.hold(space, period=period, party=party, by=user, key=uuid4(), now=NOW)
        except RuleBroken:
            return "refused"
        return "held"

    outcomes = race(attempt, clients=2, rounds=1)

    assert [sorted(outcome) for outcome in outcomes] == [["held", "refused"]]
    assert Booking.objects.count() == 1
