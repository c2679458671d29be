"""Starting to pay: the booking, its claims and the attempt are written together before anybody is asked for money."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings import reserving
from bookings.life import enter
from bookings.models import Booking
from bookings.paying import syncing, ways
from bookings.refusals import NotPaidOnline
from bookings.states import BookingState
from spaces import wording
from spaces.models import Space
from tenants.billing.models import OnlinePayment, OnlineState
from tenants.billing.online import attempts
from tenants.billing.online.attempts import Ask
from tenants.billing.online.refusals import OnlineRefused
from tenants.parties.models import User


def start(booking: Booking, *, title: str = "", by: User, now: datetime) -> OnlinePayment | None:
    """Keep the time for good while `by` pays, and open the page for it; call it with no transaction open.

    A second call, from this tab or another, returns the same attempt: it is open (go to its `url`), or not any more
    (look at the booking again). None when the booking is not to be paid any more, because it was made meanwhile.
    Raises as `reserving.confirm`, NotPaidOnline, and BankOutOfReach when nobody knows whether the page was opened: the
    time stays kept, and `go_on` tries again.
    """

    def pay(row: Booking, _spaces: list[Space]) -> None:
        _begin(row, title=title, by=by, now=now)

    return go_on(reserving.secure(booking, pay, by=by, now=now), now=now)


def go_on(booking: Booking, *, now: datetime) -> OnlinePayment | None:
    """The attempt under way for a booking that is being paid, as it is by now, with its page opened.

    Raises BankOutOfReach; and NotPaidOnline when the payment service refused: then it is held as before.
    """
    payment = attempts.under_way(source=booking.holder)
    if booking.state != BookingState.PAYING or payment is None:
        return None
    payment = syncing.asked(payment, now=now)
    if payment.state == OnlineState.FAILED:
        raise NotPaidOnline(_("The payment page could not be opened. Try again later, or ask reception."))
    return payment


def _begin(booking: Booking, *, title: str, by: User, now: datetime) -> None:
    """Inside the transaction that has claimed the spaces for good."""
    chosen = ways.of(booking, by=by)
    if chosen.needs_address:
        raise ways.address_first()
    if not chosen.online:
        raise NotPaidOnline(_("This booking cannot be paid online right now. Look at it once more."))
    enter(booking, BookingState.PAYING, title=title or booking.title)
    ask = Ask(
        party=booking.party, amount=chosen.now, description=_described(booking), source=booking.holder,
        return_path=reverse("booking-paid", args=[booking.pk]), email=by.email, by=by,
    )  # fmt: skip
    try:
        attempts.make(ask, now=now)
    except OnlineRefused as refused:
        raise NotPaidOnline(refused.message) from refused


def _described(booking: Booking) -> str:
    """What stands on the page of the bank, and on the account afterwards."""
    facts = {"code": booking.code, "room": booking.space.name, "when": wording.period(booking.period)}
    return _("%(code)s: %(room)s, %(when)s") % facts
