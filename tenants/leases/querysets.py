"""Named sets of leases: in force on a day, of a hub, visible to somebody."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from spaces.models import Hub
from spaces.periods import Period

if TYPE_CHECKING:
    from tenants.parties.access import Actor


class LeaseQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """Staff see the hub's leases, others those of their own parties."""
        if actor.is_staff:
            return self.filter(hub=actor.hub)
        return self.filter(hub=actor.hub, party__in=actor.party_ids)

    def of_hub(self, hub: Hub) -> Self:
        return self.filter(hub=hub)

    def in_force(self, day: date) -> Self:
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class FixedDayPartQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        if actor.is_staff:
            return self.filter(hub=actor.hub)
        return self.filter(hub=actor.hub, party__in=actor.party_ids)

    def not_ended(self, day: date) -> Self:
        """Those that run on `day` or begin later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def ended(self, day: date) -> Self:
        """Those whose last day lies before `day`."""
        return self.filter(ends_on__lt=day)

    def unclaimed(self) -> Self:
        """Those with dates that are not claimed yet: without end, or claimed to before it."""
        return self.exclude(claimed_until__gte=F("ends_on"))


class GivenBackQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Those that their holder did not take back."""
        return self.filter(taken_back_at=None)

    def overlapping(self, period: Period) -> Self:
        return self.filter(starts_at__lt=period.end, ends_at__gt=period.start)


class UploadQuerySet(models.QuerySet):
    KEPT_FOR = timedelta(days=1)

    def visible_to(self, actor: "Actor") -> Self:
        """Only one's own, at the hub one works for now."""
        return self.filter(hub=actor.hub, user=actor.user)

    def fresh(self, *, now: datetime) -> Self:
        return self.filter(uploaded_at__gt=now - self.KEPT_FOR)

    def stale(self, *, now: datetime) -> Self:
        return self.filter(uploaded_at__lte=now - self.KEPT_FOR)
