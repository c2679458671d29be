"""A proposal as the bookkeeper looks at it: what would be invoiced, to whom, why, and what to mind."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from spaces.models import Hub
from spaces.money import Euro, VatTreatment, total
from tenants.billing import checking, drafting, invoicing
from tenants.billing.checking import Remark
from tenants.billing.drafting import Bill
from tenants.billing.models import Invoice, InvoiceRun, RunState
from tenants.parties.models import Party


@dataclass(frozen=True)
class Drafted:
    """The draft of one party, beside what that party was invoiced for the month before (gross, or None)."""

    invoice: Invoice
    before: Decimal | None

    @property
    def remarks(self) -> list[Remark]:
        return checking.remarks_on(self.invoice.party, list(self.invoice.lines.all()))

    @property
    def difference(self) -> Decimal:
        return self.invoice.gross - (self.before or 0)


@dataclass(frozen=True)
class Proposal:
    """The drafts of a run, the parties that have to wait, and those who had an invoice last month only."""

    run: InvoiceRun
    until: date
    drafts: Sequence[Drafted]
    waiting: Sequence[Bill]
    newer: int
    gone: Sequence[tuple[Party, Decimal]]
    missing_of_hub: Sequence[str]
    seen: str

    @property
    def gross(self) -> Euro:
        return total(each.invoice.gross for each in self.drafts)

    @property
    def net(self) -> Euro:
        return total(each.invoice.net for each in self.drafts)

    @property
    def vat(self) -> Euro:
        return total(each.invoice.vat for each in self.drafts)

    @property
    def before(self) -> Euro:
        """Gross invoiced for the month before, all parties."""
        return total(
            [*(each.before or Decimal(0) for each in self.drafts), *(gross for _party, gross in self.gone)]
        )

    @property
    def difference(self) -> Decimal:
        return self.gross - self.before

    @property
    def treatments(self) -> list[tuple[str, Euro]]:
        """Net by reason for VAT, in the active language."""
        nets: dict[str, list[Decimal]] = defaultdict(list)
        for line in _lines(self.drafts):
            nets[line.vat_treatment].append(line.net)
        return [(str(kind.label), total(nets[kind])) for kind in VatTreatment if kind in nets]

    @property
    def warned(self) -> list[Drafted]:
        return [each for each in self.drafts if each.remarks]


def look(run: InvoiceRun, *, now: datetime) -> Proposal:
    """The proposal of `run` as it stands, and what has come since. A constant number of queries; writes nothing."""
    until = invoicing.last_day(run.hub, month=run.month, now=now)
    drafts = invoicing.drafts_of(run)
    before = _invoiced(run.hub, month=_month_before(run.month))
    owing = drafting.bills(drafting.due(run, until=until))
    invoiced_now = {draft.party_id for draft in drafts}
    return Proposal(
        run=run,
        until=until,
        drafts=[Drafted(draft, _gross(before, draft.party)) for draft in drafts],
        waiting=[bill for bill in owing if not bill.can_be_invoiced],
        newer=sum(len(bill.charges) for bill in owing if bill.can_be_invoiced),
        gone=[(party, gross) for party, gross in before.values() if party.pk not in invoiced_now],
        missing_of_hub=checking.missing_of(drafting.seller_of(run.hub)),
        seen=invoicing.fingerprint(drafts),
    )


def open_for_other_months(run: InvoiceRun) -> list[InvoiceRun]:
    """Proposals nobody approved yet: what stands on them is on no other one."""
    others = InvoiceRun.objects.filter(hub=run.hub, state=RunState.PROPOSED, invoices__isnull=False)
    return list(others.exclude(pk=run.pk).distinct().order_by("month"))


def _lines(drafts: Iterable[Drafted]) -> Iterable:
    return (line for each in drafts for line in each.invoice.lines.all())


def _invoiced(hub: Hub, *, month: date) -> dict[int, tuple[Party, Decimal]]:
    """What each party was invoiced for `month`, by party."""
    found: dict[int, tuple[Party, Decimal]] = {}
    for invoice in Invoice.objects.issued().filter(hub=hub, run__month=month).select_related("party"):
        found[invoice.party_id] = (invoice.party, invoice.gross + found.get(invoice.party_id, (None, 0))[1])
    return found


def _gross(before: dict[int, tuple[Party, Decimal]], party: Party) -> Decimal | None:
    return before[party.pk][1] if party.pk in before else None


def _month_before(month: date) -> date:
    return date(month.year - 1, 12, 1) if month.month == 1 else date(month.year, month.month - 1, 1)
