"""What an event of Stripe is about: which of our rows to look at. Nothing in it is believed, it only names a row."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from tenants.billing.models import OnlineMandate, OnlinePayment, OnlineRefund
from tenants.billing.querysets import OnlinePaymentQuerySet

PAYOUTS = "payout."
MANDATES = ("setup_intent.", "mandate.")
REFUNDS = ("refund.", "charge.refund")
DISPUTES = ("charge.dispute.",)
PAYMENTS = ("checkout.session.", "payment_intent.", "charge.", *REFUNDS)
"""How the kinds begin that concern us; any other is kept and passed over, so a new version of Stripe breaks nothing."""


@dataclass(frozen=True)
class Ring:
    """What to look at again; nothing of it when the event is not about anything of ours."""

    payment: OnlinePayment | None = None
    mandate: OnlineMandate | None = None
    payouts: bool = False
    refunds: bool = False
    disputes: bool = False

    @property
    def is_ours(self) -> bool:
        return bool(self.payment or self.mandate or self.payouts)


def rings_for(payload: dict[str, Any]) -> Ring:
    """The rows that the event in `payload` is about. At most three queries.

    Events of another account that is connected to ours are about nothing of ours.
    """
    kind, thing = str(payload.get("type", "")), _thing(payload)
    if payload.get("account"):
        return Ring()
    if kind.startswith(PAYOUTS):
        return Ring(payouts=True)
    payment = _payment(thing) if kind.startswith(PAYMENTS) else None
    if payment:
        return Ring(payment, refunds=kind.startswith(REFUNDS), disputes=kind.startswith(DISPUTES))
    return Ring(mandate=_mandate(thing) if kind.startswith((*MANDATES, "checkout.session.")) else None)


def payments() -> OnlinePaymentQuerySet:
    """Attempts with what is needed to look at them."""
    return OnlinePayment.objects.select_related("hub", "party__hub", "mandate")


def _payment(thing: dict[str, Any]) -> OnlinePayment | None:
    """By what Stripe calls it, or by the id that we gave along: it may ring before we have stored the answer."""
    own, intent, charge = _text(thing, "id"), _text(thing, "payment_intent"), _text(thing, "charge")
    names = Q(pk__in=_named(thing))
    for field, values in (("session_id", {own}), ("intent_id", {own, intent}), ("charge_id", {own, charge})):
        names |= Q(**{f"{field}__in": values - {""}})
    return payments().filter(names).first() or _of_refund(thing)


def _of_refund(thing: dict[str, Any]) -> OnlinePayment | None:
    """A refund carries the id of its own row."""
    names = Q(pk__in=_named(thing)) | Q(stripe_id=_text(thing, "id") or None)
    row = OnlineRefund.objects.filter(names).select_related("online__hub", "online__party__hub").first()
    return row.online if row else None


def _mandate(thing: dict[str, Any]) -> OnlineMandate | None:
    own = {_text(thing, "id"), _text(thing, "mandate")} - {""}
    names = Q(pk__in=_named(thing)) | Q(session_id__in=own) | Q(mandate_id__in=own)
    return OnlineMandate.objects.filter(names).select_related("hub", "party__hub").first()


def _thing(payload: dict[str, Any]) -> dict[str, Any]:
    data = payload.get("data")
    thing = data.get("object") if isinstance(data, dict) else None
    return thing if isinstance(thing, dict) else {}


def _text(thing: dict[str, Any], name: str) -> str:
    """The id that stands there, also when Stripe put the whole object there."""
    value = thing.get(name)
    value = value.get("id") if isinstance(value, dict) else value
    return value if isinstance(value, str) else ""


def _named(thing: dict[str, Any]) -> list[UUID]:
    """The ids of ours among what we gave along."""
    given = thing.get("metadata")
    values = given.values() if isinstance(given, dict) else ()
    return [found for value in (*values, thing.get("client_reference_id")) if (found := _uuid(value))]


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
