"""The charges ledger: who owes what, from which source, for which days."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spaces.models import Hub
from spaces.money import VatTreatment
from tenants.billing.querysets import ChargeQuerySet
from tenants.parties.models import Party


class LineKind(models.TextChoices):
    """What a line is about: totals, ledger accounts and the settlement of service costs go by it."""

    RENT = "rent", _("rent")
    SERVICE = "service", _("service charges in advance")
    SETTLEMENT = "settlement", _("settlement of service charges")
    HALF_DAY = "half_day", _("fixed half-days")
    BOOKING = "booking", _("bookings")
    EXTRA = "extra", _("extras")
    OTHER = "other", _("other")


class Line(models.Model):
    """What a charge and an invoice line have in common: quantity × unit price, and why.

    `description` and `reason` are stored sentences (see `spaces.explaining`), readable in nl and en.
    Prices exclude VAT; `net` is quantity × unit price in cents. `topic` tells lines of one kind apart for the computer
    ("service:3"), `cost_centre` is the code of the room, where there is one.
    """

    kind = models.CharField(max_length=12, choices=LineKind.choices)
    topic = models.CharField(max_length=40, blank=True)
    cost_centre = models.CharField(max_length=20, blank=True)
    description = models.JSONField()
    reason = models.JSONField()
    vat_reason = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField()
    quantity = models.DecimalField(max_digits=9, decimal_places=4)
    unit = models.CharField(max_length=20)
    unit_price = models.DecimalField(max_digits=11, decimal_places=4)
    net = models.DecimalField(max_digits=11, decimal_places=2)
    vat_treatment = models.CharField(max_length=20, choices=VatTreatment.choices)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)

    class Meta:
        abstract = True


# the row that is credited is locked first: of two credits at once the second counts the first
_CREDITED_ONCE = """
    SELECT net INTO charged FROM billing_charge WHERE id = NEW.credits_id FOR NO KEY UPDATE;
    SELECT NEW.net + coalesce(sum(net), 0) INTO back FROM billing_charge
    WHERE credits_id = NEW.credits_id AND id <> NEW.id;
    IF -back NOT BETWEEN least(charged, 0) AND greatest(charged, 0) THEN
        RAISE EXCEPTION 'more would be credited than was charged' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


_FINAL_ONCE_INVOICED = """
    IF EXISTS (SELECT FROM billing_invoiceline line JOIN billing_invoice invoice ON invoice.id = line.invoice_id
               WHERE line.charge_id = OLD.id AND invoice.number IS NOT NULL) THEN
        RAISE EXCEPTION 'a charge that was invoiced is final';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Charge(Line):
    """One amount owed by one party from one source; the same source and position is one charge.

    What has been invoiced never changes: a correction takes it back, whole or in part, by negative charges that name it
    in `credits`; together they never take back more than was charged. What such a charge gives away for good is
    `waived`: that part is never charged anew. What is due `in_advance` may be invoiced once its first day's month is
    run; everything else after its last day.
    """

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="charges")
    party = models.ForeignKey(Party, models.PROTECT, related_name="charges")
    source = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=1)
    in_advance = models.BooleanField(default=False)
    credits = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="credited_by", verbose_name=_("credit of")
    )
    waived = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "source", "position"]
        constraints = [
            models.UniqueConstraint(fields=["source", "position"], name="a_source_is_charged_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="charge_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(vat_treatment=VatTreatment.EXEMPT_RENT, vat_rate=0)
                | ~Q(vat_treatment=VatTreatment.EXEMPT_RENT),
                name="exempt_charge_carries_no_vat",
            ),
            models.CheckConstraint(
                condition=Q(vat_rate__gte=0, vat_rate__lte=100), name="charge_vat_rate_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(credits__isnull=True) | ~Q(credits=F("id")), name="a_credit_is_of_another_charge"
            ),
            models.CheckConstraint(
                condition=Q(waived=False) | Q(credits__isnull=False), name="only_a_credit_is_waived"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="never_more_credited_than_charged",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__credits__isnull=False),
                declare=[("charged", "numeric"), ("back", "numeric")],
                func=_CREDITED_ONCE,
            ),
            pgtrigger.Trigger(
                name="invoiced_charge_is_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_FINAL_ONCE_INVOICED,
            ),
        ]
        indexes = [
            models.Index(
                fields=["source"], opclasses=["varchar_pattern_ops"], name="charge_source_begins_with"
            )
        ]
