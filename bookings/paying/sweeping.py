"""Attempts to pay that nobody came back from are looked at again: a tab was closed, a webhook was lost, we crashed."""

import logging
from datetime import datetime

from bookings.paying import syncing
from tenants.billing import stripe
from tenants.billing.models import OnlinePayment
from tenants.billing.online import sweeping
from tenants.billing.online.inbox import MOST_IN_VAIN

logger = logging.getLogger(__name__)


def look(*, now: datetime, let_through: tuple[type[BaseException], ...] = ()) -> int:
    """Look at every attempt that is due; returns how many could be looked at. Call it with no transaction open.

    What fails goes to the end of the row and keeps no other waiting. Of `let_through` nothing is caught. Without a key
    nothing is looked at.
    """
    looked = in_vain = 0
    for payment in sweeping.due(now) if stripe.is_on() else ():
        if in_vain == MOST_IN_VAIN:
            break
        try:
            syncing.sync(payment, now=now)
            looked += 1
        except let_through:
            raise
        except Exception as fault:
            in_vain += isinstance(fault, stripe.Unavailable)
            logger.warning("Online payment %s is looked at again later: %s", payment.pk, fault)
            OnlinePayment.objects.filter(pk=payment.pk).update(looked_at=now)
    return looked
