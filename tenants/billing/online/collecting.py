"""Collecting by mandates that were given online: what is due is announced, and some days later submitted to Stripe.

A sweep does all of it, any number of times. What Stripe says after that is looked at as of any attempt (`syncing`).
"""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import IntegrityError, transaction

from spaces.models import Hub
from tenants.billing import allocating, debiting
from tenants.billing.models import Books, OnlineMandate, OnlinePayment, Receivable
from tenants.billing.online import (
    announcing,
    attempts,
    mandated,
    mandating,
    pay_invoice,
    settings,
    submitting,
)
from tenants.billing.online.collectable import is_left_alone, possible, today_of
from tenants.billing.online.refusals import NotCollected, NothingToPay
from tenants.parties.models import User

Row = TypeVar("Row")
logger = logging.getLogger(__name__)
LEAST_NOTICE = 5
"""Days between the letter and the debit, at the least: Stripe wants it three days before, and one may fail us."""


def run(*, now: datetime, let_through: tuple[type[BaseException], ...] = ()) -> int:
    """Do all that is to be done now; returns how many debits were announced. Call it with no transaction open.

    What goes wrong with one keeps no other waiting: it stays as it is for the next time. Of `let_through` nothing is
    caught.
    """
    if not settings.is_on():
        return 0
    _each(mandating.to_look_at(now=now), lambda row: mandating.sync(row, now=now), let_through)
    _each(submitting.due(now=now), lambda row: submitting.submit(row, now=now), let_through)
    _each(submitting.paid_meanwhile(now=now), lambda row: submitting.call_back(row, now=now), let_through)
    return sum(announce(hub, now=now) for hub in Hub.objects.filter(online__collects=True).order_by("pk"))


def announce(hub: Hub, *, now: datetime) -> int:
    """Announce what is due of parties with a mandate; returns how much. What is too large is asked for by a letter."""
    today, on = today_of(hub, now), first_day(hub, now=now)
    given = {row.party_id: row for row in mandated.in_force(hub)}
    for row in mandated.too_large(hub, by=on):
        if not is_left_alone(row, today=today):
            _ask_for_transfer(row, given[row.party_id], now=now)
    due = possible(hub, today=today).filter(mandated.awaited(hub), due_on__lte=on)
    return sum(_announced(row, given[row.party_id], on=on, now=now) is not None for row in due)


def first_day(hub: Hub, *, now: datetime) -> date:
    """The first bank day that can be announced now."""
    books = Books.objects.filter(hub=hub).first() or Books()
    return debiting.next_bank_day(
        today_of(hub, now) + timedelta(days=max(books.debit_notice_days, LEAST_NOTICE))
    )


def again(payment: OnlinePayment, *, by: User, now: datetime) -> OnlinePayment:
    """Announce once more what the bank refused; pressed twice it is one. Raises NothingToPay and NotCollected."""
    row = payment.receivable
    if row is None:
        raise NothingToPay
    if found := attempts.under_way(receivable=row):
        return found
    mandate = mandated.of(payment.party)
    made = _announced(row, mandate, on=first_day(row.hub, now=now), by=by, now=now) if mandate else None
    if made is None:
        raise _refusal(row, mandate)
    return made


def _refusal(row: Receivable, mandate: OnlineMandate | None) -> NothingToPay | NotCollected:
    opened = Receivable.objects.with_open().get(pk=row.pk).open_amount
    if opened <= 0:
        return NothingToPay()
    if mandate is None:
        return NotCollected.without_mandate()
    if opened > (limit := settings.of(row.hub).debit_limit):
        return NotCollected.too_large(limit)
    return NotCollected.left_alone()


@transaction.atomic(durable=True)
def _announced(
    row: Receivable, mandate: OnlineMandate, *, on: date, by: User | None = None, now: datetime
) -> OnlinePayment | None:
    """The row and its letter; None when it cannot be collected now. The mandate is locked, then what is asked."""
    kept = OnlineMandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    allocating.hold([row])
    rows = possible(row.hub, today=today_of(row.hub, now))
    found = rows.filter(pk=row.pk).first()
    if found and found.open_amount > settings.of(row.hub).debit_limit:
        return None
    if kept.state != OnlineMandate.State.ACTIVE or found is None:
        return None
    try:
        with transaction.atomic():
            payment = OnlinePayment.objects.create(
                **_facts(found, mandate), target_on=on, by=by, created_at=now
            )
    except IntegrityError:  # somebody has just opened a page to pay it
        return None
    announcing.announced(payment, now=now)
    return payment


def _facts(row: Receivable, mandate: OnlineMandate) -> dict[str, object]:
    return {
        "hub": row.hub, "party": row.party, "receivable": row, "mandate": mandate, "amount": row.open_amount,
        "description": pay_invoice.words(row)[:200], "is_test": mandate.is_test, "language": row.party.language,
        "email": row.party.email or mandate.by.email,
    }  # fmt: skip


@transaction.atomic(durable=True)
def _ask_for_transfer(row: Receivable, mandate: OnlineMandate, *, now: datetime) -> None:
    announcing.too_large(row, mandate, now=now)


def _each(
    rows: Iterable[Row], deed: Callable[[Row], object], let_through: tuple[type[BaseException], ...]
) -> None:
    for row in rows:
        try:
            deed(row)
        except let_through:
            raise
        except Exception:  # Stripe is away, the books are closed: whatever it is, the others go on
            logger.exception("%r is tried again later", row)
