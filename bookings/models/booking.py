"""A booking: who uses which space, when, and what was agreed about price and cancelling."""

import uuid
from decimal import Decimal

import pghistory
from django.db import models
from django.db.models import F, Q

from bookings.models.series import Series
from bookings.querysets import BookingQuerySet
from bookings.states import BookingState
from spaces.models import Extra, Hub, Layout, Space
from spaces.money import VatTreatment
from spaces.periods import Period
from tenants.parties.models import Party, User


@pghistory.track()
class Booking(models.Model):
    """One space (a whole counts as its parts) for one period, for one party.

    `quote` and `policy` are snapshots of what the person agreed to (see `spaces.pricing`): lines with
    a reason each, and the cancellation steps, counted from `policy_starts_at`: the start, or the earlier
    start of a booking that was moved when cancelling already cost money. `title` is what the door and reception show.
    One that came from a series names its date there for ever by `original_start`. `approved_starts_at` and
    `approved_ends_at` are what staff agreed to: within it, a change keeps the approval. `given_up_net` is the part of
    the price that was given up when cancelling cost money; what is kept for it is a line of `quote`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=8, unique=True)
    hub = models.ForeignKey(Hub, models.PROTECT, related_name="bookings")
    space = models.ForeignKey(Space, models.PROTECT, related_name="bookings")
    party = models.ForeignKey(Party, models.PROTECT, related_name="bookings")
    booked_by = models.ForeignKey(User, models.PROTECT, related_name="bookings_made")
    contact = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="bookings")
    state = models.CharField(max_length=10, choices=BookingState.choices, default=BookingState.HELD)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    policy_starts_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True)
    extended = models.BooleanField(default=False)
    title = models.CharField(max_length=80, blank=True)
    persons = models.PositiveSmallIntegerField(null=True, blank=True)
    layout = models.CharField(max_length=12, choices=Layout.choices, blank=True)
    setup_minutes = models.PositiveSmallIntegerField(default=0)
    cleanup_minutes = models.PositiveSmallIntegerField(default=0)
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="bookings")
    original_start = models.DateTimeField(null=True, blank=True)
    approved_starts_at = models.DateTimeField(null=True, blank=True)
    approved_ends_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="bookings_approved"
    )
    answer = models.CharField(max_length=300, blank=True)
    quote = models.JSONField()
    policy = models.JSONField()
    net = models.DecimalField(max_digits=11, decimal_places=2)
    vat = models.DecimalField(max_digits=11, decimal_places=2)
    gross = models.DecimalField(max_digits=11, decimal_places=2)
    additions_gross = models.DecimalField(max_digits=11, decimal_places=2, default=0)
    vat_treatment = models.CharField(max_length=20, choices=VatTreatment.choices)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)
    given_up_net = models.DecimalField(max_digits=11, decimal_places=2, default=0)
    included_hours = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    sequence = models.PositiveSmallIntegerField(default=0)
    idempotency_key = models.UUIDField(unique=True, default=uuid.uuid4)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancellation_net = models.DecimalField(max_digits=11, decimal_places=2, null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="booking_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("vat")), name="booking_net_and_vat_make_gross"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "option"], held_until__isnull=False)
                | ~Q(state__in=["held", "option"]),
                name="a_held_booking_says_until_when",
            ),
            models.UniqueConstraint(
                fields=["series", "original_start"], name="one_booking_per_date_of_a_series"
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True, original_start__isnull=True)
                | Q(series__isnull=False, original_start__isnull=False),
                name="a_date_of_a_series_is_named",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False, cancellation_net__isnull=False)
                | ~Q(state="cancelled"),
                name="a_cancelled_booking_says_when_and_what_it_costs",
            ),
        ]
        indexes = [
            models.Index(fields=["space", "starts_at"], name="booking_of_space"),
            models.Index(fields=["party", "starts_at"], name="booking_of_party"),
            models.Index(fields=["hub", "starts_at"], name="booking_of_hub"),
            models.Index(
                fields=["held_until"], condition=Q(state__in=["held", "option"]), name="booking_held"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)

    @property
    def total(self) -> Decimal:
        """What the room and all that goes with it cost together, including VAT."""
        return self.gross + self.additions_gross

    @property
    def holder(self) -> str:
        """How this booking is named in the claims ledger, and as the source of its charges."""
        return f"booking:{self.pk}"


class Addition(models.Model):
    """What goes with a booking: another room, or an extra; the piece that is lent stands in `space`.

    `description` and `reason` are stored sentences; the amounts are a snapshot, as in the booking's own quote.
    """

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="additions")
    space = models.ForeignKey(Space, models.PROTECT, null=True, blank=True, related_name="additions")
    extra = models.ForeignKey(Extra, models.PROTECT, null=True, blank=True, related_name="additions")
    quantity = models.DecimalField(max_digits=8, decimal_places=2, default=1)
    unit_price = models.DecimalField(max_digits=9, decimal_places=2)
    description = models.JSONField()
    reason = models.JSONField()
    net = models.DecimalField(max_digits=11, decimal_places=2)
    vat = models.DecimalField(max_digits=11, decimal_places=2)
    gross = models.DecimalField(max_digits=11, decimal_places=2)
    vat_treatment = models.CharField(max_length=20, choices=VatTreatment.choices)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)
    vat_reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "space"], name="a_space_once_with_a_booking"),
            models.CheckConstraint(
                condition=Q(space__isnull=False) | Q(extra__isnull=False),
                name="an_addition_is_a_space_or_an_extra",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="an_addition_is_some"),
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("vat")), name="addition_net_and_vat_make_gross"
            ),
        ]
