"""Who works for the hub and also rents: on a page only the roles count for which it opens."""

import pytest
from django.test import Client

from bookings.models import Booking
from bookings.refusals import RuleBroken
from bookings.states import BookingState
from spaces.models import BookingRule
from tenants.parties.models import Role
from tests import cast
from tests.bookings import deeds, repeated
from tests.leases import half_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def henk():
    """The bookkeeper, who has a practice here as well; with the room of somebody else."""
    hub = cast.hub()
    cast.rate(hub)
    person, party = cast.zzper(hub, "Henk")
    cast.membership(person, hub, Role.BOOKKEEPER)
    client = Client()
    client.force_login(person)
    return client, (person, party), cast.space(hub), cast.zzper(hub, "Anna de Vries")


def test_a_bookkeeper_who_rents_cannot_change_what_others_booked(henk):
    client, _henk, room, anna = henk
    booking = deeds.book(room, anna)
    fields = {"kosten": "0", "volgnummer": booking.sequence}
    for page in ("annuleer", "gegevens", "verplaats", "verplaats/controleer"):
        assert client.post(f"/boeking/{booking.code}/{page}", fields).status_code in (404, 405)
    assert client.get(f"/boeking/{booking.code}/annuleer").status_code == 404
    assert deeds.fresh(booking).state == BookingState.CONFIRMED


def test_nor_stop_their_series_nor_give_their_half_days_back(henk):
    client, _henk, room, anna = henk
    series = repeated.made(repeated.wish(room, anna))
    fixed = half_days.arranged(anna[1], cast.space(room.hub, "B04"))
    dates = {"datum": f"{fixed.pk}@{half_days.start('2026-12-08').isoformat()}"}
    assert client.post(f"/reeks/{series.pk}/stop").status_code == 404
    assert client.post("/vast/geef-terug", dates).status_code == 404


def test_their_own_booking_is_theirs_and_the_menu_knows_both_roles(henk):
    client, who, room, _anna = henk
    booking = deeds.book(room, who)
    page = client.get(f"/boeking/{booking.code}/annuleer")
    assert page.status_code == 200
    assert 'href="/beheer"' in page.content.decode()


def test_a_bookkeeper_still_reads_every_booking(henk):
    client, _henk, room, anna = henk
    assert client.get(f"/boeking/{deeds.book(room, anna).code}").status_code == 200
    assert Booking.objects.count() == 1


def test_a_bookkeeper_who_rents_books_for_themselves_and_keeps_to_the_rules(henk):
    """Only reception and the director act for others: whoever keeps the books asks for approval like anybody."""
    client, who, room, _anna = henk
    room.needs_approval = True
    room.save()
    series = repeated.made(repeated.wish(room, who))
    asked = deeds.book(room, who, cast.between("2026-12-17 08:00", "12:00"))
    BookingRule.objects.create(hub=room.hub, may_book=False)
    page = client.get("/boek?dag=2026-12-15&deel=middag").content.decode()
    with pytest.raises(RuleBroken):
        deeds.hold(room, who, cast.between("2026-12-16 08:00", "12:00"))

    assert asked.state == BookingState.REQUESTED
    assert {row.state for row in series.bookings.all()} == {BookingState.REQUESTED}
    assert "Uw rol boekt geen ruimtes" not in page
    assert who[1].name in page or "Voor wie" not in page
