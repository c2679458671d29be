"""A room that is divided into parts while somebody waits for it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from spaces import claiming
from spaces.models import Hub, Space
from tests import cast
from tests.cast import NOW, between
from tests.concurrency.racing import until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


def book(room: Space) -> list[str]:
    try:
        with transaction.atomic():
            claims = claiming.take(
                [room],
                period=between("2026-11-24 09:00", "10:00"),
                kind="booking",
                holder="booking:1",
                now=NOW,
            )
            return sorted(claim.space.code for claim in claims)
    finally:
        connection.close()


def divide(hub: Hub, room: Space) -> None:
    for number in (1, 2):
        cast.space(hub, f"{room.code}-{number}", parent=room)


def test_who_waited_for_a_room_that_was_divided_claims_its_parts() -> None:
    hub = cast.hub()
    room = cast.space(hub, "109")
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            claiming.lock([room])
            booked = other.submit(book, room)
            until_somebody_waits()
            divide(hub, room)

        assert booked.result(timeout=30) == ["109-1", "109-2"]


def test_who_waited_for_parts_that_became_one_again_claims_the_whole() -> None:
    hub = cast.hub()
    room = cast.space(hub, "109")
    divide(hub, room)
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            claiming.lock([room])
            booked = other.submit(book, room)
            until_somebody_waits()
            Space.objects.filter(parent=room).update(parent=None)

        assert booked.result(timeout=30) == ["109"]
