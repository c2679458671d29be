"""Charging what collecting costs: after a 14-day letter ran out unpaid, and only then; with the statutory interest."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import override

from spaces import wording
from spaces.models import Hub
from spaces.money import Euro, euro, total
from tenants.billing import allocating, letterhead
from tenants.billing.books import posting
from tenants.billing.dunning import bik, interest, rates, standing
from tenants.billing.dunning.interest import Paid, Part, Rate
from tenants.billing.dunning.refusals import Changed, RateUnknown
from tenants.billing.dunning.standing import Item
from tenants.billing.models import Allocation, Receivable, Reminder
from tenants.parties import mailing
from tenants.parties.models import Party, User

PAY_WITHIN = timedelta(days=14)
NUMBER = "KOSTEN-{:06}"
"""By the key of the receivable that the costs are about. Never with an invoice's number in it: a transfer that names
the costs would pay the invoice.
"""


@dataclass(frozen=True)
class Costs:
    """What can be charged for one 14-day letter: the tiers over what is still open of it, and interest until `on`.

    `parts` are those of the interest, by number of the receivable. `missing_on`: on this day no rate is known yet.
    """

    party: Party
    items: Sequence[Item]
    on: date
    named: Decimal
    parts: Sequence[tuple[str, Sequence[Part]]] = ()
    missing_on: date | None = None

    @property
    def about(self) -> Receivable:
        """The oldest of them."""
        return self.items[0].receivable

    @property
    def principal(self) -> Euro:
        return total(item.open_amount for item in self.items)

    @property
    def costs(self) -> Euro:
        """By law over what is still open, and never more than the letter named."""
        return euro(min(bik.costs_of(self.principal), self.named))

    @property
    def interest(self) -> Euro:
        return total(part.amount for _number, parts in self.parts for part in parts)

    @property
    def amount(self) -> Euro:
        return euro(self.costs + self.interest)

    @property
    def missing(self) -> str:
        """What to do first, in words; nothing when it can be charged."""
        return RateUnknown(self.missing_on).message if self.missing_on else ""

    @property
    def seen(self) -> str:
        """A digest of what is asked: who charges it, charges this."""
        facts = [self.party.pk, self.on, self.costs, self.interest, self.missing_on]
        facts += [f"{item.receivable.pk}={item.open_amount}" for item in self.items]
        return hashlib.sha256("|".join(map(str, facts)).encode()).hexdigest()[:24]


def ready(hub: Hub, *, today: date, party: Party | None = None) -> list[Costs]:
    """What can be charged on `today`: a 14-day letter ran out, nothing was charged for it, and nothing is disputed.

    Ten queries, however much it is.
    """
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in standing.items(hub, today=today, party=party):
        if item.formal and item.formal_has_run_out and item.obstacle is None:
            groups[item.formal.letter_key].append(item)
    charged = set(
        Receivable.objects.filter(about__reminders__letter_key__in=groups, kind=Receivable.Kind.COSTS)
        .values_list("about__reminders__letter_key", flat=True)
    )  # fmt: skip
    known = rates.known()
    found = {key: items for key, items in groups.items() if key not in charged}
    paid = payments_of(item for items in found.values() for item in items)
    named = dict(
        Reminder.objects.filter(letter_key__in=found)
        .order_by()
        .values_list("letter_key")
        .annotate(Sum("costs"))
    )
    return [_costs(items, named[key], paid, known) for key, items in found.items()]


@transaction.atomic(durable=True)
def charge(wanted: Costs, *, by: User, now: datetime) -> Receivable:
    """Ask `wanted` of its party and book it; owes the party a letter. Raises Changed, RateUnknown and BooksLocked."""
    allocating.hold(item.receivable for item in wanted.items)
    again = [
        each
        for each in ready(wanted.party.hub, today=wanted.on, party=wanted.party)
        if each.seen == wanted.seen
    ]
    if not again:
        raise Changed
    if wanted.missing_on:
        raise RateUnknown(wanted.missing_on)
    party, about = wanted.party, wanted.about
    row = Receivable.objects.create(
        hub=party.hub, party=party, kind=Receivable.Kind.COSTS, number=NUMBER.format(about.pk),
        issued_on=wanted.on, due_on=wanted.on + PAY_WITHIN, net=wanted.amount, amount=wanted.amount, about=about,
        description=_explained(wanted),
    )  # fmt: skip
    posting.costs(row)
    _tell(wanted, row, now=now)
    return row


def payments_of(items: Iterable[Item]) -> dict[int, list[Paid]]:
    """What was paid of each receivable, and when; what was reversed was never paid. One query."""
    keys = [item.receivable.pk for item in items]
    rows = Allocation.objects.filter(receivable__in=keys, undoes=None, undone_by=None)
    found: dict[int, list[Paid]] = defaultdict(list)
    for row in rows.select_related("payment", "against"):
        day = row.payment.received_on if row.payment else row.against.issued_on if row.against else None
        if day:
            found[row.receivable_id].append(Paid(day, row.amount))
    return found


def interest_of(item: Item, paid: Sequence[Paid], known: Sequence[Rate]) -> list[Part]:
    """The interest over one receivable until today. Raises RateUnknown."""
    row = item.receivable
    return interest.over(row.amount, due_on=row.due_on, until=item.today, paid=paid, rates=known)


def _costs(
    items: Sequence[Item], named: Decimal, paid: Mapping[int, Sequence[Paid]], known: Sequence[Rate]
) -> Costs:
    first = items[0]
    facts = Costs(first.receivable.party, items, first.today, named)
    try:
        parts = [
            (item.receivable.number, interest_of(item, paid.get(item.receivable.pk, ()), known))
            for item in items
        ]
    except RateUnknown as unknown:
        return replace(facts, missing_on=unknown.day)
    return replace(facts, parts=parts)


def _explained(wanted: Costs) -> str:
    with override(wanted.party.language):
        words = _("costs %(costs)s and interest %(interest)s for %(numbers)s")
        numbers = ", ".join(item.receivable.number for item in wanted.items)
        facts = {"costs": wording.euro(wanted.costs), "interest": wording.euro(wanted.interest)}
        return (words % {**facts, "numbers": numbers})[:200]


def _tell(wanted: Costs, row: Receivable, *, now: datetime) -> None:
    party = wanted.party
    if not party.email:
        return
    account = letterhead.in_fours(party.hub.iban)
    mailing.post(
        key=f"dunning:costs:{row.pk}", kind="collection_costs", hub=party.hub, to_email=party.email,
        to_name=party.contact_name or party.name, party=party, language=party.language, due_at=now,
        context={"asked": wanted, "row": row, "account": account},
    )  # fmt: skip
