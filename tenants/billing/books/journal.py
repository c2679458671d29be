"""The journal of a hub between two days: read once, then told as CSV, as audit file or on a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from spaces import spreadsheet
from spaces.models import Hub
from spaces.money import Euro, total
from tenants.billing.books import accounts
from tenants.billing.models import Allocation, Journal, JournalEntry, JournalLine, LedgerAccount, Payment

SNELSTART = (
    "Dagboek", "Boekingcode", "Datum", "Omschrijving", "Grootboeknummer", "Relatiecode", "Factuurnummer", "Debet",
    "Credit", "Kostenplaatsnummer",
)  # fmt: skip
"""The columns that SnelStart reads, and most other Dutch packages after it."""
JOURNAL_NAMES = {Journal.SALES: "VRK", Journal.BANK: "BNK", Journal.CASH: "KAS", Journal.MEMORIAL: "MEM"}


@dataclass(frozen=True)
class Balance:
    """An account with what it comes to over a period: debit less credit."""

    account: LedgerAccount
    debit: Euro
    credit: Euro

    @property
    def amount(self) -> Decimal:
        return self.debit - self.credit


def entries(hub: Hub, *, first: date, last: date) -> list[JournalEntry]:
    """The entries booked from `first` to `last` (both included), with their lines; a payment names what it paid."""
    rows = hub.journal_entries.filter(booked_on__range=(first, last))
    found = list(rows.prefetch_related("lines__account", "lines__party").order_by("booked_on", "pk"))
    _name_what_was_paid(found)
    return found


def _name_what_was_paid(found: list[JournalEntry]) -> None:
    """The number of the one invoice that a payment paid, as it is now: none when it paid more, or nothing yet.

    What the payer wrote is not a number; another program would look for an invoice that is called so. The mirror of a
    payment names what that one had paid.
    """
    entries_of = {int(row.source.removeprefix("payment:")): row for row in found if _is_payment(row)}
    mirrored = Payment.objects.filter(pk__in=entries_of).values_list("pk", "reverses_id")
    origin = {pk: reverses or pk for pk, reverses in mirrored}
    paid = _paid_by(origin.values())
    for pk, entry in entries_of.items():
        sums = paid.get(origin.get(pk, pk), {})
        numbers = [number for number, amount in sums.items() if amount] or list(sums)
        for line in entry.lines.all():
            line.number = numbers[0] if len(numbers) == 1 else ""


def _is_payment(entry: JournalEntry) -> bool:
    return entry.source.startswith("payment:")


def _paid_by(payments: Iterable[int]) -> dict[int, dict[str, Decimal]]:
    """Of each payment: what it pays of each invoice; zero for what was undone."""
    sums: dict[int, dict[str, Decimal]] = {}
    rows = Allocation.objects.filter(payment__in=list(payments))
    for pk, number, amount in rows.values_list("payment_id", "receivable__number", "amount"):
        of_payment = sums.setdefault(pk, {})
        of_payment[number] = of_payment.get(number, Decimal(0)) + amount
    return sums


def balances(hub: Hub, *, first: date, last: date) -> list[Balance]:
    """Every account with what was booked on it in these days, by code; those without anything are left out."""
    accounts.by_role(hub)
    sums: dict[int, list[tuple[Decimal, Decimal]]] = {}
    lines = JournalLine.objects.filter(entry__hub=hub, entry__booked_on__range=(first, last))
    for account, debit, credit in lines.values_list("account", "debit", "credit"):
        sums.setdefault(account, []).append((debit, credit))
    rows = LedgerAccount.objects.filter(pk__in=sums)
    return [
        Balance(row, total(debit for debit, _c in sums[row.pk]), total(credit for _d, credit in sums[row.pk]))
        for row in rows
    ]


def journal_csv(found: list[JournalEntry]) -> bytes:
    """The entries for another bookkeeping program: one row a journal line, decimal commas, Dutch dates."""
    rows = [
        (
            JOURNAL_NAMES[Journal(entry.journal)], str(entry.pk), f"{entry.booked_on:%d-%m-%Y}", entry.description,
            line.account.code, relation_code(line), line.number, line.debit or None, line.credit or None,
            line.cost_centre,
        )
        for entry in found
        for line in entry.lines.all()
    ]  # fmt: skip
    return spreadsheet.written([SNELSTART, *rows])


def relation_code(line: JournalLine) -> str:
    """How a debtor is numbered outside: five digits, the same for ever."""
    return f"{line.party_id:05d}" if line.party_id else ""


def file_name(hub: Hub, *, first: date, last: date, kind: str) -> str:
    """journaal-locplus-20261201-20261231.csv and the like."""
    words = {"csv": _("journal"), "xaf": _("audit-file"), "zip": "ubl"}[kind]
    return f"{words}-{hub.slug}-{first:%Y%m%d}-{last:%Y%m%d}.{kind}"


def total_of(found: list[JournalEntry]) -> Euro:
    """What is debited in all these entries together; as much is credited."""
    return total(line.debit for entry in found for line in entry.lines.all())
