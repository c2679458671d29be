"""When the hub is open, and how its day is cut in parts."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spaces.models.building import Bilingual, Hub, Space
from spaces.periods import Period
from spaces.querysets import ClosureQuerySet


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class OpeningHours(models.Model):
    """The hub is open on this weekday (0 = Monday) from `opens` to `closes`; closes 00:00 is midnight."""

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "weekday", "opens"], name="opens_once_at_a_time"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_weekday_is_a_weekday"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")) | Q(closes="00:00"), name="closes_after_it_opens"
            ),
        ]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class DayPart(Bilingual):
    """A block that is let as one: morning, afternoon, evening (dagdeel)."""

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="day_parts")
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        ordering = ["starts"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "name_nl"], name="one_day_part_per_name"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="day_part_ends_after_start"),
        ]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Closure(models.Model):
    """The hub, or one space of it, is closed for a period."""

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="closures")
    space = models.ForeignKey(Space, models.CASCADE, null=True, blank=True, related_name="closures")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["hub", "space", "starts_at", "ends_at"],
                name="closed_once_for_a_period",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="closure_ends_after_start"),
        ]

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)


class HolidayProposal(models.Model):
    """A public holiday of a coming year, for the director to accept as a closed day or not."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        ACCEPTED = "accepted", _("closed")
        DECLINED = "declined", _("open")

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="holiday_proposals")
    day = models.DateField()
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["hub", "day"], name="one_holiday_proposal_a_day")]
