"""Reading the claims ledger: who has which space, by one index probe a space instead of a scan of the past."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from spaces import loading
from spaces.margins import NO_MARGIN, Margin, around, keeps_off
from spaces.models import Claim, Hub, Space
from spaces.periods import DAY, Period, merged

# Claims in force never overlap on one space, so the last one that starts before the end of a period decides
# whether that period is free. A hold that ran out says nothing: it may not hide the claim behind it.
# Only where somebody needs time to set up or clean (asked once for the hub) do the neighbours matter as well.
_TAKEN = """
    with hub as materialized (
        select exists (
            select from spaces_claim
            where active and (setup_minutes > 0 or cleanup_minutes > 0) and ends_at > %(from)s
              and hub_id = (select hub_id from spaces_space where id = (%(atoms)s::bigint[])[1])
        ) as has_margins
    )
    select atom.id, atom.setup, atom.cleanup
    from unnest(%(atoms)s::bigint[], %(setups)s::int[], %(cleanups)s::int[]) as atom(id, setup, cleanup)
    where (
        select ends_at is null or ends_at > %(start)s from spaces_claim
        where active and space_id = atom.id and starts_at < %(end)s
          and (expires_at is null or expires_at > %(now)s)
        order by starts_at desc limit 1
    ) or ((atom.setup > 0 or atom.cleanup > 0 or (select has_margins from hub)) and exists (
        select from (
            (select * from spaces_claim
             where active and space_id = atom.id and starts_at < %(from)s
               and (expires_at is null or expires_at > %(now)s)
             order by starts_at desc limit 1)
            union all
            (select * from spaces_claim
             where active and space_id = atom.id and starts_at >= %(from)s and starts_at < %(until)s
               and (expires_at is null or expires_at > %(now)s))
        ) as claim
        where kind <> 'closure'
          and starts_at - make_interval(mins => greatest(setup_minutes, atom.cleanup)) < %(end)s
          and ends_at + make_interval(mins => greatest(cleanup_minutes, atom.setup)) > %(start)s
    ))
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
"""

_AFTER_ALL_HOLDS = datetime.max.replace(tzinfo=UTC)

Wanted = tuple[int, Margin]
"""An atomic space, by pk, and the time needed around the period in it."""


def taken_atoms(atoms: Collection[Wanted], *, period: Period, now: datetime) -> set[Wanted]:
    """Which of these atomic spaces cannot be had for all of `period` with their margin around it. One query."""
    wanted = list(atoms)
    near = around(period)
    values: dict[str, Any] = {
        "atoms": [atom for atom, _margin in wanted],
        "setups": [margin.setup_minutes for _atom, margin in wanted],
        "cleanups": [margin.cleanup_minutes for _atom, margin in wanted],
        "start": period.start, "end": period.end, "from": near.start, "until": near.end, "now": now,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, values)
        return {(atom, Margin(setup, cleanup)) for atom, setup, cleanup in cursor.fetchall()}


def in_the_way(
    atoms: Collection[int],
    *,
    period: Period,
    margin: Margin | None = NO_MARGIN,
    now: datetime,
) -> list[Claim]:
    """The claims in force that keep something with `margin` off `period` on these atomic spaces. One query."""
    found = claims_during(atoms, period=around(period), now=now)
    return [claim for claims in found.values() for claim in claims if keeps(claim, period, margin=margin)]


def keeps(claim: Claim, period: Period, *, margin: Margin | None = NO_MARGIN) -> bool:
    """Whether something that needs `margin` cannot have `period` because of `claim`."""
    return keeps_off(claim, margin=margin, until=period).overlaps(period)


def claims_during(atoms: Collection[int], *, period: Period, now: datetime) -> dict[int, list[Claim]]:
    """The claims in force that overlap `period`, in order, by the pk of their atomic space. One query."""
    values: dict[str, Any] = {"atoms": list(atoms), "start": period.start, "end": period.end, "now": now}
    return loading.by_space(_CLAIMS_DURING, values)


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


def kept_off(claims: Iterable[Claim], *, margin: Margin, within: Period) -> list[Period]:
    """The time inside `within` in which nothing that needs `margin` may have its period, merged."""
    pieces = (keeps_off(claim, margin=margin, until=within).intersection(within) for claim in claims)
    return merged(piece for piece in pieces if piece)


def periods_of(claims: Iterable[Claim], *, within: Period) -> list[Period]:
    """The time these claims take inside `within`, merged; an open-ended one lasts to its end."""
    pieces = (within.intersection(Period(claim.starts_at, claim.ends_at or within.end)) for claim in claims)
    return merged(piece for piece in pieces if piece)
