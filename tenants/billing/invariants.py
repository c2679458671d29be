"""What must always be true of charges and invoices, in plain SQL."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from spaces.invariants import Invariant, Looked, asked
from tenants.billing.models import InvoiceRun, RunState

LONGEST_RUN = timedelta(hours=24)
_LINES = "select count(*) from billing_invoiceline"
_UNLIKE = """
    select 'line ' || line.position || ' of invoice ' || coalesce(invoice.number, 'draft ' || invoice.id)
           || ' is not its charge ' || charge.source
    from billing_invoiceline line
    join billing_charge charge on charge.id = line.charge_id
    join billing_invoice invoice on invoice.id = line.invoice_id
    where (line.net, line.quantity, line.unit_price, line.vat_rate, line.vat_treatment)
          is distinct from (charge.net, charge.quantity, charge.unit_price, charge.vat_rate, charge.vat_treatment)
       or invoice.party_id <> charge.party_id or invoice.hub_id <> charge.hub_id
"""
_INVOICES = "select count(*) from billing_invoice where number is not null"
_TOTALS = """
    select 'invoice ' || invoice.number || ' does not add up'
    from billing_invoice invoice
    left join (select invoice_id, sum(net) as net from billing_invoiceline group by 1) as lines
      on lines.invoice_id = invoice.id
    left join (select invoice_id, sum(net) as net, sum(vat) as vat from billing_invoicevat group by 1) as taxes
      on taxes.invoice_id = invoice.id
    where invoice.number is not null and (
        invoice.net <> coalesce(lines.net, 0) or invoice.net <> coalesce(taxes.net, 0)
        or invoice.vat <> coalesce(taxes.vat, 0) or invoice.gross <> invoice.net + invoice.vat
    )
"""
_TAXES = "select count(*) from billing_invoicevat"
# PostgreSQL rounds a numeric half away from zero, as the Belastingdienst does and `spaces.money.euro`
_RATES = """
    select 'invoice ' || coalesce(invoice.number, 'draft ' || invoice.id) || ': ' || tax.rate || ' % of its lines'
           || ' is not ' || tax.vat
    from billing_invoicevat tax join billing_invoice invoice on invoice.id = tax.invoice_id
    left join (
        select invoice_id, vat_rate, case when vat_rate = 0 then 'E' else 'S' end as category,
               sum(net) as net
        from billing_invoiceline group by 1, 2, 3
    ) as lines on lines.invoice_id = invoice.id and lines.vat_rate = tax.rate and lines.category = tax.category
    where tax.net <> coalesce(lines.net, 0)
       or abs(tax.vat - round(tax.net * tax.rate / 100, 2)) > case when invoice.corrects_id is null then 0 else 0.01 end
"""
_RANGES = "select count(*) from billing_numberrange"
_GAPS = """
    with numbers as (
        select hub_id, split_part(number, '-', 1)::int as year, split_part(number, '-', 2)::int as number
        from billing_invoice where number is not null
    ), counted as (
        select hub_id, year, min(number) as first, max(number) as last, count(*) as how_many from numbers group by 1, 2
    )
    select 'numbers ' || counted.year || '-' || first || ' to ' || last || ': ' || how_many || ' invoices, the next is '
           || coalesce(range.next_number::text, 'unknown')
    from counted left join billing_numberrange range using (hub_id, year)
    where last - first + 1 <> how_many or range.next_number is distinct from last + 1
"""
_UNWRITTEN = """
    select 'invoice ' || number || ' has no PDF and nobody is making one' from billing_invoice invoice
    where number is not null
      and not exists (select from billing_invoicedocument row where row.invoice_id = invoice.id)
      and not exists (select from billing_awaiteddocument row where row.invoice_id = invoice.id)
"""
_CREDITS = "select count(*) from billing_charge where credits_id is not null"
_CREDITED = """
    select 'charge ' || credit.id || ' does not mirror charge ' || charge.id
    from billing_charge credit join billing_charge charge on charge.id = credit.credits_id
    where sign(credit.net) <> -sign(charge.net) or credit.party_id <> charge.party_id
       or credit.vat_rate <> charge.vat_rate or credit.vat_treatment <> charge.vat_treatment
"""
_TOO_MUCH = """
    select 'charge ' || charge.id || ' of ' || charge.net || ' is credited for ' || -sum(credit.net)
    from billing_charge credit join billing_charge charge on charge.id = credit.credits_id
    group by charge.id, charge.net
    having -sum(credit.net) not between least(charge.net, 0) and greatest(charge.net, 0)
"""
_NOTES = "select count(*) from billing_invoice where corrects_id is not null"
# negative lines of the same rate may make the VAT of the invoice itself less: what was asked is what can go back
_VAT_BACK = """
    select 'invoice ' || invoice.number || ' had ' || asked.vat || ' VAT at ' || asked.rate
           || ' %, credited is ' || back.vat
    from billing_invoice invoice
    join (
        select note.corrects_id, tax.rate, -sum(tax.vat) as vat
        from billing_invoice note join billing_invoicevat tax on tax.invoice_id = note.id
        where note.corrects_id is not null group by 1, 2
    ) as back on back.corrects_id = invoice.id
    join (
        select invoice_id, vat_rate as rate, round(sum(greatest(net, 0)) * vat_rate / 100, 2) as vat
        from billing_invoiceline group by 1, 2
    ) as asked on asked.invoice_id = invoice.id and asked.rate = back.rate
    where back.vat > asked.vat
"""


def _runs(now: datetime) -> Looked:
    approved = InvoiceRun.objects.filter(state=RunState.APPROVED)
    stuck = approved.filter(approved_at__lt=now - LONGEST_RUN)
    return Looked(
        approved.count(), [f"run {run.pk} of {run.month} was approved at {run.approved_at}" for run in stuck]
    )


INVARIANTS = (
    Invariant(gettext_noop("every invoice line is its charge"), lambda _now: asked(_LINES, _UNLIKE)),
    Invariant(
        gettext_noop("every invoice is the sum of its lines and its VAT"),
        lambda _now: asked(_INVOICES, _TOTALS),
    ),
    Invariant(gettext_noop("VAT is the rate over the sum of the lines"), lambda _now: asked(_TAXES, _RATES)),
    Invariant(gettext_noop("no invoice number is missing or ahead"), lambda _now: asked(_RANGES, _GAPS)),
    Invariant(
        gettext_noop("every invoice has its PDF, or it is being made"),
        lambda _now: asked(_INVOICES, _UNWRITTEN),
    ),
    Invariant(gettext_noop("every credit mirrors its charge"), lambda _now: asked(_CREDITS, _CREDITED)),
    Invariant(
        gettext_noop("no charge is credited for more than it was"), lambda _now: asked(_CREDITS, _TOO_MUCH)
    ),
    Invariant(
        gettext_noop("credit notes give back no more VAT than was invoiced"),
        lambda _now: asked(_NOTES, _VAT_BACK),
    ),
    Invariant(gettext_noop("no approved run waits for longer than a day"), _runs),
)
