"""Whom a closure would hit: bookings, dates of fixed half-days, imported entries, leases; read only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bookings.models import Booking, ImportedEntry
from bookings.states import BookingState
from spaces import ledger
from spaces.models import Claim, Hub, Space
from spaces.offering import FreeTime
from spaces.periods import Period
from tenants.leases.models import FixedDayPart, Lease


@dataclass(frozen=True)
class Wish:
    """What is to be closed: a space or (None) the whole hub, from when to when, and why."""

    hub: Hub
    space: Space | None
    period: Period
    reason: str


@dataclass(frozen=True)
class Hit:
    """One thing in the way. `row` is the booking, half-day, entry or lease; `begun`: it stays until it is over.

    `instead` is a room that is free for it then, at the same price.
    """

    key: str
    period: Period
    row: Any
    begun: bool
    instead: Space | None = None


@dataclass(frozen=True)
class Hits:
    """Everything in the way, in order of time."""

    bookings: list[Hit] = field(default_factory=list)
    fixed: list[Hit] = field(default_factory=list)
    entries: list[Hit] = field(default_factory=list)
    leases: list[Hit] = field(default_factory=list)

    @property
    def keys(self) -> frozenset[str]:
        """What a person has to have seen before it is closed; leases are left alone."""
        return frozenset(hit.key for hit in [*self.bookings, *self.fixed, *self.entries])

    @property
    def seen(self) -> str:
        """The same as one word after another, for a form to send back."""
        return " ".join(sorted(self.keys))

    @property
    def ending(self) -> list[Hit]:
        """The bookings that a closure would end."""
        return [hit for hit in self.bookings if not hit.begun]


def find(wish: Wish, *, now: datetime) -> Hits:
    """What has the closed spaces in the closed time, from now on. A constant number of queries."""
    if wish.period.end <= now:
        return Hits()
    tree = ledger.atoms_of(wish.hub)
    closed = set(tree[wish.space.pk]) if wish.space else {atom for atoms in tree.values() for atom in atoms}
    coming = Period(max(wish.period.start, now), wish.period.end)
    found = ledger.claims_during(closed, period=coming, now=now)
    claims = [it for mine in found.values() for it in mine if it.kind != Claim.Kind.CLOSURE]
    return among(wish.hub, claims, closed=closed if wish.space else None, tree=tree, now=now)


def among(
    hub: Hub,
    claims: Sequence[Claim],
    *,
    closed: set[int] | None,
    tree: Mapping[int, Sequence[int]],
    now: datetime,
) -> Hits:
    """Whose claims these are. A booking of one of the `closed` atoms is offered another room, of None nobody is.

    A constant number of queries.
    """
    bookings = _hits(claims, "booking", Booking.objects.with_everything(), now=now)
    return Hits(
        bookings=_with_rooms(hub, bookings, closed=closed, claims=claims, tree=tree, now=now),
        fixed=_hits(claims, "fixed", FixedDayPart.objects.select_related("party", "space"), now=now),
        entries=_hits(claims, "entry", ImportedEntry.objects.select_related("space"), now=now),
        leases=_hits(claims, "lease", Lease.objects.select_related("party"), now=now),
    )


def _hits(claims: Iterable[Claim], kind: str, rows: Any, *, now: datetime) -> list[Hit]:
    """One for each holder and start: a whole has several claims, a half-day many dates."""
    mine = [claim for claim in claims if claim.holder.startswith(f"{kind}:")]
    known = {row.holder: row for row in rows.filter(pk__in={it.holder.partition(":")[2] for it in mine})}
    hits = {}
    for claim in sorted(mine, key=lambda it: (it.starts_at, it.space_id)):
        row = known[claim.holder]
        key = _key(claim, row)
        if key not in hits:
            hits[key] = Hit(key, _period(claim), row, begun=claim.starts_at <= now)
    return list(hits.values())


def _key(claim: Claim, row: Any) -> str:
    """Another state or another time is another fact."""
    state = f":{row.state}" if isinstance(row, Booking) else ""
    return f"{claim.holder}{state}@{claim.starts_at:%Y%m%dT%H%M}"


def _period(claim: Claim) -> Period:
    return Period(claim.starts_at, claim.ends_at or datetime.max.replace(tzinfo=claim.starts_at.tzinfo))


def _with_rooms(
    hub: Hub,
    hits: Sequence[Hit],
    *,
    closed: set[int] | None,
    claims: Sequence[Claim],
    tree: Mapping[int, Sequence[int]],
    now: datetime,
) -> list[Hit]:
    """Each coming booking of a closed room with another room that is free then; no room twice at a time."""
    movable = {hit.key for hit in hits if closed is not None and _may_move(hit, claims, tree)}
    if not movable or closed is None:
        return list(hits)
    rooms = [it for it in _candidates(hub, hits) if closed.isdisjoint(tree[it.pk])]
    whole = Period(min(hit.period.start for hit in hits), max(hit.period.end for hit in hits))
    time = FreeTime(hub, rooms, period=whole, now=now)
    given: list[tuple[set[int], Period]] = []
    result = []
    for hit in hits:
        room = _room_for(hit, rooms, time=time, given=given, tree=tree) if hit.key in movable else None
        if room:
            given.append((set(tree[room.pk]), hit.period))
        result.append(replace(hit, instead=room))
    return result


def _may_move(hit: Hit, claims: Sequence[Claim], tree: Mapping[int, Sequence[int]]) -> bool:
    """Booked, still to come, and closed is its own room as it stands, not a layout of it or one that goes with it."""
    booking = hit.row
    own = set(tree[booking.space_id])
    closed = {claim.space_id for claim in claims if claim.holder == booking.holder}
    return booking.state == BookingState.CONFIRMED and not (hit.begun or booking.layout) and closed <= own


def _candidates(hub: Hub, hits: Sequence[Hit]) -> list[Space]:
    kinds = {hit.row.space.kind for hit in hits}
    listed = Space.objects.of_hub(hub).bookable().filter(kind__in=kinds)
    return list(listed.select_related("hub", "floor").order_by("pk"))


def _room_for(
    hit: Hit,
    rooms: Sequence[Space],
    *,
    time: FreeTime,
    given: Sequence[tuple[set[int], Period]],
    tree: Mapping[int, Sequence[int]],
) -> Space | None:
    """The room of the same kind that is nearest in size, never too small."""
    space, least = hit.row.space, hit.row.persons or 0
    fitting = [
        room
        for room in rooms
        if room.kind == space.kind
        and (room.capacity is None or room.capacity >= least)
        and not any(period.overlaps(hit.period) and atoms & set(tree[room.pk]) for atoms, period in given)
        and time.is_free(room, hit.period)
    ]
    return min(fitting, key=lambda room: (abs(room.area_m2 - space.area_m2), room.code), default=None)
