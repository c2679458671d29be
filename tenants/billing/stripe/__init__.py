"""The one door to Stripe. It knows no models and no pages: values in, values out, euros outside and cents inside.

Every call raises Refused (Stripe said no, nothing was done) or Unavailable (the outcome is unknown), and is made with
no transaction open. A call takes at most ten seconds in all, and all those of one page together too; a task
asks `patiently()`.
"""

from tenants.billing.stripe.answers import (
    DisputeSeen,
    Event,
    Intent,
    Move,
    PayoutSeen,
    RefundSeen,
    Session,
    Setup,
)
from tenants.billing.stripe.asks import CheckoutAsk, DebitAsk, RefundAsk, SetupAsk
from tenants.billing.stripe.customers import detach, mandate_is_active, new_customer
from tenants.billing.stripe.events import events_since, read_event
from tenants.billing.stripe.going_back import disputes_of, refund, refund_of, refunds_of
from tenants.billing.stripe.intents import cancel_intent, collect, find_intent, intent
from tenants.billing.stripe.line import is_on, is_test
from tenants.billing.stripe.moves import balance, moves_of, moves_since, payouts_since
from tenants.billing.stripe.patience import patiently, within_a_page
from tenants.billing.stripe.refusals import BadSignature, Refused, Unavailable
from tenants.billing.stripe.sessions import expire, open_checkout, open_setup, session
from tenants.billing.stripe.watching import clock_ahead, refused_lately

__all__ = [
    "BadSignature",
    "CheckoutAsk",
    "DebitAsk",
    "DisputeSeen",
    "Event",
    "Intent",
    "Move",
    "PayoutSeen",
    "RefundAsk",
    "RefundSeen",
    "Refused",
    "Session",
    "Setup",
    "SetupAsk",
    "Unavailable",
    "balance",
    "cancel_intent",
    "clock_ahead",
    "collect",
    "detach",
    "disputes_of",
    "events_since",
    "expire",
    "find_intent",
    "intent",
    "is_on",
    "is_test",
    "mandate_is_active",
    "moves_of",
    "moves_since",
    "new_customer",
    "open_checkout",
    "open_setup",
    "patiently",
    "payouts_since",
    "read_event",
    "refund",
    "refund_of",
    "refunds_of",
    "refused_lately",
    "session",
    "within_a_page",
]
