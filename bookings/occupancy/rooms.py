"""The figures that come from the claims ledger, room by room: let, flexible use, and both in one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import NamedTuple

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from bookings.occupancy.tables import Column, Kind, Row, Table
from spaces import occupancy, wording
from spaces.models import Space
from spaces.occupancy import Book
from spaces.usage import HeatCell, Occupancy, percentage
from tenants.leases.models import Lease
from tenants.leases.notice import notice_by
from tenants.parties.access import Actor

NOTHING = Decimal("0.00")


class Let(NamedTuple):
    """A lease in force with its m² VVO."""

    lease: Lease
    area: Decimal

    @property
    def notice_by(self) -> date | None:
        """The last day to give notice."""
        return notice_by(self.lease.ends_on, months=self.lease.notice_months)  # type: ignore[attr-defined]  # annotated


@dataclass(frozen=True)
class Letting:
    """The lettable m² of a hub on one day: under lease, for flexible use, or vacant; in m² VVO."""

    on: date
    atoms: Sequence[Space]
    leases: Mapping[int, Lease]
    flexible: frozenset[int]

    @property
    def lettable(self) -> Decimal:
        return _area(self.atoms)

    @property
    def let(self) -> Decimal:
        return _area(atom for atom in self.atoms if atom.pk in self.leases)

    @property
    def flex(self) -> Decimal:
        return _area(atom for atom in self.atoms if self.is_flexible(atom))

    @property
    def vacant(self) -> Decimal:
        return _area(self.vacant_atoms)

    @property
    def vacant_atoms(self) -> list[Space]:
        return [atom for atom in self.atoms if atom.pk not in self.leases and not self.is_flexible(atom)]

    @property
    def share(self) -> Decimal | None:
        """Percent of the lettable m² that is let."""
        return percentage(self.let, self.lettable)

    @property
    def by_lease(self) -> list[Let]:
        """Each lease in force with its m², the largest first."""
        areas: dict[Lease, Decimal] = {}
        for atom in self.atoms:
            lease = self.leases.get(atom.pk)
            if lease:
                areas[lease] = areas.get(lease, NOTHING) + atom.area_m2
        return sorted((Let(*each) for each in areas.items()), key=lambda let: -let.area)

    def is_flexible(self, atom: Space) -> bool:
        return atom.pk in self.flexible and atom.pk not in self.leases


def letting(actor: Actor, book: Book, *, on: date) -> Letting:
    """Who has which m² on a day that `book` covers. One query, for the names on the leases."""
    claims = occupancy.leases_on(book, on=on)
    leases = {
        lease.holder: lease
        for lease in Lease.objects.visible_to(actor)
        .in_force(on)
        .with_notice_months(on)
        .select_related("party")
    }
    known = {pk: leases[claim.holder] for pk, claim in claims.items() if claim.holder in leases}
    return Letting(on, [atom for atom in book.atoms if atom.lettable], known, book.flexible)


def let_table(let: Letting) -> Table:
    """Every lettable room with its m² in one of three columns."""
    return Table(
        title=_("Area let"),
        definition=_(
            "Lettable floor area (VVO) on %(day)s. Let: a lease covers the whole day. Flexible: not let, can be "
            "booked. Vacant: neither. A room with parts counts as its parts, so nothing counts twice."
        )
        % {"day": wording.day(let.on)},
        columns=[
            Column(_("Code")), Column(_("Room")), Column(_("Floor")), Column(_("m² lettable"), Kind.AREA, adds_up=True),
            Column(_("m² let"), Kind.AREA, adds_up=True), Column(_("m² flexible"), Kind.AREA, adds_up=True),
            Column(_("m² vacant"), Kind.AREA, adds_up=True), Column(_("Tenant")), Column(_("Lease")),
            Column(_("Last day"), Kind.DAY), Column(_("Give notice by"), Kind.DAY),
        ],
        rows=[Row(tuple(_let_cells(let, atom)), "space", atom.code) for atom in let.atoms],
    )  # fmt: skip


def _let_cells(let: Letting, atom: Space) -> Iterator[object]:
    lease = let.leases.get(atom.pk)
    flexible = let.is_flexible(atom)
    yield from (atom.code, atom.name, str(atom.floor), atom.area_m2)
    yield atom.area_m2 if lease else NOTHING
    yield atom.area_m2 if flexible else NOTHING
    yield NOTHING if lease or flexible else atom.area_m2
    yield from (
        (lease.party.name, lease.number, lease.ends_on, Let(lease, NOTHING).notice_by)
        if lease
        else ("", "", None, None)
    )


def flex_table(use: Occupancy) -> Table:
    """The bookable rooms: hours booked of the hours open."""
    return Table(
        title=_("Flexible rooms"),
        definition=flex_definition(),
        columns=[
            Column(_("Code")), Column(_("Room")), Column(_("Hours open"), Kind.HOURS, adds_up=True),
            Column(_("Hours booked"), Kind.HOURS, adds_up=True), Column(_("Occupancy"), Kind.PERCENT),
        ],
        rows=[
            Row((it.space.code, it.space.name, it.flex_open_hours, it.flex_booked_hours, it.flex_rate), "space",
                it.space.code)
            for it in use.flexible
        ],
        shares={4: use.flex_rate},
    )  # fmt: skip


def flex_definition() -> str:
    """What counts as occupancy of the flexible rooms, in words."""
    return _(
        "Hours booked divided by hours open, of all rooms that can be booked, over the whole month: what is booked for "
        "the coming days counts too. Closures are taken off, and so is the time a room is let. A whole counts as its "
        "parts: an hour in the whole meeting area is an hour in A and an hour in B. Fixed half-days count as booked, "
        "holds do not, and neither does time outside opening hours. Rooms weigh alike, large or small."
    )


def use_table(use: Occupancy) -> Table:
    """Every lettable room: m²·hours leased and booked of those open."""
    return Table(
        title=_("Use of the building"),
        definition=use_definition(),
        columns=[
            Column(_("Code")), Column(_("Room")), Column(_("m² lettable"), Kind.AREA, adds_up=True),
            Column(_("m²·hours open"), Kind.NUMBER, adds_up=True),
            Column(_("m²·hours leased"), Kind.NUMBER, adds_up=True),
            Column(_("m²·hours booked"), Kind.NUMBER, adds_up=True), Column(_("In use"), Kind.PERCENT),
        ],
        rows=[
            Row((it.space.code, it.space.name, it.space.area_m2, it.open_m2h, it.leased_m2h, it.booked_m2h, it.share),
                "space", it.space.code)
            for it in use.lettable
        ],
        shares={6: use.share},
    )  # fmt: skip


def use_definition() -> str:
    """What counts as use of the building, in words."""
    return _(
        "One figure over leases and bookings: every lettable m² times every hour that the building is open, and how "
        "much of that is leased or booked. Leases count during opening hours only, just as bookings do, so that both "
        "can be added and 100 % is full. Closures are taken off; holds do not count."
    )


def heat_table(heat: Mapping[tuple[int, int], HeatCell]) -> Table:
    """The flexible rooms by weekday and hour."""
    return Table(
        title=_("Busy and quiet hours"),
        definition=flex_definition(),
        columns=[
            Column(_("Weekday")), Column(_("Hour")), Column(_("Hours open"), Kind.HOURS, adds_up=True),
            Column(_("Hours booked"), Kind.HOURS, adds_up=True), Column(_("Occupancy"), Kind.PERCENT),
        ],
        rows=[
            Row((str(WEEKDAYS[weekday]), clock_hour(hour), cell.open_hours, cell.booked_hours, cell.rate))
            for (weekday, hour), cell in heat.items()
        ],
    )  # fmt: skip


def clock_hour(hour: int) -> str:
    """08:00–09:00; the last hour of the day ends at 24:00."""
    until = "24:00" if hour == 23 else wording.clock(time(hour + 1))
    return f"{wording.clock(time(hour))}{wording.DASH}{until}"


def free_table(spaces: Sequence[Space]) -> Table:
    """The rooms that nobody has at this moment."""
    return Table(
        title=_("Free now"),
        definition=_("Rooms that can be booked and that nobody has now. While the building is closed: none."),
        columns=[
            Column(_("Code")), Column(_("Room")), Column(_("Floor")), Column(_("m²"), Kind.AREA),
            Column(_("Persons"), Kind.NUMBER),
        ],
        rows=[
            Row((it.code, it.name, str(it.floor), it.area_m2, it.capacity), "space", it.code) for it in spaces
        ],
        empty=_("No room is free at this moment."),
    )  # fmt: skip


def _area(atoms: Iterable[Space]) -> Decimal:
    return sum((atom.area_m2 for atom in atoms), NOTHING)
