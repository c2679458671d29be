"""What must always be true of the rent that was charged: no gap, nothing twice, and what was agreed to the cent."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_noop

from spaces.invariants import Invariant, Looked
from spaces.money import total
from tenants.billing.models import Charge
from tenants.leases import charging_rent
from tenants.leases.models import Lease, RentPeriod


def broken() -> list[str]:
    """A sentence for each lease that was charged for other periods, or for other amounts, than was agreed."""
    leases = Lease.objects.select_related("hub", "party").prefetch_related(*charging_rent.NEEDED)
    return [words for lease in leases.order_by("pk") for words in _broken(lease)]


def _broken(lease: Lease) -> Iterator[str]:
    rows = {(row.starts_on, row.ends_on): row for row in lease.periods.all()}
    until = max((row.ends_on for row in rows.values()), default=None)
    agreed = charging_rent.due_periods(lease, until=until) if until else []
    yield from (f"{lease.holder} was not charged for {first}" for first, _last in set(agreed) - set(rows))
    yield from (
        f"{lease.holder} was charged for {first} for nothing" for first, _last in set(rows) - set(agreed)
    )
    charged = _charged(lease)
    for days in agreed:
        bills = charging_rent.bills(lease, days)
        owed = total(line.net for _source, _party, lines in bills for line in lines)
        row, net = rows.get(days), charged.pop(days[0], Decimal(0))
        if net != owed:
            yield f"{lease.holder} was charged {net} for {days[0]}, agreed is {owed}"
        elif row is not None and row.digest != charging_rent.digest(bills):
            yield f"{lease.holder} was charged otherwise than agreed for {days[0]}"
    yield from (
        f"{lease.holder} was charged {net} for {first} for nothing" for first, net in charged.items() if net
    )


def _charged(lease: Lease) -> dict[date, Decimal]:
    """What stands of each period by its first day: with its corrections, and with credit notes to be charged anew."""
    of_lease = Charge.objects.filter(source__startswith=f"{lease.holder}:")
    noted = Q(credits__in=of_lease, waived=False) & ~Q(source__startswith=f"{lease.holder}:")
    found: dict[date, Decimal] = defaultdict(Decimal)
    for charge in [*of_lease, *Charge.objects.filter(noted).select_related("credits")]:
        own = charge.source.startswith(f"{lease.holder}:")
        source = charge.source if own else charge.credits.source  # type: ignore[union-attr]
        if (first := _first(source)) is not None:
            found[first] += charge.net
    return dict(found)


def _first(source: str) -> date | None:
    """The first day in the name of a period; other things of a lease are named otherwise."""
    try:
        return date.fromisoformat(source.split(":")[2])
    except ValueError:
        return None


def _look(now: datetime) -> Looked:
    return Looked(RentPeriod.objects.count(), broken())


INVARIANTS = (Invariant(gettext_noop("every lease is charged for what was agreed, every day once"), _look),)
