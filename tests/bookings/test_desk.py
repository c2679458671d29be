"""Reception has the day: who is where, who walks in, who came."""

from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bookings import reserving
from bookings.models import Booking
from bookings.states import BookingState
from spaces.models import Hub, Space
from tenants.billing.models import Charge
from tenants.parties.models import Letter, Party, Role
from tests import cast

pytestmark = pytest.mark.django_db
MONDAY = "2026-11-23"


@pytest.fixture(autouse=True)
def monday_morning() -> object:
    with time_machine.travel(cast.at(f"{MONDAY} 10:20"), tick=False):
        yield


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    cast.rate(hub)
    cast.rate(hub, group="extern", per_hour="17.50", per_day_part="52.50", per_day="95.00")
    return cast.space(hub)


@pytest.fixture
def reception(hub: Hub, client: Client) -> Client:
    client.force_login(cast.staff(hub, Role.RECEPTION))
    return client


def a_booking(
    room: Space, start: str = f"{MONDAY} 09:00", end: str = "12:00", name: str = "Anna de Vries"
) -> Booking:
    person, party = cast.zzper(room.hub, name)
    held = reserving.hold(
        room,
        period=cast.between(start, end),
        party=party,
        by=person,
        contact=person,
        key=uuid4(),
        now=cast.NOW,
    )
    return reserving.confirm(held, now=cast.NOW)


def test_reception_sees_each_booking_and_each_free_hour_as_a_link(reception: Client, room: Space) -> None:
    booking = a_booking(room)

    page = reception.get(reverse("desk")).content.decode()

    assert reverse("booking", args=[booking.code]) in page
    assert f"{reverse('desk-walk-in')}?ruimte=B03&amp;dag={MONDAY}&amp;van=13:00&amp;tot=14:00" in page
    assert "Praktijk Anna de Vries" in page


def test_somebody_walks_in_and_has_a_room_in_two_steps(reception: Client, room: Space) -> None:
    wish = {
        "ruimte": "B03", "dag": MONDAY, "van": "10:30", "tot": "11:30", "name": "P. Voorbijganger",
        "phone": "0612345678", "email": "", "sleutel": str(uuid4()),
    }  # fmt: skip

    shown = reception.post(reverse("desk-walk-in"), wish, follow=True).content.decode()
    answers = [reception.post(reverse("desk-walk-in"), wish | {"stap": "boek"}) for _twice in range(2)]

    assert "€\N{NO-BREAK SPACE}17,50" in shown
    assert [answer.status_code for answer in answers] == [302, 302]
    booking = Booking.objects.get()
    assert (booking.state, booking.party.name, booking.net) == (
        BookingState.CONFIRMED,
        "P. Voorbijganger",
        17.50,
    )
    assert Party.objects.filter(name="P. Voorbijganger").count() == 1


def test_a_taken_room_is_refused_with_what_is_free_instead(reception: Client, room: Space) -> None:
    cast.space(room.hub, "B04")
    a_booking(room)
    wish = {
        "ruimte": "B03",
        "dag": MONDAY,
        "van": "10:30",
        "tot": "11:30",
        "name": "P.",
        "phone": "06",
        "sleutel": str(uuid4()),
    }

    answer = reception.post(reverse("desk-walk-in"), wish | {"stap": "boek"})

    assert answer.status_code == 409
    assert "Spreekkamer B04" in answer.content.decode()
    assert 'value="P."' in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"dag": "31-2-2026"}, {"van": "25:00"}, {"tot": "10:00"}, {"ruimte": "B99"}, {"name": ""}, {"phone": ""},
        {"title": "111222333"}, {"sleutel": "geen-sleutel"}, {"dag": "\0"}, {"name": "x" * 5000}, {"van": ""},
    ],
)  # fmt: skip
def test_nonsense_at_the_desk_is_told_and_nothing_is_stored(
    reception: Client, room: Space, wrong: dict[str, str]
) -> None:
    wish = {
        "ruimte": "B03", "dag": MONDAY, "van": "10:30", "tot": "11:30", "name": "P.", "phone": "06",
        "sleutel": str(uuid4()), "stap": "boek",
    }  # fmt: skip

    answer = reception.post(reverse("desk-walk-in"), wish | wrong)

    assert answer.status_code == 422
    assert not Booking.objects.exists()


def test_arrived_and_no_show_can_be_undone(reception: Client, room: Space) -> None:
    booking = a_booking(room)

    states = []
    for deed in ("desk-arrive", "desk-arrive", "desk-undo", "desk-no-show", "desk-undo"):
        reception.post(reverse(deed, args=[booking.code]))
        booking.refresh_from_db()
        states.append(booking.state)

    assert states == ["arrived", "arrived", "confirmed", "no_show", "confirmed"]
    assert [charge.net for charge in Charge.objects.all()] == [booking.net]


def test_nobody_can_miss_a_booking_that_has_not_begun(reception: Client, room: Space) -> None:
    booking = a_booking(room, f"{MONDAY} 13:00", "17:00")

    answer = reception.post(reverse("desk-no-show", args=[booking.code]), follow=True)

    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED
    assert "nog niet begonnen" in answer.content.decode()


def test_a_tenant_has_no_desk_and_reception_of_another_hub_does_not_see_ours(
    client: Client, room: Space
) -> None:
    booking = a_booking(room)
    elsewhere = cast.hub("elders")
    client.force_login(cast.staff(elsewhere, Role.RECEPTION))

    assert client.post(reverse("desk-arrive", args=[booking.code])).status_code == 404
    person, _party = cast.tenant(room.hub)
    client.force_login(person)
    assert client.get(reverse("desk")).status_code == 403


def test_reception_finds_a_booking_by_name_or_code(reception: Client, room: Space) -> None:
    booking = a_booking(room)

    for text in (booking.code.lower(), "anna"):
        assert (
            reverse("booking", args=[booking.code])
            in reception.get(reverse("desk"), {"zoek": text}).content.decode()
        )


@pytest.mark.parametrize("bookings", [1, 3])
def test_the_day_takes_as_many_queries_however_full_it_is(
    reception: Client, room: Space, bookings: int, django_assert_num_queries: object
) -> None:
    for number in range(bookings):
        a_booking(cast.space(room.hub, f"K{number}"), name=f"Persoon {number}")

    with django_assert_num_queries(13):
        reception.get(reverse("desk"))


def test_the_walk_in_gets_a_letter_only_with_an_address(reception: Client, room: Space) -> None:
    wish = {
        "ruimte": "B03",
        "dag": MONDAY,
        "van": "10:30",
        "tot": "11:30",
        "name": "P.",
        "phone": "06",
        "stap": "boek",
    }

    reception.post(reverse("desk-walk-in"), wish | {"sleutel": str(uuid4())})
    assert not Letter.objects.exists()

    reception.post(
        reverse("desk-walk-in"),
        wish
        | {"van": "13:00", "tot": "14:00", "email": "p@example.nl", "name": "Q.", "sleutel": str(uuid4())},
    )
    assert [letter.to_email for letter in Letter.objects.all()] == ["p@example.nl"]
