"""Named sets of bookings: visible to somebody, blocking, overlapping, upcoming."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from bookings.states import BOOKED, BookingState
from spaces.models import Hub
from spaces.periods import Period

if TYPE_CHECKING:
    from tenants.parties.access import Actor
    from tenants.parties.models import User


class BookingQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """Staff see the hub's bookings, others those of their own parties; the rest is "Bezet"."""
        if actor.is_staff:
            return self.filter(hub=actor.hub)
        return self.filter(hub=actor.hub, party__in=actor.party_ids)

    def of_hub(self, hub: Hub) -> Self:
        return self.filter(hub=hub)

    def booked(self) -> Self:
        return self.filter(state__in=BOOKED)

    def overlapping(self, period: Period) -> Self:
        return self.filter(starts_at__lt=period.end, ends_at__gt=period.start)

    def starting_within(self, period: Period) -> Self:
        return self.filter(starts_at__gte=period.start, starts_at__lt=period.end)

    def upcoming(self, *, now: datetime) -> Self:
        return self.booked().filter(ends_at__gt=now).order_by("starts_at")

    def past(self, *, now: datetime) -> Self:
        return self.booked().filter(ends_at__lte=now).order_by("-starts_at")

    def cancelled(self) -> Self:
        return self.filter(state=BookingState.CANCELLED).order_by("-starts_at")

    def of(self, actor: "Actor") -> Self:
        """Their own: staff the bookings they made themselves, others those of their parties."""
        visible = self.visible_to(actor)
        return visible.filter(booked_by=actor.user) if actor.is_staff else visible

    def held_by(self, user: "User", *, now: datetime) -> Self:
        """What they are holding and have not booked yet, the latest first."""
        running = self.filter(booked_by=user, state=BookingState.HELD, held_until__gt=now)
        return running.order_by("-held_until")

    def with_everything(self) -> Self:
        """What a list shows of each booking, in one query."""
        return self.select_related("hub", "space__floor", "party", "contact", "booked_by")
