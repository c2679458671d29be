"""What is open of each receivable, what was done about it, and what stands in the way of doing more."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from spaces.models import Hub
from tenants.billing.debiting import on_their_way
from tenants.billing.dunning import plans
from tenants.billing.models import (
    Allocation,
    CollectionPause,
    Debit,
    DebitState,
    DunningStep,
    Payment,
    Receivable,
    Reminder,
)
from tenants.billing.online import mandated
from tenants.billing.querysets import ReceivableQuerySet
from tenants.parties.models import Party


class Obstacle(models.TextChoices):
    """Why nobody is reminded of it."""

    DISPUTED = "disputed", _("disputed")
    PAUSED = "paused", _("paused")
    PLAN = "plan", _("payment plan")
    DEBIT = "debit", _("direct debit on its way")
    AWAITS_DEBIT = "awaits_debit", _("to be collected by direct debit")
    HANDED_OVER = "handed_over", _("handed over")


@dataclass(frozen=True)
class Item:
    """One receivable of which something is open (`receivable.open_amount`), as it stands on `today`."""

    receivable: Receivable
    today: date
    reminders: Sequence[Reminder] = ()
    pause: CollectionPause | None = None
    plan: plans.Standing | None = None
    is_debited: bool = False
    awaits_debit: bool = False

    @property
    def open_amount(self) -> Decimal:
        return self.receivable.open_amount

    @property
    def days_late(self) -> int:
        """0 as long as it is not late."""
        return max((self.today - self.receivable.due_on).days, 0)

    @property
    def last(self) -> Reminder | None:
        """The last step that was taken."""
        return self.reminders[-1] if self.reminders else None

    @property
    def formal(self) -> Reminder | None:
        """Its 14-day letter."""
        return next((row for row in self.reminders if row.kind == DunningStep.Kind.FORMAL), None)

    @property
    def formal_has_run_out(self) -> bool:
        """The 14-day letter was sent, and its last day is over."""
        return self.formal is not None and self.formal.pay_by < self.today

    @property
    def obstacle(self) -> Obstacle | None:
        """Why it is left alone; the weightiest reason. None: nothing stands in the way."""
        if self.pause:
            disputed = self.pause.kind == CollectionPause.Kind.DISPUTE
            return Obstacle.DISPUTED if disputed else Obstacle.PAUSED
        if self.plan:
            return Obstacle.PLAN
        if self.is_debited:
            return Obstacle.DEBIT
        if any(row.kind == DunningStep.Kind.HANDOVER for row in self.reminders):
            return Obstacle.HANDED_OVER
        return Obstacle.AWAITS_DEBIT if self.awaits_debit else None


def items(hub: Hub, *, today: date, party: Party | None = None) -> list[Item]:
    """Everything of a hub (of one party) that is to be paid, the oldest first. Seven queries, however much it is."""
    rows = Receivable.objects.filter(hub=hub)
    found = list(_annotated(rows.filter(party=party) if party else rows, hub, today))
    pauses = in_force(hub, today=today)
    running = _running(plans.of_hub(hub, today=today, party=party))
    return [
        Item(
            row, today, reminders=list(row.reminders.all()), plan=running.get(row.pk),
            pause=_pause(pauses, row), is_debited=row.is_debited,
            awaits_debit=row.awaits_online or (row.party.pays_by_debit and not row.was_debited),
        )
        for row in found
    ]  # fmt: skip


def in_force(hub: Hub, *, today: date) -> list[CollectionPause]:
    """The pauses and disputes that last on `today`, those of one receivable first. One query."""
    lasts = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
    rows = CollectionPause.objects.filter(lasts, party__hub=hub).select_related("party", "receivable", "by")
    # a dispute weighs more than a pause: no costs run on it
    return sorted(rows, key=lambda row: (row.kind != CollectionPause.Kind.DISPUTE, row.pk))


def _annotated(rows: ReceivableQuerySet, hub: Hub, today: date) -> ReceivableQuerySet:
    handed = Debit.objects.filter(receivable=OuterRef("pk"), batch__state=DebitState.SENT)
    taken_back = Allocation.objects.filter(receivable=OuterRef("pk"), payment__method=Payment.Method.DEBIT)
    found = rows.to_pay().select_related("party", "invoice").prefetch_related("reminders")
    flag = models.BooleanField()
    return found.annotate(
        is_debited=models.ExpressionWrapper(on_their_way(today=today), output_field=flag),
        was_debited=models.ExpressionWrapper(Exists(handed) | Exists(taken_back), output_field=flag),
        awaits_online=models.ExpressionWrapper(mandated.awaited(hub), output_field=flag),
    )


def _running(standings: Iterable[plans.Standing]) -> dict[int, plans.Standing]:
    return {row.pk: each for each in standings if each.runs for row in each.plan.receivables.all()}


def _pause(pauses: Iterable[CollectionPause], row: Receivable) -> CollectionPause | None:
    return next(
        (each for each in pauses if each.party_id == row.party_id and each.receivable_id in (None, row.pk)),
        None,
    )


def by_party(found: Iterable[Item]) -> dict[Party, list[Item]]:
    """The same by party, in the order of their names."""
    rows: dict[Party, list[Item]] = defaultdict(list)
    for item in found:
        rows[item.receivable.party].append(item)
    return dict(sorted(rows.items(), key=lambda each: (each[0].name.casefold(), each[0].pk)))
