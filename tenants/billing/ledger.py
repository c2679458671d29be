"""The account of a party, like a bank statement: what was asked, what was paid, and what is owed after each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from spaces.money import Euro, euro, total
from spaces.periods import DAY
from tenants.billing import drafting, letters_pdf
from tenants.billing.letters_pdf import Movement, OpenItem, Statement
from tenants.billing.models import Payment, Receivable
from tenants.billing.querysets import BOOKS
from tenants.parties.access import Actor
from tenants.parties.models import Party


def accounts_for(actor: Actor) -> QuerySet[Party]:
    """The parties whose account somebody may see: the books all of the hub, others those they manage, or their own."""
    rows = Party.objects.visible_to(actor)
    return rows if actor.has(*BOOKS) else rows.filter(pk__in=actor.party_ids_as("tenant_manager", "zzper"))


@dataclass(frozen=True)
class Row(Movement):
    """A movement with what it is about; `note` is for the books alone."""

    receivable: Receivable | None = None
    payment: Payment | None = None
    note: str = ""


@dataclass(frozen=True)
class Ledger:
    """The movements of some days (None: no bound), with what was owed before and after them.

    Without a last day `closing` is what is open now, less the `credit` that pays nothing yet.
    """

    party: Party
    first: date | None
    last: date | None
    opening: Euro
    rows: Sequence[Row]
    closing: Euro
    open_items: Sequence[Receivable] = ()
    credit: Decimal = Decimal(0)


def of(party: Party, *, first: date | None = None, last: date | None = None) -> Ledger:
    """The account of `party` from `first` up to and including `last`, in the active language. Two queries."""
    asked = list(Receivable.objects.filter(party=party).with_open().select_related("invoice", "hub"))
    paid = list(Payment.objects.filter(party=party).with_unused().select_related("entry", "reverses"))
    rows = _balanced([*map(_asked, asked), *map(_paid, paid)])
    before = [row for row in rows if first and row.on < first]
    shown = [row for row in rows if row not in before and not (last and row.on > last)]
    opening = before[-1].balance if before else Decimal(0)
    still_open = sorted((row for row in asked if row.open_amount), key=lambda row: (row.due_on, row.pk))
    return Ledger(
        party, first, last, opening=euro(opening), rows=shown,
        closing=euro(shown[-1].balance if shown else opening),
        open_items=[] if last else still_open,
        credit=euro(0) if last else total(row.unused_amount for row in paid),
    )  # fmt: skip


def statement(ledger: Ledger, *, made_on: date) -> Statement:
    """The same as a paper for the party, in its own language."""
    party = ledger.party
    with override(party.language):
        again = of(party, first=ledger.first, last=ledger.last)
    days = [row.on for row in again.rows] or [made_on]
    return Statement(
        seller=drafting.seller_of(party.hub), buyer=drafting.buyer_of(party), language=party.language, made_on=made_on,
        from_on=ledger.first or days[0], until_on=ledger.last or max(made_on, days[-1]), opening=again.opening,
        movements=again.rows, closing=again.closing,
        open_items=list(_open_items(again, made_on)),
    )  # fmt: skip


def _open_items(ledger: Ledger, today: date) -> Iterator[OpenItem]:
    """What is open, and what was paid and counts for nothing yet: together what the statement ends in."""
    for row in ledger.open_items:
        yield OpenItem(row.number, row.issued_on, row.due_on, row.amount, row.open_amount, row.description)
    if ledger.credit:
        with override(ledger.party.language):
            yield OpenItem(_("To your credit"), today, today, -ledger.credit, -ledger.credit)


def pdf(ledger: Ledger, *, made_on: date) -> bytes:
    """The statement on paper."""
    return letters_pdf.statement_pdf(statement(ledger, made_on=made_on))


def table(ledger: Ledger) -> Iterator[Sequence[object]]:
    """The same as rows of a spreadsheet, in the active language."""
    yield [_("Date"), _("What"), _("Asked"), _("Paid"), _("Open")]
    if ledger.first:
        yield [ledger.first - DAY, _("Open before"), None, None, ledger.opening]
    for row in ledger.rows:
        yield [row.on, row.what, row.asked, row.paid, row.balance]


def _asked(row: Receivable) -> Row:
    return Row(row.issued_on, _name(row), row.amount, None, Decimal(0), receivable=row, note=row.description)


def _name(row: Receivable) -> str:
    if row.kind == Receivable.Kind.COSTS:
        words = _("Collection costs and interest %(number)s")
    elif row.amount < 0:
        words = _("Credit note %(number)s")
    elif row.kind == Receivable.Kind.OLD:
        words = _("Invoice %(number)s (old books)")
    else:
        words = _("Invoice %(number)s")
    return words % {"number": row.number}


def _paid(row: Payment) -> Row:
    note = " · ".join(filter(None, (row.reference, row.reason)))
    return Row(row.received_on, _way(row), None, row.amount, Decimal(0), payment=row, note=note)


def _way(row: Payment) -> str:
    if row.reverses_id:
        words = _("Taken back: %(how)s")
    elif row.amount < 0:
        words = _("Paid back: %(how)s")
    elif row.method == Payment.Method.WRITE_OFF:
        return _("Written off")
    else:
        words = _("Paid: %(how)s")
    how = row.get_method_display()
    return words % {"how": _("%(how)s (TEST, no real money)") % {"how": how} if row.is_test else how}


def _balanced(rows: Sequence[Row]) -> list[Row]:
    """By day, what was asked before what was paid, each with what is owed after it."""
    found, balance = [], Decimal(0)
    for row in sorted(rows, key=lambda row: (row.on, row.payment is not None, _key(row))):
        balance += (row.asked or Decimal(0)) - (row.paid or Decimal(0))
        found.append(
            Row(row.on, row.what, row.asked, row.paid, balance, row.receivable, row.payment, row.note)
        )
    return found


def _key(row: Row) -> int:
    source = row.payment or row.receivable
    return source.pk if source else 0
