"""The proposal of a month for a terminal: every party with its lines and why, and what to mind."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces import wording
from spaces.explaining import tell
from tenants.billing import proposals
from tenants.billing.checking import Remark
from tenants.billing.drafting import Bill
from tenants.billing.models import Invoice, InvoiceRun, Line
from tenants.billing.proposals import Proposal
from tenants.leases import month_notes, naming
from tenants.leases.instalments import month_of


def report(run: InvoiceRun, *, now: datetime) -> list[str]:
    """Lines of text in the active language. A constant number of queries; writes nothing."""
    proposal = proposals.look(run, now=now)
    notes = month_notes.notes(run.hub, month=run.month)
    return [
        f"{run.hub.name}, {naming.month(run.month)}",
        "",
        *(line for each in proposal.drafts for line in _invoice(each.invoice, each.remarks)),
        *_waiting(proposal.waiting),
        *_notes(notes, proposal),
        *_totals(proposal),
    ]


def _invoice(invoice: Invoice, remarks: Sequence[Remark]) -> Iterator[str]:
    yield invoice.party.name
    yield from _lines(invoice.lines.all())
    yield from (f"    ! {remark.text}" for remark in remarks)
    yield _sum(invoice)
    yield ""


def _lines(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        vat = wording.percent(line.vat_rate) if line.vat_rate else _("exempt")
        yield f"  {wording.euro_column(line.net)}  {tell(line.description)} ({vat})"
        yield f"{'':16}  {tell(line.reason)}"


def _sum(invoice: Invoice) -> str:
    params = {"net": wording.euro(invoice.net), "vat": wording.euro(invoice.vat)}
    words = _("%(net)s excl. VAT, %(vat)s VAT") % params
    return f"  {wording.euro_column(invoice.gross)}  = {words}"


def _waiting(bills: Sequence[Bill]) -> Iterator[str]:
    """Parties that owe something and cannot be invoiced yet."""
    for bill in bills:
        yield _("%(party)s: not invoiced yet") % {"party": bill.party.name}
        yield from _lines(bill.charges)
        yield from (f"    ! {remark.text}" for remark in bill.remarks)
        yield ""


def _notes(notes: Sequence[Remark], proposal: Proposal) -> Iterator[str]:
    told = [remark.text for remark in notes]
    if proposal.missing_of_hub:
        names = ", ".join(proposal.missing_of_hub)
        told.append(_("An invoice must name our %(names)s; it is not known yet.") % {"names": names})
    last = month_of(proposal.run.month)[1]
    if proposal.until < last:
        text = _(
            "Bookings and fixed half-days up to and including %(day)s are on it. Run it again after %(last)s."
        )
        told.append(
            text % {"day": wording.calendar_date(proposal.until), "last": wording.calendar_date(last)}
        )
    yield from (f"! {text}" for text in told)
    if told:
        yield ""


def _totals(proposal: Proposal) -> Iterator[str]:
    count = len(proposal.drafts)
    if not count:
        yield _("There is nothing to invoice.")
        return
    for kind in proposal.kinds:
        yield f"  {wording.euro_column(kind.now)}  {kind.label}"
    params = {"count": count, "gross": wording.euro(proposal.gross)}
    params |= {"net": wording.euro(proposal.net), "vat": wording.euro(proposal.vat)}
    yield (
        ngettext(
            "%(count)d invoice: %(net)s excl. VAT, %(vat)s VAT, together %(gross)s.",
            "%(count)d invoices: %(net)s excl. VAT, %(vat)s VAT, together %(gross)s.",
            count,
        )
        % params
    )
