"""What the worker does for leases."""

import logging

from celery import shared_task
from django.utils import timezone

from tenants.leases import fixing
from tenants.leases.hub_import import uploads

logger = logging.getLogger(__name__)


@shared_task
def extend_fixed_day_parts() -> int:
    """Claim the dates of fixed half-days that came within a year; returns how many claims were made."""
    extended = fixing.extend_horizon(now=timezone.now())
    for claim in extended.clashes:
        logger.warning("A fixed half-day finds space %s taken by %s", claim.space_id, claim.holder)
    return extended.claimed


@shared_task
def drop_stale_uploads() -> int:
    """Remove workbooks that were looked at and never read in."""
    return uploads.drop_stale(now=timezone.now())
