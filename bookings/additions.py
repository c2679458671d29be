"""What goes with a booking: how the room is set up, other rooms, and extras that are lent or served.

All of it is claimed with the room in one step or not at all. Prices are a snapshot, each with its own VAT. Only the
room itself uses the hours that a lease includes. A layout, another room or an extra is chosen when booking; moving
takes all of it along, or is refused with what cannot come.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bookings import allowing, extras
from bookings.models import Addition, Booking
from bookings.refusals import AdditionRefused
from spaces import cancellation, claiming, ledger
from spaces.margins import Margin
from spaces.models import Extra, Layout, Space, SpaceLayout
from spaces.models.building import LONGEST_MARGIN
from spaces.money import Euro, Taxed, euro, total
from spaces.periods import Period
from tenants.parties.models import User

NOTHING_MORE = euro(0)


@dataclass(frozen=True)
class Wish:
    """What somebody wants with a room: `layout` "" is as it stands."""

    layout: str = ""
    extras: tuple[Extra, ...] = ()
    rooms: tuple[Space, ...] = ()


NOTHING = Wish()


@dataclass(frozen=True)
class Fee:
    """What is still owed for an addition of a booking that does not take place."""

    addition: Addition
    taxed: Taxed


@dataclass(frozen=True)
class Moved:
    """The additions of a booking at another time or place: not saved; `difference` includes VAT."""

    rows: list[Addition] = field(default_factory=list)
    spaces: list[Space] = field(default_factory=list)
    difference: Euro = NOTHING_MORE


def chosen(wish: Wish, booking: Booking, *, now: datetime) -> list[Addition]:
    """The additions for an unsaved booking, priced and not saved; the layout and the margins are put on it.

    Inside the transaction that claims: from here on the rooms and pieces are locked. Raises AdditionRefused with what
    cannot be had and why.
    """
    _set_up(booking, wish)
    if not wish.extras and not wish.rooms:
        return []
    _refuse_rooms(booking, wish.rooms, by=booking.booked_by, now=now)
    extras.refuse(booking, wish.extras, now=now)
    free = _FreeSpaces(booking, [*wish.rooms, *extras.pieces_of(wish.extras)], now=now)
    rooms = [extras.of_room(booking, free.the(room)) for room in wish.rooms]
    return [*rooms, *(extras.of_extra(booking, extra, free.one_of(extra)) for extra in wish.extras)]


def keep(additions: Sequence[Addition]) -> None:
    """Store the additions of a booking that has just been saved."""
    if additions:
        Addition.objects.bulk_create(additions)


def gross(additions: Iterable[Addition]) -> Euro:
    """What they cost together, including VAT."""
    return total(addition.gross for addition in additions)


def of(booking: Booking) -> list[Addition]:
    """What goes with a booking, in the order it was chosen. One query."""
    return list(booking.additions.select_related("extra", "space"))


def spaces_of(additions: Iterable[Addition]) -> list[Space]:
    """The rooms and pieces among them."""
    return [addition.space for addition in additions if addition.space is not None]


def fees(booking: Booking, at: datetime) -> list[Fee]:
    """What is owed for the additions when the booking is cancelled at a moment.

    Another room costs what cancelling the room itself would; what is lent costs nothing; what is served costs its full
    price once it is too late to order it.
    """
    return [fee for addition in of(booking) if (fee := _fee(booking, addition, at)).taxed.net]


def fees_for_nobody(booking: Booking) -> list[Fee]:
    """The same when nobody came: extras stood ready, so they are owed in full."""
    return [Fee(addition, _missed(booking, addition)) for addition in of(booking)]


def moved(
    booking: Booking, *, space: Space, period: Period, by_staff: bool, by: User | None = None, now: datetime
) -> Moved:
    """What goes along to another place or time, priced for it. Raises AdditionRefused with what cannot.

    Other rooms keep to their own rules, and another room holds all persons, as when they were booked: BookingRefused;
    `by` is who presses. Puts the margins
    of the new place on `booking`, unsaved. Inside a transaction the rooms and pieces are locked.
    """
    rows = of(booking)
    there = Booking(
        pk=booking.pk, hub=booking.hub, space=space, party=booking.party, persons=booking.persons,
        booked_by=booking.booked_by, starts_at=period.start, ends_at=period.end,
    )  # fmt: skip
    wish = Wish(booking.layout, tuple(it.extra for it in rows if it.extra), _rooms(rows))
    if space.pk != booking.space_id:
        refuse_crowd(there, wish)
    _set_up(there, wish)
    booking.setup_minutes, booking.cleanup_minutes = there.setup_minutes, there.cleanup_minutes
    if not rows:
        return Moved()
    if not by_staff:
        _refuse_served(booking, rows, period=period, now=now)
        extras.refuse_elsewhere(booking, wish.extras, space=space)
    if space.pk != booking.space_id or not booking.period.contains(period):
        asked = min(now, period.start) if by_staff else now
        _refuse_rooms(there, wish.rooms, by=by or booking.booked_by, moved=booking, now=asked)
    free = _FreeSpaces(there, [*wish.rooms, *extras.pieces_of(wish.extras)], now=now)
    again = [_again(there, row, free) for row in rows]
    return Moved(again, spaces_of(again), euro(gross(again) - gross(rows)))


def rewrite(booking: Booking, move: Moved) -> None:
    """Store the additions as they were moved."""
    for row in move.rows:
        row.booking = booking
        row.save()
    booking.additions_gross = gross(move.rows)


def _set_up(booking: Booking, wish: Wish) -> None:
    """The layout, and the longest of the margins of all rooms, with the time that the layout takes."""
    minutes = 0
    if wish.layout:
        minutes = _layout(booking, wish.layout).setup_minutes
    rooms = [booking.space, *wish.rooms]
    booking.layout = wish.layout
    booking.setup_minutes = min(max(room.setup_minutes for room in rooms) + minutes, LONGEST_MARGIN)
    booking.cleanup_minutes = max(room.cleanup_minutes for room in rooms)


def refuse_crowd(booking: Booking, wish: Wish) -> None:
    """More persons than the room holds: AdditionRefused; over several rooms they spread as they like."""
    capacity = booking.space.capacity
    if booking.persons and capacity and booking.persons > capacity and not wish.rooms:
        words = _("%(room)s has room for %(capacity)s persons. Choose a larger room.")
        raise AdditionRefused(words % {"room": booking.space.name, "capacity": capacity})


def _layout(booking: Booking, layout: str) -> SpaceLayout:
    found = SpaceLayout.objects.filter(space=booking.space, layout=layout).first()
    words = {"room": booking.space.name, "layout": Layout(layout).label}
    if found is None:
        text = _("%(room)s cannot be set up as %(layout)s. Choose another layout or room.")
        raise AdditionRefused(text % words)
    if booking.persons and booking.persons > found.capacity:
        text = _(
            "Set up as %(layout)s, %(room)s has room for %(most)s persons. Choose another layout or room."
        )
        raise AdditionRefused(text % (words | {"most": found.capacity}))
    return found


def _refuse_rooms(
    booking: Booking, rooms: Sequence[Space], *, by: User, moved: Booking | None = None, now: datetime
) -> None:
    """Each other room has to be one that this party may book then, and none may be part of another."""
    tree = ledger.atoms_of(booking.hub) if rooms else {}
    taken = set(tree.get(booking.space.pk, ()))
    for room in rooms:
        atoms = set(tree[room.pk])
        if not taken.isdisjoint(atoms):
            text = _("%(room)s is part of what you book already. Leave it out.")
            raise AdditionRefused(text % {"room": room.name})
        taken |= atoms
        allowing.check(room, period=booking.period, party=booking.party, by=by, moved=moved, now=now)


def _refuse_served(booking: Booking, rows: Iterable[Addition], *, period: Period, now: datetime) -> None:
    """What is being made ready for the old time cannot move, nor can what is too late to order for the new one."""
    for extra in (row.extra for row in rows if row.extra and period.start != booking.starts_at):
        if extras.too_late(extra, booking.starts_at, now) or extras.too_late(extra, period.start, now):
            text = _("It is too late to move %(extra)s. Ask reception to change this booking.")
            raise AdditionRefused(text % {"extra": extra})


def _rooms(rows: Iterable[Addition]) -> tuple[Space, ...]:
    return tuple(row.space for row in rows if row.space and not row.extra)


class _FreeSpaces:
    """The rooms and pieces that could go with a booking, locked, and which of them are free for it."""

    def __init__(self, booking: Booking, spaces: Sequence[Space], *, now: datetime) -> None:
        if transaction.get_connection().in_atomic_block:
            claiming.lock([booking.space, *spaces])
        self.spaces = {space.pk: space for space in spaces}
        tree = ledger.atoms_of(booking.hub)
        margin = Margin(booking.setup_minutes, booking.cleanup_minutes)
        atoms = {atom for space in spaces for atom in tree[space.pk]}
        claims = ledger.in_the_way(atoms, period=booking.period, margin=margin, now=now)
        taken = {claim.space_id for claim in claims if claim.holder != booking.holder}
        self.free = {pk for pk in self.spaces if taken.isdisjoint(tree[pk])}

    def the(self, room: Space) -> Space:
        """That room. Raises AdditionRefused when it is not free."""
        if room.pk not in self.free:
            text = _("%(room)s is not free then. Leave it out, or choose another time.")
            raise AdditionRefused(text % {"room": room.name})
        return room

    def one_of(self, extra: Extra, *, rather: int | None = None) -> Space | None:
        """A free piece, the one it was if that can be; None for what is served. Raises AdditionRefused."""
        pieces = [pk for pk, space in self.spaces.items() if space.extra_id == extra.pk]
        if not pieces:
            return None
        free = [pk for pk in pieces if pk in self.free]
        if not free:
            text = _("%(extra)s: all are taken then. Leave it out, or choose another time.")
            raise AdditionRefused(text % {"extra": extra})
        found = self.spaces[rather if rather in free else free[0]]
        self.free.discard(found.pk)
        return found


def _again(there: Booking, row: Addition, free: _FreeSpaces) -> Addition:
    extra = row.extra
    if extra is not None:
        row = copy(row)
        row.space = free.one_of(extra, rather=row.space_id)
        return extras.counted(there, row)
    fresh = extras.of_room(there, free.the(spaces_of([row])[0]))
    fresh.pk = row.pk
    return fresh


def _fee(booking: Booking, addition: Addition, at: datetime) -> Fee:
    net = Decimal(0)
    if addition.extra is None:
        net = cancellation.cost(addition.net, steps=booking.policy, starts_at=booking.policy_starts_at, at=at)
    elif addition.space_id is None and extras.too_late(addition.extra, booking.starts_at, at):
        net = addition.net
    return Fee(addition, Taxed.from_net(net, rate=addition.vat_rate))


def _missed(booking: Booking, addition: Addition) -> Taxed:
    net = addition.net
    if addition.extra is None:
        net = cancellation.not_coming(addition.net, steps=booking.policy)
    return Taxed.from_net(net, rate=addition.vat_rate)
