"""Who somebody is at a hub. Pages reach rows only through `visible_to(actor)`; deny is the default."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Self

from spaces.models import Hub
from tenants.parties.models import Membership, Party, PartyState, Role, User

APPLICANT = "applicant"
"""A zzp'er whose party the director has not approved yet: may look, not book."""


@dataclass(frozen=True)
class Actor:
    """A signed-in user at one hub, with their roles there; `hub` None means no hub at all."""

    user: User
    hub: Hub | None = None
    roles: frozenset[str] = frozenset()
    """All their roles together: enough for which pages they may open, never for which rows they may see there."""
    parties: tuple[Party, ...] = ()
    held: frozenset[tuple[str, int]] = frozenset()
    """Each role that belongs to a party, with the pk of that party."""
    hubs: tuple[Hub, ...] = field(default=(), compare=False)

    @property
    def party_ids(self) -> list[int]:
        return [party.pk for party in self.parties]

    @property
    def is_staff(self) -> bool:
        return self.has(*Role.staff())

    @property
    def party(self) -> Party | None:
        """The party they act for: the first of theirs, one that may book before one that waits for approval."""
        return self.parties[0] if self.parties else None

    def has(self, *roles: str) -> bool:
        return bool(self.roles.intersection(roles))

    def only(self, roles: frozenset[str]) -> Self:
        """The same person with no other roles than these: what opened the page decides which rows they reach there."""
        return replace(self, roles=self.roles & roles)

    def party_ids_as(self, *roles: str) -> list[int]:
        """The parties in which they have one of these roles; who manages one may be a mere member of another."""
        return sorted({party for role, party in self.held if role in roles})


def actor_for(user: User, *, hub_slug: str | None = None) -> Actor:
    """`user` at the hub with `hub_slug`, or else at their first hub. One query."""
    memberships = list(
        Membership.objects.filter(user=user)
        .select_related("hub", "party__rate_group")
        .order_by("hub__name", "pk")
    )
    hubs = tuple(dict.fromkeys(membership.hub for membership in memberships))
    hub = next((hub for hub in hubs if hub.slug == hub_slug), hubs[0] if hubs else None)
    here = [membership for membership in memberships if membership.hub == hub]
    theirs = dict.fromkeys(m.party for m in here if m.party and _takes_part(m.party))
    parties = tuple(sorted(theirs, key=lambda party: party.state != PartyState.ACTIVE))
    held = frozenset((role, m.party_id) for m in here if m.party_id for role in _roles([m]))
    return Actor(user=user, hub=hub, roles=frozenset(_roles(here)), parties=parties, held=held, hubs=hubs)


def _takes_part(party: Party) -> bool:
    return party.state in (PartyState.ACTIVE, PartyState.APPLIED)


def _roles(memberships: Iterable[Membership]) -> Iterable[str]:
    for membership in memberships:
        if membership.party is None or membership.party.state == PartyState.ACTIVE:
            yield membership.role
        elif membership.party.state == PartyState.APPLIED:
            yield APPLICANT
