"""Races for spaces, on a real database with real commits; the same with the guards off, to know they guard."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from uuid import uuid4

import pytest
from django.db import transaction

from spaces import claiming
from spaces.models import Claim, Hub, Space
from spaces.periods import Period
from tests import cast
from tests.cast import NOW, between
from tests.concurrency.racing import guard_off, overlaps, together, wide_window

pytestmark = pytest.mark.django_db(transaction=True)
MORNING = between("2026-11-24 08:00", "12:00")
TAKERS = 8
ROUNDS = 60


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


def take(*spaces: Space, period: Period = MORNING) -> Callable[[], object]:
    return partial(claiming.take, spaces, period=period, kind="booking", holder=f"booking:{uuid4()}", now=NOW)


def have(room: Space, holder: str) -> None:
    with transaction.atomic():
        claiming.take([room], period=MORNING, kind="booking", holder=holder, now=NOW)


def rounds(
    deeds: Callable[[random.Random], Iterable[Callable[[], object]]],
) -> tuple[list[Counter[str]], int]:
    """The outcome of each round, and the overlaps that were left in the ledger together."""
    chance = random.Random(20261121)
    outcomes, doubles = [], 0
    for _round in range(ROUNDS):
        outcomes.append(together(list(deeds(chance))))
        doubles += overlaps()
        Claim.objects.all().delete()
    return outcomes, doubles


def test_one_of_many_gets_the_room_and_nobody_meets_a_deadlock(hub: Hub) -> None:
    room = cast.space(hub)

    outcomes, doubles = rounds(lambda _chance: [take(room) for _ in range(TAKERS)])

    assert doubles == 0
    assert outcomes == [Counter(won=1, taken=TAKERS - 1)] * ROUNDS


def test_three_rooms_each_in_any_order(hub: Hub) -> None:
    rooms = [cast.space(hub, f"B1{number}") for number in range(5)]

    outcomes, doubles = rounds(lambda chance: [take(*chance.sample(rooms, 3)) for _ in range(TAKERS)])

    assert (doubles, sum(outcome["trouble"] for outcome in outcomes)) == (0, 0)
    assert {outcome["won"] for outcome in outcomes} == {1}  # three of five: two takers always share a room


def test_the_whole_against_its_halves(hub: Hub) -> None:
    whole, half_a, half_b = cast.meeting_area(hub)
    wishes = [whole, half_a, half_b, whole, half_a, half_b, whole, half_a]

    outcomes, doubles = rounds(lambda chance: [take(space) for space in chance.sample(wishes, len(wishes))])

    assert (doubles, sum(outcome["trouble"] for outcome in outcomes)) == (0, 0)
    assert {outcome["won"] for outcome in outcomes} <= {1, 2}  # the whole alone, or each half once


def test_swapping_rooms_is_refused_to_both_and_never_a_deadlock(hub: Hub) -> None:
    rooms = [cast.space(hub, "B03"), cast.space(hub, "B04")]

    def swaps(_chance: random.Random) -> Iterator[Callable[[], object]]:
        for number, room in enumerate(rooms):
            holder = f"booking:{uuid4()}"
            have(room, holder)
            yield partial(claiming.move, holder, [rooms[1 - number]], period=MORNING, now=NOW)

    outcomes, doubles = rounds(swaps)

    assert doubles == 0
    assert outcomes == [Counter(taken=2)] * ROUNDS


def test_moving_away_lets_one_other_in_or_none(hub: Hub) -> None:
    here, there = cast.space(hub, "B03"), cast.space(hub, "B04")

    def deeds(_chance: random.Random) -> Iterator[Callable[[], object]]:
        have(here, "booking:mover")
        yield partial(claiming.move, "booking:mover", [there], period=MORNING, now=NOW)
        yield from (take(here) for _ in range(3))
        yield from (take(there) for _ in range(3))

    outcomes, doubles = rounds(deeds)

    assert (doubles, sum(outcome["trouble"] for outcome in outcomes)) == (0, 0)
    assert {outcome["won"] for outcome in outcomes} <= {1, 2}


def test_control_run_without_lock_and_constraint_gives_a_room_away_twice(hub: Hub) -> None:
    room = cast.space(hub)

    with wide_window(), guard_off():
        _outcomes, doubles = rounds(lambda _chance: [take(room) for _ in range(TAKERS)])

    assert doubles >= 1


def test_control_run_leaves_the_constraint_as_it_was(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    room = cast.space(hub)
    with guard_off():
        pass
    monkeypatch.setattr(claiming, "refuse_conflicts", lambda *_args, **_kwargs: None)
    have(room, "booking:1")

    with pytest.raises(claiming.SpaceTaken):
        have(room, "booking:2")
