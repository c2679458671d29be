"""What must always be true of the claims ledger; the shape in which every floor says so.

Looked at each night and by `manage.py controleer`. In plain SQL where a rule of the code could be wrong in the same way
as the code that it judges.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop


@dataclass(frozen=True)
class Looked:
    """How many rows were looked at, and a line about each that is broken."""

    checked: int
    broken: list[str]


@dataclass(frozen=True)
class Invariant:
    """Something that is always true, in words, and how to look."""

    words: str
    look: Callable[[datetime], Looked]


def asked(count: str, broken: str, values: Mapping[str, Any] | None = None) -> Looked:
    """The answers of two queries: how many rows there are, and a line of text for each broken one."""
    with connection.cursor() as cursor:
        cursor.execute(count, values)
        checked = int(cursor.fetchone()[0])
        cursor.execute(broken, values)
        return Looked(checked, [str(line) for (line,) in cursor.fetchall()])


_CLAIMS = "select count(*) from spaces_claim where active"
_OVERLAPS = """
    select holder || ' has space ' || space_id || ' from ' || starts_at || ', and another has it until ' || before
    from (
        select space_id, holder, starts_at, max(coalesce(ends_at, 'infinity')) over (
            partition by space_id order by starts_at, id rows between unbounded preceding and 1 preceding
        ) as before
        from spaces_claim where active
    ) as claim
    where before > starts_at
"""
_NOT_ATOMIC = """
    select claim.holder || ' has a claim on space ' || claim.space_id || ', which is divided or of another hub'
    from spaces_claim claim join spaces_space space on space.id = claim.space_id
    where claim.active and (claim.ends_at is null or claim.ends_at > %(now)s) and (
        space.hub_id <> claim.hub_id or exists (select from spaces_space part where part.parent_id = space.id)
    )
"""
_MARGINS = """
    select holder || ' sets up or cleans space ' || space_id || ' around ' || starts_at || ' in the time of another'
    from (
        select *, lag(ends_at) over near as before, lead(starts_at) over near as after from spaces_claim
        where active and (expires_at is null or expires_at > %(now)s)
        window near as (partition by space_id order by starts_at)
    ) as claim
    where setup_minutes + cleanup_minutes > 0 and ends_at > %(now)s and (
        before > starts_at - make_interval(mins => setup_minutes)
        or after < ends_at + make_interval(mins => cleanup_minutes)
    )
"""
_CLOSURES = """
    select claim.holder || ' has claims and does not exist' from spaces_claim claim
    where claim.active and claim.holder like 'closure:%%'
      and not exists (select from spaces_closure row where claim.holder = 'closure:' || row.id)
    group by claim.holder
"""
_UNKNOWN = """
    select holder || ' is nobody we know' from spaces_claim
    where active and split_part(holder, ':', 1) not in ('booking', 'entry', 'lease', 'fixed', 'closure')
    group by holder
"""

INVARIANTS = (
    Invariant(
        gettext_noop("no two claims in force share a space and a time"),
        lambda _now: asked(_CLAIMS, _OVERLAPS),
    ),
    Invariant(
        gettext_noop("claims are on undivided spaces of their own hub"),
        lambda now: asked(_CLAIMS, _NOT_ATOMIC, {"now": now}),
    ),
    Invariant(
        gettext_noop("setting up and cleaning reach into nobody's time"),
        lambda now: asked(_CLAIMS, _MARGINS, {"now": now}),
    ),
    Invariant(
        gettext_noop("every claim of a closure has its closure"),
        lambda now: asked(_CLAIMS, _CLOSURES, {"now": now}),
    ),
    Invariant(
        gettext_noop("every claim has a holder of a kind we know"), lambda _now: asked(_CLAIMS, _UNKNOWN)
    ),
)
