"""Letters about money as PDF: reminders and the statement of an account. Plain facts in, bytes out; no database.

`seller` and `buyer` are what `drafting.seller_of(hub)` and `drafting.buyer_of(party)` say. Amounts are euros in cents.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from spaces import wording
from tenants.billing import letterhead, printing
from tenants.billing.letterhead import short

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class OpenItem:
    """Something asked of a party and what of it is still open on the day of the letter."""

    number: str
    issued_on: date
    due_on: date
    amount: Decimal
    open_amount: Decimal
    description: str = ""


@dataclass(frozen=True)
class Demand:
    """A reminder: `kind` is a `DunningStep.Kind` (notice, reminder, second, formal).

    Of a formal one `costs` is what collecting will cost when it is not paid by `pay_by` (BIK), not yet owed.
    `interest` is what is owed already until `sent_on`. `payment_reference` is that of the only item, or empty.
    """

    kind: Literal["notice", "reminder", "second", "formal"]
    seller: Mapping[str, str]
    buyer: Mapping[str, str]
    language: str
    sent_on: date
    pay_by: date
    items: Sequence[OpenItem]
    payment_reference: str = ""
    costs: Decimal = NOTHING
    interest: Decimal = NOTHING

    @property
    def total(self) -> Decimal:
        """What to pay now: what is open, with interest."""
        return sum((item.open_amount for item in self.items), self.interest)


@dataclass(frozen=True)
class Movement:
    """A line of a statement: `asked` raises what the party owes, `paid` lowers it; `balance` after it."""

    on: date
    what: str
    asked: Decimal | None
    paid: Decimal | None
    balance: Decimal


@dataclass(frozen=True)
class Statement:
    """The account of a party over some days (both included), like a bank statement; `open_items` at its end."""

    seller: Mapping[str, str]
    buyer: Mapping[str, str]
    language: str
    made_on: date
    from_on: date
    until_on: date
    opening: Decimal
    movements: Sequence[Movement]
    closing: Decimal
    open_items: Sequence[OpenItem] = field(default_factory=tuple)


@dataclass(frozen=True)
class Table:
    """Rows under heads; from column `numbers` on they stand right, column `wide` takes the room that is left."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    numbers: int = 1
    wide: int = 0


@dataclass(frozen=True)
class Section:
    """A part of a letter: paragraphs, short facts (name, value), a table; each may be left out."""

    title: str = ""
    words: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Sheet:
    """A letter in words that are ready, in `language`; `pay` is a block made by `letterhead`."""

    seller: Mapping[str, str]
    buyer: Mapping[str, str]
    language: str
    title: str
    on: date
    facts: Sequence[tuple[str, str]] = ()
    sections: Sequence[Section] = ()
    pay: Mapping[str, Any] | None = None
    closing: Sequence[str] = ()


def sheet_pdf(sheet: Sheet) -> bytes:
    """Any letter or summary in the house style, as a tagged PDF; the same words give the same bytes."""
    with override(sheet.language):
        frame = letterhead.frame(sheet.seller, sheet.buyer, language=sheet.language, title=sheet.title)
    words = {
        "facts": sheet.facts,
        "sections": [_section(part) for part in sheet.sections],
        "pay": sheet.pay,
        "closing": sheet.closing,
    }
    return printing.typeset("letter", frame | words, on=sheet.on)


def reminder_pdf(demand: Demand) -> bytes:
    """The letter as a tagged PDF, in its language; the same facts give the same bytes."""
    with override(demand.language):
        sheet = Sheet(
            demand.seller,
            demand.buyer,
            demand.language,
            title=TITLES[demand.kind](),
            on=demand.sent_on,
            facts=[(_("Date"), short(demand.sent_on)), (_("To pay"), wording.euro(demand.total))],
            sections=[
                Section(words=list(asked(demand))),
                Section(table=_open_table(demand.items, demand.interest)),
            ],
            pay=how_to_pay(demand),
            closing=list(closing(demand)),
        )
    return sheet_pdf(sheet)


def statement_pdf(statement: Statement) -> bytes:
    """The statement as a tagged PDF, in its language; the same facts give the same bytes."""
    with override(statement.language):
        days = f"{short(statement.from_on)} {wording.DASH} {short(statement.until_on)}"
        owes = _("To pay") if statement.closing >= 0 else _("In your favour")
        sheet = Sheet(
            statement.seller,
            statement.buyer,
            statement.language,
            title=_("Statement of account"),
            on=statement.made_on,
            facts=[
                (_("Date"), short(statement.made_on)),
                (_("Period"), days),
                (owes, wording.euro(abs(statement.closing))),
            ],
            sections=list(_account(statement)),
            closing=[_questions(statement.seller)],
        )
    return sheet_pdf(sheet)


