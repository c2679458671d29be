"""Something late, and the days on which its letters go out."""

from datetime import date
from decimal import Decimal
from typing import Any

from tenants.billing.books import posting
from tenants.billing.dunning import proposing, sending
from tenants.billing.dunning.proposing import Proposed
from tenants.billing.models import Receivable, Reminder
from tenants.parties.models import Party, User
from tests import cast
from tests.billing import money

DUE = date(2024, 2, 1)
"""In a year of which all rates are known."""


def late(party: Party, amount: str = "100.00", *, due_on: date = DUE, **fields: Any) -> Receivable:
    """An invoice of the old books that was to be paid by 1 February 2024; booked."""
    row = money.asked(party, amount, issued_on=date(2024, 1, 2), due_on=due_on, **fields)
    posting.old_item(row, on=date(2024, 1, 2))
    return row


def noon_of(day: date) -> Any:
    return cast.at(f"{day} 12:00")


def due(party: Party, day: date) -> list[Proposed]:
    return proposing.letters(party.hub, today=day)


def kinds(party: Party, day: date) -> list[str]:
    return [each.kind for each in due(party, day)]


def send(party: Party, day: date, by: User) -> list[Reminder]:
    """Send all that is due on `day`."""
    return [row for each in due(party, day) for row in sending.send(each, by=by, now=noon_of(day))]


def formally_reminded(party: Party, by: User) -> Reminder:
    """Walk the ladder up to and including the 14-day letter; the last reminder of it."""
    for day in (date(2024, 2, 4), date(2024, 2, 15), date(2024, 2, 22)):
        sent = send(party, day, by)
    return sent[-1]


def eur(text: str) -> Decimal:
    return Decimal(text)
