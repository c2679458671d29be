"""What must always be true of collecting by mandates that were given online, in plain SQL."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from spaces.invariants import Invariant, Looked, asked

A_DAY = timedelta(days=1)
"""The sweep comes each hour: what is not submitted a day after it was asked waits for a person."""

_DEBITS = "select count(*) from billing_onlinepayment where mandate_id is not null"
_BY_BOTH = """
    select 'receivable ' || row.number || ' is collected online and by batch ' || batch.reference
    from billing_onlinepayment online join billing_receivable row on row.id = online.receivable_id
    join billing_debit debit on debit.receivable_id = row.id
    join billing_debitbatch batch on batch.id = debit.batch_id
    where online.mandate_id is not null and online.state in ('new', 'processing')
      and (batch.state = 'made' or batch.state = 'sent' and batch.collect_on > online.created_at::date)
"""
# a debit that came back and was collected again has a payment that was reversed, or none
_TWICE = """
    select 'receivable ' || row.number || ' of ' || row.amount || ' was collected for ' || sum(paid.amount)
    from billing_onlinepayment online join billing_receivable row on row.id = online.receivable_id
    join billing_payment paid on paid.id = online.payment_id
    where online.mandate_id is not null and not exists (
        select from billing_payment back where back.reverses_id = paid.id or back.returns_id = paid.id
    )
    group by row.id having count(*) > 1 and sum(paid.amount) > row.amount
"""
_OF_ANOTHER = """
    select 'online payment ' || online.id || ' is collected by a mandate that is not of its party, or was not given'
    from billing_onlinepayment online join billing_onlinemandate mandate on mandate.id = online.mandate_id
    join billing_receivable row on row.id = online.receivable_id
    where mandate.party_id <> online.party_id or row.party_id <> online.party_id or mandate.given_at is null
       or mandate.is_test <> online.is_test
"""
_ANNOUNCED = "select count(*) from billing_onlinepayment where mandate_id is not null and state = 'new'"
_FORGOTTEN = """
    select 'debit ' || id || ' was announced for ' || target_on || ' and was not submitted'
    from billing_onlinepayment
    where mandate_id is not null and state = 'new' and target_on < (%(now)s)::date
"""


def _forgotten(now: datetime) -> Looked:
    return asked(_ANNOUNCED, _FORGOTTEN, {"now": now - A_DAY})


INVARIANTS = (
    Invariant(
        gettext_noop("nothing is collected by two ways at once"), lambda _now: asked(_DEBITS, _BY_BOTH)
    ),
    Invariant(gettext_noop("no more is collected than was asked"), lambda _now: asked(_DEBITS, _TWICE)),
    Invariant(
        gettext_noop("a debit is of the party that gave its mandate"),
        lambda _now: asked(_DEBITS, _OF_ANOTHER),
    ),
    Invariant(gettext_noop("what was announced is submitted or called off"), _forgotten),
)
