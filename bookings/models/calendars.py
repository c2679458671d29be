"""Calendars out (feeds, screens) and in (an imported .ics)."""

import uuid

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.querysets import DisplayQuerySet, FeedQuerySet, ImportedEntryQuerySet
from spaces.models import Hub, Space
from spaces.periods import Period
from tenants.parties.models import User


class Feed(models.Model):
    """A secret address at which a calendar program reads: one's own bookings, those of a space, or of the hub.

    Only the SHA-256 of the token is kept. What it shows is decided anew at each reading by what its user may see then.
    """

    class Scope(models.TextChoices):
        MINE = "mine", _("my bookings")
        SPACE = "space", _("a room")
        HUB = "hub", _("the whole hub")

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="feeds")
    user = models.ForeignKey(User, models.CASCADE, related_name="feeds")
    scope = models.CharField(max_length=10, choices=Scope.choices)
    space = models.ForeignKey(Space, models.CASCADE, null=True, blank=True, related_name="feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="space", space__isnull=False) | (~Q(scope="space") & Q(space__isnull=True)),
                name="feed_of_a_space_names_it",
            ),
            models.UniqueConstraint(
                fields=["hub", "user", "scope", "space"],
                condition=Q(revoked_at__isnull=True),
                name="one_feed_of_a_kind",
                nulls_distinct=False,
            ),
        ]


@pghistory.track(exclude=["last_used_at"])
class Display(models.Model):
    """A screen in the building, known by a secret address: at a door (`space`) or at the entrance (none)."""

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="displays")
    space = models.ForeignKey(Space, models.CASCADE, null=True, blank=True, related_name="displays")
    name = models.CharField(_("name"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DisplayQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["hub", "name"], condition=Q(revoked_at__isnull=True), name="one_screen_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class ImportedEntry(models.Model):
    """One date of an outside calendar: it takes its space like a booking, and nobody pays for it.

    Known by `uid` and `original_start` of the outside calendar, so that the same file again changes nothing.
    `title` is "Bezet" for what was private; nothing else of the outside entry is kept.
    """

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="imported_entries")
    space = models.ForeignKey(Space, models.PROTECT, related_name="imported_entries")
    source = models.CharField(max_length=20)
    """The code of the space whose calendar it was: the same file is imported for the same space."""
    uid = models.CharField(max_length=255)
    original_start = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    title = models.CharField(max_length=80)

    objects = ImportedEntryQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        verbose_name_plural = "imported entries"
        constraints = [
            models.UniqueConstraint(
                fields=["hub", "source", "uid", "original_start"], name="one_imported_entry_per_date"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="imported_entry_ends_after_start"
            ),
        ]

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)

    @property
    def holder(self) -> str:
        """How this entry is named in the claims ledger."""
        return f"entry:{self.pk}"


class PendingCalendar(models.Model):
    """What was read of a calendar, between looking and confirming: of one person at one hub, for a day at most.

    `reading` holds dates, titles and rooms only; the file itself, with its descriptions and people, is never kept. Once
    confirmed, `reading` is empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hub = models.ForeignKey(Hub, models.CASCADE, related_name="pending_calendars")
    user = models.ForeignKey(User, models.CASCADE, related_name="pending_calendars")
    space = models.ForeignKey(Space, models.CASCADE, related_name="pending_calendars")
    name = models.CharField(max_length=200)
    reading = models.JSONField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hub", "user"], name="one_pending_calendar_at_a_time")]
