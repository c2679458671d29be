"""A day or a week of rooms as tables show it: who has what when, what is free, what is closed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from spaces import ledger, opening
from spaces.margins import around, margin_of
from spaces.models import Claim, DayPart, Hub, Space
from spaces.opening import Timetable
from spaces.periods import Period, local_day, local_days, merged, subtract

FREE, TAKEN, CLOSED, PAST = "free", "taken", "closed", "past"
BETWEEN = "between"
"""Too close to a neighbour: the time that the one before or the one after needs to clean or set up."""
STEP = timedelta(minutes=5)
"""Free time next to a booking begins and ends at whole five minutes, a little later or earlier if it must."""


@dataclass(frozen=True)
class Cell:
    """A stretch of one row. `claims` says by whom it is taken: never show another party's to a party."""

    period: Period
    state: str
    claims: list[Claim] = field(default_factory=list)


@dataclass(frozen=True)
class BoardRow:
    """One space for one day: cells in order, without gaps, over `span_of` that day."""

    space: Space
    cells: list[Cell]


@dataclass(frozen=True)
class PartCell:
    """One day part of one day: free only when all of it is; `state` free, taken, closed or past."""

    day: date
    day_part: DayPart
    period: Period
    state: str
    claims: list[Claim] = field(default_factory=list)


def day_board(hub: Hub, *, day: date, spaces: Iterable[Space], now: datetime) -> list[BoardRow]:
    """The rows of one day; a whole is taken where any of its atoms is. Three queries, however many spaces."""
    return boards(hub, days=[day], spaces=spaces, now=now)[day]


def boards(
    hub: Hub, *, days: Sequence[date], spaces: Iterable[Space], now: datetime
) -> dict[date, list[BoardRow]]:
    """`day_board` for several days (a week) at once. Three queries, however many spaces and days."""
    rows = list(spaces)
    timetable, claims = _read(hub, days=days, spaces=rows, now=now)
    result = {}
    for day in days:
        here = local_day(day, zone=hub.zone)
        of_day = {space.pk: _overlapping(claims[space.pk], here) for space in rows}
        span = span_of(day, timetable=timetable, claims=[it for mine in of_day.values() for it in mine])
        open_periods = timetable.open_periods(day)
        result[day] = [
            BoardRow(space, _cells(span, open_periods, of_day[space.pk], _kept_off(space, claims, span)))
            if span
            else BoardRow(space, [])
            for space in rows
        ]
    return result


def part_board(
    hub: Hub, *, days: Sequence[date], spaces: Iterable[Space], now: datetime
) -> dict[int, list[PartCell]]:
    """For each space (by pk) the day parts of `days`, in order. Three queries, however many spaces and days."""
    rows = list(spaces)
    timetable, claims = _read(hub, days=days, spaces=rows, now=now)
    parts = [(day, part, period) for day in days for part, period in timetable.day_part_periods(day)]
    return {
        space.pk: [
            _part_cell(day, part, period, timetable=timetable, claims=_near(space, claims, period), now=now)
            for day, part, period in parts
        ]
        for space in rows
    }


def span_of(day: date, *, timetable: Timetable, claims: Collection[Claim] = ()) -> Period | None:
    """What a table of this day shows: the usual opening hours, longer when something is booked outside them.

    None on a day that the hub is never open, with nothing booked.
    """
    usual = replace(timetable, closures=()).open_periods(day)
    whole = local_day(day, zone=timetable.zone)
    booked = [claim for claim in claims if not ledger.is_lease_term(claim)]
    shown = merged([*usual, *ledger.periods_of(booked, within=whole)])
    return Period(shown[0].start, shown[-1].end) if shown else None


def _read(
    hub: Hub, *, days: Sequence[date], spaces: Sequence[Space], now: datetime
) -> tuple[Timetable, dict[int, list[Claim]]]:
    """The timetable of these days, and for each space the claims on its atoms, in order of start."""
    period = local_days(min(days), max(days), zone=hub.zone)
    tree = ledger.atoms_of(hub)
    atoms = {atom for space in spaces for atom in tree[space.pk]}
    found = ledger.claims_during(atoms, period=around(period), now=now)
    claims = {
        space.pk: sorted(
            (claim for atom in tree[space.pk] for claim in found.get(atom, [])), key=lambda it: it.starts_at
        )
        for space in spaces
    }
    return opening.load(hub, period=period), claims


def _kept_off(space: Space, claims: Mapping[int, Sequence[Claim]], span: Period) -> list[Period]:
    """The time in `span` in which no booking of `space` can be, in whole steps."""
    near = [claim for claim in claims[space.pk] if ledger.overlaps(claim, around(span))]
    return [
        Period(it.start - _beyond(it.start), it.end + _beyond(it.end, up=True))
        for it in ledger.kept_off(near, margin=margin_of(space), within=span)
    ]


def _beyond(moment: datetime, *, up: bool = False) -> timedelta:
    """How far `moment` lies past the step before it, or (`up`) short of the step after it."""
    seconds, step = moment.timestamp(), STEP.total_seconds()
    return timedelta(seconds=-seconds % step if up else seconds % step)


def _near(space: Space, claims: Mapping[int, Sequence[Claim]], period: Period) -> list[Claim]:
    """The claims that keep a booking of `space` off `period`."""
    return [claim for claim in claims[space.pk] if ledger.keeps(claim, period, margin=margin_of(space))]


def _cells(
    span: Period, open_periods: Sequence[Period], claims: Sequence[Claim], kept_off: Sequence[Period]
) -> list[Cell]:
    taken = [cell for cell in (_taken(group, within=span) for group in _together(claims)) if cell]
    rest = subtract([span], (cell.period for cell in taken))
    closed = subtract(rest, open_periods)
    free = subtract(subtract(rest, closed), kept_off)
    cells = [
        *taken,
        *(Cell(period, CLOSED) for period in closed),
        *(Cell(period, FREE) for period in free),
        *(Cell(period, BETWEEN) for period in subtract(subtract(rest, closed), free)),
    ]
    return sorted(cells, key=lambda cell: cell.period)


def _together(claims: Iterable[Claim]) -> Iterable[list[Claim]]:
    """Claims in order of start, those that overlap (on other atoms of a whole) in one group; touching is apart."""
    group: list[Claim] = []
    until: datetime | None = None
    for claim in claims:
        if group and until is not None and claim.starts_at >= until:
            yield group
            group = []
        until = _later(until, claim.ends_at) if group else claim.ends_at
        group.append(claim)
    if group:
        yield group


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two ends; None is never."""
    return None if one is None or other is None else max(one, other)


def _taken(claims: list[Claim], *, within: Period) -> Cell | None:
    periods = ledger.periods_of(claims, within=within)
    if not periods:
        return None
    shut = all(claim.kind == Claim.Kind.CLOSURE for claim in claims)
    return Cell(Period(periods[0].start, periods[-1].end), CLOSED if shut else TAKEN, claims)


def _part_cell(
    day: date, part: DayPart, period: Period, *, timetable: Timetable, claims: list[Claim], now: datetime
) -> PartCell:
    if not timetable.is_open(period) or any(claim.kind == Claim.Kind.CLOSURE for claim in claims):
        state = CLOSED
    elif period.start < now:
        state = PAST
    else:
        state = TAKEN if claims else FREE
    return PartCell(day, part, period, state, claims)


def _overlapping(claims: Iterable[Claim], period: Period) -> list[Claim]:
    return [claim for claim in claims if ledger.overlaps(claim, period)]
