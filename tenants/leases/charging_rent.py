"""Charging what leases owe: each period under its own source, corrected when the terms change."""

from dataclasses import dataclass
from datetime import date, datetime

from spaces.models import Hub
from tenants.leases.models import Lease


@dataclass(frozen=True)
class Posted:
    """How many periods were charged for the first time, and how many were corrected."""

    new: int = 0
    changed: int = 0


def post_month(hub: Hub, *, month: date, now: datetime) -> Posted:
    """Charge every period that begins by the end of `month` and is not in the old books, of all leases of `hub`."""
    return Posted()


def post_due(*, now: datetime) -> Posted:
    """Charge the current and the next month of all hubs."""
    return Posted()


def repost(lease: Lease, *, now: datetime) -> Posted:
    """Let what was charged of `lease` be what its terms say by now. Call inside a transaction."""
    return Posted()
