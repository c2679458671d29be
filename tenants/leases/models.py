"""Leases as agreed: who rents which spaces, how many m², for how long; part-week leases too."""

import uuid

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spaces.models import DayPart, Hub, Space
from spaces.money import VatTreatment
from spaces.periods import Period
from tenants.leases.querysets import (
    FixedDayPartQuerySet,
    GivenBackQuerySet,
    LeaseQuerySet,
    UploadQuerySet,
)
from tenants.parties.models import Party, User


@pghistory.track()
class Lease(models.Model):
    """A contract for spaces over years; `ends_on` is the last day (None: no end agreed)."""

    class Leading(models.TextChoices):
        YEAR = "year", _("yearly rent leads")
        INSTALMENT = "instalment", _("instalment leads")

    class Invoicing(models.TextChoices):
        MONTH = "month", _("per month")
        QUARTER = "quarter", _("per quarter")

    class Indexation(models.TextChoices):
        NONE = "none", _("none")
        SYMMETRIC = "symmetric", _("follows the index up and down")
        UPWARD = "upward", _("follows the index upwards only")
        FIXED = "fixed", _("fixed percentage")

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="leases")
    party = models.ForeignKey(Party, models.PROTECT, related_name="leases")
    number = models.CharField(max_length=30)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    notice_months = models.PositiveSmallIntegerField(default=0)
    rent_per_m2_year = models.DecimalField(max_digits=9, decimal_places=2)
    price_level_on = models.DateField(null=True, blank=True)
    leading = models.CharField(max_length=12, choices=Leading.choices, default=Leading.YEAR)
    service_advance_month = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    invoicing = models.CharField(max_length=10, choices=Invoicing.choices, default=Invoicing.MONTH)
    indexation = models.CharField(max_length=10, choices=Indexation.choices, default=Indexation.NONE)
    indexation_month = models.PositiveSmallIntegerField(null=True, blank=True)
    indexation_percentage = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    deposit = models.DecimalField(max_digits=11, decimal_places=2, default=0)
    deposit_kind = models.CharField(max_length=20, blank=True)
    vat_treatment = models.CharField(max_length=20, choices=VatTreatment.choices)
    option_choice = models.CharField(max_length=200, blank=True)
    option_description = models.CharField(max_length=300, blank=True)
    option_book_year = models.CharField(max_length=60, blank=True)
    option_declared_on = models.DateField(null=True, blank=True)
    included_hours = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    note = models.CharField(max_length=300, blank=True)

    objects = LeaseQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "number"], name="one_lease_per_number"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="lease_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=Q(rent_per_m2_year__gte=0), name="lease_rent_not_negative"),
            models.CheckConstraint(
                condition=~Q(vat_treatment=VatTreatment.OPTED_RENT)
                | (
                    ~Q(option_choice="")
                    & ~Q(option_description="")
                    & ~Q(option_book_year="")
                    & Q(option_declared_on__isnull=False)
                ),
                name="opted_lease_has_its_four_formal_fields",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def holder(self) -> str:
        """How this lease is named in the claims ledger."""
        return f"lease:{self.pk}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class LeaseLine(models.Model):
    """One space in a lease, with the m² VVO as agreed."""

    lease = models.ForeignKey(Lease, models.CASCADE, related_name="lines")
    space = models.ForeignKey(Space, models.PROTECT, related_name="lease_lines")
    area_m2 = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lease", "space"], name="a_space_once_in_a_lease"),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="leased_area_is_positive"),
        ]


@pghistory.track()
class FixedDayPart(models.Model):
    """A part-week lease (vast dagdeel): the same day part every week, at a fixed price each time or each month.

    `price` excludes VAT. What a closure does to a monthly amount: LAPSES credits that date's share. Months from
    `charged_from` (a first day) on are charged here; those before it are in the old books.

    `event` is the arrangement in django-scheduler; its dates come from `spaces.recurrence`.
    """

    class ChargedPer(models.TextChoices):
        OCCURRENCE = "occurrence", _("per time")
        MONTH = "month", _("per month")

    class OnClosure(models.TextChoices):
        LAPSES = "lapses", _("not charged when closed")
        CHARGED = "charged", _("charged when closed")

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="fixed_day_parts")
    party = models.ForeignKey(Party, models.PROTECT, related_name="fixed_day_parts")
    space = models.ForeignKey(Space, models.PROTECT, related_name="fixed_day_parts")
    event = models.OneToOneField("schedule.Event", models.PROTECT, related_name="fixed_day_part")
    weekday = models.PositiveSmallIntegerField()
    day_part = models.ForeignKey(DayPart, models.PROTECT, related_name="fixed")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    charged_from = models.DateField()
    price = models.DecimalField(max_digits=9, decimal_places=2)
    charged_per = models.CharField(max_length=10, choices=ChargedPer.choices, default=ChargedPer.OCCURRENCE)
    on_closure = models.CharField(max_length=10, choices=OnClosure.choices, default=OnClosure.LAPSES)
    claimed_until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = FixedDayPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "space", "weekday", "day_part", "starts_on"], name="one_fixed_day_part_each"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="fixed_weekday_is_a_weekday"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="fixed_day_part_ends_after_it_starts",
            ),
        ]

    @property
    def holder(self) -> str:
        return f"fixed:{self.pk}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class GivenBack(models.Model):
    """One date of a fixed half-day that its holder does not use: others may book it.

    `original_start` names the date for ever. When somebody takes it, `credit_net` is what the holder gets back;
    `taken_back_at` says that the holder wanted it again after all.
    """

    fixed = models.ForeignKey(FixedDayPart, models.PROTECT, related_name="given_back")
    original_start = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(User, models.PROTECT, related_name="dates_given_back")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    credit_net = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = GivenBackQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["fixed", "original_start"],
                condition=Q(taken_back_at__isnull=True),
                name="a_date_is_given_back_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="given_back_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(credit_net__gte=0), name="given_back_credit_not_negative"),
        ]

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)


class Upload(models.Model):
    """A workbook between looking and confirming: of one person at one hub, for a day at most."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hub = models.ForeignKey(Hub, models.CASCADE, related_name="uploads")
    user = models.ForeignKey(User, models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField()

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [models.UniqueConstraint(fields=["hub", "user"], name="one_upload_at_a_time")]

    def __str__(self) -> str:
        return self.name
