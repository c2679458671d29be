"""What a draft would do: the deed itself, done and rolled back, so that what is shown is what will be."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from spaces.models import Claim
from spaces.money import Euro, Taxed, VatTreatment, euro, total
from spaces.periods import DAY
from tenants.leases import charging_rent, rent_periods
from tenants.leases.contracts import drafts, in_words, obstacles, standing
from tenants.leases.contracts.deeds import DEEDS, NEW
from tenants.leases.contracts.in_words import Fact
from tenants.leases.instalments import Days
from tenants.leases.models import Lease, LeaseDraft
from tenants.leases.paying_parties import Bills
from tenants.parties import vat_position
from tenants.parties.models import User

AHEAD = timedelta(days=364)
"""So far after the change amounts are compared: each period that begins within a year."""


@dataclass(frozen=True)
class Difference:
    """One fact that is another one after the deed; an empty side was not there."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Amount:
    """What one period comes to, and its charges as a fingerprint: the same sum may be asked from somebody else."""

    net: Euro
    gross: Euro
    charges: str


NOTHING = Amount(euro(0), euro(0), "")


@dataclass(frozen=True)
class Instalments:
    """Periods in a row that come to the same: each of them `before` and `after`. `charged`: corrected now."""

    first: date
    last: date
    number: int
    before: Amount
    after: Amount
    charged: bool

    @property
    def difference(self) -> Decimal:
        """Of one period, including VAT."""
        return self.after.gross - self.before.gross


@dataclass(frozen=True)
class Preview:
    """What a draft would do: the facts that change (of a new lease all), the amounts, and who is in the way."""

    lease: Lease
    facts: list[Fact]
    differences: list[Difference]
    instalments: list[Instalments]
    obstacles: list[Claim]

    @property
    def corrected(self) -> list[Instalments]:
        """What was charged already and will be put right on the next invoice."""
        return [row for row in self.instalments if row.charged]

    @property
    def back(self) -> Euro:
        """What is asked more (negative: given back) for periods that were charged already, including VAT."""
        return total(row.difference * row.number for row in self.corrected)

    @property
    def less(self) -> Euro:
        """What is given back for them."""
        return euro(-self.back)

    @property
    def holders(self) -> int:
        """How many others are in the way; the dates of one half-day are one."""
        return len({claim.holder for claim in self.obstacles})

    @property
    def must_prove(self) -> bool:
        """Whether taxed letting leans on a statement that only a part of the work is taxed."""
        terms = standing.terms_of(self.lease, self.lease.ends_on or date.max)
        opted = terms is not None and terms.vat_treatment == VatTreatment.OPTED_RENT
        return opted and vat_position.must_prove(self.lease.party.vat_position)


def preview(draft: LeaseDraft, *, by: User, now: datetime) -> Preview:
    """Nothing is stored. Raises LeaseRefused when the draft cannot be done, Overtaken when the lease was changed."""
    before = standing.whole(draft.lease_id) if draft.lease_id and draft.done_at is None else None
    day = drafts.day_of(draft, before, now=now)
    old_facts = in_words.facts(before, day) if before else []
    with transaction.atomic():
        after = standing.whole(drafts.trial(draft, by=by, now=now).pk)
        new_facts = in_words.facts(after, day)
        money = _instalments(before, after, day=day)
        found = obstacles.of(after, now=now) if draft.deed == NEW or DEEDS[draft.deed].claims else []
        transaction.set_rollback(True)
    return Preview(after, new_facts, _differences(old_facts, new_facts), money, found)


def _differences(before: Iterable[Fact], after: Iterable[Fact]) -> list[Difference]:
    old = {fact.key: fact for fact in before}
    new = {fact.key: fact for fact in after}
    found = []
    for key in dict.fromkeys([*old, *new]):
        was, becomes = old.get(key), new.get(key)
        if was is None or becomes is None or was.lines != becomes.lines:
            name = (becomes or was or Fact(key, key, ())).name
            found.append(Difference(name, was.lines if was else (), becomes.lines if becomes else ()))
    return found


def _instalments(before: Lease | None, after: Lease, *, day: date) -> list[Instalments]:
    until = max(day, after.charged_from) + AHEAD
    old = _amounts(before, until) if before else {}
    new = _amounts(after, until)
    charged = {row.starts_on for row in before.periods.all()} if before else set()
    rows = [
        Instalments(*days, 1, old.get(days, NOTHING), new.get(days, NOTHING), days[0] in charged)
        for days in sorted({*old, *new})
    ]
    return _together(row for row in rows if _matters(row))


def _matters(row: Instalments) -> bool:
    """Who pays it matters once it was charged; else the sum."""
    if row.charged and row.before.charges != row.after.charges:
        return True
    return (row.before.net, row.before.gross) != (row.after.net, row.after.gross)


def _amounts(lease: Lease, until: date) -> dict[Days, Amount]:
    """What each period that begins by `until` comes to."""
    days = rent_periods.periods(charging_rent.agreement_of(lease), starts=lease.charged_from, until=until)
    return {each: _amount(charging_rent.bills(lease, each)) for each in days}


def _amount(bills: Bills) -> Amount:
    lines = [line for _source, _party, owed in bills for line in owed]
    gross = total(Taxed.from_net(line.net, rate=line.vat_rate).gross for line in lines)
    return Amount(total(line.net for line in lines), gross, charging_rent.digest(bills))


def _together(rows: Iterable[Instalments]) -> list[Instalments]:
    result: list[Instalments] = []
    for row in rows:
        last = result[-1] if result else None
        if last and last.last + DAY == row.first and _alike(last) == _alike(row):
            result[-1] = replace(last, last=row.last, number=last.number + 1)
        else:
            result.append(row)
    return result


def _alike(row: Instalments) -> tuple[object, ...]:
    sums = ((it.net, it.gross) for it in (row.before, row.after))
    return *sums, row.charged
