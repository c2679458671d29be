"""What follows for a booking once it is known whether it was paid; inside the transaction that says so.

The caller has locked the party, the booking and the attempt.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bookings import approving, informing, owing, reserving, telling
from bookings.life import enter
from bookings.models import Booking
from bookings.paying import ways
from bookings.states import BOOKED, BookingState
from spaces import claiming
from spaces.claiming import SpaceTaken
from spaces.quoting import Quote
from tenants.billing import charging
from tenants.billing.models import OnlinePayment
from tenants.billing.online import at_once, refunding
from tenants.billing.refunding import Credit


def paid(booking: Booking, payment: OnlinePayment, *, now: datetime) -> None:
    """Book it, with its invoice. What had ended is taken back when it is still free; otherwise the money goes back."""
    if booking.state == BookingState.PAYING or _taken_back(booking, now=now):
        _book(booking, payment, now=now)
    elif booking.state in BOOKED and not charging.settled_sources([booking.holder]):
        _invoice(booking, payment, now=now)  # booked on account meanwhile: then this pays for it
    else:
        _give_back(booking, payment, now=now)


def not_paid(booking: Booking, *, now: datetime) -> None:
    """It is held, or an option, as it was, for as long as that lasts; after that others may have the time."""
    if booking.state != BookingState.PAYING:
        return
    before = _state_before(booking)
    if booking.held_until is not None and booking.held_until > now:
        claiming.lock(reserving.spaces_of(booking))
        claiming.hold_again(booking.holder, expires_at=booking.held_until)
        enter(booking, before)
        return
    enter(booking, BookingState.EXPIRED, included_hours=0)
    claiming.release(booking.holder)
    if before == BookingState.OPTION:
        informing.option_ended(booking, let_go=False, now=now)


def _book(booking: Booking, payment: OnlinePayment, *, now: datetime) -> None:
    enter(
        booking,
        BookingState.CONFIRMED,
        held_until=None,
        reminded_at=approving.noted(booking, now=now),
        included_hours=Quote.from_json(booking.quote).included_hours,
    )
    owing.charge_in_full(booking)
    _invoice(booking, payment, now=now)
    telling.booked(booking, paid=payment, now=now)


def _invoice(booking: Booking, payment: OnlinePayment, *, now: datetime) -> None:
    if payment.payment:
        at_once.issue_for(booking.holder, paid=payment.payment, now=now)


def _taken_back(booking: Booking, *, now: datetime) -> bool:
    """Claim anew what had ended while it was being paid; False when that cannot be, or it has begun by now."""
    if booking.state not in ways.TO_BOOK or booking.starts_at <= now:
        return False
    try:
        with transaction.atomic():
            claiming.release(booking.holder)
            reserving.claim_for_good(booking, now=now)
    except SpaceTaken:
        return False
    return True


def _give_back(booking: Booking, payment: OnlinePayment, *, now: datetime) -> None:
    """All of it goes back the way it came; who paid, and the directors, are told why."""
    why = _("Paid after the time of booking %(code)s had gone") % {"code": booking.code}
    if money := payment.payment:
        credit = Credit(money.party, money.amount, money.received_on, booking.code, payment=money)
        refunding.give_back(credit, reason=why, now=now)
    informing.paid_too_late(booking, payment, now=now)


def _state_before(booking: Booking) -> BookingState:
    """What it was when somebody began to pay: an option, or else a hold. One query."""
    events = booking.events.exclude(state=BookingState.PAYING)  # type: ignore[attr-defined]
    latest = events.order_by("-pgh_id").values_list("state", flat=True).first()
    return BookingState.OPTION if latest == BookingState.OPTION else BookingState.HELD
