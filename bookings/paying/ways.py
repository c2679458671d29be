"""How a booking can be paid: online now, whole or in part, or on the invoice of the month."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from bookings import allowing, approving, challenging, owing, reserving
from bookings.models import Booking
from bookings.refusals import NotPaidOnline
from bookings.states import HOLDING, BookingState
from spaces.money import Euro, euro
from spaces.quoting import Quote
from tenants.billing.online import attempts, settings
from tenants.parties.models import PartyKind, User

TO_BOOK = (*HOLDING, BookingState.EXPIRED)
"""What somebody can still decide about."""


@dataclass(frozen=True)
class Ways:
    """`total` is what the invoice comes to, incl. VAT; `now` the part of it (`percentage`) that is paid online.

    Where a price list asks for a part now, the booking cannot go on account. `needs_address`: no invoice can be made
    before the party has an address, so nothing can be paid yet. `rather_online` is what most people like this choose.
    """

    total: Euro
    percentage: int = 100
    online: bool = False
    on_account: bool = True
    needs_address: bool = False
    rather_online: bool = False

    @property
    def now(self) -> Euro:
        return euro(self.total * Decimal(self.percentage) / 100)

    @property
    def later(self) -> Euro:
        return euro(self.total - self.now)


def of(booking: Booking, *, by: User) -> Ways:
    """What `by` can choose for a booking that is not made yet.

    What staff book, needs approval, belongs to a series, or is asked for by somebody else goes on account, as does
    everything where the hub takes no online payments.
    """
    total = owing.payable(booking)
    if not _can_be_online(booking, total, by=by):
        return Ways(total)
    asked = Quote.from_json(booking.quote).prepaid_percentage
    percentage = asked or 100
    if euro(total * Decimal(percentage) / 100) < attempts.LEAST:
        percentage = 100
    has_address = booking.party.has_address
    return Ways(
        total, percentage, online=has_address, on_account=not asked, needs_address=not has_address,
        rather_online=booking.party.kind != PartyKind.ORGANISATION,
    )  # fmt: skip


def address_first() -> NotPaidOnline:
    """The refusal for who `needs_address`."""
    return NotPaidOnline(_("Complete your address first: the invoice must name it."))


def _can_be_online(booking: Booking, total: Euro, *, by: User) -> bool:
    return (
        total >= attempts.LEAST
        and settings.takes_payments(booking.hub)
        and booking.series_id is None
        and not allowing.books_for_others(by, hub_id=booking.hub_id)
        and not approving.needs_answer(booking, reserving.spaces_of(booking), by=by)
        and not (booking.state == BookingState.OPTION and challenging.open_on(booking))
    )
