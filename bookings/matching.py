"""Which free times answer the wishes on a waiting list, found in memory for all wishes of a hub at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import F

from bookings.models import Booking, WaitingEntry
from spaces import offering, ruling
from spaces.models import Hub, Rate, RateGroup, Space
from spaces.offering import FreeTime
from spaces.periods import DAY, NotAMoment, Period, local_day, on_clock
from tenants.leases.models import GivenBack

LOOK_BACK = 90 * DAY
"""How far back is counted how often such a time came free: three months."""


class Match(NamedTuple):
    """A space and a time that answer a wish."""

    space: Space
    period: Period


def fits(entry: WaitingEntry, space: Space) -> bool:
    """Whether `space` (its features loaded) is what `entry` waits for."""
    if entry.space_id is not None:
        return space.pk == entry.space_id
    if entry.kinds and space.kind not in entry.kinds:
        return False
    features = {feature.code for feature in space.features.all()}
    return features.issuperset(entry.features) and (space.capacity or 0) >= entry.persons


def periods(entry: WaitingEntry, *, after: datetime) -> Iterator[Period]:
    """Each time that `entry` waits for and that begins after `after`, in order."""
    zone = entry.hub.zone
    day = max(entry.from_date, after.astimezone(zone).date())
    while day <= entry.until_date:
        if not entry.weekdays or day.weekday() in entry.weekdays:
            period = _on(day, entry)
            if period is not None and period.start > after:
                yield period
        day += DAY


def _on(day: date, entry: WaitingEntry) -> Period | None:
    try:
        return on_clock(day, entry.starts, entry.ends, zone=entry.hub.zone)
    except NotAMoment:
        return None  # the clock jumps there that night


class Vacancies:
    """The free time of all rooms that somebody waits for, until the last day of the last wish.

    What the rules let a party book depends on its rate group, also when reception waits for it: the ledger is read
    once for each rate group, however many wishes and rooms there are.
    """

    def __init__(self, hub: Hub, entries: Sequence[WaitingEntry], *, now: datetime) -> None:
        self.hub, self.now = hub, now
        rooms = offering.candidates(hub)
        self.spaces = [space for space in rooms if any(fits(entry, space) for entry in entries)]
        last = max(now.astimezone(hub.zone).date(), *(entry.until_date for entry in entries))
        self.period = Period(now, local_day(last, zone=hub.zone).end)
        self._times: dict[int, _FreeFor] = {}
        self._given: list[Match] = []

    def matches(self, entry: WaitingEntry, *, after: datetime) -> Iterator[Match]:
        """What is free for `entry`, the soonest first and in the order of the building."""
        fitting = {space.pk for space in self.spaces if fits(entry, space)}
        if not fitting:
            return
        free = self._free_for(entry)
        for period in periods(entry, after=after):
            for space in free.rooms(period):
                if space.pk in fitting and not self._is_given(space, period, free.time.atoms):
                    yield Match(space, period)

    def give(self, match: Match) -> None:
        """It is somebody's now."""
        self._given.append(match)

    def _free_for(self, entry: WaitingEntry) -> "_FreeFor":
        group = entry.party.rate_group
        if group.pk not in self._times:
            rules = ruling.rulebook(self.hub, rate_group=group)
            time = FreeTime(self.hub, self.spaces, period=self.period, rules=rules, now=self.now)
            self._times[group.pk] = _FreeFor(time, _priced(self.spaces, group))
        return self._times[group.pk]

    def _is_given(self, space: Space, period: Period, atoms: Mapping[int, Collection[int]]) -> bool:
        return any(
            given.period.overlaps(period) and not set(atoms[given.space.pk]).isdisjoint(atoms[space.pk])
            for given in self._given
        )


class _FreeFor:
    """What some group of people can book; each time is looked up once, for all rooms."""

    def __init__(self, time: FreeTime, priced: Sequence[Space]) -> None:
        self.time, self.priced = time, priced
        self._known: dict[Period, list[Space]] = {}

    def rooms(self, period: Period) -> list[Space]:
        """Those that are free then, in the order of the building."""
        if period not in self._known:
            self._known[period] = [space for space in self.priced if self.time.is_free(space, period)]
        return self._known[period]


def _priced(spaces: Sequence[Space], group: RateGroup) -> list[Space]:
    """The spaces for which there is any price at all for these people. One query."""
    rates = set(Rate.objects.filter(rate_group=group).values_list("space", "kind"))
    return [space for space in spaces if not {(space.pk, ""), (None, space.kind)}.isdisjoint(rates)]


def came_free(hub: Hub, entries: Sequence[WaitingEntry], *, now: datetime) -> list[int]:
    """For each wish how often such a time came free in three months: bookings cancelled, half-days given back.

    Four queries, however many wishes.
    """
    rooms = offering.candidates(hub)
    since = (now - LOOK_BACK, now)
    cancelled = Booking.objects.filter(hub=hub, cancelled_at__range=since, cancelled_at__lt=F("starts_at"))
    returned = GivenBack.objects.filter(fixed__hub=hub, given_at__range=since, taken_back_at=None)
    freed = [
        *cancelled.values_list("space", "starts_at", "ends_at"),
        *returned.values_list("fixed__space", "starts_at", "ends_at"),
    ]
    counts = []
    for entry in entries:
        mine = {room.pk for room in rooms if fits(entry, room)}
        counts.append(
            sum(_answers(entry, Period(start, end)) for space, start, end in freed if space in mine)
        )
    return counts


def _answers(entry: WaitingEntry, freed: Period) -> bool:
    """Whether what came free is on one of the weekdays and takes in the hours; on whatever date."""
    day = freed.start.astimezone(entry.hub.zone).date()
    wanted = _on(day, entry)
    return (
        wanted is not None
        and (not entry.weekdays or day.weekday() in entry.weekdays)
        and freed.contains(wanted)
    )