TITLES = {
    "notice": lambda: _("Your invoice is almost due"),
    "reminder": lambda: _("Reminder"),
    "second": lambda: _("Second reminder"),
    "formal": lambda: _("Last reminder before costs"),
}


def _section(part: Section) -> dict[str, Any]:
    return vars(part) | {"table": vars(part.table) if part.table else None}


def asked(demand: Demand) -> Iterator[str]:
    """What the letter says before its table, a paragraph each, in the active language; the same in a mail."""
    count = len(demand.items)
    yield _("Dear %(name)s,") % {"name": demand.buyer.get("contact_name") or demand.buyer["name"]}
    if demand.kind == "notice":
        yield ngettext(
            "The invoice below is due soon. Have you paid it already? Then you need not do anything.",
            "The invoices below are due soon. Have you paid them already? Then you need not do anything.",
            count,
        )
    elif demand.kind == "reminder":
        yield ngettext(
            "We have not received the payment of the invoice below yet. Perhaps it slipped your mind.",
            "We have not received the payment of the invoices below yet. Perhaps they slipped your mind.",
            count,
        )
    elif demand.kind == "second":
        yield ngettext(
            "We reminded you before, and the invoice below is still open. Please pay it now.",
            "We reminded you before, and the invoices below are still open. Please pay them now.",
            count,
        )
    else:
        yield from _formal(demand)


def _formal(demand: Demand) -> Iterator[str]:
    """What the law wants in it: fourteen days from the day after receipt, and the exact amount of the costs."""
    yield ngettext(
        "We reminded you before, and the invoice below is still open.",
        "We reminded you before, and the invoices below are still open.",
        len(demand.items),
    )
    yield _(
        "Please pay %(amount)s within 14 days. They count from the day after you get this letter. "
        "You have until %(day)s in any case."
    ) % {"amount": wording.euro(demand.total), "day": wording.day(demand.pay_by)}
    if demand.costs:
        yield _(
            "Have we not received it in full by then? Then you also have to pay collection costs of %(costs)s "
            "(article 6:96 of the Dutch Civil Code)."
        ) % {"costs": wording.euro(demand.costs)}


def _open_table(items: Sequence[OpenItem], interest: Decimal = NOTHING) -> Table:
    extra = (_("Statutory interest until today"), "", "", "", wording.euro(interest))
    rows = [
        (
            f"{item.number}  {item.description}".strip(),
            short(item.issued_on),
            short(item.due_on),
            wording.euro(item.amount),
            wording.euro(item.open_amount),
        )
        for item in items
    ]
    total = sum((item.open_amount for item in items), interest)
    return Table(
        [_("Invoice"), _("Invoice date"), _("Pay by"), _("Amount"), _("Still open")],
        [*rows, extra] if interest else rows,
        (_("Together"), "", "", "", wording.euro(total)),
    )


def how_to_pay(demand: Demand) -> dict[str, Any]:
    """The block of the letter that tells how to pay: its words, and facts as pairs of a name and a value."""
    words = _("Please transfer %(amount)s by %(day)s.") % {
        "amount": wording.euro(demand.total),
        "day": wording.day(demand.pay_by),
    }
    numbers = ", ".join(item.number for item in demand.items)
    return letterhead.pay_by_transfer(
        demand.seller, amount=demand.total, reference=demand.payment_reference, words=words, text=numbers
    )


def closing(demand: Demand) -> Iterator[str]:
    """What the letter ends with."""
    if demand.kind != "notice":
        yield _("Does your payment cross this letter? Then you need not do anything.")
        yield _("Can you not pay at once, or do you not agree? Tell us; we look for a solution together.")
    yield _questions(demand.seller)


def _questions(seller: Mapping[str, str]) -> str:
    return _("Questions? Mail us: %(email)s.") % {"email": seller["email"]}


def _account(statement: Statement) -> Iterator[Section]:
    rows = [
        (short(each.on), each.what, *map(_or_nothing, (each.asked, each.paid)), wording.euro(each.balance))
        for each in statement.movements
    ]
    first = (short(statement.from_on), _("Open before"), "", "", wording.euro(statement.opening))
    total = (short(statement.until_on), _("Open at the end"), "", "", wording.euro(statement.closing))
    heads = [_("Date"), _("What"), _("Asked"), _("Paid"), _("Open")]
    yield Section(table=Table(heads, [first, *rows], total, numbers=2, wide=1))
    if statement.open_items:
        yield Section(title=_("What is open"), table=_open_table(statement.open_items))


def _or_nothing(amount: Decimal | None) -> str:
    return "" if amount is None else wording.euro(amount)
