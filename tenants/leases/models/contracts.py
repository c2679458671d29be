"""Leases as agreed: who rents which rooms, for how long, and the dated terms that say for how much."""

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from spaces.models import Hub, Space
from spaces.money import VatTreatment
from tenants.leases.querysets import LeaseQuerySet, LeaseTermsQuerySet
from tenants.parties.models import Party, User


class DateRange(Func):
    """A range of local days, both included."""

    function = "DATERANGE"
    template = "%(function)s(%(expressions)s, '[]')"


@pghistory.track()
class Lease(models.Model):
    """A contract for rooms over years; `ends_on` is the last day (None: no end agreed).

    What it costs stands in its terms, each from a day on. Periods that begin before `charged_from` are in the old
    books. `party` is the (first) tenant; with more than one who pays, `shares` says which part each. Since `amended_at`
    what is agreed is decided here: a workbook that is read in again leaves the lease alone.
    """

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="leases")
    party = models.ForeignKey(Party, models.PROTECT, related_name="leases")
    number = models.CharField(_("contract number"), max_length=30)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    charged_from = models.DateField(_("charged here from"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    amended_at = models.DateTimeField(_("changed in Plein"), null=True, blank=True)

    objects = LeaseQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "number"], name="one_lease_per_number"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="lease_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def holder(self) -> str:
        """How this lease is named in the claims ledger."""
        return f"lease:{self.pk}"


class LeaseTerms(models.Model):
    """All terms of a lease from `starts_on` on, until the next; an amendment is a new row, never a change.

    Of two rows with the same first day the later one counts. `yearly` is the contract rent per year in euros excluding
    VAT for the `area_m2` then rented; the ROZ models index that amount, not the rent per m². `explanation` is a stored
    sentence (see `spaces.explaining`). The database refuses to change or delete a row.
    """

    class Kind(models.TextChoices):
        SIGNED = "signed", _("signed")
        STEP = "step", _("agreed step in the rent")
        INDEXED = "indexed", _("indexed")
        ROOMS = "rooms", _("other rooms")
        RENEWED = "renewed", _("renewed")
        ENDED = "ended", _("ended")
        AMENDED = "amended", _("amended")

    class Leading(models.TextChoices):
        YEAR = "year", _("yearly rent leads")
        INSTALMENT = "instalment", _("instalment leads")

    class Invoicing(models.TextChoices):
        MONTH = "month", _("per month")
        QUARTER = "quarter", _("per quarter")

    class ProRata(models.TextChoices):
        ACTUAL = "actual", _("days of the month")
        THIRTY = "30/360", _("months of 30 days")
        YEAR = "365", _("days of a year of 365")

    class Indexing(models.TextChoices):
        NONE = "none", _("none")
        SYMMETRIC = "symmetric", _("follows the index up and down")
        UPWARD = "upward", _("follows the index upwards only")
        FIXED = "fixed", _("fixed percentage")

    lease = models.ForeignKey(Lease, models.PROTECT, related_name="terms")
    starts_on = models.DateField(_("from"))
    kind = models.CharField(max_length=10, choices=Kind.choices)
    explanation = models.JSONField()
    yearly = models.DecimalField(_("rent per year"), max_digits=11, decimal_places=2)
    area_m2 = models.DecimalField(_("m²"), max_digits=9, decimal_places=2)
    rent_per_m2_year = models.DecimalField(_("rent per m² and year"), max_digits=10, decimal_places=4)
    price_level_on = models.DateField(_("price level of"), null=True, blank=True)
    leading = models.CharField(max_length=12, choices=Leading.choices, default=Leading.YEAR)
    invoicing = models.CharField(max_length=10, choices=Invoicing.choices, default=Invoicing.MONTH)
    pro_rata = models.CharField(max_length=10, choices=ProRata.choices, default=ProRata.ACTUAL)
    notice_months = models.PositiveSmallIntegerField(_("notice period in months"), default=0)
    indexing = models.CharField(
        _("indexation"), max_length=10, choices=Indexing.choices, default=Indexing.NONE
    )
    indexing_month = models.PositiveSmallIntegerField(_("month of indexation"), null=True, blank=True)
    indexing_percentage = models.DecimalField(
        _("fixed percentage"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    indexing_cap = models.DecimalField(
        _("at most (percent)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    included_hours = models.DecimalField(
        _("included meeting hours a month"), max_digits=5, decimal_places=2, default=0
    )
    vat_treatment = models.CharField(_("VAT"), max_length=20, choices=VatTreatment.choices)
    option_choice = models.CharField(_("option: choice in the contract"), max_length=200, blank=True)
    option_description = models.CharField(
        _("option: local and cadastral description"), max_length=300, blank=True
    )
    option_book_year = models.CharField(
        _("option: start of the tenant's book year"), max_length=60, blank=True
    )
    option_declared_on = models.DateField(
        _("option: declaration of the tenant signed"), null=True, blank=True
    )
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    objects = LeaseTermsQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(yearly__gte=0), name="lease_rent_not_negative"),
            models.CheckConstraint(condition=Q(area_m2__gte=0), name="lease_area_not_negative"),
            models.CheckConstraint(
                condition=Q(indexing="none") | Q(indexing_month__gte=1, indexing_month__lte=12),
                name="an_indexed_lease_has_its_month",
            ),
            models.CheckConstraint(
                condition=~Q(indexing="fixed") | Q(indexing_percentage__isnull=False),
                name="a_fixed_indexation_has_its_percentage",
            ),
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
        triggers = [
            pgtrigger.Protect(
                name="terms_are_never_overwritten", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class LeaseLine(models.Model):
    """One room in a lease, with the m² VVO as agreed; without days of its own it follows the whole term."""

    lease = models.ForeignKey(Lease, models.CASCADE, related_name="lines")
    space = models.ForeignKey(Space, models.PROTECT, related_name="lease_lines")
    area_m2 = models.DecimalField(max_digits=8, decimal_places=2)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_space_once_at_a_time_in_a_lease",
                expressions=[
                    ("lease", RangeOperators.EQUAL),
                    ("space", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="leased_area_is_positive"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="leased_room_ends_after_it_starts",
            ),
        ]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class LeaseShare(models.Model):
    """The part of everything a lease costs that one party pays from a day on: 1/3 is exact, 33.33 % is not.

    Without any the party of the lease pays all. Those with the same first day (None: that of the lease) are together 1,
    and count until the next (see `sharing.payers`).
    """

    lease = models.ForeignKey(Lease, models.CASCADE, related_name="shares")
    party = models.ForeignKey(Party, models.PROTECT, related_name="lease_shares")
    numerator = models.PositiveSmallIntegerField()
    denominator = models.PositiveSmallIntegerField()
    starts_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lease", "party", "starts_on"], name="one_share_per_party", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(numerator__gte=1, denominator__gte=F("numerator")), name="a_share_is_a_part"
            ),
        ]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class RentDiscount(models.Model):
    """A part of the rent that is not asked for between two days (both included); 100 is rent-free.

    A graduated rent of 50, 75 and 100 % is two of these. The contract rent stays what it is: it is what is indexed.
    """

    lease = models.ForeignKey(Lease, models.CASCADE, related_name="discounts")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("up to and including"))
    percentage = models.DecimalField(_("discount in percent"), max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            ExclusionConstraint(
                name="one_discount_at_a_time",
                expressions=[
                    ("lease", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="discount_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(percentage__gt=0, percentage__lte=100), name="discount_is_a_percentage"
            ),
        ]


class RentPeriod(models.Model):
    """A period of a lease that has been charged: no day of a lease is ever charged twice.

    Its charges have the source "lease:<pk>:<first day>"; a change of terms corrects those. `digest` is what it came to
    when it was charged: as long as that stays the same nothing is corrected, also what a credit note took back.
    """

    lease = models.ForeignKey(Lease, models.PROTECT, related_name="periods")
    starts_on = models.DateField()
    ends_on = models.DateField()
    digest = models.CharField(max_length=64, default="")
    posted_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            ExclusionConstraint(
                name="a_day_of_a_lease_is_charged_once",
                expressions=[
                    ("lease", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
