"""What a tenant sees of a lease: in plain words, what it costs a month and a quarter, and when it is indexed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from spaces.explaining import Sentence
from spaces.money import Euro, VatTreatment, euro, total
from tenants.billing import vat
from tenants.billing.charging import Owed
from tenants.billing.vat import DocumentTotal
from tenants.leases import charging_rent, naming, rent_vat
from tenants.leases.contracts import in_words, standing
from tenants.leases.contracts.in_words import Fact
from tenants.leases.indexing import proposing
from tenants.leases.indexing.figures import Figures
from tenants.leases.indexing.formula import months_for
from tenants.leases.indexing.standing import NEEDED, Course
from tenants.leases.instalments import Days, Rate
from tenants.leases.models import Lease, LeaseDocument, LeaseTerms, ServiceAdvance, SettlementShare
from tenants.leases.querysets import LeaseQuerySet
from tenants.leases.rent_vat import Vat
from tenants.parties.access import Actor
from tenants.parties.models import Party

FOR_ALL = ("rooms", "hours")
"""The facts about a lease that everybody of the tenant may see."""
NOT_FOR_TENANTS = ("note",)
"""What the hub noted for itself."""
AHEAD_MONTHS = 15
"""How far ahead the next indexation is looked for: it comes every twelve months."""

PERIOD_MONTHS = 4
"""Within so many months every lease begins a new month or quarter."""


@dataclass(frozen=True)
class Price:
    """One thing that is paid: per month and per quarter, excluding VAT, and its VAT."""

    name: str
    month: Euro
    quarter: Euro
    treatment: VatTreatment
    rate: Decimal

    @property
    def vat(self) -> str:
        return str(self.treatment.label)


@dataclass
class Priced:
    """A line of a document: what of a price counts."""

    net: Decimal
    vat_treatment: str
    vat_rate: Decimal


@dataclass(frozen=True)
class Amounts:
    """What a lease costs in the month and the quarter of a day, before discounts."""

    prices: Sequence[Price]

    @property
    def month(self) -> DocumentTotal:
        return vat.of_document([Priced(it.month, it.treatment, it.rate) for it in self.prices])

    @property
    def quarter(self) -> DocumentTotal:
        return vat.of_document([Priced(it.quarter, it.treatment, it.rate) for it in self.prices])


@dataclass(frozen=True)
class Next:
    """The next indexation: its day, and its calculation or the figure that is waited for. `new` is per year."""

    on: date
    old: Euro
    new: Euro | None = None
    calculation: Sentence | None = None
    missing: str = ""


@dataclass(frozen=True)
class Bill:
    """What one party pays of the next period."""

    days: Days
    party: Party
    lines: Sequence[Owed]

    @property
    def total(self) -> DocumentTotal:
        return vat.of_document([Priced(it.net, it.vat_treatment, it.vat_rate) for it in self.lines])


@dataclass(frozen=True)
class Statement:
    """The settlement of service costs of a year for one party; below zero: comes back, excluding VAT."""

    year: int
    party: Party
    balance: Euro

    @property
    def back(self) -> Euro:
        """What comes back, as a positive amount."""
        return euro(-self.balance)


@dataclass(frozen=True)
class Tenancy:
    """One lease as its tenant sees it; without money for who only works there."""

    lease: Lease
    facts: Sequence[Fact]
    has_begun: bool
    is_over: bool
    amounts: Amounts | None = None
    following: Next | None = None
    bills: Sequence[Bill] = ()
    documents: Sequence[LeaseDocument] = ()
    statements: Sequence[Statement] = field(default_factory=list)


def of_actor(actor: Actor, *, now: datetime) -> list[Tenancy]:
    """The leases of the parties of `actor`, those that run first. A constant number of queries; writes nothing.

    Money, documents and statements only of parties that they manage, or that are their own practice.
    """
    managed = set(actor.party_ids_as("tenant_manager", "zzper"))
    leases = list(_read(Lease.objects.visible_to(actor)))
    figures, statements = Figures.load(), _statements(actor)
    papers: dict[int, list[LeaseDocument]] = {}
    for row in LeaseDocument.objects.visible_to(actor).defer("content").order_by("-uploaded_at"):
        papers.setdefault(row.lease_id, []).append(row)
    found = [
        _rich(lease, managed, figures, now, papers.get(lease.pk, []), statements.get(lease.pk, []))
        if managed & _payers_ever(lease)
        else _poor(lease, now)
        for lease in leases
    ]
    return sorted(found, key=lambda each: (each.is_over, not each.has_begun, each.lease.number))


def first_invoice_on(tenancies: Sequence[Tenancy]) -> date | None:
    """The first day that is paid for next, of all leases that are not over."""
    return min((bill.days[0] for each in tenancies for bill in each.bills), default=None)


def _read(leases: LeaseQuerySet) -> LeaseQuerySet:
    more = [name for name in (*NEEDED, *charging_rent.NEEDED) if name in ("indexations", "periods")]
    return standing.with_everything(leases).prefetch_related(*dict.fromkeys(more)).order_by("number", "pk")


def _payers_ever(lease: Lease) -> set[int]:
    return {lease.party_id, *(share.party_id for share in lease.shares.all())}


def _poor(lease: Lease, now: datetime) -> Tenancy:
    day, today = in_words.day_of(lease, now), now.astimezone(lease.hub.zone).date()
    facts = [fact for fact in in_words.facts(lease, day) if fact.key in FOR_ALL]
    return Tenancy(lease, facts, lease.starts_on <= today, is_over=_is_over(lease, today))


def _rich(
    lease: Lease, managed: Collection[int], figures: Figures, now: datetime,
    papers: Sequence[LeaseDocument], statements: Sequence[Statement],
) -> Tenancy:  # fmt: skip
    day, today = in_words.day_of(lease, now), now.astimezone(lease.hub.zone).date()
    terms, is_over = standing.terms_of(lease, day), _is_over(lease, today)
    return Tenancy(
        lease,
        [fact for fact in in_words.facts(lease, day) if fact.key not in NOT_FOR_TENANTS],
        lease.starts_on <= today,
        is_over,
        amounts=_amounts(lease, terms, day) if terms and not is_over else None,
        following=None if is_over else _next(lease, figures, today),
        bills=[] if is_over else [bill for bill in _bills(lease, today) if bill.party.pk in managed],
        documents=papers,
        statements=statements,
    )


def _is_over(lease: Lease, today: date) -> bool:
    return lease.ends_on is not None and lease.ends_on < today


def _amounts(lease: Lease, terms: LeaseTerms, day: date) -> Amounts:
    rate = Rate.of(terms)
    quarter = rate.quarter((day.month + 2) // 3)
    prices = [_price(_("Net rent"), rate.month(day.month), quarter, rent_vat.of_rent(terms))]
    counting = [
        row
        for row in lease.advances.all()
        if row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)
    ]
    return Amounts([*prices, *(_advance(row, terms) for row in counting)])


def _advance(row: ServiceAdvance, terms: LeaseTerms) -> Price:
    name = _("%(type)s, in advance") % {"type": capfirst(str(row.type))}
    return _price(name, euro(row.per_month), euro(row.per_month * 3), rent_vat.of_advance(row.type, terms))


def _price(name: str, month: Euro, quarter: Euro, told: Vat) -> Price:
    return Price(name, month, quarter, told.treatment, told.rate)


def _next(lease: Lease, figures: Figures, today: date) -> Next | None:
    """The first day after today; one that was forgotten is for the hub to bring up."""
    course = Course(lease)
    agreed = next((row for row in course.indexations if row.on > today), None)
    if agreed:
        return Next(agreed.on, euro(agreed.old_yearly), euro(agreed.new_yearly), agreed.calculation)
    on = next((day for day in course.due(until=_ahead(today, AHEAD_MONTHS)) if day > today), None)
    if on is None:
        return None
    row = proposing.row(course, on=on, figures=figures, base="")
    old = euro(row.terms.yearly)
    if row.outcome is None:
        before, after = (naming.month(day) for day in months_for(on))
        words = _("It waits for the index figures of %(before)s and %(after)s, which CBS publishes.")
        return Next(on, old, missing=words % {"before": before, "after": after})
    if row.earlier:
        return Next(on, old, missing=_("Another indexation comes first."))
    return Next(on, old, row.outcome.new, row.calculation)


def _ahead(day: date, months: int) -> date:
    """The first of the month so many months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _bills(lease: Lease, today: date) -> Iterator[Bill]:
    """Of the first period that begins today or later."""
    until = max(_ahead(today, PERIOD_MONTHS), lease.starts_on, lease.charged_from)
    days = next((days for days in charging_rent.due_periods(lease, until=until) if days[0] >= today), None)
    for _source, party, lines in charging_rent.bills(lease, days) if days else ():
        if lines and days:
            yield Bill(days, party, lines)


def _statements(actor: Actor) -> dict[int, list[Statement]]:
    """By lease, the newest first. One query."""
    rows = SettlementShare.objects.visible_to(actor).filter(lease__isnull=False, party__isnull=False)
    rows = rows.select_related("settlement", "type", "lease", "party").order_by(
        "-settlement__year", "party__name"
    )
    found: dict[tuple[int, int, Party], list[SettlementShare]] = {}
    for row in rows:
        if row.lease_id is not None and row.party is not None:
            found.setdefault((row.lease_id, row.settlement.year, row.party), []).append(row)
    result: dict[int, list[Statement]] = {}
    for (lease, year, party), shares in found.items():
        result.setdefault(lease, []).append(Statement(year, party, total(share.balance for share in shares)))
    return result
