"""Money that comes in, goes back or is given up: each a row that never changes, booked in the same transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from tenants.billing import allocating
from tenants.billing.allocating import Part
from tenants.billing.books import posting
from tenants.billing.models import Allocation, BankEntry, Payment, Receivable
from tenants.billing.refusals import (
    AlreadyUndone,
    MoreThanLeft,
    NothingOpen,
    NotPositive,
    ReasonMissing,
)
from tenants.parties.models import Party, User

METHODS_BY_HAND = (Payment.Method.TRANSFER, Payment.Method.PIN, Payment.Method.CASH)


@transaction.atomic
def receive(
    party: Party,
    *,
    amount: Decimal,
    method: str,
    on: date,
    reference: str = "",
    entry: BankEntry | None = None,
    key: str = "",
    is_test: bool = False,
    by: User | None = None,
) -> Payment:
    """Book that `amount` came from `party` on day `on` (negative: went back to it); it pays nothing yet.

    The same `key` again returns the first payment; a test (`is_test`) is no money. Raises NotPositive for zero and
    BooksLocked for a closed day.
    """
    if not amount:
        raise NotPositive
    facts = {
        "party": party, "amount": amount, "method": method, "received_on": on, "reference": reference[:140],
        "entry": entry, "is_test": is_test, "by": by,
    }  # fmt: skip
    if key:
        payment, _made = Payment.objects.get_or_create(hub=party.hub, key=key, defaults=facts)
    else:
        payment = Payment.objects.create(hub=party.hub, **facts)
    posting.payment(payment)
    return payment


@transaction.atomic
def reverse(
    payment: Payment,
    *,
    on: date,
    reason: str,
    entry: BankEntry | None = None,
    by: User | None = None,
    now: datetime,
) -> Payment:
    """Take a whole payment back by its mirror on day `on`: what it paid is open again.

    Raises AlreadyUndone for one that was reversed, and MoreThanLeft when part of it was paid back meanwhile.
    """
    rule = Allocation.Rule.REVERSAL if entry else Allocation.Rule.BY_HAND
    standing = allocating.standing(payment)
    allocating.hold(Receivable.objects.filter(allocations__in=standing))
    for allocation in standing:
        allocating.undo(allocation, rule=rule, by=by, now=now)
    left = allocating.unused(payment)
    if payment.reverses_id or Payment.objects.filter(reverses=payment).exists():
        raise AlreadyUndone
    if payment.returns_id is None and left != payment.amount:
        raise MoreThanLeft(left)
    mirror = Payment.objects.create(
        hub_id=payment.hub_id, party=payment.party, method=payment.method, received_on=on, amount=-payment.amount,
        reference=payment.reference, reason=reason[:200], entry=entry, reverses=payment,
        is_test=payment.is_test, by=by,
    )  # fmt: skip
    posting.payment(mirror)
    return mirror


@transaction.atomic
def write_off(receivable: Receivable, *, reason: str, on: date, by: User, now: datetime) -> Payment:
    """Give up what is open of `receivable`, for a reason. `reverse` asks for it again.

    Raises NothingOpen, ReasonMissing and BooksLocked.
    """
    if not reason.strip():
        raise ReasonMissing
    row = allocating.locked(receivable)
    if row.open_amount <= 0:
        raise NothingOpen
    payment = Payment.objects.create(
        hub=row.hub, party=row.party, method=Payment.Method.WRITE_OFF, received_on=on, amount=row.open_amount,
        reference=row.number, reason=reason.strip()[:200], by=by,
    )  # fmt: skip
    posting.payment(payment)
    allocating.allocate(payment, [Part(row, row.open_amount)], rule=Allocation.Rule.BY_HAND, by=by, now=now)
    return payment


@transaction.atomic(durable=True)
def take_in(
    party: Party,
    *,
    amount: Decimal,
    method: str,
    on: date,
    receivables: Sequence[Receivable] = (),
    reference: str = "",
    key: str,
    by: User,
    now: datetime,
) -> Payment:
    """Somebody paid at the desk, or by a transfer that is on no statement: it pays these, the oldest first.

    What is more than that is credit of the party. The same form (`key`) again changes nothing. Raises NotPositive,
    OfAnotherParty and BooksLocked.
    """
    if amount <= 0:
        raise NotPositive
    payment = receive(party, amount=amount, method=method, on=on, reference=reference, key=key, by=by)
    oldest_first = sorted(receivables, key=lambda row: (row.due_on, row.pk))
    allocating.pay_off(payment, oldest_first, rule=Allocation.Rule.BY_HAND, by=by, now=now)
    return payment
