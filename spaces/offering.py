"""What can be had instead: the nearest time a room is really free and open, and rooms like it."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from math import lcm

from spaces import ledger, opening
from spaces.margins import around, margin_of
from spaces.models import Claim, Hub, Space
from spaces.opening import Timetable
from spaces.periods import DAY, Period, days_of, first_moment, subtract
from spaces.ruling import Rulebook, Rules

HORIZON = 30 * DAY
"""How far ahead we look for a free moment."""
MINUTE = timedelta(minutes=1)
GRID = 30 * MINUTE
"""Free moments are offered on the half hour, or as a whole day part."""


@dataclass(frozen=True)
class Offer:
    """A space that is free and open for all of `period`."""

    space: Space
    period: Period


@dataclass(frozen=True)
class Window:
    """From the earliest to the latest moment at which something of a given length can start."""

    earliest: datetime
    latest: datetime

    def nearest(self, wanted: datetime) -> datetime:
        """The start in the window that is nearest to `wanted`: itself where it may begin then."""
        return min(max(wanted, self.earliest), self.latest)


class FreeTime:
    """The time some spaces of a hub are free and open between two moments, in three queries however many they are.

    With `rules` only what those of the person who looks allow; without, whatever nobody has. `timetable` (of all these
    days) and `tree` are those of the hub, for who has read them already: then it is one query.
    """

    def __init__(
        self,
        hub: Hub,
        spaces: Iterable[Space],
        *,
        period: Period,
        rules: Rulebook | None = None,
        timetable: Timetable | None = None,
        tree: Mapping[int, list[int]] | None = None,
        now: datetime,
    ) -> None:
        self.period = period
        self.zone = hub.zone
        self.now = now
        self.rules = rules
        self.timetable = timetable or opening.load(hub, period=period)
        tree = tree or ledger.atoms_of(hub)
        self.atoms = {space.pk: tree[space.pk] for space in spaces}
        everything = {atom for atoms in self.atoms.values() for atom in atoms}
        self.claims = ledger.claims_during(everything, period=around(period), now=now)
        self._open: dict[tuple[date, bool], list[Period]] = {}

    def days(self) -> Iterator[date]:
        return days_of(self.period, zone=self.zone)

    def claims_on(self, space: Space) -> list[Claim]:
        """The claims on the atoms of `space`, atom by atom."""
        return [claim for atom in self.atoms[space.pk] for claim in self.claims.get(atom, [])]

    def is_free(self, space: Space, period: Period) -> bool:
        return (
            self._timetable(space).is_open(period)
            and self._allowed(space, period)
            and not self._taken(space, within=period)
        )

    def windows(self, space: Space, *, length: timedelta, after: datetime) -> Iterator[Window]:
        """Where something of `length` fits in `space`, not before `after`, in order and day by day."""
        if any(ledger.covers(claim, self.period) for claim in self.claims_on(space)):
            return
        for day in self.days():
            yield from self.windows_on(day, space, length=length, after=after)

    def windows_on(self, day: date, space: Space, *, length: timedelta, after: datetime) -> Iterator[Window]:
        """The same for one day: whole day parts when the length is that of one, else the half hour."""
        free = self._free_on(day, space)
        parts = [part for _named, part in self.timetable.day_part_periods(day) if part.length == length]
        if parts:
            fitting = (part for part in parts if part.start >= after and _fits(part, free))
            yield from (Window(it.start, it.start) for it in fitting if self._allowed(space, it))
            return
        step, earliest_allowed = self._step(space), self._earliest(space, after)
        for gap in free:
            earliest = on_the_grid(max(gap.start, earliest_allowed), step)
            if earliest + length > gap.end or not self._allowed(space, Period(earliest, earliest + length)):
                continue
            yield Window(earliest, earliest + (gap.end - length - earliest) // step * step)

    def _rules(self, space: Space) -> Rules | None:
        return self.rules.of(space) if self.rules else None

    def _allowed(self, space: Space, period: Period) -> bool:
        rules = self._rules(space)
        return rules is None or rules.refusal(period, now=self.now, zone=self.zone) is None

    def _earliest(self, space: Space, after: datetime) -> datetime:
        rules = self._rules(space)
        return max(after, rules.earliest(now=self.now, zone=self.zone)) if rules else after

    def _step(self, space: Space) -> timedelta:
        """Half hours, or less often where the space is booked by the hour."""
        rules = self._rules(space)
        return timedelta(minutes=lcm(GRID // MINUTE, rules.grid)) if rules else GRID

    def _timetable(self, space: Space) -> Timetable:
        rules = self._rules(space)
        return rules.timetable(self.timetable) if rules else self.timetable

    def _free_on(self, day: date, space: Space) -> list[Period]:
        pieces = (piece.intersection(self.period) for piece in self._open_on(day, space))
        open_periods = [piece for piece in pieces if piece]
        if not open_periods:
            return []
        return subtract(
            open_periods, self._taken(space, within=Period(open_periods[0].start, open_periods[-1].end))
        )

    def _open_on(self, day: date, space: Space) -> list[Period]:
        rules = self._rules(space)
        key = day, bool(rules and rules.outside_hours)
        if key not in self._open:
            self._open[key] = self._timetable(space).open_periods(day)
        return self._open[key]

    def _taken(self, space: Space, *, within: Period) -> list[Period]:
        """When no booking of `space` can be. Only the claims in the way are looked at: there may be many."""
        near = around(within)
        blocking = [
            claim for atom in self.atoms[space.pk] for claim in _near(self.claims.get(atom, []), near)
        ]
        return ledger.kept_off(blocking, margin=margin_of(space), within=within) if blocking else []


def _near(claims: Sequence[Claim], period: Period) -> Iterator[Claim]:
    """Of the claims on one atom, in order and never overlapping, those that touch `period`: searched, not scanned."""
    at = bisect_left(claims, period.end, key=lambda claim: claim.starts_at) - 1
    while at >= 0 and ledger.overlaps(claims[at], period):
        yield claims[at]
        at -= 1


def next_free(time: FreeTime, space: Space, *, length: timedelta, after: datetime) -> Period | None:
    """The first period of `length` that `space` is free and open for; None within the loaded time."""
    first = next(time.windows(space, length=length, after=after), None)
    return Period(first.earliest, first.earliest + length) if first else None


def alternatives(
    space: Space, *, period: Period, rules: Rulebook | None = None, now: datetime, most: int = 3
) -> list[Offer]:
    """The nearest to `space` in `period`: rooms of its kind at the same time, then itself at another time.

    At most `most`, at least one of them the room itself when it has any other time within 30 days; each is
    really free and open. A constant number of queries.
    """
    like_it = Space.objects.of_hub(space.hub).bookable().filter(kind=space.kind).exclude(pk=space.pk)
    others = sorted(
        like_it.select_related("floor").prefetch_related("features"), key=lambda it: _distance(it, space)
    )
    around_it = _around(period, hub=space.hub, now=now)
    time = FreeTime(space.hub, [space, *others], period=around_it, rules=rules, now=now)
    same_time = [
        Offer(other, period) for other in others if period.start >= now and time.is_free(other, period)
    ]
    other_time = list(islice(_nearest_times(time, space, wanted=period, now=now), most))
    kept = same_time[: most - min(1, len(other_time))]
    return [*kept, *other_time[: most - len(kept)]]


def first_free(
    hub: Hub,
    *,
    length: timedelta,
    kinds: Collection[str] = (),
    features: Collection[str] = (),
    after: datetime,
    days: int = 30,
    rules: Rulebook | None = None,
    now: datetime,
) -> Offer | None:
    """The first moment from `after` on that some bookable room is free for `length`; None within `days`.

    Whole day parts when the length is that of one, else on the half hour. A constant number of queries.
    """
    spaces = candidates(hub, kinds=kinds, features=features)
    start = max(after, now)
    time = FreeTime(hub, spaces, period=Period(start, start + days * DAY), rules=rules, now=now)
    for day in time.days():
        offers = [
            (window.earliest, order)
            for order, space in enumerate(spaces)
            for window in islice(time.windows_on(day, space, length=length, after=start), 1)
        ]
        if offers:
            moment, order = min(offers)
            return Offer(spaces[order], Period(moment, moment + length))
    return None


def candidates(
    hub: Hub, *, kinds: Collection[str] = (), features: Collection[str] = (), capacity: int = 0
) -> list[Space]:
    """The bookable spaces of these kinds (none named: all) with all these features and enough room. Two queries."""
    spaces = Space.objects.of_hub(hub).bookable()
    if kinds:
        spaces = spaces.filter(kind__in=kinds)
    if capacity:
        spaces = spaces.filter(capacity__gte=capacity)
    wanted = set(features)
    listed = spaces.select_related("floor").prefetch_related("features")
    for space in listed:
        space.hub = hub
    return [space for space in listed if wanted <= {feature.code for feature in space.features.all()}]


def on_the_grid(moment: datetime, step: timedelta = GRID) -> datetime:
    """The first half hour (or other whole `step` of the clock) at or after `moment`."""
    return moment + timedelta(seconds=-moment.timestamp() % step.total_seconds())


def _fits(period: Period, free: Iterable[Period]) -> bool:
    return any(gap.contains(period) for gap in free)


def _around(period: Period, *, hub: Hub, now: datetime) -> Period:
    """From the start of the wanted day (never the past) to 30 days on."""
    midnight = period.start.astimezone(hub.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    start = max(midnight.astimezone(now.tzinfo), now)
    return Period(start, max(period.end, start) + HORIZON)


def _nearest_times(time: FreeTime, space: Space, *, wanted: Period, now: datetime) -> Iterator[Offer]:
    """The room itself at other times: day by day, on each the nearest to the wanted time of day first."""
    clock = wanted.start.astimezone(time.zone).time()
    for day in time.days():
        like_it = first_moment(day, clock, zone=time.zone)
        windows = time.windows_on(day, space, length=wanted.length, after=now)
        starts = {window.nearest(like_it) for window in windows}
        for start in sorted(starts, key=lambda start: (abs(start - like_it), start)):
            if start != wanted.start and time.is_free(space, Period(start, start + wanted.length)):
                yield Offer(space, Period(start, start + wanted.length))


def _distance(other: Space, space: Space) -> tuple[bool, object, str]:
    """Big enough comes first, then the nearest in size."""
    too_small = (other.capacity or 0) < (space.capacity or 0)
    return too_small, abs(other.area_m2 - space.area_m2), other.code
