"""The rents that are in force on a day, lease by lease, and what a vacant m² would earn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from spaces.models import Hub
from spaces.money import Euro, euro, total
from tenants.leases.contracts import standing
from tenants.leases.models import Lease, LeaseTerms, RentDiscount
from tenants.leases.notice import notice_by


@dataclass(frozen=True)
class Line:
    """A lease on a day with the terms that count then."""

    lease: Lease
    terms: LeaseTerms
    discount: RentDiscount | None

    @property
    def monthly(self) -> Euro:
        """A twelfth of the year."""
        return euro(self.terms.yearly / 12)

    @property
    def ends_in(self) -> date | None:
        """The first day of the month in which it ends."""
        return self.lease.ends_on.replace(day=1) if self.lease.ends_on else None

    @property
    def notice_by(self) -> date | None:
        return notice_by(self.lease.ends_on, months=self.terms.notice_months)


@dataclass(frozen=True)
class RentRoll:
    """The leases in force on a day, by number; amounts exclude VAT and discounts."""

    on: date
    lines: Sequence[Line]

    @property
    def yearly(self) -> Euro:
        return total(line.terms.yearly for line in self.lines)

    @property
    def area(self) -> Decimal:
        """m² VVO as agreed."""
        return sum((line.terms.area_m2 for line in self.lines), Decimal("0.00"))

    @property
    def per_m2(self) -> Euro | None:
        """The average rent per m² and year of the leases in force, in cents; None without any."""
        return euro(self.yearly / self.area) if self.area else None

    def would_earn(self, area: Decimal) -> Euro | None:
        """What `area` m² would bring in a year at that average, rounded once."""
        return euro(area * self.yearly / self.area) if self.area else None


def of_hub(hub: Hub, *, on: date) -> RentRoll:
    """The rents in force on `on`. A constant number of queries."""
    leases = standing.with_everything(Lease.objects.of_hub(hub).in_force(on)).order_by("number")
    lines = [(lease, standing.terms_of(lease, on)) for lease in leases]
    return RentRoll(
        on, [Line(lease, terms, _discount(lease, on)) for lease, terms in lines if terms is not None]
    )


def ending(hub: Hub, *, starts: date, until: date) -> list[Line]:
    """The leases whose last day lies in these days, the first to end first. A constant number of queries."""
    leases = Lease.objects.of_hub(hub).filter(ends_on__gte=starts, ends_on__lte=until)
    found = standing.with_everything(leases).order_by("ends_on", "number")
    lines = [(lease, standing.terms_of(lease, lease.ends_on or until)) for lease in found]
    return [Line(lease, terms, None) for lease, terms in lines if terms is not None]


def _discount(lease: Lease, day: date) -> RentDiscount | None:
    return next((row for row in lease.discounts.all() if row.starts_on <= day <= row.ends_on), None)
