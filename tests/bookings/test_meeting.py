"""A tenant reserves the shared meeting area, for themselves or a colleague, in a week table."""

from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bookings import reserving
from bookings.models import Booking
from spaces.models import Hub, Space
from tenants.parties.models import Party, Role, User
from tests import cast

pytestmark = pytest.mark.django_db
MONDAY = "2026-11-23"


@pytest.fixture(autouse=True)
def monday_morning() -> object:
    with time_machine.travel(cast.at(f"{MONDAY} 07:30"), tick=False):
        yield


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def rooms(hub: Hub) -> tuple[Space, Space, Space]:
    rooms = cast.meeting_area(hub)
    cast.rate(
        hub,
        group="huurder",
        kind="meeting_area",
        vat=21,
        per_hour=Decimal("27.50"),
        per_day_part=Decimal("80.00"),
        per_day=None,
    )
    return rooms


@pytest.fixture
def ggd(hub: Hub) -> tuple[User, Party]:
    user, party = cast.tenant(hub)
    cast.lease(party, included_hours=8)
    return user, party


def wish(code: str = "B01", **fields: object) -> dict[str, object]:
    return {
        "ruimte": code,
        "dag": "2026-11-24",
        "van": "09:00",
        "tot": "11:00",
        "sleutel": str(uuid4()),
    } | fields


def test_the_week_shows_hours_left_the_price_beyond_them_and_free_hours_as_links(
    client: Client, rooms: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    client.force_login(ggd[0])
    client.post(reverse("meeting-book"), wish(contact=ggd[0].pk))

    page = client.get(reverse("meeting-week"), {"ruimte": "B01"}).content.decode()

    assert "2 uur" in page
    assert "8 uur" in page
    assert "6 uur" in page
    assert "€\N{NO-BREAK SPACE}33,28" in page
    assert "ruimte=B01&amp;dag=2026-11-24&amp;van=11:00&amp;tot=12:00" in page


def test_a_colleague_gets_the_booking_and_the_letter(
    client: Client, hub: Hub, rooms: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    colleague = cast.user("Collega Coby")
    cast.membership(colleague, hub, Role.TENANT_MEMBER, ggd[1])
    client.force_login(ggd[0])

    answer = client.post(reverse("meeting-book"), wish(contact=colleague.pk, persons=20, title="Teamoverleg"))

    booking = Booking.objects.get()
    assert answer["Location"] == reverse("booking-check", args=[booking.pk])
    assert (booking.contact, booking.booked_by, booking.persons, booking.title) == (
        colleague,
        ggd[0],
        20,
        "Teamoverleg",
    )
    assert (booking.included_hours, booking.gross) == (2, 0)


def test_a_stranger_is_no_colleague(
    client: Client, rooms: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    client.force_login(ggd[0])

    answer = client.post(reverse("meeting-book"), wish(contact=cast.user("Vreemde").pk))

    assert answer.status_code == 422
    assert not Booking.objects.exists()


def test_others_see_only_that_it_is_taken(
    client: Client, hub: Hub, rooms: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    user, party = cast.tenant(hub, "Accare")
    held = reserving.hold(
        rooms[1], period=cast.between("2026-11-24 09:00", "11:00"), party=party, by=user, title="Geheim overleg",
        key=uuid4(), now=cast.NOW,
    )  # fmt: skip
    reserving.confirm(held, now=cast.NOW)
    client.force_login(ggd[0])

    page = client.get(reverse("meeting-week"), {"ruimte": "B01"}).content.decode()
    refused = client.post(reverse("meeting-book"), wish(contact=ggd[0].pk))

    assert "Bezet" in page
    assert "Geheim" not in page
    assert "Accare" not in page
    assert refused.status_code == 409


def test_more_people_than_fit_are_told(
    client: Client, rooms: tuple[Space, ...], ggd: tuple[User, Party]
) -> None:
    client.force_login(ggd[0])

    answer = client.post(reverse("meeting-book"), wish("B01B", contact=ggd[0].pk, persons=29))

    assert answer.status_code == 422
    assert "28" in answer.content.decode()


@pytest.mark.parametrize("bookings", [1, 3])
def test_the_week_takes_as_many_queries_however_full_it_is(
    client: Client,
    rooms: tuple[Space, ...],
    ggd: tuple[User, Party],
    bookings: int,
    django_assert_num_queries: object,
) -> None:
    client.force_login(ggd[0])
    for number in range(bookings):
        client.post(reverse("meeting-book"), wish(contact=ggd[0].pk, dag=f"2026-11-{24 + number}"))

    with django_assert_num_queries(13):
        client.get(reverse("meeting-week"), {"ruimte": "B01"})
