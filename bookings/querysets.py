"""Named sets of bookings: visible to somebody, blocking, overlapping, upcoming."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, F, Q

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

    def unpromised(self) -> Self:
        """Without what was offered from the waiting list, or went to who had asked for it."""
        return self.filter(offer__isnull=True, won_challenge__isnull=True)

    def annotate_promised(self) -> Self:
        """Each with `is_promised`: it is one that `unpromised` leaves out."""
        free = Q(offer__isnull=True, won_challenge__isnull=True)
        return self.annotate(is_promised=models.ExpressionWrapper(~free, models.BooleanField()))

    def in_option(self, *, now: datetime) -> Self:
        """The options that still run."""
        return self.filter(state=BookingState.OPTION, held_until__gt=now).order_by("starts_at")

    def with_everything(self) -> Self:
        """What a list shows of each booking, in one query."""
        return self.select_related("hub", "space__floor", "party", "contact", "booked_by")


class FeedQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """Only one's own, at the hub one works for now: whoever reads a feed sees what its user may see."""
        return self.filter(hub=actor.hub, user=actor.user)

    def running(self) -> Self:
        """Those whose address still works."""
        return self.filter(revoked_at__isnull=True)


class WaitingQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """Staff see the whole list, others what their own parties wait for."""
        if actor.is_staff:
            return self.filter(hub=actor.hub)
        return self.filter(hub=actor.hub, party__in=actor.party_ids)

    def waiting(self) -> Self:
        return self.filter(ended_at=None)

    def unanswered(self, *, now: datetime) -> Self:
        """Those to whom nothing is offered at this moment, nor waits for approval."""
        held = Q(offers__booking__state=BookingState.HELD, offers__booking__held_until__gt=now)
        asked = Q(offers__booking__state__in=[BookingState.PAYING, BookingState.REQUESTED])
        return self.annotate(running=Count("offers", filter=held | asked)).filter(running=0)

    def offered_less_than(self, most: int, *, since: datetime) -> Self:
        recent = Count("offers", filter=Q(offers__offered_at__gte=since))
        return self.annotate(recent=recent).filter(recent__lt=most)

    def with_everything(self) -> Self:
        """What a list shows of each wish, in one query."""
        return self.select_related("hub", "party", "space", "user")


class ImportedEntryQuerySet(models.QuerySet):
    """Sets of dates that came from an outside calendar."""

    def visible_to(self, actor: "Actor") -> Self:
        """Staff see the hub's; to others they are only "Taken"."""
        return self.filter(hub=actor.hub) if actor.is_staff else self.none()

    def coming(self, *, now: datetime) -> Self:
        return self.filter(ends_at__gt=now)


class DisplayQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """Staff keep the screens of their hub; nobody else needs to know them."""
        return self.filter(hub=actor.hub) if actor.is_staff else self.none()

    def running(self) -> Self:
        return self.filter(revoked_at__isnull=True)


class SeriesQuerySet(models.QuerySet):
    """Sets of series."""

    def visible_to(self, actor: "Actor") -> Self:
        """As with bookings: staff see the hub's, others those of their own parties."""
        if actor.is_staff:
            return self.filter(hub=actor.hub)
        return self.filter(hub=actor.hub, party__in=actor.party_ids)

    def of(self, actor: "Actor") -> Self:
        """Their own: staff those they made themselves, others those of their parties."""
        visible = self.visible_to(actor)
        return visible.filter(booked_by=actor.user) if actor.is_staff else visible

    def running(self, day: date) -> Self:
        """Those that still have or get dates from `day` on; one that was changed from its first date on has none."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day)).exclude(ends_on__lt=F("starts_on"))

    def with_everything(self) -> Self:
        """What a page shows of each, in one query."""
        return self.select_related(
            "hub", "space__hub", "space__floor", "party__hub", "party__rate_group", "contact", "event__rule"
        )


class ChallengeQuerySet(models.QuerySet):
    """Sets of questions for the time of an option."""

    def visible_to(self, actor: "Actor") -> Self:
        """Staff see the hub's, others those of their own parties; who has the option never sees who asks."""
        here = self.filter(option__hub=actor.hub)
        return here if actor.is_staff else here.filter(party__in=actor.party_ids)

    def of(self, actor: "Actor") -> Self:
        """Their own: staff those they asked themselves, others those of their parties."""
        visible = self.visible_to(actor)
        return visible.filter(user=actor.user) if actor.is_staff else visible
