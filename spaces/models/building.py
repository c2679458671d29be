"""The hub and its spaces: what there is."""

from zoneinfo import ZoneInfo

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from spaces.querysets import SpaceQuerySet

LONGEST_MARGIN = 240
"""Minutes that setting up or cleaning may take at most; questions to the ledger look no further around a period."""


class Bilingual(models.Model):
    """A name in Dutch and English; an empty English one falls back to the Dutch."""

    name_nl = models.CharField(_("name in Dutch"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name_nl


@pghistory.track()
class Hub(models.Model):
    """One shared building and the legal person that runs it."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    legal_name = models.CharField(max_length=200)
    legal_form = models.CharField(max_length=60, blank=True)
    kvk = models.CharField(max_length=8)
    rsin = models.CharField(max_length=9, blank=True)
    vat_id = models.CharField(max_length=14, blank=True)
    vat_position = models.CharField(max_length=60, blank=True)
    iban = models.CharField(max_length=34)
    creditor_id = models.CharField(max_length=35, blank=True)
    street = models.CharField(max_length=120)
    postal_code = models.CharField(max_length=10)
    city = models.CharField(max_length=80)
    cadastral = models.CharField(max_length=200, blank=True)
    email = models.EmailField()
    invoice_email = models.EmailField()
    stated_area_m2 = models.DecimalField(max_digits=9, decimal_places=2)
    max_persons = models.PositiveIntegerField(null=True, blank=True)
    payment_days = models.PositiveSmallIntegerField(default=30)
    timezone = models.CharField(max_length=64, default="Europe/Amsterdam")
    hold_minutes = models.PositiveSmallIntegerField(default=10)
    reminder_hour = models.PositiveSmallIntegerField(default=16)
    option_days = models.PositiveSmallIntegerField(_("days that an option lasts"), default=14)
    challenge_hours = models.PositiveSmallIntegerField(
        _("hours to confirm an option that somebody else asks for"), default=48
    )
    offer_minutes = models.PositiveSmallIntegerField(
        _("minutes that an offer from the waiting list lasts"), default=60
    )
    check_in_minutes = models.PositiveSmallIntegerField(
        _("minutes before the start from which people may check in"), default=15
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reminder_hour__lte=23), name="hub_reminder_hour_is_an_hour")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Floor(models.Model):
    """A storey, in building order."""

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="floors")
    code = models.CharField(max_length=20)
    position = models.SmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["hub", "code"], name="one_floor_per_code")]

    def __str__(self) -> str:
        if self.position == 0:
            return str(_("ground floor"))
        return str(_("floor %(number)s") % {"number": self.code})


class Feature(Bilingual):
    """Something a space has or is: daylight, wash basin, wheelchair accessible."""

    code = models.SlugField(unique=True)

    class Meta:
        ordering = ["name_nl"]


class SpaceKind(models.TextChoices):
    """What a space is for; prices and searches go by it."""

    CONSULT_ROOM = "consult_room", _("consult room")
    TREATMENT_ROOM = "treatment_room", _("treatment room")
    MEETING_AREA = "meeting_area", _("shared meeting area")
    MEETING_ROOM = "meeting_room", _("meeting room")
    HOT_DESK = "hot_desk", _("hot desk")
    OFFICE = "office", _("office")
    GENERAL = "general", _("general space")
    EQUIPMENT = "equipment", _("equipment")
    """One piece that is lent with a room (a beamer): claimed like a desk, never offered by itself."""

    @classmethod
    def for_meeting(cls) -> list["SpaceKind"]:
        return [cls.MEETING_AREA, cls.MEETING_ROOM]


@pghistory.track()
class Space(models.Model):
    """A room, a desk or a meeting area. One without parts is atomic: only those are claimed."""

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="spaces")
    floor = models.ForeignKey(Floor, models.PROTECT, related_name="spaces")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=SpaceKind.choices)
    area_m2 = models.DecimalField(max_digits=8, decimal_places=2)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    features = models.ManyToManyField(Feature, blank=True, related_name="spaces")
    lettable = models.BooleanField(default=True)
    bookable = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    setup_minutes = models.PositiveSmallIntegerField(_("minutes to set up before a booking"), default=0)
    cleanup_minutes = models.PositiveSmallIntegerField(_("minutes to clean after a booking"), default=0)
    needs_approval = models.BooleanField(_("a booking waits for approval"), default=False)
    release_after_minutes = models.PositiveSmallIntegerField(
        _("minutes after the start when a room nobody came to is released"), null=True, blank=True
    )
    extra = models.ForeignKey("spaces.Extra", models.PROTECT, null=True, blank=True, related_name="pieces")

    objects = SpaceQuerySet.as_manager()

    class Meta:
        ordering = ["floor__position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "code"], name="one_space_per_code"),
            models.CheckConstraint(condition=Q(area_m2__gte=0), name="space_area_not_negative"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="space_is_not_part_of_itself"),
            models.CheckConstraint(
                condition=Q(setup_minutes__lte=LONGEST_MARGIN, cleanup_minutes__lte=LONGEST_MARGIN),
                name="space_is_ready_within_four_hours",
            ),
            models.CheckConstraint(
                condition=Q(kind="equipment", extra__isnull=False, bookable=False, lettable=False)
                | (~Q(kind="equipment") & Q(extra__isnull=True)),
                name="equipment_is_a_piece_of_an_extra",
            ),
        ]

    def __str__(self) -> str:
        return self.name
