"""Screens in the building: what a door says, what the entrance shows, and what neither ever tells."""

from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from bookings import arriving, displaying, reserving, screens
from bookings.models import Booking, Display
from spaces import closing
from spaces.models import Hub, Space
from tenants.parties.models import Role
from tenants.parties.tokens import hashed
from tests import cast
from tests.cast import NOW, at, between

pytestmark = pytest.mark.django_db(transaction=True)
TUESDAY = "2026-11-24"


@pytest.fixture
def hub() -> Hub:
    hub = cast.hub()
    cast.rate(hub)
    return hub


@pytest.fixture
def room(hub: Hub) -> Space:
    return cast.space(hub, "B03", name="Spreekkamer 1")


def book(
    room: Space, start: str, end: str, name: str = "Anna de Vries", *, shows_name: bool = False, **more
) -> Booking:
    person, party = cast.zzper(room.hub, name, shows_name=shows_name)
    held = reserving.hold(
        room, period=between(f"{TUESDAY} {start}", end), party=party, by=person, contact=person, key=uuid4(), now=NOW,
        **more,
    )  # fmt: skip
    return reserving.confirm(held, now=NOW)


def seen(room: Space, clock: str) -> tuple[str, str | None, str]:
    door = screens.door(room, now=at(f"{TUESDAY} {clock}"))
    return door.state, f"{door.until.astimezone(cast.AMSTERDAM):%H:%M}" if door.until else None, door.name


def test_a_door_says_free_until_the_next_taken_until_the_gap_and_closed_outside_hours(room: Space):
    for start, end, name in [("09:00", "10:00", "A"), ("10:00", "11:00", "B"), ("13:00", "14:00", "C")]:
        book(room, start, end, name)

    assert [seen(room, clock) for clock in ("07:00", "08:30", "09:30", "11:00", "14:00", "22:00")] == [
        ("closed", "08:00", ""), ("free", "09:00", ""), ("taken", "11:00", ""), ("free", "13:00", ""),
        ("free", "22:00", ""), ("closed", None, ""),
    ]  # fmt: skip


def test_a_door_of_a_closed_room_says_so(room: Space):
    cast.closure(room.hub, between(f"{TUESDAY} 13:00", "15:00"), space=room)
    with transaction.atomic():
        closing.settle(room.hub, now=NOW)

    assert [seen(room, clock)[:2] for clock in ("12:00", "14:00")] == [("free", "13:00"), ("closed", "15:00")]


def test_a_whole_is_taken_when_a_part_is(hub: Hub):
    cast.rate(hub, kind="meeting_area")
    whole, half, other = cast.meeting_area(hub)
    book(half, "09:00", "10:00")

    assert [seen(space, "09:30")[:2] for space in (whole, other)] == [("taken", "10:00"), ("free", "22:00")]


def test_a_released_room_is_free_again(room: Space):
    Space.objects.filter(pk=room.pk).update(release_after_minutes=15)
    book(room, "09:00", "12:00")
    arriving.release_missed(now=at(f"{TUESDAY} 09:16"))

    assert seen(room, "09:16")[:2] == ("free", "22:00")


def test_names_only_of_who_opted_in(room: Space):
    book(room, "09:00", "10:00", "Anna de Vries", title="Jan, rugklachten")
    book(room, "10:00", "11:00", "Bram Visser", shows_name=True)

    assert (seen(room, "09:30")[2], seen(room, "10:30")[2]) == ("", "Praktijk Bram Visser")
    assert [line.name for line in screens.entrance(room.hub, now=at(f"{TUESDAY} 08:00"))] == [
        "", "Praktijk Bram Visser"
    ]  # fmt: skip


@pytest.mark.parametrize("number", [1, 3])
def test_a_screen_takes_as_many_queries_however_full_the_day_is(
    room: Space, number: int, django_assert_num_queries
):
    for each in range(number):
        book(room, f"{9 + each:02}:00", f"{10 + each:02}:00", f"Persoon {each}", shows_name=True)

    with django_assert_num_queries(6):
        screens.door(room, now=at(f"{TUESDAY} 08:30"))
        screens.entrance(room.hub, now=at(f"{TUESDAY} 08:30"))


