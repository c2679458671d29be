"""What stands in the way of many dates: one look at the ledger, however many there are and however full the years."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from spaces import loading
from spaces.margins import around
from spaces.models import Claim
from spaces.periods import Period

# Claims in force never overlap on one space, so of those before the wish only the last can reach into it.
_CLAIMS_NEAR = """
    select distinct claim.*
    from unnest(%(atoms)s::bigint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]) as wish(atom, starts, ends)
    cross join lateral (
        (select * from spaces_claim
         where active and space_id = wish.atom and starts_at < wish.starts
           and (expires_at is null or expires_at > %(now)s)
         order by starts_at desc limit 1)
        union all
        (select * from spaces_claim
         where active and space_id = wish.atom and starts_at >= wish.starts and starts_at < wish.ends
           and (expires_at is null or expires_at > %(now)s))
    ) as claim
    where claim.ends_at is null or claim.ends_at > wish.starts
"""


def claims_near(wishes: Iterable[tuple[int, Period]], *, now: datetime) -> dict[int, list[Claim]]:
    """The claims in force in or around the period wished for on each atomic space (by pk), in order. One query.

    Around: as far as setting up and cleaning may reach. `ledger.keeps` says which of them are in the way.
    """
    wide = [(atom, around(period)) for atom, period in wishes]
    values: dict[str, Any] = {
        "atoms": [atom for atom, _period in wide],
        "starts": [period.start for _atom, period in wide],
        "ends": [period.end for _atom, period in wide],
        "now": now,
    }
    return loading.by_space(_CLAIMS_NEAR, values)
