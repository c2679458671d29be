"""Which attempts to look at again: who paid and closed the tab, and what a crash or an outage left behind."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from tenants.billing.models import OnlinePayment, OnlineState

MOST = 100
"""At once; what is left comes in the next sweep."""
AT_FIRST = timedelta(minutes=1)
"""So long the request that made it may still be busy with it."""
AGAIN = timedelta(minutes=3)
COLLECTED_AGAIN = timedelta(hours=1)
"""A direct debit takes days."""


def due(now: datetime) -> list[OnlinePayment]:
    """Attempts under way that nobody looked at lately, the longest ago first; no debit that Stripe has not got yet."""
    never = Q(looked_at=None, created_at__lte=now - AT_FIRST)
    on_page = Q(mandate=None) & (never | Q(looked_at__lte=now - AGAIN))
    collected = ~Q(mandate=None) & ~Q(state=OnlineState.NEW)
    collected &= Q(looked_at=None) | Q(looked_at__lte=now - COLLECTED_AGAIN)
    rows = OnlinePayment.objects.under_way().filter(on_page | collected).select_related("hub", "party__hub")
    return list(rows.order_by(F("looked_at").asc(nulls_first=True), "created_at", "pk")[:MOST])
