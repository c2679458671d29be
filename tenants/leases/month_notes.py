"""What there is to know about the rent of a month before it is invoiced.

What the old books have, what is not agreed, and rents that should have been indexed by then.
"""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from spaces import wording
from spaces.models import Hub
from spaces.periods import DAY
from tenants.billing.checking import Remark
from tenants.leases.indexing import proposing
from tenants.leases.instalments import month_of
from tenants.leases.models import Lease


def notes(hub: Hub, *, month: date) -> list[Remark]:
    """Leases that run in `month` that the old books have, without a rent that is agreed, or not indexed in time.

    A constant number of queries.
    """
    first, last = month_of(month)
    leases = Lease.objects.of_hub(hub).filter(starts_on__lte=last).exclude(ends_on__lt=first)
    rows = leases.select_related("party").prefetch_related("terms").order_by("party__name", "number")
    told = ((lease, _note(lease, max(first, lease.starts_on), last)) for lease in rows)
    found = [Remark(f"{lease.party.name}, {lease.number}: {text}") for lease, text in told if text]
    return [*found, *_not_indexed(hub, first, last)]


def _not_indexed(hub: Hub, first: date, last: date) -> Iterator[Remark]:
    """One for each lease that still runs, about the first day it should have been indexed on."""
    for course in proposing.courses(hub):
        due = course.due(until=last) if course.runs_still(first) else []
        if due:
            words = _(
                "the rent should be indexed on %(day)s and has not been. Do that before you invoice it."
            )
            day = wording.calendar_date(min(due))
            yield Remark(f"{course.lease.party.name}, {course.lease.number}: {words % {'day': day}}")


def _note(lease: Lease, first: date, last: date) -> str:
    if not any(row.starts_on <= last for row in lease.terms.all()):
        return _("no rent is agreed, so none is charged.")
    if lease.charged_from <= first:
        return ""
    until = wording.calendar_date(lease.charged_from - DAY)
    return _("the rent up to and including %(day)s is in the old books, so it is not charged here.") % {
        "day": until
    }
