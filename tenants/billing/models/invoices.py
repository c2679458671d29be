"""Invoices: number ranges, month runs, the invoices themselves with their lines, VAT and documents."""

from decimal import Decimal

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spaces.models import Hub
from tenants.billing.models.charges import Charge, Line
from tenants.billing.models.final import never_truncated
from tenants.billing.querysets import InvoiceQuerySet, InvoiceRunQuerySet
from tenants.parties.models import Party, User


class NumberRange(models.Model):
    """The next invoice number of a series in a year; locked while a number is taken, so none is missing."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="number_ranges")
    year = models.PositiveSmallIntegerField()
    next_number = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hub", "year"], name="one_number_range_per_year"),
            models.CheckConstraint(condition=Q(next_number__gte=1), name="invoice_numbers_begin_at_one"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="numbers_never_come_back",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__next_number__lt=pgtrigger.F("old__next_number")),
            )
        ]


class RunState(models.TextChoices):
    """The life of a month's run."""

    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved, being issued")
    ISSUED = "issued", _("issued")


RUN_NEXT = {
    RunState.PROPOSED: {RunState.APPROVED},
    RunState.APPROVED: {RunState.ISSUED},
    RunState.ISSUED: set(),
}


@pghistory.track()
class InvoiceRun(models.Model):
    """The month's invoices of a hub: proposed, approved by the bookkeeper, issued by Celery.

    `month` is its first day. A month may be run again later for charges that came after.
    """

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="invoice_runs")
    month = models.DateField()
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    objects = InvoiceRunQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hub", "month"], condition=~Q(state="issued"), name="one_open_run_per_month"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(approved_by__isnull=False),
                name="an_approved_run_names_who_approved",
            ),
        ]


_ISSUED_IS_FINAL = pgtrigger.Protect(
    name="issued_invoice_is_final",
    operation=pgtrigger.Update | pgtrigger.Delete,
    condition=pgtrigger.Q(old__number__isnull=False),
)


@pghistory.track()
class Invoice(models.Model):
    """What a party owes for a run, or a credit note that `corrects` one invoice and was `made_by` one person.

    What was paid when it was booked has an invoice `at_once`, of no run; `prepaid` is what had been paid by then. A
    draft has no number; an issued one can never change again.
    """

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="invoices")
    party = models.ForeignKey(Party, models.PROTECT, related_name="invoices")
    run = models.ForeignKey(InvoiceRun, models.PROTECT, null=True, blank=True, related_name="invoices")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="credit_notes")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at_once = models.BooleanField(default=False)
    prepaid = models.DecimalField(max_digits=11, decimal_places=2, default=0)
    number = models.CharField(max_length=20, null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    payment_reference = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=2, default="nl")
    seller = models.JSONField(default=dict)
    buyer = models.JSONField(default=dict)
    net = models.DecimalField(max_digits=11, decimal_places=2, default=0)
    vat = models.DecimalField(max_digits=11, decimal_places=2, default=0)
    gross = models.DecimalField(max_digits=11, decimal_places=2, default=0)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["number", "party__name"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "number"], name="one_invoice_per_number"),
            models.UniqueConstraint(fields=["run", "party"], name="one_invoice_per_party_in_a_run"),
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("vat")), name="invoice_net_and_vat_make_gross"
            ),
            models.CheckConstraint(
                condition=Q(run__isnull=False, corrects__isnull=True, at_once=False)
                | Q(run__isnull=True, corrects__isnull=False, gross__lte=0, at_once=False)
                | Q(run__isnull=True, corrects__isnull=True, at_once=True),
                name="an_invoice_is_of_a_run_or_at_once_or_corrects_one",
            ),
            models.CheckConstraint(
                condition=Q(prepaid=0) | Q(at_once=True, prepaid__gt=0, prepaid__lte=F("gross")),
                name="no_more_is_prepaid_than_is_asked",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True)
                | Q(issued_on__isnull=False, due_on__gte=F("issued_on")) & ~Q(payment_reference=""),
                name="an_issued_invoice_is_dated_and_payable",
            ),
        ]
        triggers = [_ISSUED_IS_FINAL, never_truncated()]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"

    @property
    def is_credit_note(self) -> bool:
        """Whether it gives more back than it asks for."""
        return self.gross < 0

    @property
    def payable(self) -> Decimal:
        """What was still to be paid when it was made."""
        return self.gross - self.prepaid

    @property
    def is_collected(self) -> bool:
        """Whether what is payable is collected under the buyer's mandate; not what is more than its limit."""
        limit = self.buyer.get("debit_limit")
        return bool(self.buyer.get("mandate")) and (not limit or self.payable <= Decimal(limit))

    @property
    def back(self) -> Decimal:
        """What a credit note gives back, as a positive amount."""
        return -self.gross


_LINE_OF_ISSUED_IS_FINAL = """
    IF EXISTS (SELECT 1 FROM billing_invoice
               WHERE id IN ({invoices}) AND number IS NOT NULL) THEN
        RAISE EXCEPTION 'a line of an issued invoice is final';
    END IF;
    RETURN {row};
"""


def _final_with_its_invoice() -> list[pgtrigger.Trigger]:
    """Nothing is added to, changed in or taken from an issued invoice."""
    return [
        pgtrigger.Trigger(
            name=name,
            when=pgtrigger.Before,
            operation=operation,
            func=_LINE_OF_ISSUED_IS_FINAL.format(invoices=invoices, row=row),
        )
        for name, operation, invoices, row in [
            ("line_final_insert", pgtrigger.Insert, "NEW.invoice_id", "NEW"),
            ("line_final_update", pgtrigger.Update, "OLD.invoice_id, NEW.invoice_id", "NEW"),
            ("line_final_delete", pgtrigger.Delete, "OLD.invoice_id", "OLD"),
        ]
    ] + [never_truncated()]


class InvoiceLine(Line):
    """A line of an invoice, copied from its charge; a charge can be on one invoice only."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    charge = models.OneToOneField(Charge, models.PROTECT, related_name="invoice_line")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["invoice", "position"], name="one_line_per_position")]
        triggers = _final_with_its_invoice()


class InvoiceVat(models.Model):
    """The VAT of an invoice for one treatment and rate: computed once over the sum of its lines."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="vat_lines")
    category = models.CharField(max_length=1, choices=[("S", "S"), ("E", "E")])
    rate = models.DecimalField(max_digits=4, decimal_places=2)
    net = models.DecimalField(max_digits=11, decimal_places=2)
    vat = models.DecimalField(max_digits=11, decimal_places=2)

    class Meta:
        ordering = ["category", "-rate"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "category", "rate"], name="one_vat_line_per_rate")
        ]
        triggers = _final_with_its_invoice()


class InvoiceDocument(models.Model):
    """The PDF of an issued invoice, made once after issuing; it can be made again from the frozen rows."""

    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="document")
    pdf = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="document_is_final", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated(),
        ]


class AwaitedDocument(models.Model):
    """An issued invoice without its PDF and letter: made with its number, gone once both are there.

    So whoever makes documents looks at what is waiting, never through all invoices. `attempts` counts what
    went wrong, `error` says what the last time.
    """

    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="awaited")
    error = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
