"""The letters about a booking: each fact is told once, to the person who uses the room."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation

from bookings import invitation
from bookings.models import Booking
from bookings.states import BookingState
from bookings.terms import Terms
from spaces import cancellation
from spaces.money import Euro, Taxed
from tenants.billing.models import OnlinePayment
from tenants.billing.online.crediting import Back
from tenants.parties import mailing
from tenants.parties.mailing import File
from tenants.parties.models import User


@dataclass(frozen=True)
class Addressee:
    """Who reads a letter, and in which language."""

    name: str
    email: str
    language: str


def addressee(booking: Booking) -> Addressee | None:
    """Who the letters go to: the colleague it is for, else the party; None when there is no address."""
    if booking.contact is not None:
        return Addressee(booking.contact.name, booking.contact.email, booking.contact.language)
    party = booking.party
    return Addressee(party.contact_name or party.name, party.email, party.language) if party.email else None


def booked(booking: Booking, *, paid: OnlinePayment | None = None, now: datetime) -> None:
    """Owe the confirmation, with an invitation for the calendar; it says what was `paid` online."""
    steps = cancellation.in_words(
        booking.policy, starts_at=booking.policy_starts_at, zone=booking.hub.zone, now=now
    )
    _tell(
        booking,
        "booking_confirmed",
        fact="confirmed",
        method="REQUEST",
        context={"steps": steps, "paid": paid},
        now=now,
    )


def changed(
    booking: Booking,
    *,
    by: User,
    terms: Terms = Terms.AGREED,
    fee: Taxed | None = None,
    online: Back | None = None,
    now: datetime,
) -> None:
    """Owe the letter about a move; the invitation updates the entry in place. Withdraws an old reminder.

    `fee` is what stays owed for the part given up by this change, `online` what comes back of what was paid; on the
    terms of the house the letter says that the house asked for it.
    """
    mailing.withdraw(f"{booking.holder}:reminder:", now=now)
    fact = f"changed:{booking.sequence}"
    context = {"by": by, "by_the_house": terms is Terms.HOUSE, "fee": fee, "online": online}
    _tell(booking, "booking_changed", fact=fact, method="REQUEST", context=context, now=now)


def cancelled(
    booking: Booking,
    *,
    fee: Taxed,
    back: Euro,
    online: Back | None = None,
    why: str = "",
    by: User,
    now: datetime,
) -> None:
    """Owe the letter about the cancellation: its cost, what comes back `online`, and `why` when staff did it.

    Withdraws the reminder.
    """
    mailing.withdraw(f"{booking.holder}:reminder:", now=now)
    context = {"by": by, "fee": fee, "back": back, "why": why, "online": online}
    invited = "CANCEL" if booking.state == BookingState.CANCELLED else ""  # nobody was invited for an option
    _tell(booking, "booking_cancelled", fact="cancelled", method=invited, context=context, now=now)


def released(booking: Booking, *, fee: Taxed, now: datetime) -> None:
    """Owe the letter that nobody came in time and others may have the rest; once for each time.

    `fee` is all that not coming costs: of the room, and of what goes with it.
    """
    fact = f"released:{booking.sequence}"
    _tell(booking, "booking_released", fact=fact, method="", context={"fee": fee}, now=now)


def reminder(booking: Booking, *, now: datetime) -> None:
    """Owe the reminder of the day before; useless once the booking has begun."""
    fact = f"reminder:{booking.starts_at:%Y%m%dT%H%M}"
    useless = booking.starts_at
    _tell(booking, "booking_reminder", fact=fact, method="", context={}, useless_after=useless, now=now)


def _tell(
    booking: Booking,
    kind: str,
    *,
    fact: str,
    method: str,
    context: dict[str, Any],
    useless_after: datetime | None = None,
    now: datetime,
) -> None:
    to = addressee(booking)
    if to is None:
        return
    mailing.post(
        key=f"{booking.holder}:{fact}",
        kind=kind,
        hub=booking.hub,
        party=booking.party,
        to_email=to.email,
        to_name=to.name,
        language=to.language,
        context={"booking": booking, "to": to, "link": mailing.link(reverse("booking", args=[booking.code]))}
        | context,
        attachments=_invitation(booking, to, method=method, now=now) if method else (),
        due_at=now,
        useless_after=useless_after,
    )


def _invitation(booking: Booking, to: Addressee, *, method: str, now: datetime) -> list[File]:
    with translation.override(to.language):
        content = invitation.ics(booking, method=method, attendee=to.email, now=now)
    return [File(f"{booking.code}.ics", invitation.CONTENT_TYPE.format(method=method), content)]
