"""Give back, book and take back at the same moment: one of them has the room, never two."""

from uuid import uuid4

import pytest

from bookings import reserving
from bookings.refusals import BookingRefused
from spaces.models import Claim
from spaces.periods import Period
from tenants.leases import giving, invariants
from tenants.leases.models import FixedDayPart
from tenants.leases.refusals import FixedRefused
from tenants.parties.models import Party, User
from tests import cast
from tests.cast import NOW
from tests.concurrency.racing import overlaps, race
from tests.leases.half_days import arranged

ROUNDS, CLIENTS = 12, 4
pytestmark = pytest.mark.django_db(transaction=True)


def test_give_back_book_and_take_back_at_once_leave_one_with_the_room():
    """Client 0 gives the date back, two others want to book it, the last one wants it back."""
    hub = cast.hub()
    cast.rate(hub)
    anna, party = cast.zzper(hub)
    fixed = arranged(party, cast.space(hub))
    others = [cast.zzper(hub, name) for name in ("Bram Visser", "Cees Bos")]
    dates = sorted(Claim.objects.held_by(fixed.holder).values_list("starts_at", "ends_at"))[:ROUNDS]
    periods = [Period(starts, ends) for starts, ends in dates]

    def attempt(client: int, turn: int) -> str:
        date = periods[turn].start
        try:
            if client == 0:
                giving.give_back([(fixed, date)], by=anna, now=NOW)
                return "gave"
            if client == CLIENTS - 1:
                return "took back" if giving.take_back([(fixed, date)], now=NOW) else "had it"
            return book(fixed, others[client - 1], periods[turn])
        except (BookingRefused, FixedRefused) as refused:
            return type(refused).__name__

    outcomes = race(attempt, clients=CLIENTS, rounds=ROUNDS)

    assert not [each for turn in outcomes for each in turn if each.startswith("error")]
    assert overlaps() == 0
    for turn, period in zip(outcomes, periods, strict=True):
        holders = set(
            Claim.objects.filter(active=True, starts_at=period.start).values_list("holder", flat=True)
        )
        assert turn.count("booked") <= 1
        assert len(holders) <= 1
        assert ("booked" in turn) == any(holder.startswith("booking:") for holder in holders)
    assert invariants.broken(now=NOW) == []


def book(fixed: FixedDayPart, who: tuple[User, Party], period: Period) -> str:
    user, party = who
    held = reserving.hold(fixed.space, period=period, party=party, by=user, key=uuid4(), now=NOW)
    reserving.confirm(held, now=NOW)
    return "booked"


def test_of_those_who_want_a_date_given_back_exactly_one_has_it():
    """It lies free: two book it and its holder takes it back; one wins."""
    hub = cast.hub()
    cast.rate(hub)
    anna, party = cast.zzper(hub)
    fixed = arranged(party, cast.space(hub))
    others = [cast.zzper(hub, name) for name in ("Bram Visser", "Cees Bos")]
    dates = sorted(Claim.objects.held_by(fixed.holder).values_list("starts_at", "ends_at"))[:ROUNDS]
    giving.give_back([(fixed, starts) for starts, _ends in dates], by=anna, now=NOW)

    def attempt(client: int, turn: int) -> str:
        starts, ends = dates[turn]
        try:
            if client == 2:
                return "won" if giving.take_back([(fixed, starts)], now=NOW) else "nothing"
            book(fixed, others[client], Period(starts, ends))
        except (BookingRefused, FixedRefused):
            return "refused"
        return "won"

    outcomes = race(attempt, clients=3, rounds=ROUNDS)

    assert [turn.count("won") for turn in outcomes] == [1] * ROUNDS
    assert overlaps() == 0
    assert invariants.broken(now=NOW) == []
