"""What the pages show of fixed half-days: their dates ahead, what was given back, and what is wrong. Few queries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from spaces import ledger
from spaces.models import Claim, Rate
from spaces.money import Taxed
from spaces.periods import Period, local_days
from tenants.leases import fixing, naming, owing
from tenants.leases.models import FixedDayPart, GivenBack


@dataclass(frozen=True)
class Row:
    """A half-day in a list: its coming dates, and how many of those to come were given back."""

    fixed: FixedDayPart
    dates: list[Period]
    given_back: int
    unpriced: bool

    @property
    def when(self) -> str:
        return naming.when(self.fixed)


@dataclass(frozen=True)
class Given:
    """A date given back: whether somebody has (a part of) it by now, and what comes back for it."""

    row: GivenBack
    taken: bool
    credit: Taxed | None


def rows(half_days: Collection[FixedDayPart], *, now: datetime) -> list[Row]:
    """One for each half-day, in the order given. Three queries."""
    held = dates_held(half_days, now=now)
    given = Counter(
        GivenBack.objects.open()
        .filter(fixed__in=half_days, starts_at__gt=now)
        .values_list("fixed_id", flat=True)
    )
    unpriced = _unpriced(half_days, now=now)
    return [Row(each, held[each.pk], given[each.pk], each.pk in unpriced) for each in half_days]


def dates_held(half_days: Iterable[FixedDayPart], *, now: datetime) -> defaultdict[int, list[Period]]:
    """The coming dates that each of them (by pk) has, in order. One query."""
    keys = {each.holder: each.pk for each in half_days}
    claims = Claim.objects.filter(holder__in=keys, active=True, starts_at__gt=now)
    found: defaultdict[int, set[Period]] = defaultdict(set)
    for holder, starts, ends in claims.values_list("holder", "starts_at", "ends_at"):
        if ends is not None:  # half-days are never open-ended
            found[keys[holder]].add(Period(starts, ends))
    return defaultdict(list, {pk: sorted(periods) for pk, periods in found.items()})


def closed_dates(fixed: FixedDayPart, *, now: datetime) -> list[Period]:
    """The coming dates until it has claimed on which the room is closed."""
    today, last = now.astimezone(fixed.hub.zone).date(), fixed.claimed_until
    first = max(today, fixed.starts_on)
    if last is None or last < first:
        return []
    found = fixing.dates(fixed, within=local_days(first, last, zone=fixed.hub.zone))
    return [slot.period for slot, closed in found if closed and slot.period.start > now]


def given_back(fixed: FixedDayPart, *, now: datetime) -> list[Given]:
    """The dates given back that are not over. Four queries, however many."""
    open_rows = list(fixed.given_back.open().filter(ends_at__gt=now))
    if not open_rows:
        return []
    whole = Period(open_rows[0].starts_at, max(row.ends_at for row in open_rows))
    atoms = ledger.atoms_of(fixed.hub)[fixed.space_id]
    claims = [each for held in ledger.claims_during(atoms, period=whole, now=now).values() for each in held]
    terms = owing.terms_on(fixed, now.astimezone(fixed.hub.zone).date())
    rate = terms.vat_rate if terms else Decimal(0)
    return [
        Given(
            row,
            taken=any(ledger.overlaps(claim, row.period) for claim in claims),
            credit=Taxed.from_net(row.credit_net, rate=rate) if row.credit_net else None,
        )
        for row in open_rows
    ]


def _unpriced(half_days: Collection[FixedDayPart], *, now: datetime) -> set[int]:
    """Those that no price list gives a VAT: they are not charged until one does. One query."""
    hubs = {each.hub_id for each in half_days}
    today: date = now.astimezone(next(iter(half_days)).hub.zone).date() if half_days else now.date()
    rates = Rate.objects.filter(hub__in=hubs).valid_on(today)
    known: set[tuple[int, int | None, str]] = set(rates.values_list("rate_group", "space", "kind"))
    return {
        each.pk
        for each in half_days
        if (each.party.rate_group_id, each.space_id, "") not in known
        and (each.party.rate_group_id, None, each.space.kind) not in known
    }
