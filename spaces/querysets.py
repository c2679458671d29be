"""Named sets of spaces, claims, rates and closures: they narrow, and read as a phrase."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from spaces.periods import Period

if TYPE_CHECKING:
    from spaces.models import Hub, RateGroup, Space


class SpaceQuerySet(models.QuerySet["Space"]):
    def of_hub(self, hub: "Hub") -> Self:
        return self.filter(hub=hub)

    def atomic(self) -> Self:
        """Spaces without parts: what claims are made on, and where m² are counted once."""
        return self.filter(parts__isnull=True)

    def bookable(self) -> Self:
        return self.filter(bookable=True)

    def atoms_of(self, *spaces: "Space") -> Self:
        """The atomic spaces that make up `spaces`: their parts, or themselves (two levels deep)."""
        ids = [space.pk for space in spaces]
        return self.atomic().filter(Q(pk__in=ids) | Q(parent__in=ids) | Q(parent__parent__in=ids))


class ClaimQuerySet(models.QuerySet):
    def in_force(self, *, now: datetime) -> Self:
        """Active claims, without the holds that have run out."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), active=True)

    def overlapping(self, period: Period) -> Self:
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=period.start), starts_at__lt=period.end)

    def held_by(self, holder: str) -> Self:
        return self.filter(holder=holder)


class RateQuerySet(models.QuerySet):
    def of_group(self, hub: "Hub", rate_group: "RateGroup") -> Self:
        """The price lists of a hub for one rate group, the newest first."""
        return self.filter(hub=hub, rate_group=rate_group).order_by("-valid_from")

    def valid_on(self, day: date) -> Self:
        """Rates that have begun by `day`, the newest first."""
        return self.filter(valid_from__lte=day).order_by("-valid_from")


class ClosureQuerySet(models.QuerySet):
    def overlapping(self, period: Period) -> Self:
        return self.filter(starts_at__lt=period.end, ends_at__gt=period.start)
