"""What is asked of Stripe: plain values, amounts in euros. The body of a request is a pure function of one of these."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class CheckoutAsk:
    """A payment page for one amount. `reference` is the id of our row, `hub` its slug, `methods` Stripe's names.

    `expires_at` is at least half an hour and at most a day after the moment that Stripe gets it.
    """

    amount: Decimal
    description: str
    reference: str
    hub: str
    email: str
    language: str
    methods: tuple[str, ...]
    success_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True)
class SetupAsk:
    """A page on which a customer gives a SEPA mandate; `reference` is the id of our row, `hub` its slug.

    `expires_at` is at least half an hour and at most a day after the moment that Stripe gets it.
    """

    customer_id: str
    reference: str
    hub: str
    language: str
    success_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True)
class DebitAsk:
    """A debit by a mandate, without the payer: `target_on` is 3 to 14 days from now, the day the account is debited."""

    amount: Decimal
    description: str
    reference: str
    hub: str
    customer_id: str
    method_id: str
    mandate_id: str
    target_on: date


@dataclass(frozen=True)
class RefundAsk:
    """Money back the way it came. `reference` is the id of our row."""

    intent_id: str
    amount: Decimal
    reference: str
    hub: str
