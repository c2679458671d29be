"""The m² VVO of a hub, counted from the ledger as the director's page counts them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from spaces import occupancy
from spaces.models import Hub, Space
from spaces.periods import local_day

ANY_DAY = date(2026, 11, 21)


def lettable(hub: Hub) -> Decimal:
    """All that can be let."""
    book = occupancy.read(hub, period=local_day(ANY_DAY, zone=hub.zone))
    return _sum(atom for atom in book.atoms if atom.lettable)


def let(hub: Hub, *, on: date) -> Decimal:
    """What is under lease for the whole of the local day `on`."""
    book = occupancy.read(hub, period=local_day(on, zone=hub.zone))
    leased = occupancy.leases_on(book, on=on)
    return _sum(atom for atom in book.atoms if atom.lettable and atom.pk in leased)


def _sum(atoms: Iterable[Space]) -> Decimal:
    return sum((atom.area_m2 for atom in atoms), Decimal(0))
