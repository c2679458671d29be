"""What is still to be paid for months that were charged before their rent was indexed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_noop

from spaces import wording
from spaces.explaining import sentence
from spaces.money import Euro, euro, total
from spaces.periods import DAY
from tenants.billing import charging
from tenants.billing.charging import Owed
from tenants.billing.models import LineKind
from tenants.leases import paying_parties, rent, rent_vat
from tenants.leases.indexing.standing import Course
from tenants.leases.instalments import month_of
from tenants.leases.models import Indexation, Lease, LeaseTerms
from tenants.leases.naming import both
from tenants.leases.naming import month as in_words
from tenants.leases.rent import Agreement


@dataclass(frozen=True)
class Month:
    """A month charged at the old rent: what it was and what it should have been, excluding VAT."""

    first: date
    last: date
    old: Euro
    new: Euro

    @property
    def difference(self) -> Euro:
        return euro(self.new - self.old)


@dataclass(frozen=True)
class BackPay:
    """What asking back payment comes to: months in the old books, and months charged here; excluding VAT."""

    old_books: Sequence[Month]
    here: Sequence[Month]

    @property
    def months(self) -> list[Month]:
        return [*self.old_books, *self.here]

    @property
    def total(self) -> Euro:
        return total(month.difference for month in self.months)


def agreement(lease: Lease, terms: Sequence[LeaseTerms]) -> Agreement:
    """All that decides the rent of `lease` when its terms are `terms`."""
    return Agreement(lease.starts_on, lease.ends_on, tuple(terms), tuple(lease.discounts.all()))


def reckon(course: Course, *, on: date, new: Sequence[LeaseTerms], until: date) -> BackPay:
    """The months from `on` up to and including the day before `until`, at the present and at the `new` terms."""
    lease = course.lease
    before = agreement(lease, course.history)
    rows = {row.starts_on: row for row in (*course.history, *new)}
    after = agreement(lease, [rows[day] for day in sorted(rows)])
    months = []
    first = on
    while first < until:
        last = min(month_of(first)[1], until - DAY)
        amounts = (rent.over(each, starts=first, ends=last) for each in (before, after))
        months.append(Month(first, last, *amounts))
        first = last + DAY
    old = [month for month in months if month.first < lease.charged_from]
    return BackPay(old, [month for month in months if month.first >= lease.charged_from])


def charge(indexation: Indexation, back: BackPay) -> None:
    """Ask the difference of each month in the old books; what was charged here follows by itself."""
    lease = indexation.lease
    for month in back.old_books:
        if not month.difference:
            continue
        source = f"indexation:{indexation.pk}:{month.first:%Y-%m}"
        for name, party, lines in paying_parties.bills(lease, source, [_line(indexation, month)]):
            charging.post(name, hub=lease.hub, party=party, lines=lines)


def _line(indexation: Indexation, month: Month) -> Owed:
    vat, amount = rent_vat.of_rent(indexation.terms), month.difference
    return Owed(
        kind=LineKind.RENT,
        description=sentence(
            gettext_noop("Rent of %(month)s, contract %(number)s: the difference after indexation"),
            month=both(lambda: in_words(month.first)),
            number=indexation.lease.number,
        ),
        reason=sentence(
            gettext_noop(
                "Indexed from %(day)s: %(new)s instead of the %(old)s that was invoiced before. %(calculation)s"
            ),
            day={"date": indexation.on.isoformat()},
            new=wording.euro(month.new),
            old=wording.euro(month.old),
            calculation=indexation.calculation,
        ),
        vat_reason=vat.reason,
        starts_on=month.first,
        ends_on=month.last,
        quantity=Decimal(1 if amount > 0 else -1),
        unit="month",
        unit_price=abs(amount),
        net=amount,
        vat_treatment=vat.treatment,
        vat_rate=vat.rate,
    )
