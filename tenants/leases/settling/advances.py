"""What a lease paid in advance for a service over a year: as charged here, and by its terms for the old books."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models.functions import Coalesce

from spaces.models import Hub
from spaces.money import Euro, divided, euro, total
from spaces.periods import DAY
from tenants.billing.models import Charge, LineKind
from tenants.leases import rent, sharing
from tenants.leases.models import Lease
from tenants.leases.rent import Agreement

NEEDED = ("terms", "advances__type", "lines__space", "shares__party")
Who = tuple[int, int, int]
"""Lease, party and service type, by pk."""


@dataclass
class Paid:
    """What one party of one lease paid in advance for one type, excluding VAT."""

    charged: Euro = field(default_factory=lambda: euro(0))
    old_books: Euro = field(default_factory=lambda: euro(0))

    @property
    def total(self) -> Euro:
        return euro(self.charged + self.old_books)


def charged(hub: Hub, year: int) -> dict[Who, Euro]:
    """The advances charged here for days of the year, with their credits, also by a credit note. One query."""
    rows = Charge.objects.annotate(origin=Coalesce("credits__source", "source")).filter(
        hub=hub, kind=LineKind.SERVICE, topic__startswith="service:", origin__startswith="lease:",
        starts_on__year=year,
    ).values_list("origin", "party", "topic", "net")  # fmt: skip
    found: defaultdict[Who, Euro] = defaultdict(lambda: euro(0))
    for source, party, topic, net in rows:
        who = int(source.split(":")[1]), party, int(topic.partition(":")[2])
        found[who] = euro(found[who] + net)
    return found


def agreement(lease: Lease) -> Agreement:
    """All that decides the advances of `lease`, from what was prefetched by NEEDED."""
    rows = {row.starts_on: row for row in sorted(lease.terms.all(), key=lambda row: (row.starts_on, row.pk))}
    terms = tuple(rows[day] for day in sorted(rows))
    return Agreement(lease.starts_on, lease.ends_on, terms, advances=tuple(lease.advances.all()))


def in_old_books(lease: Lease, year: int) -> dict[Who, Euro]:
    """By its terms, for the days of the year before the first that is charged here."""
    last = min(date(year, 12, 31), lease.charged_from - DAY)
    return _by_terms(lease, date(year, 1, 1), last)


def due_here(lease: Lease, year: int) -> Euro:
    """What by its terms should have been charged here for the year, of all types and parties together."""
    first = max(date(year, 1, 1), lease.charged_from)
    return total(_by_terms(lease, first, date(year, 12, 31)).values())


def _by_terms(lease: Lease, first: date, last: date) -> dict[Who, Euro]:
    found: defaultdict[Who, Euro] = defaultdict(lambda: euro(0))
    if first > last:
        return found
    for piece in rent.advances(agreement(lease), starts=first, ends=last):
        if piece.advance is None or not piece.amount:
            continue
        payers = sharing.of_shares(lease, lease.shares.all(), piece.first)
        parts: Sequence[Euro] = divided(piece.amount, [share for _party, share in payers])
        for (party, _share), amount in zip(payers, parts, strict=True):
            who = lease.pk, party.pk, piece.advance.type_id
            found[who] = euro(found[who] + amount)
    return found
