"""Money that goes back to a party: a credit note or what was paid too much, on a list until the bank has done it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from spaces.models import Hub
from tenants.billing import allocating
from tenants.billing.allocating import Part
from tenants.billing.books import posting
from tenants.billing.models import (
    Allocation,
    BankEntry,
    OnlinePayment,
    OnlineRefundState,
    Payment,
    Receivable,
    Refund,
)
from tenants.billing.refusals import AlreadyUndone, MoreThanLeft, NotPositive, PayingRefused
from tenants.parties import identity
from tenants.parties.models import Party, User

State = Refund.State


@dataclass(frozen=True)
class Credit:
    """Something that a party has to its credit: a credit note, or what is left of a payment; `free` is on no list."""

    party: Party
    free: Decimal
    since: date
    number: str
    note: Receivable | None = None
    payment: Payment | None = None

    @property
    def source(self) -> str:
        """What it comes from, as in addresses."""
        return "nota" if self.note else "betaling"

    @property
    def pk(self) -> int:
        """The key of what it comes from."""
        return (self.note or self.payment).pk  # type: ignore[union-attr]


class AlreadyPaidBack(PayingRefused):
    """Or dropped: it is not on the list any more."""

    def __init__(self) -> None:
        super().__init__(_("This refund is not on the list any more."))


class NoAccount(PayingRefused):
    """Money cannot go to an account that does not exist."""


class GoesByItself(PayingRefused):
    """It goes back through the online payment: nobody books it, and it cannot be stopped."""

    def __init__(self) -> None:
        super().__init__(_("This goes back the way it was paid. It is booked by itself."))


def credits_at(hub: Hub) -> list[Credit]:
    """All credit of the parties of a hub that is not on the list of refunds yet, the oldest first. Three queries."""
    found = [*_notes(hub), *_overpaid(hub)]
    return sorted((each for each in found if each.free > 0), key=lambda each: (each.since, each.number))


@transaction.atomic(durable=True)
def put_on_list(
    credit: Credit, *, amount: Decimal, iban: str, reason: str, by: User, now: datetime
) -> Refund:
    """List `amount` of a credit to be paid back to `iban`.

    Raises MoreThanLeft when less is left of it, NotPositive, and NoAccount for an IBAN that is not right.
    """
    return listed(credit, amount=amount, iban=_account(iban), reason=reason, by=by, now=now)


@transaction.atomic
def listed(
    credit: Credit,
    *,
    amount: Decimal,
    iban: str = "",
    through: OnlinePayment | None = None,
    reason: str,
    by: User | None,
    now: datetime,
) -> Refund:
    """List `amount` of a credit to go one of both ways, in the caller's transaction.

    Raises MoreThanLeft and NotPositive.
    """
    if amount <= 0:
        raise NotPositive
    left = left_of(credit)
    if amount > left:
        raise MoreThanLeft(left)
    return Refund.objects.create(
        hub=credit.party.hub, party=credit.party, amount=amount, credit=credit.note, overpaid=credit.payment,
        iban=iban, through=through, reason=reason.strip()[:200] or credit.number, by=by, at=now,
    )  # fmt: skip


@transaction.atomic(durable=True)
def to_account(refund: Refund, *, iban: str) -> None:
    """The way it was paid does not work: it is to be transferred to `iban` instead.

    Raises AlreadyPaidBack, NoAccount, and GoesByItself while it is on its way.
    """
    row = locked(refund)
    _raise_if_on_its_way(row)
    Refund.objects.filter(pk=row.pk).update(iban=_account(iban), through=None)


@transaction.atomic
def pay(
    refund: Refund, *, on: date, by: User | None = None, entry: BankEntry | None = None, now: datetime
) -> Payment:
    """The bank has paid it: book it on day `on`.

    Raises AlreadyPaidBack, MoreThanLeft, BooksLocked, and GoesByItself for what goes back as it was paid.
    """
    row = locked(refund)
    if row.through_id:
        raise GoesByItself
    payment = Payment.objects.create(
        hub_id=row.hub_id, party=row.party, method=Payment.Method.TRANSFER, received_on=on, amount=-row.amount,
        reference=row.reason[:140], entry=entry, returns=row.overpaid, by=by,
    )  # fmt: skip
    if row.overpaid and allocating.unused(row.overpaid) < 0:
        raise MoreThanLeft(allocating.unused(row.overpaid) + row.amount)
    if row.credit:
        part = Part(row.credit, -row.amount)
        allocating.allocate(payment, [part], rule=Allocation.Rule.CREDIT, by=by, now=now)
    posting.payment(payment)
    Refund.objects.filter(pk=row.pk).update(state=State.PAID, payment=payment)
    return payment


@transaction.atomic
def drop(refund: Refund) -> None:
    """Take it off the list; what it came from can be used again. Raises AlreadyPaidBack, and GoesByItself."""
    row = locked(refund)
    _raise_if_on_its_way(row)
    Refund.objects.filter(pk=row.pk).update(state=State.DROPPED)


def come_back(payment: Payment) -> None:
    """A refund whose payment is taken back stands on the list again."""
    Refund.objects.filter(payment=payment).update(state=State.LISTED, payment=None)


def take_from_credit(payment: Payment, *, by: User | None = None, now: datetime) -> None:
    """Money that left for a party without being listed is taken from its credit notes, the oldest first."""
    rows = list(Receivable.objects.filter(party=payment.party_id).with_credit())
    allocating.hold(rows)
    left, parts, kept = -allocating.unused(payment), [], _on_list(payment.hub, "credit")
    for row in Receivable.objects.filter(pk__in=[each.pk for each in rows]).with_credit():
        amount = min(-row.open_amount - kept.get(row.pk, Decimal(0)), left)
        if amount > 0:
            parts.append(Part(row, -amount))
            left -= amount
    if parts:
        allocating.allocate(payment, parts, rule=Allocation.Rule.CREDIT, by=by, now=now)


def locked(refund: Refund) -> Refund:
    """The row as it is now, locked until the transaction ends. Raises AlreadyPaidBack when it is not to be paid."""
    rows = Refund.objects.select_for_update(of=("self",), no_key=True).select_related(
        "party", "credit", "overpaid"
    )
    row = rows.get(pk=refund.pk)
    if row.state != State.LISTED:
        raise AlreadyPaidBack
    return row


def _raise_if_on_its_way(row: Refund) -> None:
    if row.online_refunds.exclude(state=OnlineRefundState.FAILED).exists():
        raise GoesByItself


def _account(iban: str) -> str:
    try:
        return identity.iban(iban)
    except identity.IdentityError as error:
        raise NoAccount(error.message) from error


def left_of(credit: Credit) -> Decimal:
    """What is left of a credit now, less what is on the list; locks it."""
    if credit.note:
        whole = -allocating.locked(credit.note).open_amount
        return whole - _listed(Refund.objects.filter(credit=credit.note))
    if credit.payment:
        return allocating.unused(credit.payment) - _listed(Refund.objects.filter(overpaid=credit.payment))
    raise AlreadyUndone


def _listed(rows: QuerySet[Refund]) -> Decimal:
    return rows.filter(state=State.LISTED).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def _on_list(hub: Hub, source: str) -> dict[int, Decimal]:
    rows = Refund.objects.filter(hub=hub, state=State.LISTED).exclude(**{source: None}).order_by()
    return dict(rows.values(source).annotate(sum=Sum("amount")).values_list(source, "sum"))


def _notes(hub: Hub) -> Iterator[Credit]:
    listed = _on_list(hub, "credit")
    for row in Receivable.objects.filter(hub=hub).with_credit().select_related("party__hub"):
        free = -row.open_amount - listed.get(row.pk, Decimal(0))
        yield Credit(row.party, free, row.issued_on, row.number, note=row)


def _overpaid(hub: Hub) -> Iterator[Credit]:
    listed = _on_list(hub, "overpaid")
    for row in Payment.objects.filter(hub=hub).with_credit().select_related("party__hub"):
        free = row.unused_amount - listed.get(row.pk, Decimal(0))
        yield Credit(row.party, free, row.received_on, row.reference or row.get_method_display(), payment=row)
