"""The bills of a year: the part of each that belongs to it, so that the parts over the years are the whole bill."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from spaces.money import Euro, euro
from spaces.periods import DAY
from tenants.leases.models import ServiceCost


@dataclass(frozen=True)
class Part:
    """What of one bill belongs to a year: of `days` days in all, `inside` in it."""

    supplier: str
    reference: str
    first: date
    last: date
    net: Decimal
    part: Euro

    @property
    def is_whole(self) -> bool:
        return self.net == self.part


def of_year(costs: Sequence[ServiceCost], year: int) -> list[Part]:
    """The part of each bill that lies in the year, by days; the remainder of a cent goes to the later year."""
    return [
        Part(row.supplier, row.reference, row.starts_on, row.ends_on, row.net, _part(row, year))
        for row in costs
        if row.starts_on.year <= year <= row.ends_on.year
    ]


def _part(row: ServiceCost, year: int) -> Euro:
    return euro(_until(row, date(year, 12, 31)) - _until(row, date(year, 1, 1) - DAY))


def _until(row: ServiceCost, day: date) -> Euro:
    """What of the bill lies up to and including `day`."""
    whole = (row.ends_on - row.starts_on).days + 1
    days = min(max((day - row.starts_on).days + 1, 0), whole)
    return euro(row.net * days / whole)
