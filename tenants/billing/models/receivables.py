"""What is open: everything a party was asked to pay, what it paid, and what paid what."""

from decimal import Decimal

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.models import Hub
from tenants.billing.models.bank import BankEntry
from tenants.billing.models.final import final
from tenants.billing.models.invoices import Invoice
from tenants.billing.querysets import OfTheBooksQuerySet, PaymentQuerySet, ReceivableQuerySet
from tenants.parties.models import Party, User


class Receivable(models.Model):
    """One amount asked of a party (negative: a credit note): an invoice, one of the old books, or collection costs.

    Never changes. What is still open is `amount` less what is allocated to it (see `ReceivableQuerySet.with_open`).
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("invoice")
        OLD = "old", _("invoice of the old books")
        COSTS = "costs", _("collection costs and interest")

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="receivables")
    party = models.ForeignKey(Party, models.PROTECT, related_name="receivables")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.CharField(max_length=30)
    issued_on = models.DateField()
    due_on = models.DateField()
    net = models.DecimalField(max_digits=11, decimal_places=2)
    vat = models.DecimalField(max_digits=11, decimal_places=2, default=0)
    amount = models.DecimalField(max_digits=11, decimal_places=2)
    payment_reference = models.CharField(max_length=16, blank=True)
    description = models.CharField(max_length=200, blank=True)
    invoice = models.OneToOneField(Invoice, models.PROTECT, null=True, blank=True, related_name="receivable")
    about = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="costs")
    created_at = models.DateTimeField(auto_now_add=True)

    open_amount: Decimal  # there after `with_open`
    objects = ReceivableQuerySet.as_manager()

    class Meta:
        ordering = ["issued_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "number"], name="one_receivable_per_number"),
            models.CheckConstraint(
                condition=Q(amount=models.F("net") + models.F("vat")),
                name="receivable_net_and_vat_make_amount",
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", invoice__isnull=False)
                | ~Q(kind="invoice") & Q(invoice__isnull=True),
                name="a_receivable_of_an_invoice_names_it",
            ),
        ]
        triggers = final()

    def __str__(self) -> str:
        return self.number


class Payment(models.Model):
    """Money that came from a party (negative: that went back to it), or an amount that was given up.

    Never changes: what was wrong is `reverses`d by its mirror. What was paid too much goes back by a payment that
    `returns` it, whole or in part. `key` is of a form: pressed twice it is one payment. A test payment (`is_test`) is
    made with the test key of Stripe: nobody's money, and on no account of ours.
    """

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("bank transfer")
        DEBIT = "debit", _("direct debit")
        CASH = "cash", _("cash")
        PIN = "pin", _("card at the desk")
        ONLINE = "online", _("online")
        WRITE_OFF = "write_off", _("written off")

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="payments")
    party = models.ForeignKey(Party, models.PROTECT, related_name="payments")
    method = models.CharField(max_length=10, choices=Method.choices)
    received_on = models.DateField()
    amount = models.DecimalField(max_digits=11, decimal_places=2)
    reference = models.CharField(max_length=140, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    entry = models.ForeignKey(BankEntry, models.PROTECT, null=True, blank=True, related_name="payments")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    returns = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="returned_by")
    key = models.CharField(max_length=60, blank=True)
    is_test = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    unused_amount: Decimal  # there after `with_unused`
    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["received_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "key"], condition=~Q(key=""), name="one_payment_per_form"),
            models.CheckConstraint(condition=~Q(amount=0), name="a_payment_is_not_zero"),
            models.CheckConstraint(
                condition=Q(returns__isnull=True) | Q(amount__lt=0, reverses__isnull=True),
                name="what_is_returned_went_out",
            ),
            models.CheckConstraint(
                condition=~Q(method="write_off") | ~Q(reason=""), name="a_write_off_has_its_reason"
            ),
            models.CheckConstraint(
                condition=Q(is_test=False) | Q(method="online"), name="only_an_online_payment_is_a_test"
            ),
        ]
        triggers = final()


class Allocation(models.Model):
    """What paid what: `amount` of a payment, or of a credit (`against`), counts for one receivable.

    Negative when it takes an earlier one back (`undoes`). Never changes. `rule` tells how it was found.
    """

    class Rule(models.TextChoices):
        REFERENCE = "reference", _("payment reference")
        END_TO_END = "end_to_end", _("number of the direct debit")
        NUMBER = "number", _("invoice number in the text")
        SUGGESTED = "suggested", _("account number and amount, confirmed")
        BY_HAND = "by_hand", _("by hand")
        CREDIT = "credit", _("credit note")
        REVERSAL = "reversal", _("reversed by the bank")
        ONLINE = "online", _("paid online")

    receivable = models.ForeignKey(Receivable, models.PROTECT, related_name="allocations")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="allocations")
    against = models.ForeignKey(Receivable, models.PROTECT, null=True, blank=True, related_name="used_on")
    amount = models.DecimalField(max_digits=11, decimal_places=2)
    rule = models.CharField(max_length=12, choices=Rule.choices)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(payment__isnull=False, against__isnull=True)
                | Q(payment__isnull=True, against__isnull=False),
                name="an_allocation_is_of_a_payment_or_a_credit",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="an_allocation_is_not_zero"),
        ]
        triggers = final()


@pghistory.track()
class Refund(models.Model):
    """Money to give back to a party: on the list until the bank has done it.

    It comes out of one `credit` (note), or out of one payment of which something was paid too much (`overpaid`). It
    goes to an account (`iban`), or back the way it came: through the online payment (`through`).
    """

    class State(models.TextChoices):
        LISTED = "listed", _("to be paid back")
        PAID = "paid", _("paid back")
        DROPPED = "dropped", _("dropped")

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="refunds")
    party = models.ForeignKey(Party, models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=11, decimal_places=2)
    credit = models.ForeignKey(Receivable, models.PROTECT, null=True, blank=True, related_name="refunds")
    overpaid = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="refunds")
    iban = models.CharField("IBAN", max_length=34, blank=True)
    through = models.ForeignKey(
        "billing.OnlinePayment", models.PROTECT, null=True, blank=True, related_name="listed_refunds"
    )
    reason = models.CharField(_("why"), max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LISTED)
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, blank=True, related_name="refund")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    objects = OfTheBooksQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_refund_is_positive"),
            models.CheckConstraint(
                condition=Q(credit__isnull=True) ^ Q(overpaid__isnull=True), name="a_refund_has_one_source"
            ),
            models.CheckConstraint(
                condition=~Q(iban="") ^ Q(through__isnull=False), name="a_refund_goes_one_way"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(payment__isnull=False), name="a_paid_refund_has_its_payment"
            ),
        ]
