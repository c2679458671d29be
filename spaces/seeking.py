"""The first moment that each room of a hub can be had: day by day, no further than needed."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from spaces.models import Hub, Space
from spaces.offering import FreeTime, Offer, candidates
from spaces.opening import Timetable
from spaces.periods import DAY, Period
from spaces.ruling import Rulebook


@dataclass(frozen=True)
class Search:
    """What somebody looks for: `length`, of these kinds (none named: any), with these features, for so many persons."""

    length: timedelta
    kinds: Collection[str] = ()
    features: Collection[str] = ()
    persons: int = 0
    days: int = 30


Accepts = Callable[[Offer, Timetable], bool]
"""Whether somebody would take this; the timetable is that of the hub for the days of the search."""


def first_of_each(
    hub: Hub,
    search: Search,
    *,
    rules: Rulebook | None = None,
    accepts: Accepts = lambda _offer, _timetable: True,
    most: int = 12,
    now: datetime,
) -> list[Offer]:
    """The first time from `now` on of each fitting room, the soonest first; at most `most` rooms.

    Whole day parts when the length is that of one, else on the half hour; only what `rules` allow and what is
    accepted. Stops on the first day by which `most` rooms are found. Six queries, however many rooms and days.
    """
    spaces = candidates(hub, kinds=search.kinds, features=search.features, capacity=search.persons)
    time = FreeTime(hub, spaces, period=Period(now, now + search.days * DAY), rules=rules, now=now)
    found: list[Offer] = []
    for day in time.days():
        there = {offer.space.pk for offer in found}
        waiting = [space for space in spaces if space.pk not in there]
        offers = (_on_day(time, day, space, search, accepts=accepts) for space in waiting)
        found += sorted(filter(None, offers), key=lambda offer: offer.period.start)
        if len(found) >= most or len(found) == len(spaces):
            break
    return found[:most]


def _on_day(time: FreeTime, day: date, space: Space, search: Search, *, accepts: Accepts) -> Offer | None:
    windows = time.windows_on(day, space, length=search.length, after=time.period.start)
    offers = (Offer(space, Period(it.earliest, it.earliest + search.length)) for it in windows)
    return next((offer for offer in offers if accepts(offer, time.timetable)), None)
