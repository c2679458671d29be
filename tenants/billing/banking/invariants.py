"""What must always be true of money that came and went, in plain SQL."""

from django.utils.translation import gettext_noop

from spaces.invariants import Invariant, asked

_RECEIVABLES = "select count(*) from billing_receivable"
_OVERPAID = """
    select number || ': ' || amount || ' was asked and ' || (amount - open) || ' is allocated' from (
        select number, amount, amount
            - coalesce((select sum(amount) from billing_allocation it where it.receivable_id = row.id), 0)
            + coalesce((select sum(amount) from billing_allocation it where it.against_id = row.id), 0) as open
        from billing_receivable row
    ) as counted
    where open * sign(amount) < 0 or abs(open) > abs(amount)
"""
_PAYMENTS = "select count(*) from billing_payment"
_OVERUSED = """
    select 'payment ' || id || ' of ' || amount || ' has ' || unused || ' left' from (
        select id, amount, amount
            + coalesce((select sum(amount) from billing_payment it where it.reverses_id = row.id), 0)
            + coalesce((select sum(amount) from billing_payment it where it.returns_id = row.id and not exists
                (select from billing_payment back where back.reverses_id = it.id)), 0)
            - coalesce((select sum(amount) from billing_allocation it where it.payment_id = row.id), 0) as unused
        from billing_payment row where reverses_id is null and returns_id is null
    ) as counted
    where unused * sign(amount) < 0 or abs(unused) > abs(amount)
"""
_ALLOCATIONS = "select count(*) from billing_allocation"
_STRANGERS = """
    select 'allocation ' || it.id || ' pays ' || asked.number || ' of another party'
    from billing_allocation it
    join billing_receivable asked on asked.id = it.receivable_id
    left join billing_payment paid on paid.id = it.payment_id
    left join billing_receivable credit on credit.id = it.against_id
    where coalesce(paid.party_id, credit.party_id) <> asked.party_id
       or coalesce(paid.hub_id, credit.hub_id) <> asked.hub_id
"""
_ENTRIES = "select count(*) from billing_bankentry"
_OVEREXPLAINED = """
    select 'bank entry ' || id || ' of ' || amount || ' has payments of ' || paid from (
        select id, amount, account_id,
            coalesce((select sum(amount) from billing_payment it where it.entry_id = row.id), 0) as paid
        from billing_bankentry row
    ) as counted
    where paid * sign(amount) < 0 or abs(paid) > abs(amount) or (account_id is not null and paid <> 0)
"""
_REFUNDS = "select count(*) from billing_refund"
# what a bank had taken back before the refund arrived left beyond its payment: see online.going_back.take
_UNLIKE = """
    select 'refund ' || refund.id || ' of ' || refund.amount || ' was paid by ' || payment.amount
    from billing_refund refund join billing_payment payment on payment.id = refund.payment_id
    left join billing_payment more on payment.key <> '' and more.hub_id = payment.hub_id
                                  and more.key = payment.key || ':more'
    where payment.amount + coalesce(more.amount, 0) <> -refund.amount or payment.party_id <> refund.party_id
"""

INVARIANTS = (
    Invariant(
        gettext_noop("no more of a receivable is allocated than was asked"),
        lambda _now: asked(_RECEIVABLES, _OVERPAID),
    ),
    Invariant(
        gettext_noop("no more of a payment is allocated than came"), lambda _now: asked(_PAYMENTS, _OVERUSED)
    ),
    Invariant(
        gettext_noop("a payment pays only what its own party was asked"),
        lambda _now: asked(_ALLOCATIONS, _STRANGERS),
    ),
    Invariant(
        gettext_noop("what was said of a bank entry is never more than it"),
        lambda _now: asked(_ENTRIES, _OVEREXPLAINED),
    ),
    Invariant(gettext_noop("a paid refund left as it was listed"), lambda _now: asked(_REFUNDS, _UNLIKE)),
)
