"""Which old date of a series becomes which new one."""

from collections.abc import Sequence
from itertools import zip_longest

from spaces.recurrence import Slot


def paired(
    old: Sequence[Slot], new: Sequence[Slot], *, same_rhythm: bool
) -> list[tuple[Slot | None, Slot | None]]:
    """Which date becomes which: one after the other when the rhythm is the same, else by day and then by week."""
    if same_rhythm:
        return list(zip_longest(old, new))
    left = list(new)
    result: list[tuple[Slot | None, Slot | None]] = []
    rest: list[tuple[Slot, Slot | None]] = []
    for slot in old:
        same = next((each for each in left if each.original_start.date() == slot.original_start.date()), None)
        if same:
            result.append((slot, same))
            left.remove(same)
        else:
            rest.append((slot, None))
    for slot, _none in rest:
        same = next((each for each in left if _week(each) == _week(slot)), None)
        result.append((slot, same))
        if same:
            left.remove(same)
    return [*result, *((None, slot) for slot in left)]


def _week(slot: Slot) -> tuple[int, int]:
    year, week, _day = slot.period.start.isocalendar()
    return year, week
