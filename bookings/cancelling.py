"""Cancelling a booking: what it costs is known, and shown, before it is done."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from bookings import owing, telling
from bookings.life import enter, locked
from bookings.models import Booking
from bookings.refusals import AlreadyDone, PriceChanged, TooLate
from bookings.states import BookingState
from spaces import cancellation, claiming
from spaces.explaining import sentence
from spaces.money import Euro, Taxed, euro
from tenants.parties.models import User


@dataclass(frozen=True)
class Cancellation:
    """What cancelling at a moment costs and gives back; both together are the price."""

    fee: Taxed
    back: Euro

    @property
    def free(self) -> bool:
        return not self.fee.net


def plan(booking: Booking, *, now: datetime) -> Cancellation:
    """The cost by the policy as agreed when booking. Raises TooLate after the start."""
    if booking.starts_at <= now:
        raise TooLate
    if booking.state != BookingState.CONFIRMED:
        raise AlreadyDone
    fee = fee_at(booking, now)
    return Cancellation(fee=fee, back=euro(booking.gross - fee.gross))


def fee_at(booking: Booking, at: datetime) -> Taxed:
    """The cancellation fee at a moment, with the VAT of the booking itself."""
    net = cancellation.cost(booking.net, steps=booking.policy, starts_at=booking.policy_starts_at, at=at)
    return Taxed.from_net(net, rate=booking.vat_rate)


def is_late(booking: Booking, at: datetime) -> bool:
    """Whether cancelling at that moment costs more than the mildest of the agreed steps."""
    until = cancellation.mildest_until(booking.policy, starts_at=booking.policy_starts_at)
    return until is None or at > until


def not_coming(booking: Booking) -> Taxed:
    """The fee when nobody came, with the VAT of the booking itself."""
    return Taxed.from_net(cancellation.not_coming(booking.net, steps=booking.policy), rate=booking.vat_rate)


@claiming.retried
@transaction.atomic(durable=True)
def cancel(booking: Booking, *, by: User, agreed: Euro | None = None, now: datetime) -> Booking:
    """Give the space back, charge only the fee, tell the person. A second call changes nothing.

    `agreed` is the fee including VAT as the person saw it: another one by now, PriceChanged. Hours included in a
    lease come back too, unless cancelling costs more than the mildest step by then.
    """
    booking = locked(booking)
    if booking.state == BookingState.CANCELLED:
        return booking
    planned = plan(booking, now=now)
    if agreed not in (None, planned.fee.gross):
        raise PriceChanged
    enter(
        booking,
        BookingState.CANCELLED,
        cancelled_at=now,
        cancellation_net=planned.fee.net,
        included_hours=booking.included_hours if is_late(booking, now) else 0,
        sequence=booking.sequence + 1,
    )
    claiming.release(booking.holder)
    owing.charge_fee(booking, planned.fee, why=sentence(gettext_noop("Cancellation fee by the agreed steps")))
    telling.cancelled(booking, fee=planned.fee, back=planned.back, by=by, now=now)
    return booking
