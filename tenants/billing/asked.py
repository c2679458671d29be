"""What a party was asked to pay, each with where it stands: paid, open or late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from tenants.billing.models import Debit, DebitState, OnlinePayment, OnlineState, Receivable
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


@dataclass(frozen=True)
class Asked:
    """One invoice (or what else was asked) as it stands on `today`."""

    receivable: Receivable
    today: date
    is_collected: bool
    is_waiting: bool = False

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
    rows = Receivable.objects.visible_to(actor).with_open()
    rows = rows.annotate(is_collected=Exists(made), is_waiting=Exists(online))
    rows = rows.select_related("invoice", "party").order_by("-issued_on", "-pk")
    newest = list(rows[:most])
    older = rows.still_open().exclude(pk__in=[row.pk for row in newest])
    return [_asked(row, today) for row in [*newest, *older]]


def _asked(row: Receivable, today: date) -> Asked:
    collected, waiting = row.is_collected, row.is_waiting  # type: ignore[attr-defined]  # annotated by latest()
    return Asked(row, today, bool(collected), bool(waiting))
