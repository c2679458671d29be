"""What must always be true of indexations and settlements, worked out a second time in SQL."""

from django.utils.translation import gettext_noop

from spaces.invariants import Invariant, asked

_INDEXED = "select count(*) from leases_indexation"
_INDEXED_WRONG = """
    select 'indexation ' || it.id || ' is not what its figures and terms come to'
    from leases_indexation it join leases_leaseterms terms on terms.id = it.terms_id
    where it.new_yearly <> terms.yearly
       or (terms.indexing = 'symmetric' and terms.indexing_cap is null
           and it.new_yearly <> round(it.old_yearly * it.new_value / it.old_value, 2))
       or (terms.indexing = 'upward' and it.new_yearly < it.old_yearly)
       or it.old_month <> it.new_month - interval '1 year'
"""
_SHARES = "select count(*) from leases_settlementshare"
_SHARES_WRONG = """
    select 'settlement ' || settlement_id || ' does not divide type ' || type_id || ' to the cent'
    from leases_settlementshare group by settlement_id, type_id
    having sum(cost) <> max((calculation ->> 'total')::numeric)
"""
_APPROVED = "select count(*) from leases_settlement where state = 'approved'"
_NOT_CHARGED = """
    select 'settlement ' || settlement.id || ' was not charged as approved'
    from leases_settlement settlement
    where state = 'approved' and coalesce((
        select sum(cost - advance) from leases_settlementshare
        where settlement_id = settlement.id and lease_id is not null
    ), 0) <> coalesce((
        select sum(net) from billing_charge
        where kind = 'settlement' and credits_id is null and split_part(source, ':', 1) = 'settlement'
          and split_part(source, ':', 2) = settlement.id::text
    ), 0)
"""

INVARIANTS = (
    Invariant(
        gettext_noop("every indexation is what its figures come to"),
        lambda _now: asked(_INDEXED, _INDEXED_WRONG),
    ),
    Invariant(
        gettext_noop("the shares of service costs are together the bills"),
        lambda _now: asked(_SHARES, _SHARES_WRONG),
    ),
    Invariant(
        gettext_noop("an approved settlement is charged, to the cent"),
        lambda _now: asked(_APPROVED, _NOT_CHARGED),
    ),
)
