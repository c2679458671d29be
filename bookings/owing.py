"""What a booking owes, posted down to the charges ledger."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_noop

from bookings.models import Booking
from spaces import wording
from spaces.explaining import Sentence, sentence
from spaces.money import Taxed
from spaces.pricing import Quote, QuoteLine
from tenants.billing import charging
from tenants.billing.charging import Owed

INSTANT = timedelta(microseconds=1)


def charge_in_full(booking: Booking) -> None:
    """Charge the price as agreed, line by line; a second call changes nothing. What is invoiced is credited."""
    quote = Quote.from_json(booking.quote)
    _post(booking, [_owed(booking, quote, line) for line in quote.lines if line.net])


def charge_fee(booking: Booking, fee: Taxed, *, why: Sentence) -> None:
    """Charge only `fee`, with the booking's own VAT, or nothing when it is zero. What is invoiced is credited."""
    quote = Quote.from_json(booking.quote)
    line = QuoteLine("fee", Decimal(1), fee.net, fee.net, description=why, reason=why)
    _post(booking, [_owed(booking, quote, line)] if fee.net else [])


def _post(booking: Booking, lines: Sequence[Owed]) -> None:
    charging.correct(booking.holder, hub=booking.hub, party=booking.party, lines=lines)


def _owed(booking: Booking, quote: Quote, line: QuoteLine) -> Owed:
    starts, ends = booking.period.local(booking.hub.zone)
    last = ends - INSTANT  # what ends at midnight belongs to the day before
    return Owed(
        description=sentence(
            gettext_noop("%(space)s, %(day)s, %(starts)s–%(ends)s"),
            space=booking.space.name,
            day=starts.date(),
            starts=wording.clock(starts.time()),
            ends=wording.clock(ends.time()) if last.date() == ends.date() else "24:00",
        ),
        reason=line.reason,
        vat_reason=quote.vat_reason,
        starts_on=starts.date(),
        ends_on=last.date(),
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        net=line.net,
        vat_treatment=quote.vat_treatment,
        vat_rate=quote.taxed.rate,
    )


def charge_all(bookings: Sequence[Booking]) -> None:
    """Charge the price as agreed of new bookings of one party, all at once. None of them was ever charged."""
    if not bookings:
        return
    owed = [(booking.holder, lines_of(booking)) for booking in bookings]
    charging.post_new(owed, hub=bookings[0].hub, party=bookings[0].party)


def lines_of(booking: Booking) -> list[Owed]:
    """What the price as agreed comes to, line by line."""
    quote = Quote.from_json(booking.quote)
    return [_owed(booking, quote, line) for line in quote.lines if line.net]
