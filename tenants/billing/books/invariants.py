"""What must always be true of the books, in plain SQL."""

from django.utils.translation import gettext_noop

from spaces.invariants import Invariant, asked

_ENTRIES = "select count(*) from billing_journalentry"
_UNBALANCED = """
    select 'entry ' || entry.source || ': debit ' || coalesce(sum(line.debit), 0) || ', credit '
           || coalesce(sum(line.credit), 0)
    from billing_journalentry entry left join billing_journalline line on line.entry_id = entry.id
    group by entry.id, entry.source
    having coalesce(sum(line.debit), 0) <> coalesce(sum(line.credit), 0)
"""
_ASKED = "select (select count(*) from billing_receivable) + (select count(*) from billing_payment)"
_UNBOOKED = """
    select 'receivable ' || number || ' is not booked' from billing_receivable row
    where amount <> 0 and not exists (
        select from billing_journalentry entry
        where entry.source in ('asked:' || row.id, 'invoice:' || coalesce(row.invoice_id, 0))
    )
    union all
    select 'payment ' || id || ' is not booked' from billing_payment row
    where not exists (select from billing_journalentry entry where entry.source = 'payment:' || row.id)
"""
_HUBS = "select count(*) from spaces_hub"
_DEBTORS = """
    select hub.slug || ': debtors are ' || booked.amount || ' in the journal and ' || asked.amount || ' in the ledger'
    from spaces_hub hub
    cross join lateral (
        select coalesce(sum(line.debit - line.credit), 0) as amount
        from billing_journalline line join billing_ledgeraccount account on account.id = line.account_id
        where account.hub_id = hub.id and account.role = 'debtors'
    ) as booked
    cross join lateral (
        select coalesce((select sum(amount) from billing_receivable where hub_id = hub.id), 0)
               - coalesce((select sum(amount) from billing_payment where hub_id = hub.id), 0) as amount
    ) as asked
    where booked.amount <> asked.amount
"""

INVARIANTS = (
    Invariant(
        gettext_noop("every journal entry debits what it credits"),
        lambda _now: asked(_ENTRIES, _UNBALANCED),
    ),
    Invariant(gettext_noop("all that was asked and paid is booked"), lambda _now: asked(_ASKED, _UNBOOKED)),
    Invariant(
        gettext_noop("the journal and the ledger of debtors agree"), lambda _now: asked(_HUBS, _DEBTORS)
    ),
)
