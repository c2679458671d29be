"""Reminding who has not paid: the ladder of steps, what was sent, pauses, disputes, plans, interest."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.models import Hub
from tenants.billing.models.receivables import Receivable
from tenants.parties.models import Party, User


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class DunningStep(models.Model):
    """One rung of a hub's ladder: `days` after the due date (negative: before it) this letter goes out."""

    class Kind(models.TextChoices):
        NOTICE = "notice", _("friendly notice beforehand")
        REMINDER = "reminder", _("reminder")
        SECOND = "second", _("second reminder")
        FORMAL = "formal", _("formal notice (14-day letter)")
        HANDOVER = "handover", _("to be handed over for collection")

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="dunning_steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    days = models.SmallIntegerField(_("days after the due date"))
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["days"]
        constraints = [models.UniqueConstraint(fields=["hub", "kind"], name="one_step_of_a_kind")]


class Reminder(models.Model):
    """A step that was taken for one receivable, once. The amounts are those that the letter named: what was open, and
    of a 14-day letter the share of the costs that may come. One `letter_key` for all that stood in one letter.
    """

    receivable = models.ForeignKey(Receivable, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=10, choices=DunningStep.Kind.choices)
    sent_on = models.DateField()
    open_amount = models.DecimalField(max_digits=11, decimal_places=2)
    costs = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    pay_by = models.DateField()
    letter_key = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["sent_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["receivable", "kind"], name="a_step_is_taken_once")]


@pghistory.track()
class CollectionPause(models.Model):
    """While it lasts nobody is reminded: asked for a while, or because the debtor disputes what is asked.

    Of one receivable, or without one of everything of the party. No costs run on what is disputed. Plein itself (`by`
    nobody) leaves alone what is open again because money went back online.
    """

    class Kind(models.TextChoices):
        PAUSE = "pause", _("paused")
        DISPUTE = "dispute", _("disputed")

    party = models.ForeignKey(Party, models.PROTECT, related_name="collection_pauses")
    receivable = models.ForeignKey(Receivable, models.PROTECT, null=True, blank=True, related_name="pauses")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(_("why"), max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField(_("up to and including"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_pause_has_its_reason")]


@pghistory.track()
class PaymentPlan(models.Model):
    """What a party agreed to pay when, for some of what is open; while it keeps to it nobody is reminded."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="payment_plans")
    party = models.ForeignKey(Party, models.PROTECT, related_name="payment_plans")
    receivables = models.ManyToManyField(Receivable, related_name="plans")
    agreed_on = models.DateField()
    note = models.CharField(_("note"), max_length=300, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-agreed_on", "-pk"]


class PlanInstalment(models.Model):
    """One payment of a plan."""

    plan = models.ForeignKey(PaymentPlan, models.CASCADE, related_name="instalments")
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=11, decimal_places=2)

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "due_on"], name="one_instalment_a_day"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_instalment_is_positive"),
        ]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class InterestRate(models.Model):
    """The statutory interest from a day on, in percent a year; a day before the first has none that is known."""

    class Kind(models.TextChoices):
        TRADE = "trade", _("between businesses")
        CONSUMER = "consumer", _("consumers")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("known up to and including"))
    percentage = models.DecimalField(_("percent a year"), max_digits=5, decimal_places=2)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["kind", "-starts_on"]
        constraints = [models.UniqueConstraint(fields=["kind", "starts_on"], name="one_rate_a_day")]
