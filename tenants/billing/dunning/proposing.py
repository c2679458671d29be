"""Today's letters: what the ladder says is next, several receivables of a party in one letter. Nothing is sent here."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from spaces.models import Hub
from spaces.money import Euro, divided, euro, total
from tenants.billing.dunning import bik, ladder, standing
from tenants.billing.dunning.ladder import Kind, Rung, Taken
from tenants.billing.dunning.standing import Item
from tenants.billing.models import DunningStep, Payment, Receivable
from tenants.parties.models import Party


@dataclass(frozen=True)
class Proposed:
    """One letter as it would go out on `sent_on`; `credit` is what the party has to its credit and did not use yet."""

    party: Party
    kind: str
    items: Sequence[Item]
    sent_on: date
    pay_by: date
    credit: Decimal

    @property
    def key(self) -> str:
        """Names it in an address: 12-reminder."""
        return f"{self.party.pk}-{self.kind}"

    @property
    def label(self) -> str:
        return str(DunningStep.Kind(self.kind).label)

    @property
    def amount(self) -> Euro:
        """What is open of it together."""
        return total(item.open_amount for item in self.items)

    @property
    def costs(self) -> Euro:
        """What a 14-day letter says that collecting will cost; nothing for another letter."""
        return bik.costs_of(self.amount) if self.kind == Kind.FORMAL else euro(0)

    @property
    def shares(self) -> list[Euro]:
        """The costs over its receivables, by what is open of each."""
        return divided(self.costs, [item.open_amount for item in self.items])

    @property
    def seen(self) -> str:
        """A digest of all that the letter says: who sends it, sends this."""
        facts = [self.key, self.sent_on, self.pay_by, self.costs]
        facts += [f"{item.receivable.pk}={item.open_amount}" for item in self.items]
        return hashlib.sha256("|".join(map(str, facts)).encode()).hexdigest()[:24]


def letters(hub: Hub, *, today: date, party: Party | None = None) -> list[Proposed]:
    """The letters that are due on `today`, by party and step. Ten queries, however many there are."""
    steps, unused = ladder.rungs(hub), credit_of(hub)
    found = []
    for each, rows in standing.by_party(standing.items(hub, today=today, party=party)).items():
        by_kind: dict[str, list[Item]] = {}
        for item in rows:
            if kind := _next(steps, item):
                by_kind.setdefault(kind, []).append(item)
        found += [
            _proposed(steps, each, kind, by_kind[kind], unused.get(each.pk, Decimal(0)))
            for kind in ladder.LETTERS
            if kind in by_kind
        ]
    return found


def credit_of(hub: Hub) -> dict[int, Decimal]:
    """What each party has to its credit: credit notes and payments that pay nothing yet. Two queries."""
    notes = Receivable.objects.filter(hub=hub).with_credit().order_by()
    money = Payment.objects.filter(hub=hub).with_unused().order_by()
    found: dict[int, Decimal] = {}
    for party, amount in notes.values_list("party").annotate(sum=Sum("open_amount")):
        found[party] = found.get(party, Decimal(0)) - amount
    for party, amount in money.values_list("party").annotate(sum=Sum("unused_amount")):
        found[party] = found.get(party, Decimal(0)) + amount
    return found


def _next(steps: Sequence[Rung], item: Item) -> str | None:
    """Costs are no reason for a letter of their own: they are asked with what they are about, or handed over."""
    row = item.receivable
    if item.obstacle or row.kind == Receivable.Kind.COSTS:
        return None
    taken = [Taken(each.kind, each.sent_on, each.pay_by) for each in item.reminders]
    return ladder.next_step(steps, taken, due_on=row.due_on, today=item.today)


def _proposed(
    steps: Sequence[Rung], party: Party, kind: str, items: Sequence[Item], credit: Decimal
) -> Proposed:
    today, due_on = items[0].today, max(item.receivable.due_on for item in items)
    return Proposed(
        party,
        kind,
        items,
        sent_on=today,
        pay_by=ladder.pay_by(steps, kind, due_on=due_on, today=today),
        credit=credit,
    )
