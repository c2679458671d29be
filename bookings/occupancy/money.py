"""The director's figures about money: rent in force, leases that end, vacancy, arrears, and what is expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bookings.occupancy import rooms
from bookings.occupancy.deals import hub_of
from bookings.occupancy.months import Month
from bookings.occupancy.rooms import Letting
from spaces import occupancy
from spaces.models import Space
from spaces.money import Euro
from tenants.billing import ageing
from tenants.billing.ageing import Aged
from tenants.billing.online import clearing_tests
from tenants.billing.online.clearing_tests import Standing
from tenants.leases import expecting, rent_roll
from tenants.leases.expecting import Forecast
from tenants.leases.rent_roll import Line, RentRoll
from tenants.parties.access import Actor


@dataclass(frozen=True)
class Vacant:
    """A room that nobody rents and nobody can book, and what it would earn a year at the average rent."""

    atom: Space
    yearly: Euro | None


@dataclass(frozen=True)
class Money:
    """The money of a hub as seen from one day: `month` says which; arrears are those of today.

    What test payments `tested` seem to have paid is not in the arrears, until they are taken back.
    """

    month: Month
    roll: RentRoll
    let: Letting
    ending: Sequence[Line]
    arrears: Sequence[Aged]
    forecast: Forecast
    tested: Standing

    @property
    def vacant(self) -> list[Vacant]:
        return [Vacant(atom, self.roll.would_earn(atom.area_m2)) for atom in self.let.vacant_atoms]

    @property
    def vacancy_yearly(self) -> Euro | None:
        """Rounded once, over all vacant m²: its rooms, each rounded, may be cents apart."""
        return self.roll.would_earn(self.let.vacant)

    @property
    def owed(self) -> Aged:
        """What all parties together owe, by how late it is."""
        return ageing.together(self.arrears)


def look(actor: Actor, month: Month, *, now: datetime) -> Money:
    """Everything on the page, on the day of `month` that is nearest to today. A constant number of queries."""
    hub = hub_of(actor)
    found = expecting.forecast(hub, starts=month.first, now=now)
    return Money(
        month=month,
        roll=rent_roll.of_hub(hub, on=month.day),
        let=letting(actor, month),
        ending=rent_roll.ending(hub, starts=month.day, until=expecting.last_day(month.day)),
        arrears=arrears(actor, today=month.today),
        forecast=found,
        tested=clearing_tests.standing(hub),
    )


def letting(actor: Actor, month: Month) -> Letting:
    """What is let, flexible and vacant on the day of `month`."""
    return rooms.letting(actor, occupancy.read(hub_of(actor), period=month.period), on=month.day)


def arrears(actor: Actor, *, today: date) -> list[Aged]:
    """What each party of the hub owes, who is late with most first. Ten queries, however many there are."""
    rows = [row for row in ageing.of_hub(hub_of(actor), today=today) if row.total or row.items]
    return sorted(rows, key=lambda row: (-row.late, -row.total))
