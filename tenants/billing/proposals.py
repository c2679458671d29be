"""A proposal as the bookkeeper looks at it: what would be invoiced, to whom, why, and what to mind."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from spaces.money import Euro, VatTreatment, total
from tenants.billing import checking, comparing, drafting, invoicing
from tenants.billing.checking import Remark
from tenants.billing.comparing import Change, Earlier, KindTotal
from tenants.billing.drafting import Bill
from tenants.billing.models import Invoice, InvoiceLine, InvoiceRun, RunState


@dataclass(frozen=True)
class Drafted:
    """The draft of one party, beside what that party was invoiced for the month before (None: nothing)."""

    invoice: Invoice
    month: date
    earlier: Earlier | None

    @property
    def remarks(self) -> list[Remark]:
        return checking.remarks_on(self.invoice.party, list(self.invoice.lines.all()))

    @property
    def before(self) -> Decimal | None:
        """Gross of the month before."""
        return self.earlier.gross if self.earlier else None

    @property
    def difference(self) -> Decimal:
        return self.invoice.gross - (self.before or 0)

    @property
    def changes(self) -> list[Change]:
        return comparing.changes(self.invoice.lines.all(), self.earlier, month=self.month)


@dataclass(frozen=True)
class Proposal:
    """The drafts of a run, the parties that have to wait, and those who had an invoice last month only (`gone`)."""

    run: InvoiceRun
    until: date
    drafts: Sequence[Drafted]
    waiting: Sequence[Bill]
    newer: int
    gone: Sequence[Earlier]
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
        return total(earlier.gross for earlier in self._earlier)

    @property
    def kinds(self) -> list[KindTotal]:
        return comparing.totals(_lines(self.drafts), self._earlier)

    @property
    def _earlier(self) -> list[Earlier]:
        return [*(each.earlier for each in self.drafts if each.earlier), *self.gone]

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
    before = comparing.invoiced(run.hub, month=comparing.month_before(run.month))
    owing = drafting.bills(drafting.due(run, until=until))
    invoiced_now = {draft.party_id for draft in drafts}
    return Proposal(
        run=run,
        until=until,
        drafts=[Drafted(draft, run.month, before.get(draft.party_id)) for draft in drafts],
        waiting=[bill for bill in owing if not bill.can_be_invoiced],
        newer=sum(len(bill.charges) for bill in owing if bill.can_be_invoiced),
        gone=[earlier for party, earlier in before.items() if party not in invoiced_now],
        missing_of_hub=checking.missing_of(drafting.seller_of(run.hub)),
        seen=invoicing.fingerprint(drafts),
    )


def open_for_other_months(run: InvoiceRun) -> list[InvoiceRun]:
    """Proposals nobody approved yet: what stands on them is on no other one."""
    others = InvoiceRun.objects.filter(hub=run.hub, state=RunState.PROPOSED, invoices__isnull=False)
    return list(others.exclude(pk=run.pk).distinct().order_by("month"))


def _lines(drafts: Iterable[Drafted]) -> Iterable[InvoiceLine]:
    return (line for each in drafts for line in each.invoice.lines.all())
