"""A lease with all that belongs to it, read at once; and its fingerprint, to see that nobody changed it meanwhile."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Prefetch

from tenants.leases.models import Lease, LeaseLine, LeaseTerms, ServiceAdvance
from tenants.leases.querysets import LeaseQuerySet

_PARTS = ("lines", "terms", "shares", "discounts", "advances", "securities", "breaks")


def with_everything(leases: LeaseQuerySet) -> LeaseQuerySet:
    """With party, rooms, terms, payers, discounts, advances, securities and ways to end: eight queries."""
    return leases.select_related("hub", "party").prefetch_related(
        Prefetch("lines", LeaseLine.objects.select_related("space").order_by("space__code", "starts_on")),
        Prefetch("terms", LeaseTerms.objects.select_related("made_by").order_by("starts_on", "pk")),
        "shares__party",
        "discounts",
        Prefetch("advances", ServiceAdvance.objects.select_related("type")),
        "securities",
        "breaks",
    )


def whole(pk: int) -> Lease:
    """The lease as it is now, with everything."""
    lease: Lease = with_everything(Lease.objects.all()).get(pk=pk)
    return lease


def terms_of(lease: Lease, day: date) -> LeaseTerms | None:
    """The terms on `day`, of a lease read with everything: the first ones when it begins later. No query."""
    rows = list(lease.terms.all())
    begun = [row for row in rows if row.starts_on <= day] or rows[:1]
    return begun[-1] if begun else None


def coming_terms(lease: Lease, day: date) -> list[LeaseTerms]:
    """The terms agreed for days after `day`, of each day the row that counts. No query."""
    rows = {row.starts_on: row for row in lease.terms.all() if row.starts_on > day}
    return [rows[each] for each in sorted(rows)]


def mark(lease: Lease) -> str:
    """A fingerprint of everything in the lease; another one means that something was changed."""
    written = [_values([lease]), *(_values(getattr(lease, name).all()) for name in _PARTS)]
    return hashlib.sha256(repr(written).encode()).hexdigest()


def _values(rows: Iterable[Any]) -> list[Any]:
    return sorted(
        [
            (row.pk, [str(getattr(row, field.attname)) for field in row._meta.concrete_fields])  # noqa: SLF001 - documented
            for row in rows
        ]
    )
