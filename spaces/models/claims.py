"""The claims ledger: who has which space, when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from spaces.models.building import LONGEST_MARGIN, Hub, Space
from spaces.querysets import ClaimQuerySet


class TsTzRange(Func):
    """PostgreSQL's tstzrange, for the constraint on claims."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Claim(models.Model):
    """One atomic space, taken for one period, by a booking, a lease, a hold or a closure.

    Setting up and cleaning lie around the period: they may touch those of a neighbour, never its period.
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
    setup_minutes = models.PositiveSmallIntegerField(default=0)
    cleanup_minutes = models.PositiveSmallIntegerField(default=0)
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
                condition=Q(kind="hold", expires_at__isnull=False)
                | (~Q(kind="hold") & Q(expires_at__isnull=True)),
                name="only_holds_expire",
            ),
            models.CheckConstraint(
                condition=Q(setup_minutes__lte=LONGEST_MARGIN, cleanup_minutes__lte=LONGEST_MARGIN),
                name="claim_margins_within_four_hours",
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
            models.Index(
                fields=["space"],
                condition=Q(active=True, expires_at__isnull=False),
                name="claim_that_expires",
            ),
            models.Index(
                fields=["hub", "ends_at"],
                condition=Q(active=True) & (Q(setup_minutes__gt=0) | Q(cleanup_minutes__gt=0)),
                name="claim_with_a_margin",
            ),
        ]
