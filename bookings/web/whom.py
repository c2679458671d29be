"""For whom somebody books: themselves, one of their organisations, or (staff) any party of the hub."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookings.allowing import DESK
from bookings.refusals import NotAllowedToBook
from tenants.parties.access import Actor
from tenants.parties.models import Party, PartyState, User


@dataclass(frozen=True)
class Whom:
    """The parties somebody may choose from, the chosen one, and why they cannot book for it (empty: they can)."""

    parties: Sequence[Party]
    party: Party | None
    why_not: str

    @property
    def is_choice(self) -> bool:
        return len(self.parties) > 1 or (self.party is None and bool(self.parties))


def whom(actor: Actor, text: str) -> Whom:
    """The choice named by `text` (the key of a party), or else their own party. At most one query."""
    parties = parties_of(actor)
    party = next((party for party in parties if str(party.pk) == text), None)
    if party is None and not _for_others(actor):
        party = next(iter(parties), None)
    return Whom(parties, party, _why_not(actor, party))


def parties_of(actor: Actor) -> Sequence[Party]:
    """Whom they may book for, by name."""
    if not _for_others(actor):
        return sorted(actor.parties, key=lambda party: (party.state != PartyState.ACTIVE, party.name))
    return list(Party.objects.visible_to(actor).active().select_related("rate_group", "hub"))


def contact_of(actor: Actor) -> User | None:
    """Who gets the letters: the person who books for their own party; else whoever the party named."""
    return None if _for_others(actor) else actor.user


def _for_others(actor: Actor) -> bool:
    """Staff choose whom they look or book for; a bookkeeper who rents here as well does so for themselves."""
    return actor.is_staff and (actor.has(*DESK) or not actor.parties)


def _why_not(actor: Actor, party: Party | None) -> str:
    if _for_others(actor) and not actor.has(*DESK):
        return _("You can look here, but your role does not book rooms.")
    if party is None:
        return _("Choose first for whom you book.")
    return "" if party.state == PartyState.ACTIVE else NotAllowedToBook().message
