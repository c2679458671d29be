"""Making a booking cheaper when cancelling already costs money: what is given up costs what cancelling it would.

Otherwise who has to pay for cancelling would first change to a quarter of an hour (see docs/adr/0016). The part kept
for it is a line of the booking's own quote, so it is shown, charged and credited as everything else there.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_noop

from bookings.models import Booking
from bookings.terms import Terms
from spaces import cancellation, wording
from spaces.explaining import sentence
from spaces.money import Euro, Taxed, euro, total
from spaces.pricing import Quote, QuoteLine

GIVEN_UP = "given_up"
"""The unit of the line that says what is kept."""


@dataclass(frozen=True)
class Kept:
    """What stays owed, excluding VAT, for `given_up`: the part of the price that was given up late."""

    net: Euro
    given_up: Euro


def kept(booking: Booking) -> Kept:
    """What is kept for changes until now."""
    lines = Quote.from_json(booking.quote).lines
    return Kept(total(line.net for line in lines if line.unit == GIVEN_UP), euro(booking.given_up_net))


def price(booking: Booking) -> Euro:
    """The price, excluding VAT, of what the booking is now: without what is kept."""
    return euro(booking.net - kept(booking).net)


def after(booking: Booking, *, net: Decimal, terms: Terms, now: datetime) -> Kept:
    """What is kept once the price, excluding VAT, has become `net` (with what other rooms cost more or less).

    Cheaper: the difference costs what the agreed steps say of it now. Dearer again: what was given up comes back, with
    its share of what was kept for it; so the order of changes makes no difference.
    """
    before, old = kept(booking), price(booking)
    if net < old:
        return before if terms is Terms.HOUSE else _more(booking, before, euro(old - net), now=now)
    regained = min(euro(net - old), before.given_up)
    if not regained:
        return before
    left = euro(before.given_up - regained)
    return Kept(euro(before.net * left / before.given_up), left)


def agreed(fresh: Quote, kept: Kept) -> Quote:
    """The quote with what is kept as its last line, and VAT over all of it."""
    if not kept.net:
        return fresh
    lines = (*fresh.lines, _line(kept))
    taxed = Taxed.from_net(total(line.net for line in lines), rate=fresh.vat_rate)
    return replace(fresh, lines=lines, taxed=taxed)


def _more(booking: Booking, before: Kept, given_up: Euro, *, now: datetime) -> Kept:
    fee = cancellation.cost(given_up, steps=booking.policy, starts_at=booking.policy_starts_at, at=now)
    if not fee:
        return before
    return Kept(euro(before.net + fee), euro(before.given_up + given_up))


def _line(kept: Kept) -> QuoteLine:
    reason = sentence(
        gettext_noop(
            "Of %(price)s that was given up when cancelling already cost money, by the agreed steps"
        ),
        price=wording.euro(kept.given_up),
    )
    described = sentence(gettext_noop("For the part given up"))
    return QuoteLine(GIVEN_UP, Decimal(1), kept.net, kept.net, description=described, reason=reason)
