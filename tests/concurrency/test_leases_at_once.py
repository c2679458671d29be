"""Two leases for one room, a lease and a booking, two changes of one lease: at the same moment."""

import pytest

from bookings.models import Booking
from tenants.leases.contracts import drafts
from tenants.leases.contracts.refusals import LeaseRefused
from tenants.leases.models import Lease, LeaseDraft
from tests import cast
from tests.cast import NOW
from tests.concurrency.racing import overlaps, race
from tests.leases.agreeing import answers, draft, new, sign
from tests.presence.deeds import book

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(transactional_db):
    hub = cast.hub()
    hub.director, hub.room, hub.party = cast.staff(hub), cast.space(hub), cast.tenant(hub)[1]
    cast.rate(hub)
    return hub


def confirm(made: LeaseDraft, by) -> str:
    try:
        drafts.confirm(made, by=by, now=NOW)
    except LeaseRefused as refused:
        return type(refused).__name__
    return "stored"


def test_of_four_leases_for_one_room_one_is_stored(place):
    made = [
        new(place, answers(place.party, place.room, number=f"HC-{at}"), by=place.director) for at in range(4)
    ]

    outcomes = race(lambda client, _turn: confirm(made[client], place.director), clients=4, rounds=1)

    assert sorted(outcomes[0]) == ["InTheWay", "InTheWay", "InTheWay", "stored"]
    assert (Lease.objects.count(), overlaps()) == (1, 0)


def test_of_four_changes_of_one_lease_one_is_stored_and_the_others_are_told(place):
    lease = sign(place, answers(place.party, place.room), by=place.director)
    made = [
        draft(lease, "notice", by=place.director, starts_on="2027-01-01", notice_months=at + 1)
        for at in range(4)
    ]

    outcomes = race(lambda client, _turn: confirm(made[client], place.director), clients=4, rounds=1)

    assert sorted(outcomes[0]) == ["Overtaken", "Overtaken", "Overtaken", "stored"]
    assert lease.terms.count() == 2


def test_one_draft_pressed_by_four_is_one_lease(place):
    made = new(place, answers(place.party, place.room), by=place.director)

    outcomes = race(lambda _client, _turn: confirm(made, place.director), clients=4, rounds=1)

    assert outcomes[0] == ["stored"] * 4
    assert Lease.objects.count() == 1


def test_a_lease_and_a_booking_never_both_have_the_room(place):
    made = new(place, answers(place.party, place.room), by=place.director)

    def attempt(client: int, _turn: int) -> str:
        if client == 0:
            return confirm(made, place.director)
        try:
            book(place.room, "2027-01-12 09:00", name=f"Anna {client}")
        except Exception as refused:  # whoever was first
            return type(refused).__name__
        return "booked"

    outcomes = race(attempt, clients=3, rounds=1)

    stored, booked = outcomes[0].count("stored"), outcomes[0].count("booked")
    assert (stored, booked) in {(1, 0), (0, 1)}, outcomes
    assert (Lease.objects.count(), Booking.objects.filter(state="confirmed").count()) == (stored, booked)
    assert overlaps() == 0
