"""What was agreed stands when prices change; what is free is asked anew each time."""

from datetime import date
from decimal import Decimal

import pytest

from bookings import moving
from bookings.refusals import TimeTaken
from spaces import availability
from tests import cast
from tests.bookings.deeds import book, fresh, hold
from tests.cast import NOW, between

pytestmark = pytest.mark.django_db
MORNING = between("2026-12-15 08:00", "12:00")


def test_a_price_that_changes_before_the_date_leaves_what_was_booked_alone():
    hub = cast.hub()
    cast.rate(hub)
    room, who = cast.space(hub), cast.zzper(hub)
    booked = book(room, who, MORNING)

    cast.rate(hub, per_day_part=Decimal("45.00"), per_hour=Decimal("15.00"), valid_from=date(2026, 12, 1))

    assert fresh(booked).net == Decimal("37.50")
    assert book(room, who, between("2026-12-16 08:00", "12:00")).net == Decimal("45.00")
    moved = moving.move(
        booked, space=room, period=between("2026-12-17 08:00", "12:00"), by=who[0], sequence=0, now=NOW
    )
    assert moved.net == Decimal("45.00")


def test_the_conflict_check_never_answers_from_a_stale_cache():
    hub = cast.hub()
    cast.rate(hub)
    room = cast.space(hub)
    assert availability.search(hub, period=MORNING, now=NOW).free == [room]

    book(room, cast.zzper(hub, "Bram Visser"), MORNING)

    assert availability.search(hub, period=MORNING, now=NOW).free == []
    with pytest.raises(TimeTaken):
        hold(room, cast.zzper(hub), MORNING)
