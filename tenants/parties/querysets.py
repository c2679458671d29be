"""Named sets of parties, memberships and letters; `visible_to` is the only way in for pages."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from spaces.models import Hub

if TYPE_CHECKING:
    from tenants.parties.access import Actor


class PartyQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """Staff see the hub's parties, others the parties they belong to."""
        if actor.is_staff:
            return self.filter(hub=actor.hub)
        return self.filter(hub=actor.hub, pk__in=actor.party_ids)

    def of_hub(self, hub: Hub) -> Self:
        return self.filter(hub=hub)

    def active(self) -> Self:
        return self.filter(state="active")

    def applied(self) -> Self:
        return self.filter(state="applied")


class VacancyQuerySet(models.QuerySet):
    def open_at(self, hub: Hub) -> Self:
        return self.filter(hub=hub, open=True)


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """Staff see all of the hub, others the colleagues in their own parties."""
        if actor.is_staff:
            return self.filter(hub=actor.hub)
        return self.filter(hub=actor.hub, party__in=actor.party_ids)


class LetterQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        if actor.is_staff:
            return self.filter(hub=actor.hub)
        return self.filter(hub=actor.hub, party__in=actor.party_ids)

    def unsent(self) -> Self:
        """Still to be sent, now or later."""
        return self.filter(sent_at__isnull=True, dropped_at__isnull=True, refused_at__isnull=True)

    def owed(self, *, now: datetime) -> Self:
        """Unsent, due, and neither with a worker nor waiting to be tried again."""
        return self.unsent().filter(Q(retry_at__isnull=True) | Q(retry_at__lte=now), due_at__lte=now)

    def useless(self, *, now: datetime) -> Self:
        return self.filter(useless_after__lte=now)
