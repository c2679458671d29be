"""Named sets of parties, memberships and letters; `visible_to` is the only way in for pages."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from spaces.models import Hub

if TYPE_CHECKING:
    from tenants.parties.access import Actor
    from tenants.parties.models import User


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

    def without_address(self) -> Self:
        """Who cannot get an invoice yet: see `Party.has_address`."""
        return self.filter(Q(street="") | Q(postal_code="") | Q(city=""))

    def named_like(self, text: str) -> Self:
        """Whose name, contact, address or KvK number has this in it."""
        fields = ("name", "contact_name", "email", "street", "city", "kvk")
        found = Q(*[(f"{field}__icontains", text) for field in fields], _connector=Q.OR)
        return self.filter(found) if text else self

    def kept_by(self, actor: "Actor", *roles: str) -> Self:
        """Parties in which this person has one of the roles."""
        theirs = self.filter(hub=actor.hub, state__in=["applied", "active"])
        return theirs.filter(memberships__user=actor.user, memberships__role__in=roles).distinct()

    def applied_by(self, user: "User") -> Self:
        """A person's own applications that still wait or were declined."""
        return self.filter(memberships__user=user, state__in=["applied", "declined"]).distinct()


class VacancyQuerySet(models.QuerySet):
    def open_at(self, hub: Hub) -> Self:
        return self.filter(hub=hub, open=True)


class MembershipQuerySet(models.QuerySet):
    def manageable_by(self, actor: "Actor") -> Self:
        """Whose role this person may take away: a director anybody's, a tenant manager their own organisation's."""
        if actor.has("director"):
            return self.filter(hub=actor.hub)
        mine = actor.party_ids_as("tenant_manager")
        return self.filter(hub=actor.hub, party__in=mine, role__in=["tenant_manager", "tenant_member"])

    def with_names(self) -> Self:
        return self.select_related("user", "party").order_by("role", "user__name", "pk")


class LetterQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """Staff see the hub's letters, others those to the parties that they manage, or that are their practice."""
        if actor.is_staff:
            return self.filter(hub=actor.hub)
        return self.filter(hub=actor.hub, party__in=actor.party_ids_as("tenant_manager", "zzper"))

    def in_part(self, part: str) -> Self:
        """One of waiting, failed (refused, or tried in vain), sent; anything else is all."""
        if part == "waiting":
            return self.unsent()
        if part == "failed":
            return self.filter(sent_at__isnull=True, dropped_at__isnull=True).exclude(error="")
        return self.filter(sent_at__isnull=False) if part == "sent" else self

    def addressed_like(self, text: str) -> Self:
        """To a name or address, or about something, with this in it."""
        about = Q(to_email__icontains=text) | Q(to_name__icontains=text) | Q(subject__icontains=text)
        return self.filter(about) if text else self

    def without_words(self) -> Self:
        return self.defer("text", "html").select_related("party")

    def unsent(self) -> Self:
        """Still to be sent, now or later."""
        return self.filter(sent_at__isnull=True, dropped_at__isnull=True, refused_at__isnull=True)

    def owed(self, *, now: datetime) -> Self:
        """Unsent, due, and neither with a worker nor waiting to be tried again."""
        return self.unsent().filter(Q(retry_at__isnull=True) | Q(retry_at__lte=now), due_at__lte=now)

    def useless(self, *, now: datetime) -> Self:
        return self.filter(useless_after__lte=now)
