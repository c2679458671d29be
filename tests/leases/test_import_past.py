"""What has been stays as it was: bookings, half-days and closures of before today."""

import pytest

from spaces import closing
from spaces.models import Claim, Hub, Space
from tenants.leases.models import FixedDayPart
from tests.cast import AMSTERDAM, NOW
from tests.leases import workbooks
from tests.leases.deeds import again, take, told_errors

pytestmark = pytest.mark.django_db(transaction=True)
PAST = (
    "%s was in use up to %s November 2026, and the past stays as it was. Let this begin on %s November 2026 or later. "
    "Does the contract run already? Then give the room a row of its own."
)


def lease(rooms: str, starts_on: str, **cells: object) -> bytes:
    return workbooks.with_cells({"Huurcontracten!C9": rooms, "Huurcontracten!D9": starts_on} | cells)


def days_held(holder: str, *, past: bool) -> list[str]:
    claims = Claim.objects.filter(
        holder=holder, active=True, **{"starts_at__lte" if past else "starts_at__gt": NOW}
    )
    return [f"{claim.starts_at.astimezone(AMSTERDAM):%d-%m}" for claim in claims.order_by("starts_at")]


def test_a_lease_over_a_past_booking_is_told_from_which_day_it_can_begin(hub: Hub):
    take(Space.objects.get(code="B07"), "2026-11-03 09:00", "10:00")

    assert told_errors(lease("108, B07", "1-11-2026")) == [("Huurcontracten C9", PAST % ("B07", 3, 4))]
    again(Huurcontracten_C9="108, B07", Huurcontracten_D9="4-11-2026")


def test_past_and_coming_bookings_are_told_apart(hub: Hub):
    room = Space.objects.get(code="B07")
    take(room, "2026-11-03 09:00", "10:00")
    take(room, "2026-12-01 09:00", "10:00", holder="booking:2")

    assert [text for _place, text in told_errors(lease("108, B07", "1-11-2026"))] == [
        PAST % ("B07", 3, 4),
        "1 booking stands in the way (B07, 1 December 2026). Move or cancel it first.",
    ]


def test_a_half_day_that_ended_keeps_its_past_from_a_lease(hub: Hub):
    ended = {"Vaste dagdelen!F4": "31-10-2026"}

    assert told_errors(lease("108, B06", "1-11-2026", **ended)) == [
        ("Huurcontracten C9", PAST % ("B06", 17, 18))
    ]
    again(Huurcontracten_C9="108, B06", Huurcontracten_D9="18-11-2026", Vaste__dagdelen_F4="31-10-2026")


def test_a_half_day_that_changes_leaves_its_past_alone(hub: Hub):
    thursday = FixedDayPart.objects.get(weekday=3)
    held = Claim.objects.filter(holder=thursday.holder, active=True, starts_at__lte=NOW)
    before = list(held.order_by("pk").values_list("pk", flat=True))

    again(Vaste__dagdelen_F6="31-12-2026")

    assert list(held.order_by("pk").values_list("pk", flat=True)) == before
    assert len(before) == 12
    assert days_held(thursday.holder, past=False) == ["26-11", "03-12", "10-12", "17-12"]


def test_a_new_half_day_gets_the_past_dates_that_nobody_else_had(hub: Hub):
    take(Space.objects.get(code="B07"), "2026-11-03 09:00", "10:00")

    again(Vaste__dagdelen_D4="B07", Vaste__dagdelen_E4="27-10-2026")

    added = FixedDayPart.objects.get(space__code="B07")
    assert days_held(added.holder, past=True) == ["27-10", "10-11", "17-11"]
    assert days_held(added.holder, past=False)[0] == "24-11"


def test_a_closure_that_is_over_is_not_taken_again(hub: Hub):
    over = hub.closures.get(reason="onderhoud verwarming")
    held = Claim.objects.filter(holder=closing.holder_of(over), active=True).order_by("pk")
    before = list(held.values_list("pk", flat=True))

    again(Huurcontracten_E5="31-12-2026")

    assert list(held.values_list("pk", flat=True)) == before
    assert Claim.objects.filter(kind="closure", active=True).count() == 6 * 17


def test_a_closure_that_is_over_gives_way_to_a_lease_that_reaches_back(hub: Hub):
    again(Huurcontracten_C9="108, B08", Huurcontracten_D9="1-10-2026")

    over = hub.closures.get(reason="onderhoud verwarming")
    assert Claim.objects.filter(holder=closing.holder_of(over), active=True).count() == 16
