"""Rules of booking: for the hub, a kind of space or one space, and for everybody or one rate group."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spaces.models.building import Hub, Space, SpaceKind
from spaces.models.prices import RateGroup


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class BookingRule(models.Model):
    """What may be booked here by these people; an empty field says nothing.

    For each field the most particular rule that says something counts: of the space before its kind before the hub,
    and on the same level that of the rate group before that of everybody. Minutes, hours and days; see `spaces.ruling`.
    """

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="booking_rules")
    space = models.ForeignKey(Space, models.CASCADE, null=True, blank=True, related_name="booking_rules")
    kind = models.CharField(max_length=20, choices=SpaceKind.choices, blank=True)
    rate_group = models.ForeignKey(
        RateGroup, models.CASCADE, null=True, blank=True, related_name="booking_rules"
    )
    may_book = models.BooleanField(_("may book"), null=True, blank=True)
    outside_hours = models.BooleanField(_("also outside opening hours"), null=True, blank=True)
    shortest_minutes = models.PositiveIntegerField(_("shortest, in minutes"), null=True, blank=True)
    longest_minutes = models.PositiveIntegerField(_("longest, in minutes"), null=True, blank=True)
    grid_minutes = models.PositiveSmallIntegerField(
        _("begins and ends every so many minutes"), null=True, blank=True
    )
    notice_minutes = models.PositiveIntegerField(_("at least so many minutes before"), null=True, blank=True)
    days_ahead = models.PositiveSmallIntegerField(_("at most so many days ahead"), null=True, blank=True)
    party_week_hours = models.PositiveSmallIntegerField(_("hours a party a week"), null=True, blank=True)
    party_month_hours = models.PositiveSmallIntegerField(_("hours a party a month"), null=True, blank=True)
    person_week_hours = models.PositiveSmallIntegerField(_("hours a person a week"), null=True, blank=True)
    person_month_hours = models.PositiveSmallIntegerField(_("hours a person a month"), null=True, blank=True)

    class Meta:
        ordering = ["hub", "kind", "space", "rate_group"]
        constraints = [
            models.UniqueConstraint(
                fields=["hub", "space", "kind", "rate_group"],
                name="one_rule_per_space_and_group",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(space__isnull=True) | Q(kind=""), name="rule_is_for_a_space_or_a_kind_or_the_hub"
            ),
            models.CheckConstraint(
                condition=Q(shortest_minutes__isnull=True)
                | Q(longest_minutes__isnull=True)
                | Q(longest_minutes__gte=F("shortest_minutes")),
                name="rule_longest_is_not_shorter_than_shortest",
            ),
            models.CheckConstraint(
                condition=Q(grid_minutes__isnull=True) | Q(grid_minutes__in=[5, 10, 15, 20, 30, 60]),
                name="rule_grid_divides_the_hour",
            ),
            models.CheckConstraint(
                condition=Q(days_ahead__isnull=True) | Q(days_ahead__lte=335),
                name="rule_days_ahead_stay_within_the_horizon",
            ),
        ]
