"""What is open by party and by how long it is late; all columns add up to what is owed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from spaces.models import Hub
from spaces.money import Euro, euro, total
from tenants.billing.dunning import proposing, standing
from tenants.billing.dunning.standing import Item, Obstacle
from tenants.parties.models import Party

LATEST = (0, 30, 60, 90)
"""The last day of each bucket, in days late: not due, 1–30, 31–60, 61–90; then more than 90."""


@dataclass(frozen=True)
class Aged:
    """A party (or all of them): amounts by bucket, credit not used yet (negative), and what it owes in all."""

    buckets: Sequence[Euro]
    credit: Euro
    party: Party | None = None
    items: Sequence[Item] = ()

    @property
    def total(self) -> Euro:
        return total([*self.buckets, self.credit])

    @property
    def asked(self) -> Euro:
        """What is to be paid, credit left aside."""
        return total(self.buckets)

    @property
    def late(self) -> Euro:
        """What should have been paid."""
        return total(self.buckets[1:])

    @property
    def states(self) -> list[Obstacle]:
        """Why it, or some of it, is left alone."""
        return sorted({item.obstacle for item in self.items if item.obstacle})


def of_hub(hub: Hub, *, today: date) -> list[Aged]:
    """All parties of which something is open or to their credit, by name. Ten queries, however many there are."""
    unused = proposing.credit_of(hub)
    found = standing.by_party(standing.items(hub, today=today))
    only_credit = Party.objects.filter(pk__in=[pk for pk, amount in unused.items() if amount])
    found = {party: [] for party in only_credit} | found
    rows = [_aged(party, items, unused.get(party.pk, Decimal(0))) for party, items in found.items()]
    return sorted(rows, key=lambda row: (row.party.name.casefold(), row.party.pk) if row.party else ("", 0))


def together(rows: Iterable[Aged]) -> Aged:
    """The sum of these, column by column."""
    found = list(rows)
    columns = zip(*(row.buckets for row in found), strict=True) if found else [()] * (len(LATEST) + 1)
    return Aged([total(column) for column in columns], total(row.credit for row in found))


def bucket(days_late: int) -> int:
    """In which bucket something stands that is so many days late."""
    return next((place for place, last in enumerate(LATEST) if days_late <= last), len(LATEST))


def _aged(party: Party, items: Sequence[Item], credit: Decimal) -> Aged:
    buckets = [
        total(item.open_amount for item in items if bucket(item.days_late) == place)
        for place in range(len(LATEST) + 1)
    ]
    return Aged(buckets, euro(-credit), party, items)
