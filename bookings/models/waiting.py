"""Who waits for a space: on the waiting list, or behind somebody's option."""

import pghistory
from django.db import models
from django.db.models import F, Q

from bookings.models.booking import Booking
from bookings.querysets import ChallengeQuerySet, WaitingQuerySet
from spaces.models import Hub, Space
from tenants.parties.models import Party, User


@pghistory.track()
class WaitingEntry(models.Model):
    """A wish that could not be met yet: a consult room, on Tuesday mornings, until 1 February.

    `space` or else `kinds` (none: any), `features` codes; local weekdays (0 = Monday, none: any) and times. First
    come, first served by `created_at`.
    """

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="waiting")
    party = models.ForeignKey(Party, models.PROTECT, related_name="waiting")
    user = models.ForeignKey(User, models.PROTECT, related_name="waiting")
    space = models.ForeignKey(Space, models.PROTECT, null=True, blank=True, related_name="waiting")
    kinds = models.JSONField(default=list)
    features = models.JSONField(default=list)
    persons = models.PositiveSmallIntegerField(default=0)
    weekdays = models.JSONField(default=list)
    starts = models.TimeField()
    ends = models.TimeField()
    from_date = models.DateField()
    until_date = models.DateField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date__gte=F("from_date")), name="waiting_until_not_before_from"
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")) | Q(ends="00:00"), name="waiting_ends_after_it_starts"
            ),
        ]
        indexes = [
            models.Index(
                fields=["hub", "created_at"], condition=Q(ended_at__isnull=True), name="waiting_in_order"
            )
        ]


class Offer(models.Model):
    """A freed time offered to who waited for it: `booking` is held for them until it ends or is booked.

    One entry is offered one time only once.
    """

    entry = models.ForeignKey(WaitingEntry, models.PROTECT, related_name="offers")
    booking = models.OneToOneField(Booking, models.PROTECT, related_name="offer")
    space = models.ForeignKey(Space, models.PROTECT, related_name="offers")
    starts_at = models.DateTimeField()
    offered_at = models.DateTimeField()

    class Meta:
        ordering = ["-offered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "space", "starts_at"], name="a_time_is_offered_once_to_an_entry"
            )
        ]


class Challenge(models.Model):
    """Another party asks for the time of an option: its holder has until `due_at` to confirm."""

    option = models.ForeignKey(Booking, models.PROTECT, related_name="challenges")
    party = models.ForeignKey(Party, models.PROTECT, related_name="challenges")
    user = models.ForeignKey(User, models.PROTECT, related_name="challenges")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    option_until = models.DateTimeField()
    """When the option ended before somebody asked: who withdraws gives its holder that time back."""
    ended_at = models.DateTimeField(null=True, blank=True)
    """When the option was confirmed, or let go, or ended by itself."""
    given = models.OneToOneField(Booking, models.PROTECT, null=True, blank=True, related_name="won_challenge")
    """The hold that the challenger got when the option went."""

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["option"], condition=Q(ended_at__isnull=True), name="one_challenge_at_a_time"
            )
        ]
