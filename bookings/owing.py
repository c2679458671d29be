"""What a booking owes, posted down to the charges ledger."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookings import additions
from bookings.additions import Fee
from bookings.models import Addition, Booking
from bookings.states import BookingState
from spaces import wording
from spaces.explaining import Sentence, sentence
from spaces.money import Euro, Taxed, euro
from spaces.pricing import Quote, QuoteLine
from tenants.billing import charging
from tenants.billing.charging import Owed
from tenants.billing.models import LineKind
from tenants.billing.online import at_once, crediting
from tenants.billing.online.crediting import Back
from tenants.parties.models import User

INSTANT = timedelta(microseconds=1)


def charge_in_full(booking: Booking) -> None:
    """Charge the price as agreed, line by line; a second call changes nothing. What is invoiced is credited."""
    _post(booking, in_full(booking))


def in_full(booking: Booking) -> list[Owed]:
    """The price as agreed, line by line: of the room, and of what goes with it. One query."""
    extra = [_owed_for(booking, row, row.net, why=row.reason) for row in additions.of(booking) if row.net]
    return [*lines_of(booking), *extra]


def payable(booking: Booking) -> Euro:
    """What an invoice with only this booking comes to: VAT is computed once over all of it. One query."""
    return at_once.payable(in_full(booking))


def charge_nothing(booking: Booking) -> None:
    """Take back whatever was charged. What is invoiced is credited."""
    _post(booking, [])


def charge_fee(booking: Booking, fee: Taxed, *, why: Sentence, kept: Sequence[Fee] = ()) -> None:
    """Charge only `fee`, with the booking's own VAT, and what is `kept` of its additions; nothing when it is zero.

    What is invoiced is credited.
    """
    _post(booking, _fee(booking, fee, why=why, kept=kept))


def back_for_fee(booking: Booking, fee: Taxed, *, why: Sentence, kept: Sequence[Fee] = ()) -> Back | None:
    """What `charge_fee` and `give_back` would give back; None for what was not paid when it was booked."""
    lines = _fee(booking, fee, why=why, kept=kept)
    return crediting.foreseen(booking.holder, hub=booking.hub, party=booking.party, lines=lines)


def back_for_price(booking: Booking, price: Quote, extra: Sequence[Addition]) -> Back | None:
    """The same when its price is to be `price`, with `extra` going along."""
    rows = [_owed_for(booking, row, row.net, why=row.reason) for row in extra if row.net]
    lines = [_owed(booking, price, line) for line in price.lines if line.net]
    return crediting.foreseen(booking.holder, hub=booking.hub, party=booking.party, lines=[*lines, *rows])


def give_back(booking: Booking, *, by: User | None, now: datetime) -> Back | None:
    """What was paid when booking and is owed no more: its credit note at once, and the money back as it was paid.

    Call it after charging, by who has locked the booking. None for what was not paid when it was booked; a second call
    finds nothing to give back.
    """
    reason = _("Booking %(code)s costs less") % {"code": booking.code}
    if booking.state in (BookingState.CANCELLED, BookingState.DECLINED):
        reason = _("Booking %(code)s does not take place") % {"code": booking.code}
    return crediting.credit(booking.holder, reason=reason, by=by, now=now)


def _fee(booking: Booking, fee: Taxed, *, why: Sentence, kept: Sequence[Fee]) -> list[Owed]:
    quote = Quote.from_json(booking.quote)
    line = QuoteLine("fee", Decimal(1), fee.net, fee.net, description=why, reason=why)
    extra = [_owed_for(booking, it.addition, it.taxed.net, why=why) for it in kept if it.taxed.net]
    return [*([_owed(booking, quote, line)] if fee.net else []), *extra]


def _post(booking: Booking, lines: Sequence[Owed]) -> None:
    charging.correct(booking.holder, hub=booking.hub, party=booking.party, lines=lines)


def _owed_for(booking: Booking, row: Addition, net: Decimal, *, why: Sentence) -> Owed:
    """What goes with a booking, with its own VAT; all of it at its price, a part of it as one amount."""
    whole = net == row.net
    room = _owed(booking, Quote.from_json(booking.quote), QuoteLine(
        "extra", row.quantity if whole else Decimal(1), row.unit_price if whole else net, euro(net),
        description=why, reason=why,
    ))  # fmt: skip
    return replace(
        room,
        kind=LineKind.EXTRA,
        description=sentence("%(what)s – %(booked)s", what=row.description, booked=room.description),
        vat_reason=row.vat_reason,
        vat_treatment=row.vat_treatment,
        vat_rate=row.vat_rate,
    )


def _owed(booking: Booking, quote: Quote, line: QuoteLine) -> Owed:
    starts, ends = booking.period.local(booking.hub.zone)
    last = ends - INSTANT  # what ends at midnight belongs to the day before
    return Owed(
        kind=LineKind.BOOKING,
        cost_centre=booking.space.code,
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


def charge_anew(bookings: Sequence[Booking]) -> None:
    """Charge the price as it is now of bookings of one party that are on no invoice, all at once."""
    if bookings:
        owed = [(booking.holder, lines_of(booking)) for booking in bookings]
        charging.post_all(owed, hub=bookings[0].hub, party=bookings[0].party)


def lines_of(booking: Booking) -> list[Owed]:
    """What the price as agreed comes to, line by line."""
    quote = Quote.from_json(booking.quote)
    return [_owed(booking, quote, line) for line in quote.lines if line.net]
