"""The building: what there is, when it is open, what it costs, and who has it."""

from datetime import tzinfo
from zoneinfo import ZoneInfo

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from spaces.money import VatTreatment
from spaces.periods import Period
from spaces.querysets import ClaimQuerySet, ClosureQuerySet, RateQuerySet, SpaceQuerySet


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

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reminder_hour__lte=23), name="hub_reminder_hour_is_an_hour"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def tzinfo(self) -> tzinfo:
        return self.zone


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
    CONSULT_ROOM = "consult_room", _("consult room")
    TREATMENT_ROOM = "treatment_room", _("treatment room")
    MEETING_AREA = "meeting_area", _("shared meeting area")
    MEETING_ROOM = "meeting_room", _("meeting room")
    HOT_DESK = "hot_desk", _("hot desk")
    OFFICE = "office", _("office")
    GENERAL = "general", _("general space")

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

    objects = SpaceQuerySet.as_manager()

    class Meta:
        ordering = ["floor__position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "code"], name="one_space_per_code"),
            models.CheckConstraint(condition=Q(area_m2__gte=0), name="space_area_not_negative"),
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="space_is_not_part_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name


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


class RateGroup(Bilingual):
    """Who pays which price: tenant, self-employed in care, external."""

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="rate_groups")
    code = models.SlugField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["hub", "code"], name="one_rate_group_per_code")]


@pghistory.track()
class Rate(models.Model):
    """Prices excluding VAT from a date on, for one space or one kind; empty means not let that way."""

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
            models.CheckConstraint(condition=~Q(vat_reason=""), name="rate_names_its_vat_reason"),
        ]


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Claim(models.Model):
    """One atomic space, taken for one period, by a booking, a lease, a hold or a closure.

    Only `spaces.claiming` writes here. `holder` names the row above ("booking:<uuid>", "lease:<id>").
    """

    class Kind(models.TextChoices):
        BOOKING = "booking", _("booking")
        LEASE = "lease", _("lease")
        HOLD = "hold", _("hold")
        CLOSURE = "closure", _("closure")

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="claims")
    space = models.ForeignKey(Space, models.PROTECT, related_name="claims")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    holder = models.CharField(max_length=60)
    expires_at = models.DateTimeField(null=True, blank=True)
    active = models.BooleanField(default=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="claims_never_overlap",
                expressions=[
                    ("space", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(active=True),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="claim_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(kind="hold", expires_at__isnull=False) | (~Q(kind="hold") & Q(expires_at__isnull=True)),
                name="only_holds_expire",
            ),
        ]
        indexes = [
            models.Index(
                fields=["space", "starts_at"],
                include=["ends_at", "expires_at"],
                condition=Q(active=True),
                name="claim_last_start",
            ),
            models.Index(fields=["holder"], name="claim_holder"),
        ]
