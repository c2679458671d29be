"""What a feed shows: one's own bookings and fixed half-days as they are, everything else only as "Taken"."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from bookings import invitation
from bookings.invitation import CONFIRMED, TENTATIVE, Entry
from bookings.models import Addition, Booking, Feed
from bookings.querysets import BookingQuerySet
from bookings.states import BLOCKING, BookingState
from spaces import ledger
from spaces.models import Claim, Hub, Space
from spaces.periods import DAY, Period
from tenants.leases.models import FixedDayPart
from tenants.parties.access import Actor

LOOKED_BACK = 90 * DAY
LOOKED_AHEAD = 400 * DAY
"""Past the year for which series and fixed half-days are made."""
KEPT_CANCELLED = timedelta(days=30)
"""So long a feed says that something is off: a program that only adds and changes learns of it."""
FOR_LIFE = ("booking", "entry")
"""Holders with one claim or more for one and the same thing; the others have a claim for each date."""

Key = tuple[str, datetime | None]
"""What names a claimed thing: its holder, and its date when the holder has several."""


def of(feed: Feed, *, reader: Actor, now: datetime) -> list[Entry]:
    """The entries of a feed for its reader, in order of time. A constant number of queries."""
    window = window_at(now)
    found = _mine if feed.scope == Feed.Scope.MINE else _rooms
    return sorted(found(feed, reader, window, now), key=lambda entry: (entry.period, entry.uid))


def window_at(now: datetime) -> Period:
    """What a feed looks at; the same all day (UTC)."""
    midnight = datetime.combine(now.astimezone(UTC), time.min, tzinfo=UTC)
    return Period(midnight - LOOKED_BACK, midnight + LOOKED_AHEAD)


def _mine(feed: Feed, reader: Actor, window: Period, now: datetime) -> Iterator[Entry]:
    yield from _entries(_near(Booking.objects.of(reader), window), now=now)
    fixed = {} if reader.is_staff else _fixed(reader)
    claims = Claim.objects.filter(holder__in=fixed).in_force(now=now).overlapping(window)
    for (holder, start), group in _together(claims).items():
        yield _half_day(fixed[holder], _period(group, window), start, feed=feed)


def _rooms(feed: Feed, reader: Actor, window: Period, now: datetime) -> Iterator[Entry]:
    rooms = Rooms.of(feed)
    own = _near(rooms.bookings(Booking.objects.visible_to(reader)), window)
    yield from _entries(own, now=now)
    fixed, known = _fixed(reader), {booking.holder for booking in own}
    during = ledger.claims_during(rooms.atoms, period=window, now=now)
    groups = _together(claim for claims in during.values() for claim in claims if claim.holder not in known)
    changes = _changes(feed.hub, groups)
    for (holder, start), group in groups.items():
        period = _period(group, window)
        if holder in fixed:
            yield _half_day(fixed[holder], period, start, feed=feed)
        else:
            sequence, at = changes.get(holder, (0, feed.created_at))
            room = rooms.name({claim.space_id for claim in group})
            yield Entry(
                uid=_secret_uid(holder, start),
                period=period,
                summary=_("Taken") if feed.space else _("Taken: %(room)s") % {"room": room},
                location=invitation.place(room, feed.hub),
                status=TENTATIVE if group[0].kind == Claim.Kind.HOLD else CONFIRMED,
                sequence=sequence,
                stamped_at=at,
                blocks=False,
            )


@dataclass(frozen=True)
class Rooms:
    """The rooms a feed is about: their atoms, and every space of the hub with its own, the largest first."""

    atoms: frozenset[int]
    spaces: Sequence[tuple[Space, frozenset[int]]]

    @classmethod
    def of(cls, feed: Feed) -> "Rooms":
        spaces = {space.pk: space for space in Space.objects.of_hub(feed.hub).order_by("pk")}
        tree = ledger.tree_of({pk: space.parent_id for pk, space in spaces.items()})
        about = [feed.space_id] if feed.space_id else [pk for pk, space in spaces.items() if space.bookable]
        atoms = frozenset(atom for pk in about for atom in tree[pk])
        known = [(spaces[pk], frozenset(its)) for pk, its in tree.items() if not atoms.isdisjoint(its)]
        return cls(atoms, sorted(known, key=lambda each: -len(each[1])))

    def bookings(self, bookings: BookingQuerySet) -> BookingQuerySet:
        """Those in one of these rooms, or with one of them beside it."""
        here = [space.pk for space, _atoms in self.spaces]
        beside = Addition.objects.filter(space__in=here).values("booking")
        return bookings.filter(Q(space__in=here) | Q(pk__in=beside))

    def name(self, atoms: Collection[int]) -> str:
        """What these atoms are called together: a whole by its own name."""
        left, names = set(atoms), []
        for space, its in self.spaces:
            if its <= left:
                names.append(space.name)
                left -= its
        return ", ".join(names)


def _near(bookings: BookingQuerySet, window: Period) -> list[Booking]:
    """What keeps a room in the window, or did: with the moment of its last change. One query."""
    states = [*BLOCKING, BookingState.CANCELLED, BookingState.DECLINED]
    near = bookings.filter(state__in=states).overlapping(window).select_related("hub", "space")
    return list(near.annotate(changed_at=_last_change()))


def _last_change() -> Subquery:
    history = Booking.pgh_event_model.objects.filter(pgh_obj=OuterRef("pk"))  # type: ignore[attr-defined]
    return Subquery(history.order_by("-pgh_created_at").values("pgh_created_at")[:1])


def _entries(bookings: Iterable[Booking], *, now: datetime) -> Iterator[Entry]:
    """Without what somebody is still making up their mind about, and what has been off for long."""
    for booking in bookings:
        changed_at: datetime = booking.changed_at or booking.created_at  # type: ignore[attr-defined]
        entry = invitation.entry(booking, stamped_at=changed_at)
        is_off = entry.status == invitation.CANCELLED
        if is_off and (booking.cancelled_at or changed_at) <= now - KEPT_CANCELLED:
            continue
        ran_out = booking.state == BookingState.OPTION and booking.held_until and booking.held_until <= now
        if booking.state not in (BookingState.HELD, BookingState.PAYING) and not ran_out:
            yield entry


def _fixed(reader: Actor) -> dict[str, FixedDayPart]:
    rows: QuerySet[FixedDayPart] = FixedDayPart.objects.visible_to(reader).select_related("space")
    return {fixed.holder: fixed for fixed in rows}


def _half_day(fixed: FixedDayPart, period: Period, start: datetime | None, *, feed: Feed) -> Entry:
    return Entry(
        uid=invitation.uid_of(f"fixed-{fixed.pk}-{start or period.start:%Y%m%dT%H%M%SZ}"),
        period=period,
        summary=f"{fixed.space.name} ({feed.hub.name})",
        location=invitation.place(fixed.space.name, feed.hub),
        description=_("Fixed half-day"),
        stamped_at=feed.created_at,
    )


def _together(claims: Iterable[Claim]) -> dict[Key, list[Claim]]:
    """The claims of one thing on several rooms in one group."""
    groups: dict[Key, list[Claim]] = defaultdict(list)
    for claim in claims:
        for_life = claim.holder.partition(":")[0] in FOR_LIFE
        groups[claim.holder, None if for_life else claim.starts_at.astimezone(UTC)].append(claim)
    return groups


def _period(group: Sequence[Claim], window: Period) -> Period:
    """An open end lasts to the end of the window."""
    return Period(
        min(claim.starts_at for claim in group), max(claim.ends_at or window.end for claim in group)
    )


def _changes(hub: Hub, keys: Iterable[Key]) -> Mapping[str, tuple[int, datetime]]:
    """How often others' bookings have changed, and when last; nothing else of them is read. One query."""
    ids = [holder.partition(":")[2] for holder, _start in keys if holder.startswith("booking:")]
    rows = Booking.objects.of_hub(hub).filter(pk__in=ids).annotate(changed_at=_last_change())
    return {
        f"booking:{pk}": (sequence, changed_at or created_at)
        for pk, sequence, changed_at, created_at in rows.values_list(
            "pk", "sequence", "changed_at", "created_at"
        )
    }


def _secret_uid(holder: str, start: datetime | None) -> str:
    """The same for the same thing at every reading, and says nothing about it."""
    name = f"{holder}@{start.isoformat()}" if start else holder
    return invitation.uid_of(f"taken-{hashlib.sha256(name.encode()).hexdigest()[:32]}")
