"""What the worker does for leases."""

from celery import shared_task
from django.utils import timezone

from tenants.leases import charging_rent, deadlines, fixing, owing
from tenants.leases.contracts import drafts
from tenants.leases.hub_import import uploads
from tenants.leases.indexing import watching


@shared_task
def extend_fixed_day_parts() -> int:
    """Claim the dates of fixed half-days that came within a year; returns how many claims were made."""
    return fixing.extend_horizon(now=timezone.now()).claimed


@shared_task
def charge_fixed_day_parts() -> int:
    """Charge the months that have begun; returns how many half-days have no price list that says their VAT."""
    return owing.post_months(now=timezone.now())


@shared_task
def charge_rent() -> int:
    """Charge the rent of this month and the next; returns how many periods were new or changed."""
    posted = charging_rent.post_due(now=timezone.now())
    return posted.new + posted.changed


@shared_task
def drop_stale_uploads() -> int:
    """Remove workbooks that were looked at and never read in, and drafts of leases that nobody finished."""
    now = timezone.now()
    return uploads.drop_stale(now=now) + drafts.drop_stale(now=now)


@shared_task
def tell_of_indexation() -> int:
    """Tell directors that rents can be indexed, or which figure is missing; returns how many letters that takes."""
    return watching.tell_directors(now=timezone.now())


@shared_task
def tell_of_deadlines() -> int:
    """Tell directors what has to be decided about leases in three months or in one; returns how many letters."""
    return deadlines.tell(now=timezone.now())
