"""What a space costs whom, and what cancelling costs."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.models.building import Bilingual, Hub, Space, SpaceKind
from spaces.money import VatTreatment
from spaces.querysets import RateQuerySet


class RateGroup(Bilingual):
    """Who pays which price: tenant, self-employed in care, external."""

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="rate_groups")
    code = models.SlugField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["hub", "code"], name="one_rate_group_per_code")]


@pghistory.track()
class Rate(models.Model):
    """Prices excluding VAT from a date on, for one space or one kind; empty means not let that way.

    `prepaid_percentage` of the price is to be paid when booking, where the hub takes online payments.
    """

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="rates")
    rate_group = models.ForeignKey(RateGroup, models.PROTECT, related_name="rates")
    space = models.ForeignKey(Space, models.CASCADE, null=True, blank=True, related_name="rates")
    kind = models.CharField(max_length=20, choices=SpaceKind.choices, blank=True)
    per_hour = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    per_day_part = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    per_day = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    per_week = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    vat_treatment = models.CharField(max_length=20, choices=VatTreatment.choices)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)
    vat_reason = models.CharField(max_length=300)
    prepaid_percentage = models.PositiveSmallIntegerField(_("share to pay when booking (%)"), default=0)
    valid_from = models.DateField()

    objects = RateQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["hub", "rate_group", "space", "kind", "valid_from"],
                name="one_rate_per_group_and_date",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(space__isnull=False, kind="") | (Q(space__isnull=True) & ~Q(kind="")),
                name="rate_is_for_a_space_or_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(vat_treatment=VatTreatment.EXEMPT_RENT, vat_rate=0)
                | (~Q(vat_treatment=VatTreatment.EXEMPT_RENT) & Q(vat_rate__gt=0)),
                name="exempt_rate_carries_no_vat",
            ),
            models.CheckConstraint(
                condition=Q(prepaid_percentage__lte=100), name="no_more_is_prepaid_than_the_price"
            ),
            models.CheckConstraint(condition=~Q(vat_reason=""), name="rate_names_its_vat_reason"),
        ]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class CancellationStep(models.Model):
    """Cancelling until so many hours before the start costs this percentage of the price.

    The step with the most hours that is still met counts; −1 stands for later than all others and for
    not coming. "Until 7 days 10 %, until 2 days 50 %, before the start 75 %, after it 100 %" is
    168 → 10, 48 → 50, 0 → 75, −1 → 100. The fee is at least `minimum`, at most the price (see `spaces.cancellation`).
    """

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="cancellation_steps")
    hours_before = models.IntegerField()
    percentage = models.DecimalField(max_digits=5, decimal_places=2)
    minimum = models.DecimalField(max_digits=9, decimal_places=2, default=0)

    class Meta:
        ordering = ["-hours_before"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "hours_before"], name="one_step_per_moment"),
            models.CheckConstraint(
                condition=Q(percentage__gte=0, percentage__lte=100),
                name="cancellation_percentage_between_0_and_100",
            ),
        ]
