"""What Stripe tells: what it rang for, what moved on our balance, what it paid out, and what payers took back."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.models import Hub
from tenants.billing.models.bank import BankEntry
from tenants.billing.models.final import final
from tenants.billing.models.online import OnlinePayment
from tenants.billing.models.receivables import Payment
from tenants.billing.querysets import OfTheBooksQuerySet


@pghistory.track()
class OnlineDispute(models.Model):
    """A payer (or their bank) took a payment back: what it paid is open again, unless it is won."""

    class State(models.TextChoices):
        ANSWER = "answer", _("to be answered")
        REVIEW = "review", _("being judged")
        WON = "won", _("won")
        LOST = "lost", _("lost")

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="online_disputes")
    online = models.ForeignKey(OnlinePayment, models.PROTECT, related_name="disputes")
    stripe_id = models.CharField(max_length=100, unique=True)
    amount = models.DecimalField(max_digits=11, decimal_places=2)
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(max_length=100, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    taken = models.OneToOneField(Payment, models.PROTECT, null=True, blank=True, related_name="+")
    returned = models.OneToOneField(Payment, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    objects = OfTheBooksQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]


_State = OnlineDispute.State
DISPUTE_NEXT = {
    _State.ANSWER: {_State.REVIEW, _State.WON, _State.LOST},
    _State.REVIEW: {_State.WON, _State.LOST},
    _State.WON: set(),
    _State.LOST: set(),
}
"""From → to; a debit that a bank takes back begins LOST: nobody can answer it."""


class StripeEvent(models.Model):
    """What Stripe told us, once for each id. It is a doorbell: what happened is asked, never read from here."""

    event_id = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=100)
    about = models.CharField(max_length=200, blank=True)
    is_test = models.BooleanField()
    payload = models.JSONField(null=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    was_fetched = models.BooleanField(default=False)
    handled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["received_at", "pk"]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(handled_at__isnull=True), name="event_to_handle")
        ]


class BalanceMove(models.Model):
    """One movement of our balance at Stripe: what came in or went out, its fee, and what is left. Never changes."""

    stripe_id = models.CharField(max_length=100, unique=True)
    hub = models.ForeignKey(Hub, models.PROTECT, null=True, blank=True, related_name="balance_moves")
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=100, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    fee = models.DecimalField(max_digits=12, decimal_places=2)
    net = models.DecimalField(max_digits=12, decimal_places=2)
    description = models.CharField(max_length=200, blank=True)
    is_test = models.BooleanField()
    moved_at = models.DateTimeField()
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["moved_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(net=models.F("amount") - models.F("fee")),
                name="a_move_is_its_amount_less_its_fee",
            )
        ]
        triggers = final()


class Payout(models.Model):
    """What Stripe paid out to the bank: its `moves` together are its amount; `entry` is where the bank shows it."""

    stripe_id = models.CharField(max_length=100, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    arrives_on = models.DateField()
    state = models.CharField(max_length=20)
    failure = models.CharField(max_length=300, blank=True)
    is_test = models.BooleanField()
    moves = models.ManyToManyField(BalanceMove, related_name="payouts")
    entry = models.OneToOneField(BankEntry, models.PROTECT, null=True, blank=True, related_name="payout")
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["-arrives_on", "pk"]


class StripeLook(models.Model):
    """When everything of a kind was last asked of Stripe, under the test key or the real one.

    `balance` is what stood with Stripe then, in euros, what comes free later included.
    """

    class What(models.TextChoices):
        EVENTS = "events", _("what happened")
        BALANCE = "balance", _("what moved on the balance")
        OPENING = "opening", _("what stood there before the first movement that was read")

    what = models.CharField(max_length=10, choices=What.choices)
    is_test = models.BooleanField()
    at = models.DateTimeField()
    balance = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["what", "is_test"], name="one_look_of_a_kind_and_a_key")
        ]
