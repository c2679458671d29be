"""Who has a space: taking, moving, keeping and letting go."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.errors import LockNotAvailable

from spaces import claiming
from spaces.claiming import SpaceTaken
from spaces.models import Claim, Hub, Space
from spaces.periods import Period
from tests import cast
from tests.cast import NOW, between

pytestmark = pytest.mark.django_db
MORNING = between("2026-11-24 08:00", "12:00")
AFTERNOON = between("2026-11-24 13:00", "17:00")


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    return cast.space(hub)


def take(
    space: Space, period: Period, holder: str = "booking:1", kind: str = "booking", **fields: object
) -> list[Claim]:
    return claiming.take([space], period=period, kind=kind, holder=holder, now=NOW, **fields)


def hold(space: Space, period: Period, holder: str, *, minutes: int) -> list[Claim]:
    return take(space, period, holder, kind="hold", expires_at=NOW + timedelta(minutes=minutes))


def held(holder: str) -> list[tuple[str, Period | None]]:
    claims = Claim.objects.filter(holder=holder, active=True).order_by("space__code", "starts_at")
    return [
        (claim.space.code, Period(claim.starts_at, claim.ends_at) if claim.ends_at else None)
        for claim in claims.select_related("space")
    ]


def test_what_is_taken_cannot_be_taken_again_and_the_conflict_is_named(room: Space) -> None:
    mine = take(room, MORNING)

    with pytest.raises(SpaceTaken) as refusal:
        take(room, between("2026-11-24 11:00", "13:00"), "booking:2")

    assert refusal.value.conflicts == mine
    assert held("booking:2") == []


def test_back_to_back_touches_and_is_allowed(room: Space) -> None:
    take(room, MORNING)
    take(room, between("2026-11-24 12:00", "13:00"), "booking:2")

    assert held("booking:2") == [("B03", between("2026-11-24 12:00", "13:00"))]


def test_a_whole_is_claimed_as_its_parts(hub: Hub) -> None:
    whole, _half_a, _half_b = cast.meeting_area(hub)

    take(whole, MORNING)

    assert held("booking:1") == [("B01A", MORNING), ("B01B", MORNING)]


def test_whole_and_half_collide_and_the_halves_do_not(hub: Hub) -> None:
    whole, half_a, half_b = cast.meeting_area(hub)
    take(half_a, MORNING)

    with pytest.raises(SpaceTaken):
        take(whole, MORNING, "booking:2")
    take(half_b, MORNING, "booking:3")

    assert held("booking:2") == []
    assert held("booking:3") == [("B01B", MORNING)]


def test_an_open_ended_lease_takes_a_room_from_its_start_for_ever(room: Space) -> None:
    claiming.take_until([room], starts_at=MORNING.end, ends_at=None, kind="lease", holder="lease:1", now=NOW)

    take(room, MORNING)
    with pytest.raises(SpaceTaken):
        take(room, between("2036-11-24 08:00", "12:00"), "booking:2")


def test_an_open_ended_lease_is_refused_when_somebody_comes_later(room: Space) -> None:
    take(room, MORNING)

    with pytest.raises(SpaceTaken):
        claiming.take_until(
            [room],
            starts_at=MORNING.start - timedelta(days=90),
            ends_at=None,
            kind="lease",
            holder="lease:1",
            now=NOW,
        )


def test_a_hold_that_ran_out_is_cleared_on_the_way(room: Space) -> None:
    hold(room, MORNING, "booking:old", minutes=0)

    take(room, MORNING, "booking:new")

    assert held("booking:old") == []
    assert held("booking:new") == [("B03", MORNING)]


def test_a_hold_that_still_runs_is_respected(room: Space) -> None:
    hold(room, MORNING, "booking:old", minutes=10)

    with pytest.raises(SpaceTaken):
        take(room, MORNING, "booking:new")


def test_keeping_a_hold_makes_it_last(room: Space) -> None:
    hold(room, MORNING, "booking:1", minutes=10)

    kept = claiming.keep("booking:1", kind="booking")

    claim = Claim.objects.get(holder="booking:1")
    assert (kept, claim.kind, claim.expires_at) == (1, "booking", None)
    assert claiming.keep("booking:1", kind="booking") == 0


def test_extending_a_hold_moves_the_moment_it_runs_out(room: Space) -> None:
    hold(room, MORNING, "booking:1", minutes=10)

    claiming.extend("booking:1", expires_at=NOW + timedelta(minutes=15))

    assert Claim.objects.get(holder="booking:1").expires_at == NOW + timedelta(minutes=15)


def test_moving_to_another_time_that_overlaps_the_old_one(room: Space) -> None:
    take(room, MORNING)

    claiming.move("booking:1", [room], period=between("2026-11-24 10:00", "14:00"), now=NOW)

    assert held("booking:1") == [("B03", between("2026-11-24 10:00", "14:00"))]


def test_moving_from_the_whole_to_a_half_frees_the_other_half(hub: Hub) -> None:
    whole, half_a, half_b = cast.meeting_area(hub)
    take(whole, MORNING)

    claiming.move("booking:1", [half_a], period=MORNING, now=NOW)
    take(half_b, MORNING, "booking:2")

    assert held("booking:1") == [("B01A", MORNING)]


def test_a_refused_move_keeps_what_there_was(hub: Hub, room: Space) -> None:
    other = cast.space(hub, "B04")
    take(room, MORNING)
    take(other, MORNING, "booking:2")

    with pytest.raises(SpaceTaken):
        claiming.move("booking:1", [other], period=MORNING, now=NOW)

    assert held("booking:1") == [("B03", MORNING)]


def test_moving_what_was_let_go_is_refused(room: Space) -> None:
    take(room, MORNING)
    claiming.release("booking:1")

    with pytest.raises(SpaceTaken):
        claiming.move("booking:1", [room], period=AFTERNOON, now=NOW)


def test_moving_a_hold_keeps_its_end(room: Space) -> None:
    hold(room, MORNING, "booking:1", minutes=10)

    (moved,) = claiming.move("booking:1", [room], period=AFTERNOON, now=NOW)

    assert (moved.kind, moved.expires_at) == ("hold", NOW + timedelta(minutes=10))


def test_releasing_frees_the_room_and_a_second_time_finds_nothing(room: Space) -> None:
    take(room, MORNING)

    assert (claiming.release("booking:1"), claiming.release("booking:1")) == (1, 0)
    take(room, MORNING, "booking:2")


def test_the_atoms_are_locked_in_id_order_whatever_order_they_are_named_in(hub: Hub) -> None:
    rooms = [cast.space(hub, code) for code in ("B05", "B03", "B04")]
    whole, half_a, half_b = cast.meeting_area(hub)

    locked = claiming.lock([whole, rooms[2], rooms[0], half_b, rooms[1]])

    assert [space.pk for space in locked] == sorted(space.pk for space in [*rooms, half_a, half_b])


def test_the_constraint_behind_the_lock_says_the_same_as_the_check(
    room: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(room, MORNING)
    monkeypatch.setattr(claiming, "refuse_conflicts", lambda *_args, **_kwargs: None)

    with pytest.raises(SpaceTaken), transaction.atomic():
        take(room, MORNING, "booking:2")

    assert held("booking:2") == []


def test_how_long_is_waited_is_said_once_and_again_after_a_roll_back(room: Space) -> None:
    def said() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            claiming.lock([room])
            claiming.lock([room])
        return [query["sql"] for query in queries if "lock_timeout" in query["sql"]]

    with transaction.atomic():
        assert said() == ["set local lock_timeout = '3s'"]
        transaction.set_rollback(True)

    assert said() == ["set local lock_timeout = '3s'"]
    assert said() == []


def test_another_broken_rule_is_not_called_taken(room: Space) -> None:
    with pytest.raises(IntegrityError, match="only_holds_expire"), transaction.atomic():
        take(room, MORNING, kind="hold")


def test_the_number_of_queries_does_not_grow_with_the_rooms(
    hub: Hub, django_assert_num_queries: object
) -> None:
    rooms = [cast.space(hub, f"B1{number}", area_m2=Decimal(10)) for number in range(4)]
    claiming.wait_at_most()

    with django_assert_num_queries(5):
        take(rooms[0], MORNING)
    with django_assert_num_queries(5):
        claiming.take(rooms[1:], period=MORNING, kind="booking", holder="booking:2", now=NOW)


def test_a_lock_that_never_comes_is_told_as_busy_after_three_tries() -> None:
    tries = []

    @claiming.retried
    def deed() -> None:
        tries.append(1)
        raise OperationalError("canceling statement due to lock timeout") from LockNotAvailable()

    with pytest.raises(claiming.SpaceBusy):
        deed()

    assert len(tries) == 3
