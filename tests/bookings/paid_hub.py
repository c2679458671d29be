"""A hub that takes online payments, and how things stand there: for the tests of paying a booking."""

from decimal import Decimal

from bookings.models import Booking
from bookings.paying import starting
from tenants.billing.models import Charge, Invoice, OnlinePayment, Payment, Receivable
from tests import cast
from tests.billing import books
from tests.bookings import deeds
from tests.cast import NOW
from tests.online import money

AMOUNT = Decimal("37.50")


class Place:
    """A hub that takes online payments, with one consult room, and Anna who may book it."""

    def __init__(self, **rate):
        self.hub = money.hub()
        self.room = cast.space(self.hub, "B03")
        cast.rate(self.hub, **rate)
        self.anna, self.practice = cast.zzper(self.hub, **books.ADDRESS)
        self.who = (self.anna, self.practice)

    def hold(self, *, now=NOW):
        return deeds.hold(self.room, self.who, now=now)

    def start(self, booking=None, *, now=NOW):
        payment = starting.start(booking or self.hold(now=now), by=self.anna, now=now)
        assert payment is not None
        return payment

    def other(self):
        """Bram, who wants the same room."""
        return cast.zzper(self.hub, "Bram Visser", **books.ADDRESS)


def of(payment):
    return Booking.objects.with_everything().get(pk=payment.source.removeprefix("booking:"))


def state(payment):
    return of(payment).state, OnlinePayment.objects.get(pk=payment.pk).state


def paid_once():
    """One invoice, wholly paid by one payment."""
    invoice, payment = Invoice.objects.get(), Payment.objects.get()
    assert (invoice.at_once, invoice.prepaid, invoice.gross) == (True, payment.amount, payment.amount)
    assert Receivable.objects.with_open().get().open_amount == 0
    assert Charge.objects.count() == invoice.lines.count()
    return invoice


def no_money():
    return not Payment.objects.exists() and not Invoice.objects.exists() and not Charge.objects.exists()
