"""Payment plans: what a party agreed to pay when, and whether it does; while it does, nobody reminds it.

Nothing is booked by a plan. What was paid of it is what its receivables were open for when it was agreed, less what is
open of them now; so a reversed payment makes a plan late by itself.
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import models, transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces import wording
from spaces.models import Hub
from spaces.money import divided, total
from tenants.billing import allocating
from tenants.billing.dunning.refusals import DunningRefused
from tenants.billing.models import Books, PaymentPlan, PlanInstalment, Receivable
from tenants.parties.models import Party, User

MOST_INSTALMENTS = 24


class Course(models.TextChoices):
    """How a plan goes on a day."""

    KEPT = "kept", gettext_lazy("paid in full")
    RUNNING = "running", gettext_lazy("on time")
    LATE = "late", gettext_lazy("late")
    LAPSED = "lapsed", gettext_lazy("lapsed")
    ENDED = "ended", gettext_lazy("ended")


@dataclass(frozen=True)
class Instalment:
    """One payment of a plan: what of it is still to be paid."""

    due_on: date
    amount: Decimal
    left: Decimal


@dataclass(frozen=True)
class Standing:
    """A plan as it stands on a day; `late_since` is the due date of the first instalment that is late."""

    plan: PaymentPlan
    instalments: Sequence[Instalment]
    left: Decimal
    late_since: date | None
    course: Course

    @property
    def runs(self) -> bool:
        """While it does, its receivables are left alone."""
        return self.course in (Course.RUNNING, Course.LATE)


class PlanRefused(DunningRefused):
    """The plan cannot be agreed like this."""


def of_hub(hub: Hub, *, today: date, party: Party | None = None) -> list[Standing]:
    """The plans of a hub (of one party), the newest first. Four queries."""
    open_rows = Prefetch("receivables", Receivable.objects.with_open())
    plans = PaymentPlan.objects.filter(hub=hub).select_related("party", "by")
    plans = plans.filter(party=party) if party else plans
    kept = Books.objects.filter(hub=hub).first() or Books()
    patience = timedelta(days=kept.plan_lapses_after_days)
    return [
        _standing(plan, today=today, patience=patience)
        for plan in plans.prefetch_related("instalments", open_rows)
    ]


def covered(hub: Hub, *, today: date) -> set[int]:
    """The keys of the receivables for which a plan runs: they are neither reminded of nor collected. Four queries."""
    return {row.pk for each in of_hub(hub, today=today) if each.runs for row in each.plan.receivables.all()}


def monthly(amount: Decimal, *, first: date, count: int) -> list[tuple[date, Decimal]]:
    """`amount` in `count` instalments that add up to it, a month apart, on the day of `first` or the month's last."""
    return [(_months_later(first, at), part) for at, part in enumerate(divided(amount, [1] * count))]


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@transaction.atomic(durable=True)
def agree(
    party: Party,
    *,
    receivables: Sequence[Receivable],
    instalments: Sequence[tuple[date, Decimal]],
    note: str,
    by: User,
    now: datetime,
) -> PaymentPlan:
    """Agree that `party` pays these receivables by `instalments` (day and amount), which add up to what is open.

    Raises PlanRefused: nothing chosen, another sum, a day that is past or named twice, or a plan that runs already.
    """
    today = now.astimezone(party.hub.zone).date()
    rows = list(Receivable.objects.filter(pk__in=[row.pk for row in receivables], party=party))
    allocating.hold(rows)
    opened = list(Receivable.objects.filter(pk__in=[row.pk for row in rows]).to_pay())
    _raise_if_impossible(opened, instalments, today=today)
    runs = [each.plan for each in of_hub(party.hub, today=today, party=party) if each.runs]
    if PaymentPlan.receivables.through.objects.filter(paymentplan__in=runs, receivable__in=opened).exists():
        raise PlanRefused(_("A payment plan runs for one of these already. End that one first."))
    plan = PaymentPlan.objects.create(
        hub=party.hub, party=party, agreed_on=today, note=note.strip()[:300], by=by, at=now
    )
    plan.receivables.set(opened)
    PlanInstalment.objects.bulk_create(
        PlanInstalment(plan=plan, due_on=day, amount=amount) for day, amount in sorted(instalments)
    )
    return plan


@transaction.atomic(durable=True)
def end(plan: PaymentPlan, *, now: datetime) -> None:
    """Stop a plan: the ladder goes on where it was. A second call changes nothing."""
    today = now.astimezone(plan.hub.zone).date()
    row = PaymentPlan.objects.select_for_update().get(pk=plan.pk)
    if row.ended_on is None:
        row.ended_on = today
        row.save(update_fields=["ended_on"])


def _raise_if_impossible(
    opened: Sequence[Receivable], instalments: Sequence[tuple[date, Decimal]], *, today: date
) -> None:
    days = [day for day, _amount in instalments]
    asked, promised = total(row.open_amount for row in opened), total(amount for _day, amount in instalments)
    if not opened:
        raise PlanRefused(_("Choose what the plan is for."))
    if len(set(days)) < len(days):
        raise PlanRefused(_("Two instalments have the same day. Choose another day for one of them."))
    if not days or min(days) < today or min(amount for _day, amount in instalments) <= 0:
        raise PlanRefused(_("Give each instalment an amount above zero and a day from today on."))
    if asked != promised:
        raise PlanRefused(
            _("The instalments add up to %(promised)s, and %(asked)s is open. Make them the same.")
            % {"promised": wording.euro(promised), "asked": wording.euro(asked)}
        )


def _standing(plan: PaymentPlan, *, today: date, patience: timedelta) -> Standing:
    rows = list(plan.instalments.all())
    left = total(max(row.open_amount, Decimal(0)) for row in plan.receivables.all())
    instalments = list(_divided(rows, total(row.amount for row in rows) - left))
    late_since = next((each.due_on for each in instalments if each.left and each.due_on < today), None)
    return Standing(plan, instalments, left, late_since, _course(plan, left, late_since, today, patience))


def _divided(rows: Iterable[PlanInstalment], paid: Decimal) -> Iterable[Instalment]:
    """What was paid counts for the first instalments."""
    for row in rows:
        counted = min(max(paid, Decimal(0)), row.amount)
        paid -= counted
        yield Instalment(row.due_on, row.amount, row.amount - counted)


def _course(
    plan: PaymentPlan, left: Decimal, late_since: date | None, today: date, patience: timedelta
) -> Course:
    if not left:
        return Course.KEPT
    if plan.ended_on is not None:
        return Course.ENDED
    if late_since is None:
        return Course.RUNNING
    return Course.LAPSED if today > late_since + patience else Course.LATE
