"""What became of an attempt, and what that means for its booking: both are written in one transaction.

The one door for whoever hears of a payment: the webhook, the page to which a payer returns, the sweep.
"""

from datetime import datetime

from django.db import transaction

from bookings import busy
from bookings.life import locked
from bookings.models import Booking
from bookings.paying import following
from bookings.refusals import BankOutOfReach
from bookings.states import BookingState
from tenants.billing import stripe
from tenants.billing.locking import BooksLocked
from tenants.billing.models import UNDER_WAY, OnlinePayment, OnlineState
from tenants.billing.online import attempts
from tenants.billing.online import syncing as online
from tenants.billing.online.syncing import Seen

OF_A_BOOKING = "booking:"


def sync(payment: OnlinePayment, *, now: datetime) -> OnlinePayment:
    """Ask how a payment stands, and let follow what follows; call it with no transaction open.

    Of a booking that nobody pays for any more the page is closed first. A second call, or many at once, do it once.
    Raises `stripe.Unavailable`, and then nothing has changed.
    """
    if not payment.source.startswith(OF_A_BOOKING):
        return online.sync(payment, now=now)
    if payment.state in UNDER_WAY and _booking_of(payment).state != BookingState.PAYING:
        attempts.close(payment, now=now)
    return _followed(payment, online.look(payment, now=now), now=now)


def asked(payment: OnlinePayment, *, now: datetime) -> OnlinePayment:
    """As `sync`, for a person who waits for the answer: raises BankOutOfReach when there is none."""
    try:
        return sync(payment, now=now)
    except (stripe.Unavailable, BooksLocked) as error:
        raise BankOutOfReach from error


def closed(payment: OnlinePayment, *, now: datetime) -> OnlinePayment:
    """As `asked`, after its page was closed: what was paid by then is paid."""
    if payment.state == OnlineState.NEW:  # whether it has a page nobody knows, and the answer counts as well
        payment = asked(payment, now=now)
    try:
        attempts.close(payment, now=now)
    except stripe.Unavailable as error:
        raise BankOutOfReach from error
    return asked(payment, now=now)


@busy.retried
@transaction.atomic(durable=True)
def _followed(payment: OnlinePayment, seen: Seen, *, now: datetime) -> OnlinePayment:
    """Locks in everybody's order: the party, the booking, the attempt, and then what follows needs."""
    booking = locked(_booking_of(payment))
    before = OnlinePayment.objects.select_for_update().get(pk=payment.pk).state
    row = online.apply(payment, seen, now=now)
    if row.state == before:
        return row
    if row.state == OnlineState.SUCCEEDED:
        following.paid(booking, row, now=now)
    elif row.state not in UNDER_WAY:
        following.not_paid(booking, now=now)
    return row


def _booking_of(payment: OnlinePayment) -> Booking:
    return Booking.objects.get(pk=payment.source.removeprefix(OF_A_BOOKING))
