"""Who stands behind a claim, as far as the person who asks may know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bookings.models import Booking, ImportedEntry
from bookings.states import BookingState
from spaces.models import Claim
from tenants.leases.models import FixedDayPart
from tenants.parties.access import Actor
from tenants.parties.models import PartyState, Role

Rows = TypeVar("Rows", bound=QuerySet)

STATES = {
    BookingState.HELD: "held",
    BookingState.OPTION: "option",
    BookingState.PAYING: "held",
    BookingState.REQUESTED: "requested",
    BookingState.ARRIVED: "arrived",
    BookingState.NO_SHOW: "absent",
}


@dataclass(frozen=True)
class Occupant:
    """What a table may show of a claim. `state` is a look.

    booked, held, option, requested, arrived, absent, taken, leased, closed.
    """

    state: str
    name: str
    booking: Booking | None = None
    entry: ImportedEntry | None = None
    option: Booking | None = None
    """Somebody else's option: one may ask for its time, and know no more of it."""


def of_claims(claims: Iterable[Claim], *, actor: Actor) -> Mapping[str, Occupant]:
    """Each claim's occupant by its holder; others' bookings are only "Taken". Four queries at most."""
    holders = {claim.holder: claim for claim in claims}
    bookings = _visible(Booking.objects.with_everything().visible_to(actor), "booking", holders)
    fixed = _visible(FixedDayPart.objects.select_related("party").visible_to(actor), "fixed", holders)
    entries = _visible(ImportedEntry.objects.visible_to(actor), "entry", holders)
    known = {booking.holder: _of_booking(booking) for booking in bookings} | {
        row.holder: Occupant("leased", row.party.name) for row in fixed
    }
    known |= {entry.holder: Occupant("booked", entry.title, entry=entry) for entry in entries}
    unknown = {holder: claim for holder, claim in holders.items() if holder not in known}
    options = _options(unknown) if may_ask(actor) and not actor.is_staff else {}
    return {
        holder: known.get(holder) or options.get(holder) or _unknown(claim)
        for holder, claim in holders.items()
    }


def may_ask(actor: Actor) -> bool:
    """Whether they may ask for the time of somebody's option, or wait for one: they may book, for whomever."""
    books_for_others = actor.has(Role.RECEPTION, Role.DIRECTOR)
    return books_for_others or (actor.party is not None and actor.party.state == PartyState.ACTIVE)


def _options(holders: Mapping[str, Claim]) -> dict[str, Occupant]:
    holds = [holder for holder, claim in holders.items() if claim.kind == Claim.Kind.HOLD]
    found = _visible(Booking.objects.filter(state=BookingState.OPTION), "booking", holds)
    return {option.holder: Occupant("option", _("In option"), option=option) for option in found}


def _visible(rows: Rows, kind: str, holders: Iterable[str]) -> Rows:
    keys = [holder.partition(":")[2] for holder in holders if holder.startswith(f"{kind}:")]
    return rows.filter(pk__in=keys) if keys else rows.none()


def _of_booking(booking: Booking) -> Occupant:
    state = STATES.get(BookingState(booking.state), "booked")
    return Occupant(state, booking.title or booking.party.name, booking)


def _unknown(claim: Claim) -> Occupant:
    if claim.kind == Claim.Kind.CLOSURE:
        return Occupant("closed", _("Closed"))
    if claim.kind == Claim.Kind.LEASE:
        return Occupant("leased", _("Let"))
    return Occupant("held" if claim.kind == Claim.Kind.HOLD else "taken", _("Taken"))
