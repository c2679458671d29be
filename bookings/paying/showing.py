"""What pages say of paying a booking: what was paid online, and what is still being paid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bookings.models import Booking
from bookings.states import BookingState
from spaces.money import Euro, euro
from tenants.billing.models import Charge, Invoice, OnlineMethod, OnlinePayment, OnlineState, Receivable
from tenants.billing.online import back_seen
from tenants.billing.online.back_seen import Back
from tenants.parties.access import Actor


@dataclass(frozen=True)
class Paid:
    """A payment that came in, in words; `invoice` when one was made of it and whoever asks may see it.

    `refunds` is what goes or went back of it, `later` what is still to be paid of the invoice.
    """

    payment: OnlinePayment
    method: str
    invoice: Invoice | None
    refunds: Sequence[Back]
    later: Euro


def paid(booking: Booking, *, actor: Actor) -> Paid | None:
    """What was paid online for a booking; None when it goes on account. Four queries at most, one for most."""
    rows = OnlinePayment.objects.of_source(booking.holder).filter(state=OnlineState.SUCCEEDED)
    payment = rows.order_by("created_at", "pk").first()
    if payment is None:
        return None
    charges = Charge.objects.of_family(booking.holder)
    made = (
        Invoice.objects.visible_to(actor).filter(at_once=True, lines__charge__in=charges).distinct().first()
    )
    return Paid(payment, in_words(payment), made, back_seen.of_payment(payment), _later(made))


def _later(invoice: Invoice | None) -> Euro:
    """What was left to pay after booking, as far as it is open: a cancellation takes it away."""
    if invoice is None or invoice.gross <= invoice.prepaid:
        return euro(0)
    row = Receivable.objects.with_open().filter(invoice=invoice).first()
    return euro(max(row.open_amount, euro(0))) if row else euro(0)


def in_words(payment: OnlinePayment) -> str:
    """How it was paid, in the active language; what we do not know reads as Stripe calls it."""
    known = {str(value): str(label) for value, label in OnlineMethod.choices}
    return known.get(payment.method, payment.method)


def under_way(bookings: Iterable[Booking]) -> dict[str, OnlinePayment]:
    """The attempt of each booking that is being paid, by its source. One query, or none."""
    sources = [booking.holder for booking in bookings if booking.state == BookingState.PAYING]
    if not sources:
        return {}
    rows = OnlinePayment.objects.under_way().filter(source__in=sources)
    return {payment.source: payment for payment in rows}
