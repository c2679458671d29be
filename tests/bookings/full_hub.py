"""A hub in the middle of a month: rooms, a lease, bookings in every state, parties, and somebody who is sought."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from django.db import transaction

from bookings import arriving, cancelling, reserving
from bookings.models import Booking
from spaces import claiming
from spaces.models import Hub, Space, SpaceKind
from spaces.periods import DAY, local_day
from tenants.leases.models import Lease
from tenants.parties.models import Party, PartyKind, User, Vacancy
from tests import cast, databases
from tests.cast import AMSTERDAM, NOW, at, between


@dataclass
class FullHub:
    hub: Hub
    director: User
    rooms: list[Space]
    anna: User
    party: Party
    tenant: Party


@databases.made_once
def full_hub() -> FullHub:
    """60.00 m² let and 579.10 m² vacant; seven bookings in November, one in October; 14 internship places."""
    hub = cast.hub(name="LOC+")
    rooms = [
        cast.space(hub, code, name=f"Spreekkamer {number}")
        for number, code in enumerate(("B03", "B04"), start=1)
    ]
    cast.meeting_area(hub)
    office = cast.space(
        hub, "101", name="Kantoor Accare", kind=SpaceKind.OFFICE, area_m2=Decimal("60.00"), bookable=False
    )
    cast.space(hub, "211", name="Leerplein", kind=SpaceKind.OFFICE, area_m2=Decimal("579.10"), bookable=False)
    cast.space(hub, "A01", name="Entree", kind=SpaceKind.GENERAL, bookable=False, lettable=False)
    cast.rate(hub)
    anna, party = cast.zzper(hub, internship_places=4, adds="voedingsadvies dichtbij")
    tenant = cast.party(
        hub, "Accare", kind=PartyKind.ORGANISATION, discipline="jeugdpsychiatrie", internship_places=10,
        adds="=behandeling dicht bij huis",
    )  # fmt: skip
    Vacancy.objects.create(hub=hub, discipline="logopedist", adds="taal en slikken")
    let(office, tenant)
    full = FullHub(hub, cast.staff(hub), rooms, anna, party, tenant)
    _bookings(full)
    return full


def let(
    space: Space, party: Party, *, number: str = "HC-1", starts: str = "2018-10-01", ends: str = "2027-06-30"
) -> Lease:
    lease = cast.lease(party, rooms=[space], starts=starts, ends=ends, number=number, rent_per_m2_year=142)
    with transaction.atomic():
        claiming.take_until(
            [space], starts_at=at(f"{starts} 00:00"), ends_at=local_day(lease.ends_on, zone=AMSTERDAM).end, kind="lease",
            holder=lease.holder, now=NOW,
        )  # fmt: skip
    return lease


def book(full: FullHub, start: str, end: str, *, room: int = 0) -> Booking:
    """Booked a fortnight before the start."""
    period = between(start, end)
    then = period.start - 14 * DAY
    held = reserving.hold(
        full.rooms[room],
        period=period,
        party=full.party,
        by=full.anna,
        contact=full.anna,
        key=uuid4(),
        now=then,
    )
    return reserving.confirm(held, now=then)


def _bookings(full: FullHub) -> None:
    book(full, "2026-10-06 08:00", "12:00")
    arrived = book(full, "2026-11-03 08:00", "12:00")
    absent = book(full, "2026-11-05 13:00", "14:30")
    late = book(full, "2026-11-10 08:00", "12:00")
    free = book(full, "2026-11-12 08:00", "12:00")
    book(full, "2026-11-21 12:00", "14:00")
    book(full, "2026-11-24 08:00", "12:00", room=1)
    arriving.arrive(arrived, now=arrived.starts_at)
    arriving.no_show(absent, now=absent.ends_at)
    cancelling.cancel(late, by=full.anna, now=at("2026-11-09 07:00"))
    cancelling.cancel(free, by=full.anna, now=at("2026-11-01 12:00"))
