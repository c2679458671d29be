"""Letters to who paid, about money that goes back: each fact once, in the transaction that books it."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from tenants.billing.models import OnlineDispute, OnlinePayment, OnlineRefund
from tenants.billing.online import going_back, links
from tenants.parties import mailing
from tenants.parties.models import Role, User


def refunded(row: OnlineRefund, *, now: datetime) -> None:
    """Stripe has taken it on: how much comes back, which way, why, and about when."""
    _tell("online_refunded", row.online, f"online-refund:{row.pk}:sent", {"refund": row}, now=now)


def came_back(row: OnlineRefund, *, now: datetime) -> None:
    """The bank refused what they were told would come; it is still theirs."""
    if row.listed is not None:
        _tell("online_refund_failed", row.online, f"online-refund:{row.pk}:failed", {"refund": row}, now=now)


def disputed(row: OnlineDispute, *, now: datetime) -> None:
    """How a payment that was taken back stands; nothing as long as no money moved."""
    if row.taken is None:
        return
    fact = "won" if row.returned else "lost" if row.state == row.State.LOST else "taken"
    asked = list(going_back.reopened(row.online).select_related("invoice"))
    context = {"dispute": row, "asked": [(each, links.page(each)) for each in asked]}
    _tell(f"online_dispute_{fact}", row.online, f"online-dispute:{row.pk}:{fact}", context, now=now)


def to_be_answered(row: OnlineDispute, *, now: datetime) -> None:
    """Who keeps the books and who directs hear of it at once: only before its last day it can be answered."""
    people = User.objects.filter(
        memberships__hub=row.hub, memberships__role__in=[Role.BOOKKEEPER, Role.DIRECTOR], is_active=True
    )
    for user in people.distinct().order_by("pk"):
        mailing.post(
            key=f"online-dispute:{row.pk}:answer:{user.pk}", kind="online_dispute_answer", hub=row.hub,
            to_email=user.email, to_name=user.name, language=user.language, due_at=now,
            context={"dispute": row, "payment": row.online, "link": mailing.link(reverse("credits"))},
        )  # fmt: skip


def _tell(kind: str, online: OnlinePayment, key: str, context: dict[str, Any], *, now: datetime) -> None:
    address = online.email or online.party.email
    if not address:
        return
    mailing.post(
        key=key, kind=kind, hub=online.hub, to_email=address, to_name=online.party.contact_name or online.party.name,
        party=online.party, language=online.language, due_at=now,
        context={"payment": online, "way": going_back.way(online)} | context,
    )  # fmt: skip
