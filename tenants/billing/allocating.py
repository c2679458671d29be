"""What pays what: money, or a credit note, counts for what was asked; never for more than is open or is there.

Receivables are locked in the order of their ids and then the payment, by everybody, so two people at once wait for each
other and nobody waits for ever. Rows are only added: what was wrong is taken back by a negative one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from tenants.billing.models import Allocation, Payment, Receivable
from tenants.billing.refusals import (
    AlreadyUndone,
    MoreThanLeft,
    MoreThanOpen,
    NotPositive,
    OfAnotherParty,
)
from tenants.parties.models import User


class Part(NamedTuple):
    """So much of a receivable, in euros: above zero for what was asked, below zero for a credit note paid back."""

    receivable: Receivable
    amount: Decimal


@transaction.atomic
def allocate(
    payment: Payment, parts: Sequence[Part], *, rule: str, by: User | None = None, now: datetime
) -> list[Allocation]:
    """Let `payment` count for each of `parts`, all or nothing. What is not named stays as credit of the party.

    Raises MoreThanOpen, MoreThanLeft, NotPositive, and OfAnotherParty for what was asked of somebody else.
    """
    opened = _locked([part.receivable for part in parts])
    _raise_if_not_of(payment.party_id, payment.hub_id, opened.values())
    for receivable, amount in parts:
        _take(opened[receivable.pk], amount)
    if abs(sum((part.amount for part in parts), Decimal(0))) > abs(left := unused(payment)):
        raise MoreThanLeft(left)
    return [
        Allocation.objects.create(
            receivable_id=part.receivable.pk, payment=payment, amount=part.amount, rule=rule, by=by, at=now
        )
        for part in parts
    ]


@transaction.atomic
def pay_off(
    payment: Payment,
    receivables: Iterable[Receivable],
    *,
    rule: str,
    most: Decimal | None = None,
    by: User | None = None,
    now: datetime,
) -> list[Allocation]:
    """Let `payment` pay these in their order as far as it (and `most`, in euros) goes; the last one perhaps in part.

    The rest is credit.
    """
    rows = list(receivables)
    opened, left, parts = _locked(rows), unused(payment), []
    left = left if most is None else min(left, most)
    for row in rows:
        amount = min(opened[row.pk].open_amount, left)
        if amount > 0:
            parts.append(Part(row, amount))
            left -= amount
    return allocate(payment, parts, rule=rule, by=by, now=now) if parts else []


@transaction.atomic
def use_credit(
    credit: Receivable, parts: Sequence[Part], *, by: User | None = None, now: datetime
) -> list[Allocation]:
    """Settle a credit note with what is open. Raises what `allocate` raises."""
    opened = _locked([credit, *(part.receivable for part in parts)])
    _raise_if_not_of(credit.party_id, credit.hub_id, opened.values())
    left = -opened[credit.pk].open_amount
    for receivable, amount in parts:
        _take(opened[receivable.pk], amount)
    if sum((part.amount for part in parts), Decimal(0)) > left:
        raise MoreThanLeft(max(left, Decimal(0)))
    return [
        Allocation.objects.create(
            receivable_id=part.receivable.pk, against=credit, amount=part.amount, rule=Allocation.Rule.CREDIT,
            by=by, at=now,
        )
        for part in parts
    ]  # fmt: skip


@transaction.atomic
def settle(
    credit: Receivable,
    receivables: Iterable[Receivable],
    *,
    most: Decimal | None = None,
    by: User | None = None,
    now: datetime,
) -> None:
    """Settle a credit note with these in their order, as far as it (and `most`) goes; what is left of it stays open."""
    rows = list(receivables)
    opened = _locked([credit, *rows])
    left, parts = -opened[credit.pk].open_amount, []
    left = left if most is None else min(left, most)
    for row in rows:
        amount = min(opened[row.pk].open_amount, left)
        if amount > 0:
            parts.append(Part(row, amount))
            left -= amount
    if parts:
        use_credit(credit, parts, by=by, now=now)


@transaction.atomic
def undo(
    allocation: Allocation, *, rule: str = Allocation.Rule.BY_HAND, by: User | None = None, now: datetime
) -> Allocation:
    """Take an allocation back by its negative: the receivable is open again. Raises AlreadyUndone the second time."""
    touched = [allocation.receivable_id, allocation.against_id]
    _locked(Receivable.objects.filter(pk__in=[pk for pk in touched if pk]))
    if allocation.undoes_id or Allocation.objects.filter(undoes=allocation).exists():
        raise AlreadyUndone
    return Allocation.objects.create(
        receivable_id=allocation.receivable_id, payment_id=allocation.payment_id, against_id=allocation.against_id,
        amount=-allocation.amount, rule=rule, undoes=allocation, by=by, at=now,
    )  # fmt: skip


def unused(payment: Payment) -> Decimal:
    """What is left of a payment; locks its row until the transaction ends, so that nobody uses it meanwhile."""
    list(Payment.objects.filter(pk=payment.pk).select_for_update(no_key=True).values_list("pk"))
    return Payment.objects.with_unused().get(pk=payment.pk).unused_amount


def hold(receivables: Iterable[Receivable]) -> None:
    """Lock all of these at once, before several of them are paid one after another."""
    _locked(receivables)


def locked(receivable: Receivable) -> Receivable:
    """The same receivable with what is open of it, kept so until the transaction ends."""
    return _locked([receivable])[receivable.pk]


def standing(payment: Payment) -> list[Allocation]:
    """The allocations of a payment that were not taken back. One query."""
    return list(payment.allocations.filter(undoes__isnull=True, undone_by__isnull=True).order_by("pk"))


def _locked(receivables: Iterable[Receivable]) -> dict[int, Receivable]:
    """The rows with `open_amount`, read after all of them were locked in id order."""
    keys = sorted({row.pk for row in receivables})
    rows = Receivable.objects.filter(pk__in=keys)
    list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    return {row.pk: row for row in rows.with_open()}


def _take(row: Receivable, amount: Decimal) -> None:
    """Take `amount` off what is open of it here in memory, so that naming it twice counts twice."""
    is_credit = row.amount < 0
    if amount == 0 or (amount < 0) is not is_credit:
        raise NotPositive
    if abs(amount) > (-row.open_amount if is_credit else row.open_amount):
        raise MoreThanOpen(row.number, row.open_amount)
    row.open_amount -= amount


def _raise_if_not_of(party: int, hub: int, rows: Iterable[Receivable]) -> None:
    if any((row.party_id, row.hub_id) != (party, hub) for row in rows):
        raise OfAnotherParty
