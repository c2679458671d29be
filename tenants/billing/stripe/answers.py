"""What Stripe says, as plain values: amounts in euros, moments in UTC. No object of the package leaves."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, Self

from spaces.money import Euro


@dataclass(frozen=True)
class Intent:
    """One payment at Stripe. `failed`: the last try did not succeed; while its page is open a next try still may.

    `amount` is what was asked, `received` what came in, `refunded` what went back since. `method` ("ideal", "card",
    "sepa_debit") and `failure` are Stripe's words.
    """

    id: str
    state: Literal["processing", "succeeded", "failed", "canceled", "waiting"]
    amount: Euro
    received: Euro
    charge_id: str
    method: str
    failure: str
    refunded: Euro
    disputed: bool


@dataclass(frozen=True)
class Setup:
    """A mandate that is being given; `reference` is what the bank shows, `last4` the end of the account."""

    state: Literal["waiting", "succeeded", "failed"]
    method_id: str
    mandate_id: str
    reference: str
    last4: str
    failure: str


@dataclass(frozen=True)
class Session:
    """A page at Stripe. `url` is empty once it is not open. `complete`: the payer is done, paid or not."""

    id: str
    url: str
    state: Literal["open", "complete", "expired"]
    is_paid: bool
    intent_id: str
    expires_at: datetime
    intent: Intent | None
    setup: Setup | None


@dataclass(frozen=True)
class RefundSeen:
    """One refund; `reference` is the id of our row, empty for one that was made in Stripe's dashboard."""

    id: str
    state: Literal["pending", "succeeded", "failed", "canceled"]
    amount: Euro
    reference: str
    failure: str
    made_at: datetime


@dataclass(frozen=True)
class DisputeSeen:
    """Money that a payer or a bank wants back. `is_withdrawn`: it is gone from our balance at this moment."""

    id: str
    state: Literal["answer", "review", "won", "lost"]
    amount: Euro
    reason: str
    answer_by: datetime | None
    is_withdrawn: bool


@dataclass(frozen=True)
class Event:
    """Something that Stripe tells; `about` is the id of the object it is about."""

    id: str
    kind: str
    about: str
    is_test: bool
    happened_at: datetime
    payload: dict[str, Any]

    @classmethod
    def of(cls, payload: dict[str, Any]) -> Self:
        """The event in what `read_event` gave. Raises KeyError, TypeError or ValueError for what is none."""
        return cls(
            id=payload["id"],
            kind=payload["type"],
            about=payload["data"]["object"].get("id", ""),
            is_test=not payload["livemode"],
            happened_at=datetime.fromtimestamp(payload["created"], tz=UTC),
            payload=payload,
        )


@dataclass(frozen=True)
class Move:
    """One movement of our balance: net is amount less fee, all signed. `about`: the charge, refund, payout."""

    id: str
    kind: str
    about: str
    amount: Euro
    fee: Euro
    net: Euro
    description: str
    made_at: datetime


@dataclass(frozen=True)
class PayoutSeen:
    """Money on its way to the bank account. `state` is Stripe's: pending, in_transit, paid, failed, canceled."""

    id: str
    amount: Euro
    arrives_on: date
    state: str
    failure: str
    made_at: datetime
