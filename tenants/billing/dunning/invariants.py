"""What must always be true of collecting, in plain SQL."""

from django.utils.translation import gettext_noop

from spaces.invariants import Invariant, asked

_FORMAL = "select count(*) from billing_reminder where kind = 'formal'"
_TOO_SOON = """
    select 'receivable ' || row.number || ' had its 14-day letter without a reminder before'
    from billing_reminder formal join billing_receivable row on row.id = formal.receivable_id
    where formal.kind = 'formal' and not exists (
        select from billing_reminder before
        where before.receivable_id = row.id and before.kind in ('reminder', 'second')
          and before.sent_on < formal.sent_on
    )
"""
_COSTS = "select count(*) from billing_receivable where kind = 'costs'"
_UNANNOUNCED = """
    select 'costs ' || costs.number || ' were charged before a 14-day letter ran out'
    from billing_receivable costs
    where costs.kind = 'costs' and not exists (
        select from billing_reminder formal
        where formal.receivable_id = costs.about_id and formal.kind = 'formal' and formal.pay_by < costs.issued_on
    )
"""
_OF_ANOTHER = """
    select 'costs ' || costs.number || ' are of another party than receivable ' || about.number
    from billing_receivable costs join billing_receivable about on about.id = costs.about_id
    where costs.party_id <> about.party_id or costs.hub_id <> about.hub_id
"""

INVARIANTS = (
    Invariant(
        gettext_noop("no 14-day letter went out before a reminder"), lambda _now: asked(_FORMAL, _TOO_SOON)
    ),
    Invariant(
        gettext_noop("collection costs came after a 14-day letter that ran out"),
        lambda _now: asked(_COSTS, _UNANNOUNCED),
    ),
    Invariant(
        gettext_noop("collection costs are of the party that they are about"),
        lambda _now: asked(_COSTS, _OF_ANOTHER),
    ),
)
