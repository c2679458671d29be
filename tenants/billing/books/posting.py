"""Writing the journal: each fact once, in the transaction that makes the fact, debit equal to credit.

A `source` that has been booked is not booked again. What is wrong is never changed: the fact itself is mirrored (a
credit note, a reversed payment), and that is booked like any other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext, gettext_noop, override

from spaces.models import Hub
from tenants.billing import locking
from tenants.billing.books import accounts
from tenants.billing.models import (
    BalanceMove,
    BankEntry,
    Invoice,
    Journal,
    JournalEntry,
    JournalLine,
    LedgerAccount,
    Payment,
    Receivable,
)
from tenants.parties.models import Party

Role = LedgerAccount.Role


@dataclass(frozen=True)
class Side:
    """An amount on an account: debit when positive, credit when negative; zero is left out."""

    account: str | LedgerAccount
    amount: Decimal
    party: Party | None = None
    number: str = ""
    cost_centre: str = ""
    vat_code: str = ""


class OutOfBalance(ValueError):
    """Debit and credit of an entry differ: a fault in the program, nothing was booked."""


def invoice(row: Invoice) -> None:
    """Book an issued invoice or credit note: its debtor against revenue by kind and room, and VAT by rate."""
    number, party = str(row.number), row.party
    revenue: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for line in row.lines.all():
        code = f"{line.vat_rate.normalize():f}" if line.vat_rate else "E"
        revenue[accounts.revenue_role(line), line.cost_centre, code] -= line.net
    sides = [Side(Role.DEBTORS, row.gross, party=party, number=number)]
    sides += [
        Side(role, amount, number=number, cost_centre=centre, vat_code=code)
        for (role, centre, code), amount in sorted(revenue.items())
    ]
    sides += [
        Side(accounts.vat_role(tax.rate), -tax.vat, number=number, vat_code=f"{tax.rate.normalize():f}")
        for tax in row.vat_lines.all()
        if tax.vat
    ]
    words = _dutch(
        gettext_noop("Credit note %(number)s, %(party)s")
        if row.is_credit_note
        else gettext_noop("Invoice %(number)s, %(party)s")
    )
    _book(
        f"invoice:{row.pk}", hub=row.hub, journal=Journal.SALES, on=_dated(row.issued_on), sides=sides,
        words=words % {"number": number, "party": row.buyer.get("name", party.name)},
    )  # fmt: skip


def payment(row: Payment) -> None:
    """Book a payment, a refund, its reversal or a write-off: money against the debtor."""
    journal = {Payment.Method.CASH: Journal.CASH, Payment.Method.WRITE_OFF: Journal.MEMORIAL}.get(
        Payment.Method(row.method), Journal.BANK
    )
    sides = [
        Side(accounts.money_role(row), row.amount),
        Side(Role.DEBTORS, -row.amount, party=row.party),
    ]
    with override("nl"):
        words = " · ".join(filter(None, (row.get_method_display(), row.party.name, row.reference)))
    _book(f"payment:{row.pk}", hub=row.hub, journal=journal, on=row.received_on, sides=sides, words=words)


def old_item(row: Receivable, *, on: date) -> None:
    """Book what was still open in the old books, on the day `on` that it was taken over."""
    words = _dutch(gettext_noop("Taken over from the old books: %(number)s, %(party)s"))
    _asked(row, against=Role.OPENING, on=on, words=words)


def costs(row: Receivable) -> None:
    """Book collection costs and interest that a debtor was charged."""
    words = _dutch(gettext_noop("Collection costs and interest %(number)s, %(party)s"))
    _asked(row, against=Role.COLLECTION, on=row.issued_on, words=words)


def bank_entry(row: BankEntry) -> None:
    """Book a movement that is no party's on the account chosen for it; chosen anew it moves, taken off it goes back."""
    entries = JournalEntry.objects.filter(source__startswith=f"bank:{row.pk}:")
    old = _booked_on(entries)
    if old == row.account:
        return
    sides = [
        Side(old, row.amount) if old else Side(Role.BANK, row.amount),
        Side(row.account, -row.amount) if row.account else Side(Role.BANK, -row.amount),
    ]
    words = " · ".join(filter(None, (row.name, row.text)))[:200] or _dutch(gettext_noop("Bank entry"))
    _book(
        f"bank:{row.pk}:{entries.count() + 1}",
        hub=row.hub,
        journal=Journal.BANK,
        on=row.booked_on,
        sides=sides,
        words=words,
    )


def online_costs(row: BalanceMove, *, hub: Hub, amount: Decimal, on: date) -> None:
    """Book what Stripe kept of a movement (below zero: gave back): costs, and less money on its way."""
    with override("nl"):
        told = gettext("Costs of Stripe: %(what)s") % {"what": row.description or row.about or row.kind}
    _book(
        f"move:{row.pk}", hub=hub, journal=Journal.MEMORIAL, on=on, words=told,
        sides=[Side(Role.ONLINE_COSTS, amount), Side(Role.ONLINE, -amount)],
    )  # fmt: skip


def _booked_on(entries: QuerySet[JournalEntry]) -> LedgerAccount | None:
    """The account other than the bank on which these entries together still have something."""
    accounts_with = LedgerAccount.objects.filter(lines__entry__in=entries).exclude(role=Role.BANK)
    left = accounts_with.annotate(left=Sum(F("lines__debit") - F("lines__credit")))
    return left.exclude(left=0).first()


def _asked(row: Receivable, *, against: str, on: date, words: str) -> None:
    sides = [
        Side(Role.DEBTORS, row.amount, party=row.party, number=row.number),
        Side(against, -row.amount, number=row.number),
    ]
    told = words % {"number": row.number, "party": row.party.name}
    _book(f"asked:{row.pk}", hub=row.hub, journal=Journal.MEMORIAL, on=on, sides=sides, words=told)


def _book(
    source: str, *, hub: Hub, journal: str, on: date, sides: Iterable[Side], words: str
) -> JournalEntry | None:
    """Store the entry; None when this source has been booked. Raises BooksLocked and OutOfBalance."""
    kept = [side for side in sides if side.amount]
    if JournalEntry.objects.filter(source=source).exists():
        return None
    if sum((side.amount for side in kept), Decimal(0)) != 0:
        raise OutOfBalance(source)
    locking.raise_if_locked(hub, on)
    entry = JournalEntry.objects.create(
        hub=hub, journal=journal, booked_on=on, source=source, description=words[:200]
    )
    known = accounts.by_role(hub)
    JournalLine.objects.bulk_create(
        _line(entry, position, side, known) for position, side in enumerate(kept, start=1)
    )
    return entry


def _line(entry: JournalEntry, position: int, side: Side, known: Mapping[str, LedgerAccount]) -> JournalLine:
    return JournalLine(
        entry=entry,
        position=position,
        account=side.account if isinstance(side.account, LedgerAccount) else known[side.account],
        debit=max(side.amount, Decimal(0)),
        credit=max(-side.amount, Decimal(0)),
        party=side.party,
        number=side.number,
        cost_centre=side.cost_centre,
        vat_code=side.vat_code,
    )


def _dutch(words: str) -> str:
    """The books are kept in Dutch, whoever acts."""
    with override("nl"):
        return gettext(words)


def _dated(day: date | None) -> date:
    if day is None:
        raise ValueError("only what is issued is booked")
    return day
