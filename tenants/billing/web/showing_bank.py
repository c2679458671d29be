"""Movements of the bank with what each of them paid, for a page."""

from dataclasses import dataclass

from django.db.models import QuerySet

from tenants.billing.models import Allocation, BankEntry, Payment


@dataclass(frozen=True)
class PaidFor:
    """A payment as it stands: what it counts for, and what of it is left as credit."""

    payment: Payment
    allocations: list[Allocation]

    @property
    def is_taken_back(self) -> bool:
        """By the bank or by hand: then it pays nothing any more."""
        return hasattr(self.payment, "reversed_by")


@dataclass(frozen=True)
class Shown:
    """A movement, and its payments."""

    entry: BankEntry
    payments: list[PaidFor]


def shown(entries: QuerySet[BankEntry]) -> list[Shown]:
    """These movements in the order of the bank. Five queries, however many there are."""
    payments = Payment.objects.with_unused().select_related("party", "reversed_by", "reverses").order_by("pk")
    rows = entries.with_unexplained().select_related("account").order_by("booked_on", "pk")
    found = list(rows)
    by_entry: dict[int, list[Payment]] = {}
    for payment in payments.filter(entry__in=found).prefetch_related("allocations__receivable"):
        by_entry.setdefault(payment.entry_id or 0, []).append(payment)
    return [Shown(row, [_paid_for(payment) for payment in by_entry.get(row.pk, [])]) for row in found]


def _paid_for(payment: Payment) -> PaidFor:
    """With what it counts for; of one that was taken back, with what it counted for."""
    rows = list(payment.allocations.all())
    undone = set() if hasattr(payment, "reversed_by") else {row.undoes_id for row in rows}
    return PaidFor(payment, [row for row in rows if row.undoes_id is None and row.pk not in undone])
