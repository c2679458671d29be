"""How money stands that goes back online, for pages and duties: waiting, on its way, refused, or taken by a bank."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from spaces.models import Hub
from tenants.billing.models import (
    Allocation,
    OnlineDispute,
    OnlinePayment,
    OnlineRefund,
    OnlineRefundState,
    Receivable,
    Refund,
)
from tenants.billing.online import going_back
from tenants.billing.online.disputing import UNDECIDED

LONGEST = timedelta(days=10)
"""Banks and cards give money back within ten working days or so: after this somebody has to ask."""
WHY = {
    "expired_or_canceled_card": _("the card has expired or was stopped"),
    "lost_or_stolen_card": _("the card was lost or stolen"),
    "declined": _("the bank refused it"),
    "insufficient_funds": _("there was too little on our balance at Stripe"),
    "charge_for_pending_refund_disputed": _("the payment was disputed meanwhile"),
    "unknown": _("the bank gave no reason"),
}
"""Stripe's words for why a refund came back, those that happen."""
UNDER_WAY = (OnlineRefundState.NEW, OnlineRefundState.PENDING)


@dataclass(frozen=True)
class Back:
    """A refund at Stripe with how it goes back, in words; `asked` is what it had paid and is open again."""

    refund: OnlineRefund
    asked: Sequence[Receivable] = ()

    @property
    def way(self) -> str:
        return going_back.way(self.refund.online)


@dataclass(frozen=True)
class Taken:
    """A dispute, with what the payment had paid and is open again."""

    dispute: OnlineDispute
    asked: Sequence[Receivable] = ()

    @property
    def is_undecided(self) -> bool:
        return self.dispute.state in UNDECIDED

    @property
    def to_answer(self) -> bool:
        return self.dispute.state == OnlineDispute.State.ANSWER


def under_way(hub: Hub) -> list[Back]:
    """What goes back now, the oldest first. One query."""
    rows = _refunds(hub).filter(state__in=UNDER_WAY)
    return [Back(row) for row in rows.order_by("created_at", "pk")]


def too_long(hub: Hub, *, now: datetime) -> list[Back]:
    """What is under way for longer than banks take. One query."""
    return [each for each in under_way(hub) if each.refund.created_at < now - LONGEST]


@dataclass(frozen=True)
class Refused:
    """What stands on the list because it could not go back as it was paid; `failure` is Stripe's word."""

    refund: Refund
    failure: str

    @property
    def why(self) -> str:
        """In the active language; what we do not know in Stripe's own words."""
        return str(WHY.get(self.failure, self.failure))


def refused(hub: Hub) -> list[Refused]:
    """What is to go another way, the oldest first. One query."""
    tries = OnlineRefund.objects.filter(listed=OuterRef("pk"))
    alive = tries.exclude(state=OnlineRefundState.FAILED)
    rows = Refund.objects.filter(hub=hub, state=Refund.State.LISTED, through__isnull=False)
    latest = tries.order_by("-created_at", "-pk").values("failure")[:1]
    found = rows.exclude(Exists(alive)).annotate(failure=latest)
    listed = found.select_related("party", "through").order_by("at", "pk")
    return [Refused(row, row.failure or "") for row in listed]


def made_at_stripe(hub: Hub) -> list[Back]:
    """Refunds that somebody made in Stripe's dashboard and that nobody here has seen. Two queries."""
    rows = _refunds(hub).filter(listed=None, seen_at=None).exclude(state=OnlineRefundState.FAILED)
    found = list(rows.order_by("created_at", "pk"))
    opened = _reopened(row.online for row in found)
    return [Back(row, opened.get(row.online_id, ())) for row in found]


def disputes(hub: Hub) -> list[Taken]:
    """Those that are not decided, and those whose end nobody has seen; what is to be answered first. Two queries.

    None of a test that was taken back.
    """
    counts = OnlineDispute.objects.filter(hub=hub, online__payment__reversed_by=None)
    rows = counts.select_related("online__party", "online__payment")
    found = list(rows.filter(state__in=UNDECIDED)) + list(
        rows.exclude(state__in=UNDECIDED).filter(seen_at=None)
    )
    opened = _reopened(row.online for row in found)
    found.sort(key=lambda row: (row.answer_by is None, row.answer_by or row.created_at, row.pk))
    return [Taken(row, opened.get(row.online_id, ())) for row in found]


def of_receivable(asked: Receivable) -> tuple[list[Back], list[Taken]]:
    """What went back of what paid this, for its page. Three queries; none more without an online payment."""
    paid = going_back.of_receivable(asked)
    if not paid:
        return [], []
    rows = OnlineRefund.objects.filter(online__in=paid).select_related("online").order_by("created_at", "pk")
    taken = (
        OnlineDispute.objects.filter(online__in=paid).select_related("online").order_by("created_at", "pk")
    )
    return [Back(row) for row in rows], [Taken(row) for row in taken]


def of_payment(online: OnlinePayment) -> list[Back]:
    """What goes or went back of one payment, in the order it was asked. One query."""
    rows = OnlineRefund.objects.filter(online=online).select_related("online")
    return [Back(row) for row in rows.order_by("created_at", "pk")]


def of_note(note: Receivable) -> list[Back]:
    """How the money of a credit note goes back online, each try. One query."""
    rows = OnlineRefund.objects.filter(listed__credit=note).select_related("online")
    return [Back(row) for row in rows.order_by("created_at", "pk")]


def _refunds(hub: Hub) -> QuerySet[OnlineRefund]:
    rows = OnlineRefund.objects.filter(hub=hub)
    return cast(
        "QuerySet[OnlineRefund]", rows.select_related("online__party", "online__payment", "listed", "by")
    )


def _reopened(paid: Iterable[OnlinePayment]) -> dict[object, list[Receivable]]:
    """What these had paid once and is open now, by payment. One query."""
    of = {row.payment_id: row.pk for row in paid}
    was = Allocation.objects.filter(payment__in=list(of), undone_by__isnull=False)
    pairs = set(was.values_list("payment", "receivable"))
    rows = Receivable.objects.filter(pk__in={pk for _paid, pk in pairs}).to_pay().select_related("invoice")
    return {online: [row for row in rows if (payment, row.pk) in pairs] for payment, online in of.items()}
