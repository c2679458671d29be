"""Part-week leases (vaste dagdelen), and the dates of them that were given back."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spaces.models import DayPart, Hub, Space
from spaces.periods import Period
from tenants.leases.querysets import FixedDayPartQuerySet, GivenBackQuerySet
from tenants.parties.models import Party, User


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
