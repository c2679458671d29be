"""Closures hold what they close, as long as nobody else has it."""

import pytest
from django.db import transaction

from spaces import claiming, closing
from spaces.models import Claim, Closure, Hub, Space
from tests import cast
from tests.cast import NOW, between

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub() -> Hub:
    hub = cast.hub()
    whole = cast.space(hub, "B01", bookable=True)
    for code in ("B01A", "B01B"):
        cast.space(hub, code, parent=whole, bookable=False)
    cast.space(hub, "B03", bookable=True)
    cast.space(hub, "A01", bookable=False)
    return hub


def close(hub: Hub, start: str, end: str, *, space: Space | None = None) -> Closure:
    period = between(start, end)
    return Closure.objects.create(
        hub=hub, space=space, starts_at=period.start, ends_at=period.end, reason="schoonmaak"
    )


def held(closure: Closure) -> list[tuple[str, str, str]]:
    claims = Claim.objects.filter(holder=closing.holder_of(closure), active=True).select_related("space")
    local = [
        (
            claim.space.code,
            *(f"{moment.astimezone(cast.AMSTERDAM):%H:%M}" for moment in (claim.starts_at, claim.ends_at)),
        )
        for claim in claims
    ]
    return sorted(local)


def test_a_closure_takes_the_atoms_that_can_be_booked(hub: Hub):
    closure = close(hub, "2026-12-01 09:00", "12:00")

    closing.settle(hub, now=NOW)

    assert held(closure) == [
        ("B01A", "09:00", "12:00"),
        ("B01B", "09:00", "12:00"),
        ("B03", "09:00", "12:00"),
    ]


def test_a_second_time_changes_nothing(hub: Hub):
    close(hub, "2026-12-01 09:00", "12:00")

    assert (closing.settle(hub, now=NOW), closing.settle(hub, now=NOW)) == (3, 0)


def test_who_was_there_before_keeps_the_time(hub: Hub):
    room = Space.objects.get(code="B03")
    with transaction.atomic():
        claiming.take(
            [room], period=between("2026-12-01 10:00", "11:00"), kind="booking", holder="booking:1", now=NOW
        )
    closure = close(hub, "2026-12-01 09:00", "12:00", space=room)

    closing.settle(hub, now=NOW)

    assert held(closure) == [("B03", "09:00", "10:00"), ("B03", "11:00", "12:00")]


def test_closures_that_overlap_share_the_time(hub: Hub):
    room = Space.objects.get(code="B03")
    first, second = (
        close(hub, "2026-12-01 09:00", "12:00", space=room),
        close(hub, "2026-12-01 11:00", "14:00", space=room),
    )

    closing.settle(hub, now=NOW)

    assert (held(first), held(second)) == ([("B03", "09:00", "12:00")], [("B03", "12:00", "14:00")])
    assert closing.settle(hub, now=NOW) == 0


def test_a_closed_room_cannot_be_booked(hub: Hub):
    close(hub, "2026-12-01 09:00", "12:00")
    closing.settle(hub, now=NOW)

    with pytest.raises(claiming.SpaceTaken):
        claiming.take(
            [Space.objects.get(code="B01")],
            period=between("2026-12-01 11:00", "13:00"),
            kind="booking",
            holder="b",
            now=NOW,
        )


def test_a_closure_gives_way_to_a_lease_and_keeps_the_rest(hub: Hub):
    room = Space.objects.get(code="B03")
    closure = close(hub, "2026-12-01 09:00", "12:00", space=room)
    closing.settle(hub, now=NOW)
    period = between("2026-12-01 11:00", "2027-12-01 00:00")

    with transaction.atomic():
        closing.make_way(hub, [room], starts_at=period.start, ends_at=period.end)
        claiming.take([room], period=period, kind="lease", holder="lease:1", now=NOW)
        closing.settle(hub, now=NOW)

    assert held(closure) == [("B03", "09:00", "11:00")]
