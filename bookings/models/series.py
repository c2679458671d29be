"""A series: the same wish again and again, agreed once."""

import uuid

import pghistory
from django.db import models
from django.db.models import F, Q

from bookings.querysets import SeriesQuerySet
from spaces.models import Hub, Space
from spaces.patterns import Pattern
from tenants.parties.models import Party, User


@pghistory.track()
class Series(models.Model):
    """An arrangement of bookings that repeats; each of its dates is a Booking of its own.

    `event` is the arrangement in django-scheduler and `rule` its recurrence, protected here because deleting a rule
    would silently make the event happen once. `pattern` is what the person chose (`spaces.recurrence.Pattern`).
    Changing the time or the rule closes a series and begins another, `split_from` the first. Dates have been made up
    to and including `materialised_until`; `ends_on` None has no end.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hub = models.ForeignKey(Hub, models.PROTECT, related_name="series")
    space = models.ForeignKey(Space, models.PROTECT, related_name="series")
    party = models.ForeignKey(Party, models.PROTECT, related_name="series")
    booked_by = models.ForeignKey(User, models.PROTECT, related_name="series_made")
    contact = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="series")
    title = models.CharField(max_length=80, blank=True)
    persons = models.PositiveSmallIntegerField(null=True, blank=True)
    event = models.OneToOneField("schedule.Event", models.PROTECT, related_name="series")
    rule = models.ForeignKey("schedule.Rule", models.PROTECT, related_name="series")
    pattern = models.JSONField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    materialised_until = models.DateField()
    split_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="splits")
    idempotency_key = models.UUIDField(unique=True, default=uuid.uuid4)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "series"
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                # one day before its first date: stopped before it began
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on") - 1),
                name="series_ends_after_it_starts",
            ),
        ]

    @property
    def words(self) -> str:
        """How it repeats, in the active language."""
        return Pattern.from_json(self.pattern).words

    @property
    def goes_on(self) -> bool:
        """Whether there are dates still to be made."""
        return self.ends_on is None or self.ends_on > self.materialised_until