class TestAtItsAddress:
    @pytest.fixture(autouse=True)
    def tuesday_at_nine(self):
        cache.clear()
        with time_machine.travel(at(f"{TUESDAY} 09:00"), tick=False):
            yield

    @pytest.fixture
    def door(self, room: Space) -> str:
        return reverse(
            "screen-door", args=[displaying.connect(room.hub, name="Deur", space=room, now=NOW)[1]]
        )

    @pytest.fixture
    def entrance(self, room: Space) -> str:
        return reverse(
            "screen-entrance", args=[displaying.connect(room.hub, name="Hal", space=None, now=NOW)[1]]
        )

    def test_anybody_reads_it_no_machine_keeps_it(self, room: Space, door: str, client: Client):
        book(room, "09:00", "11:00", title="Jan, rugklachten")

        page = client.get(door)

        assert "Bezet tot 11:00" in page.content.decode()
        assert "Jan" not in page.content.decode()
        assert "Praktijk" not in page.content.decode()
        assert {name: page[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")} == {
            "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "same-origin",
        }  # fmt: skip
        assert '<meta http-equiv="refresh" content="60">' in page.content.decode()

    def test_only_the_hash_is_kept_and_it_notes_its_use_once_a_minute(self, door: str, client: Client):
        token = door.rsplit("/", 1)[1]
        for moment in ("09:00:00", "09:00:30", "09:01:00"):
            with time_machine.travel(at(f"{TUESDAY} {moment}"), tick=False):
                client.get(door)
                used = Display.objects.get().last_used_at
            assert used == at(f"{TUESDAY} {'09:01' if moment == '09:01:00' else '09:00'}")
        assert Display.objects.get().token_hash == hashed(token)

    def test_a_wrong_a_withdrawn_and_another_kind_of_address_lead_nowhere(
        self, hub: Hub, door: str, entrance: str, client: Client
    ):
        token = door.rsplit("/", 1)[1]
        wrong = [reverse("screen-door", args=["x" * 43]), reverse("screen-entrance", args=[token])]
        displaying.revoke(Display.objects.get(name="Deur"), now=NOW)

        assert [client.get(path).status_code for path in (*wrong, door, entrance)] == [404, 404, 404, 200]
        assert client.post(f"{reverse('screen-arrive', args=['x' * 43])}", {"code": "x"}).status_code == 404

    def test_the_same_name_again_is_a_new_address_for_the_same_screen(
        self, room: Space, door: str, client: Client
    ):
        displaying.connect(room.hub, name="Deur", space=room, now=NOW)

        assert client.get(door).status_code == 404
        assert Display.objects.running().count() == 1

    def test_people_say_that_they_are_here_by_their_code_and_hear_where(
        self, room: Space, entrance: str, client: Client
    ):
        booking = book(room, "09:15", "11:00")

        pages = [
            client.post(f"{entrance}/ik-ben-er", {"code": f" {booking.code.lower()} "}) for _twice in range(2)
        ]

        booking.refresh_from_db()
        assert booking.state == "arrived"
        assert {page.status_code for page in pages} == {200}
        assert "Spreekkamer 1" in pages[1].content.decode()
        assert "begane grond" in pages[1].content.decode()
        assert "Praktijk" not in pages[1].content.decode()

    def test_every_code_that_leads_nowhere_gets_the_same_answer(
        self, hub: Hub, room: Space, entrance: str, client: Client
    ):
        elsewhere = cast.hub("elders")
        cast.rate(elsewhere)
        theirs = book(cast.space(elsewhere), "09:00", "10:00", "Carla")
        later = book(room, "15:00", "16:00")
        codes = ["", "XXXXXX", later.code, theirs.code, "\0", "x" * 4000]

        answers = [client.post(f"{entrance}/ik-ben-er", {"code": code}) for code in codes]

        assert {answer.status_code for answer in answers} == {422}
        assert len({answer.content.split(b"<form")[1].split(b"</label>")[1] for answer in answers}) == 1
        assert not Booking.objects.filter(state="arrived").exists()

    def test_who_guesses_has_to_wait_also_with_the_right_code(
        self, room: Space, entrance: str, client: Client
    ):
        booking = book(room, "09:00", "11:00")
        answers = [
            client.post(f"{entrance}/ik-ben-er", {"code": f"FOUT{each}"}).status_code for each in range(11)
        ]

        right = client.post(f"{entrance}/ik-ben-er", {"code": booking.code})
        with time_machine.travel(at(f"{TUESDAY} 09:05"), tick=False):
            later = client.post(f"{entrance}/ik-ben-er", {"code": booking.code})

        assert answers == [422] * 10 + [429]
        assert (right.status_code, later.status_code) == (429, 200)

    def test_staff_make_one_see_its_address_once_and_withdraw_it(self, hub: Hub, room: Space, client: Client):
        client.force_login(cast.staff(hub, Role.RECEPTION))
        page = client.post(
            reverse("displays"), {"space": "B03", "name": "Deur spreekkamer 1"}
        ).content.decode()
        address = page.split('class="secret" href="')[1].split('"')[0]

        assert client.get(address).status_code == 200
        assert 'class="secret"' not in client.get(reverse("displays")).content.decode()
        display = Display.objects.get()
        for _twice in range(2):
            client.post(reverse("display-revoke", args=[display.pk]))
        assert client.get(address).status_code == 404

    def test_staff_of_another_hub_do_not_reach_it(self, door: str, client: Client):
        client.force_login(cast.staff(cast.hub("elders"), Role.RECEPTION))

        assert client.post(reverse("display-revoke", args=[Display.objects.get().pk])).status_code == 404
        assert "Trek het adres in" not in client.get(reverse("displays")).content.decode()
        assert client.post(reverse("displays"), {"space": "B03", "name": "x"}).status_code == 422


def test_the_language_of_one_visitor_at_the_entrance_is_not_that_of_the_next(hub, room):
    _tablet, token = displaying.connect(hub, name="Ingang", space=None, now=NOW)
    tablet = Client(HTTP_ACCEPT_LANGUAGE="nl")
    there = f"/ingang/{token}"
    chosen = tablet.post("/taal", {"language": "en", "next": f"{there}?taal=1"}, follow=True)
    assert '<html lang="en">' in chosen.content.decode()
    assert '<html lang="en">' in tablet.get(f"{there}/ik-ben-er").content.decode()
    assert '<html lang="nl">' in tablet.get(there, follow=True).content.decode()
    assert '<html lang="nl">' in tablet.get(f"{there}/ik-ben-er").content.decode()
