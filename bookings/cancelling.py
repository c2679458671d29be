"""Cancelling a booking: what it costs is known, and shown, before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_noop

from bookings import additions, busy, challenging, lessening, owing, telling
from bookings.additions import Fee
from bookings.life import enter, locked
from bookings.models import Booking
from bookings.refusals import AlreadyDone, Overtaken, PriceChanged, TooLate
from bookings.states import HOLDING, BookingState
from spaces import cancellation, claiming
from spaces.explaining import sentence
from spaces.money import Euro, Taxed, euro, total
from tenants.billing.online.crediting import Back
from tenants.parties.models import User

OVER = (BookingState.CANCELLED, BookingState.DECLINED, BookingState.EXPIRED)
"""There is nothing left to cancel."""
FEE = gettext_noop("Cancellation fee by the agreed steps")


@dataclass(frozen=True)
class Cancellation:
    """What cancelling at a moment costs and gives back; both together are the price.

    `fee` is all of it: that of the room, and of what is `kept` of what goes with it.
    """

    fee: Taxed
    back: Euro
    room: Taxed
    kept: tuple[Fee, ...] = ()

    @property
    def free(self) -> bool:
        return not self.fee.net


def money_back(booking: Booking, planned: Cancellation) -> Back | None:
    """What comes back at once, and how, of what was paid when it was booked; None when it is on the month invoice."""
    return owing.back_for_fee(booking, planned.room, why=sentence(FEE), kept=planned.kept)


def plan(booking: Booking, *, now: datetime) -> Cancellation:
    """The cost by the policy as agreed when booking. Raises TooLate after the start."""
    if booking.starts_at <= now:
        raise TooLate
    if booking.state != BookingState.CONFIRMED:
        raise AlreadyDone
    room, kept = fee_at(booking, now), additions.fees(booking, now)
    fee = together([room, *(each.taxed for each in kept)])
    return Cancellation(fee=fee, back=euro(booking.total - fee.gross), room=room, kept=tuple(kept))


def fee_at(booking: Booking, at: datetime) -> Taxed:
    """The cancellation fee at a moment, with the VAT of the booking itself; what is kept for changes stays owed."""
    price = lessening.price(booking)
    net = cancellation.cost(price, steps=booking.policy, starts_at=booking.policy_starts_at, at=at)
    return Taxed.from_net(net + booking.net - price, rate=booking.vat_rate)


def together(parts: Sequence[Taxed]) -> Taxed:
    """Amounts with each its own VAT as one; the rate is that of the first."""
    return Taxed(net=total(it.net for it in parts), vat=total(it.vat for it in parts), rate=parts[0].rate)


def is_late(booking: Booking, at: datetime) -> bool:
    """Whether cancelling at that moment costs more than the mildest of the agreed steps."""
    until = cancellation.mildest_until(booking.policy, starts_at=booking.policy_starts_at)
    return until is None or at > until


def not_coming(booking: Booking) -> Taxed:
    """The fee when nobody came, with the VAT of the booking itself; what is kept for changes stays owed."""
    price = lessening.price(booking)
    fee = cancellation.not_coming(price, steps=booking.policy)
    return Taxed.from_net(fee + booking.net - price, rate=booking.vat_rate)


@busy.retried
@transaction.atomic(durable=True)
def cancel(
    booking: Booking, *, by: User, agreed: Euro | None = None, sequence: int | None = None, now: datetime
) -> Booking:
    """Give the space back, charge only the fee, tell the person. A second call changes nothing.

    `agreed` is the fee including VAT as the person saw it: another one by now, PriceChanged. `sequence` is that of the
    booking as they saw it: changed since then, Overtaken. Hours included in a
    lease come back too, unless cancelling costs more than the mildest step by then.
    """
    booking = locked(booking)
    if booking.state == BookingState.CANCELLED:
        return booking
    if sequence not in (None, booking.sequence):
        raise Overtaken
    planned = plan(booking, now=now)
    if agreed not in (None, planned.fee.gross):
        raise PriceChanged
    late = is_late(booking, now)
    _end(booking, planned, by=by, included_hours=booking.included_hours if late else 0, now=now)
    return booking


@busy.retried
@transaction.atomic(durable=True)
def cancel_free(booking: Booking, *, why: str, by: User, now: datetime) -> Booking:
    """Staff cancel, at no cost to the party, with a letter that says `why`. A second call changes nothing.

    Raises TooLate after the start.
    """
    booking = locked(booking)
    call_off(booking, why=why, by=by, now=now)
    return booking


def call_off(booking: Booking, *, why: str, by: User, now: datetime) -> None:
    """`cancel_free` for a booking that the caller has locked, inside the caller's transaction.

    An option ends as if it had run out, and its holder is told. A hold ends without a letter. What is over already
    stays as it was. Of what is being paid the payment page is closed after this, and money that still comes goes back.
    Raises TooLate after the start.
    """
    if booking.state in OVER:
        return
    if booking.starts_at <= now:
        raise TooLate
    nothing = Taxed.from_net(Decimal(0), rate=booking.vat_rate)
    free = Cancellation(fee=nothing, back=euro(booking.total), room=nothing)
    if booking.state not in HOLDING:
        _end(booking, free, why=why, by=by, included_hours=0, now=now)
        return
    was_option, challenge = booking.state == BookingState.OPTION, challenging.open_on(booking)
    enter(booking, BookingState.EXPIRED, included_hours=0)
    claiming.release(booking.holder)
    if was_option:
        telling.cancelled(booking, fee=free.fee, back=free.back, why=why, by=by, now=now)
    if challenge is not None:
        challenging.lapsed(challenge, now=now)


def _end(
    booking: Booking,
    planned: Cancellation,
    *,
    why: str = "",
    by: User,
    included_hours: Decimal | int,
    now: datetime,
) -> None:
    enter(
        booking,
        BookingState.CANCELLED,
        cancelled_at=now,
        cancellation_net=planned.fee.net,
        included_hours=included_hours,
        sequence=booking.sequence + 1,
    )
    claiming.release(booking.holder)
    reason = sentence(FEE)
    owing.charge_fee(booking, planned.room, why=reason, kept=planned.kept)
    online = owing.give_back(booking, by=by, now=now)
    telling.cancelled(booking, fee=planned.fee, back=planned.back, online=online, why=why, by=by, now=now)
