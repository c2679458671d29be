"""What must always be true of money that is paid online, in plain SQL."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from spaces.invariants import Invariant, Looked, asked
from tenants.billing.models import BalanceMove, OnlineState, StripeEvent
from tenants.billing.online import balance, inbox

A_DAY = timedelta(days=1)
"""A page ends within that time, and each attempt is looked at far more often."""
A_BANK_TAKES = timedelta(days=21)
"""The longest that a bank has an answer to a debit under way."""
RINGS = timedelta(minutes=15)
UNDER_WAY = [str(OnlineState.NEW), str(OnlineState.OPEN), str(OnlineState.PROCESSING)]

_PAID = "select count(*) from billing_onlinepayment where payment_id is not null or state = 'succeeded'"
# an attempt that became known twice would have two payments under its key, or a payment of something else
_BOOKED_ONCE = """
    select 'online payment ' || online.id || ' (' || online.state || ') is not booked as what it is'
    from billing_onlinepayment online left join billing_payment paid on paid.id = online.payment_id
    where (online.state = 'succeeded' or paid.id is not null) and (
        paid.id is null or online.state <> 'succeeded' or paid.method <> 'online' or paid.amount <= 0
        or paid.is_test <> online.is_test or paid.hub_id <> online.hub_id or paid.party_id <> online.party_id
        or paid.key <> 'online:' || online.id
    )
    union all
    select 'payment ' || paid.id || ' is of an online payment that does not name it' from billing_payment paid
    where paid.key like 'online:%' and paid.reverses_id is null
      and not exists (select from billing_onlinepayment online where online.payment_id = paid.id)
"""
_REFUNDS = "select count(*) from billing_onlinerefund"
_TOO_MUCH = """
    select 'online payment ' || online.id || ' of ' || coalesce(paid.amount, 0) || ' is paid back for '
           || sum(refund.amount)
    from billing_onlinerefund refund join billing_onlinepayment online on online.id = refund.online_id
    left join billing_payment paid on paid.id = online.payment_id
    where refund.state <> 'failed'
    group by online.id, paid.amount having sum(refund.amount) > coalesce(paid.amount, 0)
"""
_REFUND_BOOKS = """
    select 'online refund ' || refund.id || ' (' || refund.state || ') is not booked as what it is'
    from billing_onlinerefund refund join billing_onlinepayment online on online.id = refund.online_id
    left join billing_payment gone on gone.id = refund.booked_id
    left join billing_payment back on back.reverses_id = gone.id
    where (refund.state in ('pending', 'succeeded') and (gone.id is null or back.id is not null and not online.is_test))
       or (refund.state = 'failed' and gone.id is not null and back.id is null)
       or (refund.state = 'new' and gone.id is not null)
       or gone.amount >= 0 or gone.is_test <> online.is_test or gone.party_id <> online.party_id
"""
_DISPUTES = "select count(*) from billing_onlinedispute"
_DISPUTE_BOOKS = """
    select 'dispute ' || dispute.stripe_id || ' (' || dispute.state || ') is not booked as what it is'
    from billing_onlinedispute dispute join billing_onlinepayment online on online.id = dispute.online_id
    left join billing_payment gone on gone.id = dispute.taken_id
    left join billing_payment back on back.id = dispute.returned_id
    where (dispute.returned_id is not null and (gone.id is null or back.reverses_id is distinct from gone.id))
       or (dispute.state = 'lost' and gone.id is null)
       or gone.amount >= 0 or gone.is_test <> online.is_test or gone.party_id <> online.party_id
"""
_ATTEMPTS = "select count(*) from billing_onlinepayment where state = any(%(under_way)s)"
_STUCK = """
    select 'online payment ' || id || ' (' || state || ') was to end at '
           || coalesce(expires_at, target_on::timestamptz)
    from billing_onlinepayment
    where (state in ('new', 'open') and mandate_id is null and expires_at < %(a_day)s)
       or (state = 'processing' and coalesce(target_on::timestamptz, expires_at) < %(long)s)
       or (state = any(%(under_way)s) and mandate_id is null and coalesce(looked_at, created_at) < %(a_day)s)
"""
_TESTS = "select count(*) from billing_payment where method = 'online'"
_MIXED = """
    select 'payment ' || paid.id || case when paid.is_test then ' is a test and counts as money'
                                         else ' is money and counts as a test' end
    from billing_payment paid join billing_journalentry entry on entry.source = 'payment:' || paid.id
    join billing_journalline line on line.entry_id = entry.id
    join billing_ledgeraccount account on account.id = line.account_id
    where paid.method = 'online' and account.role <> 'debtors'
      and account.role <> case when paid.is_test then 'online_test' else 'online' end
"""
_PAYOUTS = "select count(*) from billing_payout where entry_id is not null"
_OTHER_ENTRY = """
    select 'payout ' || payout.stripe_id || ' of ' || payout.amount || ' is at the bank as ' || entry.amount
           || ' on ' || coalesce(account.role, 'no account')
    from billing_payout payout join billing_bankentry entry on entry.id = payout.entry_id
    left join billing_ledgeraccount account on account.id = entry.account_id
    where entry.amount <> payout.amount or account.role is distinct from 'online' or payout.is_test
"""


def _values(now: datetime) -> dict[str, object]:
    return {"under_way": UNDER_WAY, "a_day": now - A_DAY, "long": now - A_BANK_TAKES}


def _rings(now: datetime) -> Looked:
    """An event that nobody could handle, also not when it was tried again."""
    rows = inbox.unhandled(now=now, longer_than=RINGS).order_by("received_at", "pk")
    broken = [f"event {row.event_id} ({row.kind}), tried {row.attempts} times: {row.error}" for row in rows]
    return Looked(StripeEvent.objects.count(), broken)


def _costs(_now: datetime) -> Looked:
    rows = balance.unbooked().order_by("moved_at", "pk")
    count = BalanceMove.objects.filter(is_test=False).count()
    return Looked(count, [f"costs of movement {row.stripe_id} are in no journal" for row in rows])


INVARIANTS = (
    Invariant(
        gettext_noop("what was paid online is booked once, as what it is"),
        lambda _now: asked(_PAID, _BOOKED_ONCE),
    ),
    Invariant(
        gettext_noop("no more of an online payment goes back than came"),
        lambda _now: asked(_REFUNDS, _TOO_MUCH),
    ),
    Invariant(
        gettext_noop("what goes back online is booked once"), lambda _now: asked(_REFUNDS, _REFUND_BOOKS)
    ),
    Invariant(
        gettext_noop("what payers took back is booked once"), lambda _now: asked(_DISPUTES, _DISPUTE_BOOKS)
    ),
    Invariant(
        gettext_noop("attempts to pay end, and are looked at until then"),
        lambda now: asked(_ATTEMPTS, _STUCK, _values(now)),
    ),
    Invariant(gettext_noop("what Stripe tells is looked at within a quarter of an hour"), _rings),
    Invariant(gettext_noop("test payments and money stand apart"), lambda _now: asked(_TESTS, _MIXED)),
    Invariant(
        gettext_noop("a payout at the bank is what Stripe paid out"),
        lambda _now: asked(_PAYOUTS, _OTHER_ENTRY),
    ),
    Invariant(gettext_noop("what Stripe kept is in the journal"), _costs),
)
