"""Reading the claims ledger: who has which space, by one index probe a space instead of a scan of the past."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from spaces.models import Claim, Hub, Space
from spaces.periods import DAY, Period, merged

# Claims in force never overlap on one space, so the last one that starts before the end of a period decides
# whether that period is free. A hold that ran out says nothing: it may not hide the claim behind it.
_LAST_CLAIMS = """
    select atom.id
    from unnest(%(atoms)s::bigint[]) as atom(id)
    cross join lateral (
        select ends_at from spaces_claim
        where active and space_id = atom.id and starts_at < %(end)s
          and (expires_at is null or expires_at > %(now)s)
        order by starts_at desc limit 1
    ) as last
    where last.ends_at is null or last.ends_at > %(start)s
"""

_CLAIMS_DURING = """
    select claim.*
    from unnest(%(atoms)s::bigint[]) as atom(id)
    cross join lateral (
        (select * from spaces_claim
         where active and space_id = atom.id and starts_at < %(start)s
           and (expires_at is null or expires_at > %(now)s)
         order by starts_at desc limit 1)
        union all
        (select * from spaces_claim
         where active and space_id = atom.id and starts_at >= %(start)s and starts_at < %(end)s
           and (expires_at is null or expires_at > %(now)s))
    ) as claim
    where claim.ends_at is null or claim.ends_at > %(start)s
    order by claim.space_id, claim.starts_at
"""


_AFTER_ALL_HOLDS = datetime.max.replace(tzinfo=UTC)


def taken_atoms(atoms: Collection[int], *, period: Period, now: datetime) -> set[int]:
    """Which of these atomic spaces (by pk) are taken in some part of `period`. One query."""
    values: dict[str, Any] = {"atoms": list(atoms), "start": period.start, "end": period.end, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_LAST_CLAIMS, values)
        return {pk for (pk,) in cursor.fetchall()}


def claims_during(atoms: Collection[int], *, period: Period, now: datetime) -> dict[int, list[Claim]]:
    """The claims in force that overlap `period`, in order, by the pk of their atomic space. One query."""
    values: dict[str, Any] = {"atoms": list(atoms), "start": period.start, "end": period.end, "now": now}
    result: dict[int, list[Claim]] = defaultdict(list)
    for claim in Claim.objects.raw(_CLAIMS_DURING, values):
        result[claim.space_id].append(claim)
    return result


def lasting_claims(atoms: Collection[int], *, period: Period) -> dict[int, list[Claim]]:
    """As `claims_during`, without any hold: what is really booked, let or closed. One query."""
    return claims_during(atoms, period=period, now=_AFTER_ALL_HOLDS)


def atoms_of(hub: Hub) -> dict[int, list[int]]:
    """For each space of the hub the pks of the atomic spaces it is made of; an atom is its own. One query."""
    return tree_of(dict(Space.objects.of_hub(hub).order_by("pk").values_list("pk", "parent")))


def tree_of(parents: Mapping[int, int | None]) -> dict[int, list[int]]:
    """The same from the parent (or None) of each space, for who has read the spaces already."""
    wholes = set(parents.values())
    result: dict[int, list[int]] = {pk: [] for pk in parents}
    for atom in parents:
        if atom not in wholes:
            for space in _upwards(atom, parents):
                result[space].append(atom)
    return result


def _upwards(space: int, parents: Mapping[int, int | None]) -> Iterable[int]:
    at: int | None = space
    while at is not None:
        yield at
        at = parents[at]


def is_lease_term(claim: Claim) -> bool:
    """A room under lease by the day or longer; a part-week lease (vast dagdeel) claims shorter pieces."""
    return claim.kind == Claim.Kind.LEASE and (
        claim.ends_at is None or claim.ends_at - claim.starts_at >= DAY
    )


def overlaps(claim: Claim, period: Period) -> bool:
    """Whether the claim takes some part of `period`."""
    return claim.starts_at < period.end and (claim.ends_at is None or claim.ends_at > period.start)


def covers(claim: Claim, period: Period) -> bool:
    """Whether the claim takes all of `period`."""
    return claim.starts_at <= period.start and (claim.ends_at is None or claim.ends_at >= period.end)


def periods_of(claims: Iterable[Claim], *, within: Period) -> list[Period]:
    """The time these claims take inside `within`, merged; an open-ended one lasts to its end."""
    pieces = (within.intersection(Period(claim.starts_at, claim.ends_at or within.end)) for claim in claims)
    return merged(piece for piece in pieces if piece)
