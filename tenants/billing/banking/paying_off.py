"""A movement of money turned into payments: of whom, for what. Inside the transaction of the caller."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from tenants.billing import allocating, paying
from tenants.billing.banking import matching
from tenants.billing.banking.matching import Named
from tenants.billing.models import Allocation, BankEntry, Debit, Payment, Receivable
from tenants.parties.models import Party, User


def pay(entry: BankEntry, named: Sequence[Named], *, by: User | None = None, now: datetime) -> list[Payment]:
    """Money that came pays what it names, surest first; of several parties each gets its own payment.

    What is more than was open stays as credit of the last party named. Nothing named: nothing happens.
    """
    named = _as_they_are(named)
    parties = list(dict.fromkeys(row.party for each in named for row in each.receivables))
    left, made = entry.amount, []
    for place, party in enumerate(parties, start=1):
        theirs = [
            Named(each.rule, [row for row in each.receivables if row.party_id == party.pk]) for each in named
        ]
        wanted = sum((row.open_amount for each in theirs for row in each.receivables), Decimal(0))
        amount = left if place == len(parties) else min(left, max(wanted, Decimal(0)))
        if amount > 0:
            made.append(_paid_by(entry, party, theirs, amount=amount, by=by, now=now))
            left -= amount
    return made


def collect(entry: BankEntry, debits: Iterable[Debit], *, by: User | None = None, now: datetime) -> None:
    """One amount for a whole batch of direct debits: a payment for each debit in it."""
    for debit in debits:
        payment = paying.receive(
            debit.party, amount=debit.amount, method=Payment.Method.DEBIT, on=entry.booked_on, entry=entry,
            reference=debit.end_to_end, by=by,
        )  # fmt: skip
        allocating.pay_off(payment, [debit.receivable], rule=Allocation.Rule.END_TO_END, by=by, now=now)


def come_back(entry: BankEntry, *, by: User | None = None, now: datetime) -> Payment | None:
    """A debit that the bank took back: its payment is reversed, and what it paid is open again."""
    payment = matching.reversed_by(entry)
    if payment is None:
        return None
    reason = entry.return_reason or entry.text.replace("\n", " ")
    return paying.reverse(payment, on=entry.booked_on, reason=reason, entry=entry, by=by, now=now)


def method_of(entry: BankEntry) -> str:
    """A direct debit that we collected, or a transfer that somebody made."""
    return Payment.Method.DEBIT if "/IDDT/" in f"{entry.code}/" else Payment.Method.TRANSFER


def _as_they_are(named: Sequence[Named]) -> list[Named]:
    """The same with what is open now: a movement before this one may have paid some of it."""
    keys = [row.pk for each in named for row in each.receivables]
    rows = Receivable.objects.with_open().select_related("party").in_bulk(keys) if keys else {}
    return [Named(each.rule, [rows[row.pk] for row in each.receivables]) for each in named]


def _paid_by(
    entry: BankEntry, party: Party, named: Iterable[Named], *, amount: Decimal, by: User | None, now: datetime
) -> Payment:
    rows = [each for each in named if each.receivables]
    payment = paying.receive(
        party, amount=amount, method=method_of(entry), on=entry.booked_on, entry=entry, by=by,
        reference=entry.reference or entry.end_to_end or entry.text.replace("\n", " "),
    )  # fmt: skip
    _settle_named([row for each in rows for row in each.receivables], amount=amount, by=by, now=now)
    for rule, receivables in rows:
        allocating.pay_off(payment, receivables, rule=rule, by=by, now=now)
    return payment


def _settle_named(rows: Sequence[Receivable], *, amount: Decimal, by: User | None, now: datetime) -> None:
    """Who paid exactly what is left after the credit notes they name wants these settled."""
    notes = [row for row in rows if row.open_amount < 0]
    if notes and sum((row.open_amount for row in rows), Decimal(0)) == amount:
        for note in notes:
            allocating.settle(note, [row for row in rows if row.open_amount > 0], by=by, now=now)
