"""What was paid online, for the tests of money that goes back: through the real client, at the stand-in."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from bookings import reserving
from bookings.models import Booking
from bookings.paying import starting
from bookings.paying import syncing as paying
from spaces.models import Hub
from spaces.periods import Period
from tenants.billing.books import posting
from tenants.billing.models import JournalLine, OnlinePayment, OnlineSettings, Receivable, Refund
from tenants.billing.online import attempts, refunding, syncing
from tenants.billing.online.attempts import Ask
from tenants.parties.models import Letter, Party
from tests import cast
from tests.billing import books, money
from tests.cast import NOW
from tests.stand_in.stand_in import StandIn


def hub(**fields: Any) -> Hub:
    """A hub that takes online payments."""
    row = books.hub(**fields)
    OnlineSettings.objects.update_or_create(hub=row, defaults={"takes_payments": True})
    return row


def paid(
    server: StandIn, receivable: Receivable, *, amount: str = "", method: str = "ideal", outcome: str = "paid"
) -> OnlinePayment:
    """Paid on the page of Stripe, and looked at."""
    asked = Decimal(amount) if amount else receivable.amount
    ask = Ask(
        receivable.party, asked, f"Factuur {receivable.number}", "/facturen", receivable=receivable,
        email="betaler@example.nl",
    )  # fmt: skip
    row = attempts.open_session(attempts.make(ask, now=NOW), now=NOW)
    server.pay(row.session_id, method=method, outcome=outcome)
    return syncing.sync(row, now=NOW)


def asked(party: Party, amount: str = "100.00", **fields: Any) -> Receivable:
    """Something of the old books that is open, and in the journal."""
    row = money.asked(party, amount, **fields)
    posting.old_item(row, on=money.NOVEMBER_2)
    return row


def invoiced(server: StandIn, amount: str = "100.00", **fields: Any) -> tuple[Receivable, OnlinePayment]:
    """Something that was asked of a party, paid online."""
    row = asked(books.party(hub()), amount, **{"number": "2026-0001"} | fields)
    return row, paid(server, row)


@dataclass
class Booked:
    """A meeting room that Anna paid when she booked it: 85.00 and 21 % VAT."""

    hub: Hub
    user: Any
    booking: Booking
    online: OnlinePayment


def booked(server: StandIn, *, share: int = 0, method: str = "ideal", **period: str) -> Booked:
    """On 8 December from 9 to 11; `share` (percent) is what the price list asks for now."""
    at = hub()
    room = cast.space(at, "V01", name="Vergaderkamer", kind="meeting_room")
    cast.rate(at, kind="meeting_room", vat=21, per_hour=Decimal("42.50"), per_day_part=None, per_day=None,
              prepaid_percentage=share)  # fmt: skip
    user, party = cast.zzper(at, **books.ADDRESS)
    starts, ends = period.get("starts", "2026-12-08 09:00"), period.get("ends", "2026-12-08 11:00")
    booking = reserving.hold(
        room, period=Period(cast.at(starts), cast.at(ends)), party=party, by=user, key=uuid4(), now=NOW
    )
    row = starting.start(booking, by=user, now=NOW)
    assert row is not None
    server.pay(row.session_id, method=method)
    online = paying.sync(row, now=NOW)
    return Booked(at, user, Booking.objects.with_everything().get(pk=booking.pk), online)


def send() -> None:
    """All that waits to go back is asked of Stripe."""
    for row in refunding.to_send():
        refunding.sync(row, now=NOW)


def states() -> list[tuple[str, str]]:
    """The list of refunds."""
    rows = Refund.objects.order_by("at", "pk")
    return [(row.state, str(row.amount)) for row in rows]


def account(role: str) -> Decimal:
    """What stands on a ledger account; debit is positive."""
    rows = JournalLine.objects.filter(account__role=role).values_list("debit", "credit")
    return sum((debit - credit for debit, credit in rows), Decimal(0))


def letters() -> list[str]:
    """What the payer was told of money that went back, in order."""
    told = Letter.objects.filter(kind__startswith="online_").exclude(kind="online_dispute_answer")
    return list(told.order_by("pk").values_list("kind", flat=True))
