"""What the worker does for leases."""

from celery import shared_task
from django.utils import timezone

from tenants.leases import fixing, owing
from tenants.leases.hub_import import uploads


@shared_task
def extend_fixed_day_parts() -> int:
    """Claim the dates of fixed half-days that came within a year; returns how many claims were made."""
    return fixing.extend_horizon(now=timezone.now()).claimed


@shared_task
def charge_fixed_day_parts() -> int:
    """Charge the months that have begun; returns how many half-days have no price list that says their VAT."""
    return owing.post_months(now=timezone.now())


@shared_task
def drop_stale_uploads() -> int:
    """Remove workbooks that were looked at and never read in."""
    return uploads.drop_stale(now=timezone.now())
