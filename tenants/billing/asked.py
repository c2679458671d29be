"""What a party was asked to pay, each with where it stands: paid, open or late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tenants.billing import debiting
from tenants.billing.models import Debit, DebitState, OnlinePayment, OnlineState, Receivable
from tenants.billing.online import mandated
from tenants.parties.access import Actor


class Stage(models.TextChoices):
    """Where something that was asked stands."""

    PAID = "paid", _("paid")
    OPEN = "open", _("to be paid")
    LATE = "late", _("late")
    DEBIT = "debit", _("is collected by direct debit")
    WAITING = "waiting", _("we wait for the bank")
    CREDIT = "credit", _("in your favour")
    SETTLED = "settled", _("settled")
    PAUSED = "paused", _("not to be paid now")


@dataclass(frozen=True)
class Asked:
    """One invoice (or what else was asked) as it stands on `today`.

    `collected_on` is the day of its direct debit; what is collected without one has not been announced yet.
    """

    receivable: Receivable
    today: date
    is_collected: bool
    is_waiting: bool = False
    collected_on: date | None = None
    is_paused: bool = False

    @property
    def open_amount(self) -> Decimal:
        return self.receivable.open_amount

    @property
    def is_partly_paid(self) -> bool:
        return Decimal(0) < self.open_amount < self.receivable.amount

    @property
    def is_to_pay(self) -> bool:
        """Whether the party itself has to do something."""
        return self.stage in (Stage.OPEN, Stage.LATE)

    @property
    def stage(self) -> Stage:
        if self.open_amount < 0:
            return Stage.CREDIT
        if self.open_amount == 0:
            return Stage.PAID if self.receivable.amount > 0 else Stage.SETTLED
        if self.is_collected:
            return Stage.DEBIT
        if self.is_waiting:
            return Stage.WAITING
        if self.is_paused:
            return Stage.PAUSED
        return Stage.LATE if self.receivable.due_on < self.today else Stage.OPEN


def latest(actor: Actor, *, most: int, today: date) -> Sequence[Asked]:
    """The last `most` that the parties of `actor` were asked, and everything older that is open; newest first.

    Two queries.
    """
    made = Debit.objects.filter(
        receivable=OuterRef("pk"),
        batch__state__in=[DebitState.MADE, DebitState.SENT],
        batch__collect_on__gte=today,
    )
    online = OnlinePayment.objects.filter(
        receivable=OuterRef("pk"), state=OnlineState.PROCESSING, mandate__isnull=True
    )
    announced = OnlinePayment.objects.under_way().filter(receivable=OuterRef("pk"), mandate__isnull=False)
    day = Coalesce(
        Subquery(announced.values("target_on")[:1]),
        Subquery(made.order_by("batch__collect_on").values("batch__collect_on")[:1]),
    )
    rows = (
        Receivable.objects.visible_to(actor).with_open().annotate(collected_on=day, is_waiting=Exists(online))
    )
    rows = rows.annotate(
        awaits=ExpressionWrapper(mandated.awaited(actor.hub), models.BooleanField()),
        rests=ExpressionWrapper(debiting.is_paused(today), models.BooleanField()),
    )
    rows = rows.select_related("invoice", "party").order_by("-issued_on", "-pk")
    newest = list(rows[:most])
    older = rows.still_open().exclude(pk__in=[row.pk for row in newest])
    return [_asked(row, today) for row in [*newest, *older]]


def _asked(row: Any, today: date) -> Asked:
    """`row` is a Receivable with what latest() annotates."""
    is_collected = row.collected_on is not None or (row.awaits and not row.rests)
    return Asked(row, today, is_collected, row.is_waiting, row.collected_on, row.rests)
