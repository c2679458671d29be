"""New rows of terms: what was agreed stays as it was, and what was agreed for later days goes along."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from spaces.explaining import Sentence
from tenants.leases import terms
from tenants.leases.contracts.refusals import OutsideTheTerm
from tenants.leases.models import Lease, LeaseTerms
from tenants.parties.models import User

Change = Callable[[LeaseTerms], Mapping[str, Any]]
_OWN = {"id", "lease", "starts_on", "kind", "explanation", "made_by", "made_at"}


def within(lease: Lease, day: date) -> date:
    """`day`, when the lease runs then. Raises OutsideTheTerm."""
    if day < lease.starts_on or (lease.ends_on and day > lease.ends_on):
        raise OutsideTheTerm(lease.starts_on, lease.ends_on)
    return day


def add(
    lease: Lease, *, day: date, kind: str, explanation: Sentence, change: Change, by: User, now: datetime
) -> LeaseTerms:
    """Terms from `day` on that differ from those before them by `change`; those agreed for later stay as they are."""
    before = terms.on(lease, day) or terms.history(lease)[0]
    return _row(before, day, kind=kind, explanation=explanation, change=change, by=by, now=now)


def add_throughout(
    lease: Lease, *, day: date, kind: str, explanation: Sentence, change: Change, by: User, now: datetime
) -> LeaseTerms:
    """As `add`, and the terms agreed for later days get the same `change`: a step in the rent keeps its own rent."""
    later = [row for row in terms.history(lease) if row.starts_on > day]
    for row in later:
        _row(row, row.starts_on, kind=row.kind, explanation=row.explanation, change=change, by=by, now=now)
    return add(lease, day=day, kind=kind, explanation=explanation, change=change, by=by, now=now)


def _row(
    before: LeaseTerms,
    day: date,
    *,
    kind: str,
    explanation: Sentence,
    change: Change,
    by: User,
    now: datetime,
) -> LeaseTerms:
    kept = {
        field.name: getattr(before, field.name)
        for field in LeaseTerms._meta.concrete_fields  # noqa: SLF001 - Django documents it
        if field.name not in _OWN
    }
    return LeaseTerms.objects.create(
        lease=before.lease, starts_on=day, kind=kind, explanation=explanation, made_by=by, made_at=now,
        **kept | dict(change(before)),
    )  # fmt: skip
