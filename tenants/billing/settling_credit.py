"""What a party has to its credit used for what is open; and payments by hand taken back."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tenants.billing import allocating, paying, refunding
from tenants.billing.models import Allocation, Payment, Receivable
from tenants.billing.refunding import Credit
from tenants.billing.refusals import NothingOpen
from tenants.parties.models import User


@transaction.atomic(durable=True)
def settle(credit: Credit, receivables: Sequence[Receivable], *, by: User, now: datetime) -> None:
    """Let a credit note or what was paid too much pay these, the oldest first; what is to be paid back stays for that.

    Raises NothingOpen without any.
    """
    rows = sorted(receivables, key=lambda row: (row.due_on, row.pk))
    if not rows:
        raise NothingOpen
    allocating.hold([*rows, *([credit.note] if credit.note else [])])
    most = refunding.left_of(credit)
    if credit.note:
        allocating.settle(credit.note, rows, most=most, by=by, now=now)
    elif credit.payment:
        allocating.pay_off(credit.payment, rows, rule=Allocation.Rule.BY_HAND, most=most, by=by, now=now)


@transaction.atomic(durable=True)
def take_back(payment: Payment, *, on: date, by: User, now: datetime) -> Payment:
    """A payment by hand, a refund or a write-off was wrong: its mirror on day `on`, and a refund is listed again.

    Raises AlreadyUndone, MoreThanLeft and BooksLocked.
    """
    mirror = paying.reverse(payment, on=on, reason=_("undone by hand"), by=by, now=now)
    refunding.come_back(payment)
    return mirror
