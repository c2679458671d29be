"""What a person says about a movement: whose it is, what it paid, or on which account it belongs; and taking that back.

Each deed locks the entry first, so of two people who confirm the same suggestion one is told that it was done.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from tenants.billing import allocating, paying, refunding
from tenants.billing.banking import paying_off, suggesting
from tenants.billing.banking.suggesting import Suggestion
from tenants.billing.books import accounts, posting
from tenants.billing.models import Allocation, BankEntry, LedgerAccount, Payment, Receivable
from tenants.billing.online import payouts
from tenants.billing.refusals import (
    AlreadyExplained,
    AlreadyUndone,
    MoreThanReceived,
    NotPositive,
    OfAnotherParty,
    PayingRefused,
)
from tenants.parties.models import Party, User

Rule = Allocation.Rule
NOT_BY_HAND = (LedgerAccount.Role.BANK, LedgerAccount.Role.DEBTORS)
"""What comes from the bank is not on the bank twice; what is of a debtor is a payment of that party."""


class SuggestionGone(PayingRefused):
    """Something changed since it was shown."""

    def __init__(self) -> None:
        super().__init__(_("This suggestion does not hold any more. Look at what is suggested now."))


@transaction.atomic(durable=True)
def confirm(entry: BankEntry, *, key: str, by: User, now: datetime) -> None:
    """Book what was suggested. Raises AlreadyExplained, SuggestionGone, BooksLocked."""
    row = _locked(entry)
    found = {each.key: each for each in suggesting.of([row])[row.pk]}
    if key not in found:
        raise SuggestionGone
    _do(row, found[key], by=by, now=now)


@transaction.atomic(durable=True)
def assign(
    entry: BankEntry,
    party: Party,
    *,
    receivables: Sequence[Receivable] = (),
    amount: Decimal | None = None,
    by: User,
    now: datetime,
) -> Payment:
    """It is of `party`: pays these in their order, the rest is its credit. `amount`: only that part of the movement.

    Raises AlreadyExplained, MoreThanReceived, OfAnotherParty, NotPositive, BooksLocked.
    """
    row = _locked(entry)
    return _assigned(row, party, receivables, amount=amount, rule=Rule.BY_HAND, by=by, now=now)


@transaction.atomic(durable=True)
def book(entry: BankEntry, account: LedgerAccount, *, by: User, now: datetime) -> None:
    """It is no party's: book it on a ledger account. Raises AlreadyExplained, OfAnotherParty, BooksLocked."""
    row = _locked(entry)
    if account.hub_id != row.hub_id or account.role in NOT_BY_HAND:
        raise OfAnotherParty
    _booked(row, account, by=by, now=now)


@transaction.atomic(durable=True)
def undo(entry: BankEntry, *, on: date, by: User, now: datetime) -> None:
    """Take back all that was said about it: its payments are reversed on day `on`, what they paid is open again.

    Raises AlreadyUndone when nothing stands, PayingRefused for what the bank itself took back, BooksLocked.
    """
    row = (
        BankEntry.objects.select_for_update(of=("self",), no_key=True).select_related("hub").get(pk=entry.pk)
    )
    standing = list(
        row.payments.filter(reverses=None, reversed_by=None).order_by("pk").select_related("party")
    )
    if row.payments.exclude(reverses=None).exclude(reverses__entry=row).exists():
        raise PayingRefused(_("The bank took this payment back. That cannot be undone here."))
    if row.account is None and not standing:
        raise AlreadyUndone
    allocating.hold(Receivable.objects.filter(allocations__payment__in=standing))
    for payment in standing:
        refunding.come_back(payment)
        paying.reverse(payment, on=on, reason=_("undone by hand"), entry=row, by=by, now=now)
    if row.account is not None:
        row.account = None
        payouts.let_go(row)
        posting.bank_entry(row)
        BankEntry.objects.filter(pk=row.pk).update(account=None, booked_by=None, booked_at=None)


def _locked(entry: BankEntry) -> BankEntry:
    rows = BankEntry.objects.filter(pk=entry.pk)
    list(rows.select_for_update(no_key=True).values_list("pk"))
    row = rows.with_unexplained().select_related("hub").get()
    if row.unexplained_amount == 0:
        raise AlreadyExplained
    return row


def _do(row: BankEntry, chosen: Suggestion, *, by: User, now: datetime) -> None:
    if chosen.refund:
        refunding.pay(chosen.refund, on=row.booked_on, entry=row, by=by, now=now)
    elif chosen.reverses:
        paying_off.come_back(row, by=by, now=now)
    elif chosen.party:
        _assigned(row, chosen.party, chosen.receivables, rule=Rule.SUGGESTED, by=by, now=now)
    else:
        _booked(row, accounts.by_role(row.hub)[chosen.role], by=by, now=now)


def _assigned(
    row: BankEntry,
    party: Party,
    receivables: Sequence[Receivable],
    *,
    amount: Decimal | None = None,
    rule: str,
    by: User,
    now: datetime,
) -> Payment:
    whole = row.unexplained_amount
    part = whole if amount is None else amount
    if party.hub_id != row.hub_id:
        raise OfAnotherParty
    if not part or (part > 0) is not (whole > 0):
        raise NotPositive
    if abs(part) > abs(whole):
        raise MoreThanReceived(whole)
    payment = paying.receive(
        party, amount=part, method=paying_off.method_of(row), on=row.booked_on, entry=row, by=by,
        reference=row.reference or row.end_to_end or row.text.replace("\n", " "),
    )  # fmt: skip
    if part > 0:
        allocating.pay_off(payment, receivables, rule=rule, by=by, now=now)
    else:
        refunding.take_from_credit(payment, by=by, now=now)
    return payment


def _booked(row: BankEntry, account: LedgerAccount, *, by: User, now: datetime) -> None:
    if row.unexplained_amount != row.amount:
        raise AlreadyExplained
    row.account = account
    BankEntry.objects.filter(pk=row.pk).update(account=account, booked_by=by, booked_at=now)
    posting.bank_entry(row)
