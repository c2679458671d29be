"""Service costs: what tenants pay in advance, what it really cost, and the yearly settlement between the two."""

from decimal import Decimal

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spaces.models import Hub, Space
from spaces.models.building import Bilingual
from tenants.leases.models.contracts import DateRange, Lease
from tenants.leases.querysets import SettlementShareQuerySet
from tenants.parties.models import Party, User


@pghistory.track()
class ServiceType(Bilingual):
    """One kind of service cost of a hub: how it is divided, and its VAT; since 2025 that is judged for each kind."""

    class Key(models.TextChoices):
        AREA = "area", _("by m²")
        METER = "meter", _("by meter")
        EQUAL = "equal", _("in equal parts")

    class Vat(models.TextChoices):
        FOLLOWS_RENT = "follows", _("follows the VAT of the rent")
        OWN = "own", _("a rate of its own")

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="service_types")
    key = models.CharField(_("divided"), max_length=10, choices=Key.choices, default=Key.AREA)
    vat = models.CharField(_("VAT"), max_length=10, choices=Vat.choices, default=Vat.FOLLOWS_RENT)
    vat_rate = models.DecimalField(
        _("VAT rate in percent"), max_digits=4, decimal_places=2, null=True, blank=True
    )

    class Meta:
        ordering = ["name_nl"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "name_nl"], name="one_service_type_per_name"),
            models.CheckConstraint(
                condition=Q(vat="follows", vat_rate__isnull=True) | Q(vat="own", vat_rate__gt=0),
                name="a_service_type_follows_or_has_its_rate",
            ),
        ]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ServiceAdvance(models.Model):
    """What a lease pays in advance each month for one service type, excluding VAT, between two days."""

    lease = models.ForeignKey(Lease, models.CASCADE, related_name="advances")
    type = models.ForeignKey(ServiceType, models.PROTECT, related_name="advances")
    per_month = models.DecimalField(_("per month"), max_digits=9, decimal_places=2)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("up to and including"), null=True, blank=True)

    class Meta:
        ordering = ["type__name_nl", "starts_on"]
        constraints = [
            ExclusionConstraint(
                name="one_advance_at_a_time",
                expressions=[
                    ("lease", RangeOperators.EQUAL),
                    ("type", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(per_month__gte=0), name="advance_not_negative"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="advance_ends_after_it_starts",
            ),
        ]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ServiceCost(models.Model):
    """A bill for a service of the building, excluding VAT, over the days it is for."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="service_costs")
    type = models.ForeignKey(ServiceType, models.PROTECT, related_name="costs")
    supplier = models.CharField(_("supplier"), max_length=120)
    reference = models.CharField(_("number of the bill"), max_length=60, blank=True)
    net = models.DecimalField(_("amount excl. VAT"), max_digits=11, decimal_places=2)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("up to and including"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="cost_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["hub", "supplier", "reference"],
                condition=~Q(reference=""),
                name="a_bill_is_entered_once",
            ),
        ]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class MeterReading(models.Model):
    """What one room used of a metered service over some days."""

    type = models.ForeignKey(ServiceType, models.PROTECT, related_name="readings")
    space = models.ForeignKey(Space, models.PROTECT, related_name="readings")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("up to and including"))
    quantity = models.DecimalField(_("used"), max_digits=12, decimal_places=3)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            ExclusionConstraint(
                name="a_meter_is_read_once_for_a_day",
                expressions=[
                    ("type", RangeOperators.EQUAL),
                    ("space", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="a_meter_runs_forward"),
        ]


class SettlementState(models.TextChoices):
    """The life of a yearly settlement."""

    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")


SETTLEMENT_NEXT = {SettlementState.PROPOSED: {SettlementState.APPROVED}, SettlementState.APPROVED: set()}


@pghistory.track()
class Settlement(models.Model):
    """The service costs of a hub over a year, divided; what tenants paid too much or too little follows from it."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="settlements")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=SettlementState.choices, default=SettlementState.PROPOSED)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "year"], name="one_settlement_a_year"),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(approved_by__isnull=False),
                name="an_approved_settlement_names_who_approved",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="an_approved_settlement_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="approved"),
            )
        ]

    def __str__(self) -> str:
        return str(self.year)


class SettlementShare(models.Model):
    """One lease's share of one service type in a settlement; without a lease it is vacant and the hub's own.

    `weight` of `weight_total` is the key: m² × days, quantity, or days. balance = cost − advance; excluding VAT.
    `calculation` is all that the statement tells: see `settling.proposing`.
    """

    settlement = models.ForeignKey(Settlement, models.CASCADE, related_name="shares")
    type = models.ForeignKey(ServiceType, models.PROTECT, related_name="+")
    lease = models.ForeignKey(Lease, models.PROTECT, null=True, blank=True, related_name="settlement_shares")
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="settlement_shares")
    weight = models.DecimalField(max_digits=16, decimal_places=3)
    weight_total = models.DecimalField(max_digits=16, decimal_places=3)
    cost = models.DecimalField(max_digits=11, decimal_places=2)
    advance = models.DecimalField(max_digits=11, decimal_places=2)
    calculation = models.JSONField()

    objects = SettlementShareQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["settlement", "type", "lease", "party"],
                name="one_share_per_lease_and_type",
                nulls_distinct=False,
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="shares_of_an_approved_settlement_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM leases_settlement
                        WHERE state = 'approved'
                          AND id = CASE WHEN TG_OP = 'INSERT' THEN NEW.settlement_id ELSE OLD.settlement_id END
                    ) THEN
                        RAISE EXCEPTION 'pgtrigger: an approved settlement does not change';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    @property
    def balance(self) -> Decimal:
        """To pay still, excluding VAT; negative: to get back. Nothing for the hub's own."""
        return self.cost - self.advance if self.lease_id else Decimal(0)
