"""Who stands behind a claim, as far as the person who asks may know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bookings.models import Booking
from bookings.states import BookingState
from spaces.models import Claim
from tenants.leases.models import FixedDayPart
from tenants.parties.access import Actor

Rows = TypeVar("Rows", bound=QuerySet)

STATES = {
    BookingState.HELD: "held",
    BookingState.ARRIVED: "arrived",
    BookingState.NO_SHOW: "absent",
}


@dataclass(frozen=True)
class Occupant:
    """What a table may show of a claim. `state` is a look: booked, held, arrived, absent, taken, leased, closed."""

    state: str
    name: str
    booking: Booking | None = None


def of_claims(claims: Iterable[Claim], *, actor: Actor) -> Mapping[str, Occupant]:
    """Each claim's occupant by its holder; others' bookings are only "Taken". Two queries, however many."""
    holders = {claim.holder: claim for claim in claims}
    bookings = _visible(Booking.objects.with_everything().visible_to(actor), "booking", holders)
    fixed = _visible(FixedDayPart.objects.select_related("party").visible_to(actor), "fixed", holders)
    known = {booking.holder: _of_booking(booking) for booking in bookings} | {
        row.holder: Occupant("leased", row.party.name) for row in fixed
    }
    return {holder: known.get(holder) or _unknown(claim) for holder, claim in holders.items()}


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
