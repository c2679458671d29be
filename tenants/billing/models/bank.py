"""Bank statements as read in, and files of direct debits as sent out."""

from decimal import Decimal

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.models import Hub
from tenants.billing.models.books import LedgerAccount
from tenants.billing.querysets import BankEntryQuerySet, OfTheBooksQuerySet
from tenants.parties.models import Party, User


class BankStatement(models.Model):
    """One statement of one account, as the bank made it (camt.053)."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="bank_statements")
    iban = models.CharField(max_length=34)
    reference = models.CharField(max_length=40)
    from_on = models.DateField()
    until_on = models.DateField()
    opening = models.DecimalField(max_digits=12, decimal_places=2)
    closing = models.DecimalField(max_digits=12, decimal_places=2)
    imported_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    imported_at = models.DateTimeField()

    objects = OfTheBooksQuerySet.as_manager()

    class Meta:
        ordering = ["-until_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "iban", "reference"], name="one_statement_per_reference")
        ]


@pghistory.track()
class BankEntry(models.Model):
    """One movement of money; of a batch each transaction is an entry of its own. `amount` is negative when it left.

    What it paid are its `payments`; what is no party's (costs of the bank, a gift) is booked on `account`. `key` is
    what the bank calls it, or a digest: the same movement is never read in twice. `code` is the bank's own name for the
    kind of movement ("PMNT/MDOP/CHRG"); in `text` each line is one the payer (or the bank) wrote.
    """

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="entries")
    hub = models.ForeignKey(Hub, models.PROTECT, related_name="bank_entries")
    key = models.CharField(max_length=140)
    position = models.PositiveIntegerField()
    booked_on = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    name = models.CharField(max_length=140, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    reference = models.CharField(max_length=35, blank=True)
    end_to_end = models.CharField(max_length=35, blank=True)
    mandate = models.CharField(max_length=35, blank=True)
    text = models.TextField(blank=True)
    batch = models.CharField(max_length=35, blank=True)
    code = models.CharField(max_length=20, blank=True)
    is_reversal = models.BooleanField(default=False)
    return_reason = models.CharField(max_length=140, blank=True)
    account = models.ForeignKey(
        LedgerAccount, models.PROTECT, null=True, blank=True, related_name="bank_entries"
    )
    booked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    booked_at = models.DateTimeField(null=True, blank=True)

    unexplained_amount: Decimal  # there after `with_unexplained`
    objects = BankEntryQuerySet.as_manager()

    class Meta:
        ordering = ["booked_on", "pk"]
        verbose_name_plural = "bank entries"
        constraints = [
            models.UniqueConstraint(fields=["hub", "key"], name="a_movement_is_read_in_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="a_movement_is_not_zero"),
        ]


class DebitState(models.TextChoices):
    """The life of a batch of direct debits."""

    MADE = "made", _("made, to be sent")
    SENT = "sent", _("handed to the bank")
    DROPPED = "dropped", _("dropped")


DEBIT_NEXT = {
    DebitState.MADE: {DebitState.SENT, DebitState.DROPPED},
    DebitState.SENT: set(),
    DebitState.DROPPED: set(),
}


@pghistory.track()
class DebitBatch(models.Model):
    """Direct debits to collect on one day: a file (pain.008) for the bank, announced to each party first."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="debit_batches")
    reference = models.CharField(max_length=35)
    scheme = models.CharField(max_length=4, choices=[("CORE", "CORE"), ("B2B", "B2B")])
    collect_on = models.DateField()
    state = models.CharField(max_length=10, choices=DebitState.choices, default=DebitState.MADE)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OfTheBooksQuerySet.as_manager()

    class Meta:
        ordering = ["-collect_on", "-pk"]
        verbose_name_plural = "debit batches"
        constraints = [models.UniqueConstraint(fields=["hub", "reference"], name="one_batch_per_reference")]


class Debit(models.Model):
    """One direct debit of a batch, with the mandate as it was; the amount is that of one receivable."""

    batch = models.ForeignKey(DebitBatch, models.CASCADE, related_name="debits")
    receivable = models.ForeignKey("billing.Receivable", models.PROTECT, related_name="debits")
    party = models.ForeignKey(Party, models.PROTECT, related_name="debits")
    amount = models.DecimalField(max_digits=11, decimal_places=2)
    name = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    mandate = models.CharField(max_length=35)
    mandate_signed_on = models.DateField()
    sequence = models.CharField(max_length=4, choices=[("FRST", "FRST"), ("RCUR", "RCUR")])
    end_to_end = models.CharField(max_length=35)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "receivable"], name="a_receivable_once_in_a_batch"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_debit_is_positive"),
        ]
