"""What screens in the building show: a room at its door, the day at the entrance. Names only of who opted in."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bookings import arriving
from bookings.models import Booking
from bookings.refusals import BookingRefused
from bookings.states import BookingState
from spaces import ledger, opening
from spaces.models import Claim, Hub, Space
from spaces.opening import Timetable
from spaces.periods import Period, local_day, merged
from tenants.leases.models import FixedDayPart

MOST_COMING = 3
COMING_OR_HERE = (BookingState.CONFIRMED, BookingState.ARRIVED)


@dataclass(frozen=True)
class Line:
    """Who has which space when, as far as anybody in the corridor may know; `name` "" says only that it is taken."""

    space: Space
    period: Period
    name: str
    closed: bool = False


@dataclass(frozen=True)
class Door:
    """A room now: free, taken or closed; `until` is today, None for the rest of the day."""

    space: Space
    state: str
    until: datetime | None
    name: str
    coming: list[Line]


FREE, TAKEN, CLOSED = "free", "taken", "closed"


def door(space: Space, *, now: datetime) -> Door:
    """The room at this moment, and what else has it today. A constant number of queries. Holds are nobody's yet."""
    today = local_day(now.astimezone(space.hub.zone).date(), zone=space.hub.zone)
    rest = Period(now, today.end)
    found = ledger.lasting_claims(ledger.atoms_of(space.hub)[space.pk], period=rest)
    claims = [claim for mine in found.values() for claim in mine]
    names = _names(claims)
    lines = _lines(space, claims, names=names, within=rest)
    here = [line for line in lines if line.period.start <= now]
    timetable = opening.load(space.hub, period=today)
    state = _state(here, timetable=timetable, now=now)
    return Door(
        space=space,
        state=state,
        until=_until(state, lines, timetable=timetable, rest=rest),
        name=next((line.name for line in here if line.name), ""),
        coming=[line for line in lines if line.period.start > now][:MOST_COMING],
    )


def entrance(hub: Hub, *, now: datetime) -> list[Line]:
    """What is going on and what comes today, in order; fixed half-days of who opted in too. Three queries."""
    rest = Period(now, local_day(now.astimezone(hub.zone).date(), zone=hub.zone).end)
    bookings = Booking.objects.of_hub(hub).filter(state__in=COMING_OR_HERE).overlapping(rest)
    lines = [Line(booking.space, booking.period, _name_of(booking)) for booking in bookings.with_everything()]
    lines += _fixed(hub, within=rest)
    return sorted(lines, key=lambda line: (line.period, line.space.code))


def arrive(hub: Hub, code: str, *, now: datetime) -> Booking | None:
    """Check in by code at the entrance; None for every code that is not of a booking here around now, and no reason."""
    here = Booking.objects.of_hub(hub).filter(state__in=COMING_OR_HERE, ends_at__gt=now)
    booking = here.with_everything().filter(code=code.strip().upper()[:8]).first()
    if booking is None:
        return None
    try:
        return arriving.check_in(booking, now=now)
    except BookingRefused:
        return None


def _lines(space: Space, claims: Iterable[Claim], *, names: Mapping[str, str], within: Period) -> list[Line]:
    """Each holder's time once, also when it has several parts of a whole."""
    lines = {
        Line(
            space,
            Period(claim.starts_at, min(claim.ends_at or within.end, within.end)),
            names.get(claim.holder, ""),
            closed=claim.kind == Claim.Kind.CLOSURE,
        )
        for claim in claims
    }
    return sorted(lines, key=lambda line: (line.period, line.name))


def _state(here: Collection[Line], *, timetable: Timetable, now: datetime) -> str:
    if here:
        return CLOSED if all(line.closed for line in here) else TAKEN
    is_open = any(it.start <= now < it.end for it in timetable.open_periods(timetable.first))
    return FREE if is_open else CLOSED


def _until(state: str, lines: Iterable[Line], *, timetable: Timetable, rest: Period) -> datetime | None:
    """When the state ends: back to back is one stretch; a free room is free until the hub closes."""
    taken = [line for line in lines if line.closed == (state == CLOSED)]
    busy = merged(line.period for line in taken)
    if busy and busy[0].start <= rest.start:
        return busy[0].end if busy[0].end < rest.end else None
    open_periods = timetable.open_periods(timetable.first)
    if state == CLOSED:
        return next((it.start for it in open_periods if it.start > rest.start), None)
    ends = [it.end for it in open_periods if it.start <= rest.start < it.end]
    return min([*ends, *(line.period.start for line in lines)])


def _names(claims: Iterable[Claim]) -> dict[str, str]:
    """The names of holders who opted in; nobody else's leaves the database. Two queries."""
    holders = {claim.holder for claim in claims}
    bookings = Booking.objects.filter(pk__in=_keys(holders, "booking"), party__shows_name=True)
    fixed = FixedDayPart.objects.filter(pk__in=_keys(holders, "fixed"), party__shows_name=True)
    return {booking.holder: _name_of(booking) for booking in bookings.select_related("party")} | {
        row.holder: row.party.name for row in fixed.select_related("party")
    }


def _keys(holders: Iterable[str], kind: str) -> list[str]:
    return [holder.partition(":")[2] for holder in holders if holder.startswith(f"{kind}:")]


def _name_of(booking: Booking) -> str:
    return (booking.title or booking.party.name) if booking.party.shows_name else ""


def _fixed(hub: Hub, *, within: Period) -> list[Line]:
    claims = Claim.objects.filter(hub=hub, active=True, holder__startswith="fixed:").overlapping(within)
    times = {claim.holder: Period(claim.starts_at, claim.ends_at) for claim in claims if claim.ends_at}
    rows = FixedDayPart.objects.filter(pk__in=_keys(times, "fixed"), party__shows_name=True)
    return [
        Line(row.space, times[row.holder], row.party.name)
        for row in rows.select_related("party", "space__floor")
    ]
