"""When a lease ends: earlier than agreed, or later."""

from datetime import date, datetime

from django.utils.translation import gettext_noop

from spaces.periods import DAY
from tenants.leases.contracts import terms_rows
from tenants.leases.contracts.answers import Answers
from tenants.leases.contracts.changing_terms import because, priced
from tenants.leases.contracts.refusals import EndsNoEarlier, EndsNoLater, HasNoEnd, OutsideTheTerm
from tenants.leases.models import Lease, LeaseLine, LeaseTerms
from tenants.parties.models import User


def end(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """Let the lease end after a day that is earlier than agreed. Raises EndsNoEarlier and OutsideTheTerm."""
    last = told.first_day("last")
    if last < lease.starts_on:
        raise OutsideTheTerm(lease.starts_on, lease.ends_on)
    if lease.ends_on and last >= lease.ends_on:
        raise EndsNoEarlier
    lease.lines.filter(starts_on__gt=last).delete()
    for line in lease.lines.filter(ends_on__gt=last):
        _end(line, last)
    _to(lease, last)
    terms_rows.add(
        lease, day=last + DAY, kind=LeaseTerms.Kind.ENDED, by=by, now=now, change=lambda _row: {},
        explanation=because(gettext_noop("Ended early"), told),
    )  # fmt: skip


def renew(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """Let the lease go on until a later day (None: no end agreed), at another rent from then on when one is answered.

    Raises HasNoEnd and EndsNoLater.
    """
    last, before = told.day("last"), lease.ends_on
    if before is None:
        raise HasNoEnd
    if last is not None and last <= before:
        raise EndsNoLater
    _to(lease, last)
    first = before + DAY
    dearer = told.amount("amount") is not None
    terms_rows.add(
        lease, day=first, kind=LeaseTerms.Kind.RENEWED, by=by, now=now,
        explanation=because(gettext_noop("Renewed"), told),
        change=lambda row: priced(told, row.area_m2) | {"price_level_on": first} if dearer else {},
    )  # fmt: skip


def _to(lease: Lease, last: date | None) -> None:
    lease.ends_on = last
    lease.save(update_fields=["ends_on"])


def _end(line: LeaseLine, last: date) -> None:
    line.ends_on = last
    line.save(update_fields=["ends_on"])
