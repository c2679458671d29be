"""Persons against the permit, absences of a party: what reception sees, and what it costs to ask."""

from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bookings import arriving, presence, reserving
from bookings.models import Booking
from spaces.models import Hub, Space
from tenants.parties.models import Party, Role, User
from tests import cast
from tests.cast import NOW, at, between

pytestmark = pytest.mark.django_db(transaction=True)
TUESDAY = "2026-11-24"
TEN = at(f"{TUESDAY} 10:00")


@pytest.fixture(autouse=True)
def tuesday_at_ten():
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture
def hub() -> Hub:
    hub = cast.hub(max_persons=10)
    cast.rate(hub)
    return hub


@pytest.fixture
def reception(hub: Hub, client: Client) -> Client:
    client.force_login(cast.staff(hub, Role.RECEPTION))
    return client


def book(
    room: Space, person: User, party: Party, *, start: str = f"{TUESDAY} 09:00", end: str = "12:00", **more
) -> Booking:
    held = reserving.hold(
        room, period=between(start, end), party=party, by=person, contact=person, key=uuid4(), now=NOW, **more
    )
    return reserving.confirm(held, now=NOW)


def came(hub: Hub, code: str, persons: int | None = None) -> Booking:
    booking = book(cast.space(hub, code, capacity=4), *cast.zzper(hub, f"Persoon {code}"))
    Booking.objects.filter(pk=booking.pk).update(persons=persons)
    return arriving.arrive(booking, now=TEN)


def test_persons_are_those_who_arrived_and_have_not_left(hub: Hub):
    came(hub, "B03"), came(hub, "B04", persons=3)
    book(cast.space(hub, "B05"), *cast.zzper(hub, "Nog niet er"))
    director = cast.actor(cast.staff(hub), hub)

    heads = presence.head_count(hub, actor=director, now=TEN)

    assert (heads.persons, heads.most, heads.over, heads.full) == (4, 10, False, [])
    assert [(room.space.code, room.persons) for room in heads.rooms] == [("B03", 1), ("B04", 3)]
    assert presence.head_count(hub, actor=director, now=at(f"{TUESDAY} 12:00")).persons == 0


def test_reception_is_warned_in_words_when_the_permit_or_a_room_is_exceeded(hub: Hub, reception: Client):
    came(hub, "B03", persons=4)
    calm = reception.get(reverse("desk")).content.decode()
    came(hub, "B04", persons=7)
    full = reception.get(reverse("desk")).content.decode()

    assert "Nu in het gebouw: 4 van hoogstens 10 personen." in calm
    assert "Te vol" not in calm
    assert "Te veel mensen in het gebouw" in full
    assert "Spreekkamer B04: 7 personen, en er is plaats voor 4." in full


def test_another_hub_counts_its_own_people(hub: Hub):
    came(hub, "B03")
    elsewhere = cast.hub("elders")

    heads = presence.head_count(elsewhere, actor=cast.actor(cast.staff(elsewhere), elsewhere), now=TEN)

    assert (heads.persons, heads.most) == (0, None)


@pytest.fixture
def often_absent(hub: Hub) -> tuple[User, Party]:
    person, party = cast.zzper(hub, "Anna de Vries")
    room = cast.space(hub, "B03")
    for day in ("2026-11-23 09:00", f"{TUESDAY} 08:00"):
        arriving.no_show(
            book(room, person, party, start=day, end="09:00" if "24" in day else "12:00"), now=TEN
        )
    long_ago = book(room, person, party, start="2026-11-25 09:00")
    Booking.objects.filter(pk=long_ago.pk).update(
        state="no_show", starts_at=at("2026-05-01 09:00"), ends_at=at("2026-05-01 12:00")
    )
    return person, party


def test_staff_see_how_often_a_party_did_not_come_in_half_a_year(
    hub: Hub, often_absent: tuple[User, Party], reception: Client
):
    booking = book(cast.space(hub, "B04"), *often_absent)

    for page in (
        reverse("desk"), reverse("booking", args=[booking.code]), reverse("party", args=[often_absent[1].pk])
    ):  # fmt: skip
        assert "2 keer niet verschenen in het afgelopen halfjaar" in reception.get(page).content.decode()


def test_the_party_itself_is_not_shown_a_tally(hub: Hub, often_absent: tuple[User, Party], client: Client):
    booking = book(cast.space(hub, "B04"), *often_absent)
    client.force_login(often_absent[0])

    assert "niet verschenen in" not in client.get(reverse("booking", args=[booking.code])).content.decode()


@pytest.mark.parametrize("parties", [1, 3])
def test_absences_and_heads_take_as_many_queries_however_many(
    hub: Hub, parties: int, django_assert_num_queries
):
    bookings = [came(hub, f"K{number}") for number in range(parties)]
    director = cast.actor(cast.staff(hub), hub)

    with django_assert_num_queries(3):
        presence.head_count(hub, actor=director, now=TEN)
        presence.absences([booking.party_id for booking in bookings], actor=director, now=TEN)
        assert len(presence.with_absences(Booking.objects.all(), now=TEN)) == parties


def test_the_overview_says_that_the_building_is_closed_instead_of_counting_no_rooms(hub: Hub, client: Client):
    cast.space(hub)
    client.force_login(cast.staff(hub))

    with time_machine.travel(at("2026-11-22 12:00"), tick=False):
        sunday = client.get(reverse("overview")).content.decode()

    assert "Het gebouw is nu gesloten." in sunday
    assert "ruimtes nu vrij" not in sunday
    assert "ruimte nu vrij" in client.get(reverse("overview")).content.decode()
