"""A room that is too small for who come is refused when moving, as when booking."""

from uuid import uuid4

import pytest

from bookings import moving, reserving
from bookings.refusals import AdditionRefused
from spaces.models import Space
from tests import cast
from tests.bookings.deeds import fresh

pytestmark = pytest.mark.django_db
MORNING = cast.between("2026-11-24 08:00", "12:00")
AFTERNOON = cast.between("2026-11-24 13:00", "17:00")


def test_a_move_to_a_room_too_small_for_its_persons_is_refused_as_when_booking():
    hub = cast.hub()
    cast.rate(hub)
    room, (user, party) = cast.space(hub), cast.zzper(hub)
    small, large = cast.space(room.hub, "B04", capacity=2), cast.space(room.hub, "B05", capacity=20)
    held = reserving.hold(room, period=MORNING, party=party, by=user, persons=3, key=uuid4(), now=cast.NOW)
    booking = reserving.confirm(held, now=cast.NOW)

    with pytest.raises(AdditionRefused, match="2 personen"):
        moving.move(booking, space=small, period=MORNING, by=user, sequence=0, now=cast.NOW)
    Space.objects.filter(pk=room.pk).update(capacity=2)  # whoever is in it already may still come later
    later = moving.move(
        fresh(booking),
        space=fresh(booking).space, period=AFTERNOON, by=user, sequence=0, now=cast.NOW,
    )  # fmt: skip

    assert later.starts_at == AFTERNOON.start
    assert moving.move(later, space=large, period=AFTERNOON, by=user, sequence=1, now=cast.NOW).space == large
