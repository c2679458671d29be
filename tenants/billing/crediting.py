"""Credit notes: giving back an issued invoice, some of its lines or a part of one, by a document that names it.

Who credits locks the charges of the invoice first, in the order of their ids, and the database refuses a credit of more
than was charged. A line that was itself a credit is not taken back: what was credited too much is charged anew.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from spaces import wording
from spaces.explaining import sentence
from spaces.money import Euro, euro, total
from tenants.billing import charging, drafting, issuing, taking_back, vat
from tenants.billing.models import Charge, Invoice, InvoiceLine, InvoiceVat
from tenants.billing.vat import DocumentTotal
from tenants.parties.models import User


class CreditRefused(Exception):
    """A credit note that cannot be made; `message` is for the person and says what to do next."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class NotCreditable(CreditRefused):
    """Only an issued invoice can be taken back, not a draft and not a credit note."""

    def __init__(self) -> None:
        super().__init__(_("This is a credit note itself. Charge again what was credited too much."))


class NothingToCredit(CreditRefused):
    """No line was chosen, or all together gives nothing back."""

    def __init__(self) -> None:
        super().__init__(_("Choose a line to credit, or fill in an amount above zero."))


class MoreThanInvoiced(CreditRefused):
    """Of this line less is left than somebody wants to give back."""

    def __init__(self, left: Decimal) -> None:
        words = _("Of this line %(left)s excl. VAT is left to credit. Fill in no more than that.")
        super().__init__(
            words % {"left": wording.euro(left)} if left else _("This line has been credited already.")
        )


class CreditReasonMissing(CreditRefused):
    """Who gets the note, and who reads the books, must know why."""

    def __init__(self) -> None:
        super().__init__(_("Say why: it stands on the credit note."))


class CreditedMeanwhile(CreditRefused):
    """Another credit came between looking and pressing."""

    def __init__(self) -> None:
        super().__init__(
            _("Something of this invoice was credited since you looked. See what is left below.")
        )


class OnlyWholeLinesAgain(CreditRefused):
    """A part of a line has no quantity and price of its own to charge again."""

    def __init__(self) -> None:
        super().__init__(
            _("Only a whole line can be charged again. Credit a part without charging it again.")
        )


class Part(NamedTuple):
    """So much of a line, in euros excluding VAT, with the sign of the line."""

    line: InvoiceLine
    net: Decimal


class Left(NamedTuple):
    """A line with what of its net no credit took back yet."""

    line: InvoiceLine
    net: Decimal

    @property
    def can_be_credited(self) -> bool:
        return self.line.charge.credits_id is None and self.net != 0


def lines_left(invoice: Invoice) -> list[Left]:
    """The lines of an issued invoice with what is left of each. Two queries."""
    lines = list(invoice.lines.select_related("charge").order_by("position"))
    left = taking_back.left_of(line.charge for line in lines)
    return [Left(line, left[line.charge_id]) for line in lines]


def may_be_credited(invoice: Invoice) -> bool:
    """Whether it is issued and charges something; of a credit note that is a fee that was kept. One query at most."""
    if invoice.number is None or invoice.corrects_id is None:
        return invoice.number is not None
    return invoice.lines.filter(charge__credits=None).exists()


def everything(invoice: Invoice) -> list[Part]:
    """All that is left of an invoice: what a credit note of the whole gives back."""
    return [Part(*each) for each in lines_left(invoice) if each.can_be_credited]


def fingerprint(lines: Sequence[Left]) -> str:
    """What was left when somebody looked: another credit in between makes it another one."""
    return ",".join(f"{line.pk}:{net}" for line, net in lines)


def preview(invoice: Invoice, *, lines: Sequence[Part], again: bool) -> DocumentTotal:
    """What a credit note of these parts would come to; writes nothing. Raises what `credit` raises about the parts."""
    if again:
        _raise_if_not_whole(lines)
    _raise_if_too_much(lines, lines_left(invoice))
    mirrored = [Charge(**taking_back.credit_of(line.charge, net=net)) for line, net in lines]
    return _total(invoice, mirrored)


@transaction.atomic(durable=True)
def credit(
    invoice: Invoice, *, lines: Sequence[Part], reason: str, by: User, seen: str = "", now: datetime
) -> Invoice:
    """Give back these parts of an issued invoice by a credit note, issued at once; nothing of it is charged again.

    VAT mirrors that of the invoice: after the last part all credited VAT is what was invoiced, to the cent, so that of
    one note can differ a cent from its rate. `seen` is the fingerprint of what was shown; "" looks at nothing. Raises a
    CreditRefused, and BooksLocked when today lies in a closed period.
    """
    return write_note(invoice, lines, reason=reason, by=by, seen=seen, waived=True, now=now)


@transaction.atomic(durable=True)
def credit_and_charge_again(
    invoice: Invoice, *, lines: Sequence[Part], reason: str, by: User, seen: str = "", now: datetime
) -> Invoice:
    """As `credit`, for whole lines, which the next proposal has again: an invoice that was wrong but is owed.

    Raises OnlyWholeLinesAgain as well.
    """
    _raise_if_not_whole(lines)
    note = write_note(invoice, lines, reason=reason, by=by, seen=seen, waived=False, now=now)
    charging.charge_again([line.charge for line, _net in lines])
    return note


def write_note(
    invoice: Invoice, parts: Sequence[Part], *, reason: str, by: User, seen: str, waived: bool, now: datetime
) -> Invoice:
    """`credit` inside the caller's transaction; what is not `waived` is owed still, so it is charged again."""
    if not may_be_credited(invoice):
        raise NotCreditable
    if not reason.strip():
        raise CreditReasonMissing
    hold(invoice)
    left = lines_left(invoice)
    if seen and seen != fingerprint(left):
        raise CreditedMeanwhile
    _raise_if_too_much(parts, left)
    note = _drafted(invoice, parts, reason=reason.strip(), by=by, waived=waived)
    return issuing.issue(note, on=now.astimezone(invoice.hub.zone).date())


def hold(invoice: Invoice) -> None:
    """The charges of an invoice, in the order of their ids: two credits wait for each other, and for a correction."""
    list(Charge.objects.filter(invoice_line__invoice=invoice).order_by("pk").select_for_update(of=("self",)))


def _raise_if_not_whole(parts: Sequence[Part]) -> None:
    if any(net != line.net for line, net in parts):
        raise OnlyWholeLinesAgain


def _raise_if_too_much(parts: Sequence[Part], left: Sequence[Left]) -> None:
    remaining = {each.line.pk: each.net if each.can_be_credited else Decimal(0) for each in left}
    for line, net in parts:
        most = remaining.pop(line.pk, Decimal(0))  # the same line twice finds nothing left
        if not net:
            raise NothingToCredit
        if (net > 0) != (most > 0) or abs(net) > abs(most):
            raise MoreThanInvoiced(most)
    if total(net for _line, net in parts) <= 0:
        raise NothingToCredit


def _drafted(invoice: Invoice, parts: Sequence[Part], *, reason: str, by: User, waived: bool) -> Invoice:
    note = Invoice.objects.create(
        hub=invoice.hub, party=invoice.party, corrects=invoice, made_by=by, language=invoice.language,
        seller=invoice.seller, buyer=invoice.buyer,
    )  # fmt: skip
    why = sentence("%(why)s", why=reason)
    charges = Charge.objects.bulk_create(
        Charge(
            source=f"credit:{note.pk}",
            position=position,
            waived=waived,
            **taking_back.credit_of(line.charge, net=net, reason=why),
        )
        for position, (line, net) in enumerate(sorted(parts, key=lambda part: part.line.position), start=1)
    )
    drafting.fill(note, _with_invoice(charges), _total(invoice, charges))
    return note


def _with_invoice(charges: Sequence[Charge]) -> list[Charge]:
    rows = Charge.objects.filter(pk__in=[charge.pk for charge in charges]).select_related(*drafting.NEEDED)
    return list(rows.order_by("position"))


def standing(invoice: Invoice) -> dict[tuple[str, Decimal], tuple[Decimal, Decimal]]:
    """Net and VAT of an invoice with all its credit notes, and theirs, by VAT category and rate. One query."""
    mine = Q(invoice=invoice) | Q(invoice__corrects=invoice) | Q(invoice__corrects__corrects=invoice)
    rows = InvoiceVat.objects.filter(mine, invoice__number__isnull=False).order_by()
    found = rows.values("category", "rate")
    return {
        (row["category"], row["rate"]): (row["nets"], row["vats"])
        for row in found.annotate(nets=Sum("net"), vats=Sum("vat"))
    }


def _total(invoice: Invoice, charges: Sequence[Charge]) -> DocumentTotal:
    """What a note with these comes to; when nothing of a rate is left, its VAT is what is left of that, to the cent."""
    stands = standing(invoice)
    sums = []
    for each in vat.of_credit(charges, before=_credited(invoice)).sums:
        net, tax = stands.get((each.category, each.taxed.rate), (Decimal(0), Decimal(0)))
        rest = replace(each.taxed, vat=euro(-tax)) if net + each.taxed.net == 0 else each.taxed
        sums.append(replace(each, taxed=rest))
    return DocumentTotal(tuple(sums))


def _credited(invoice: Invoice) -> dict[tuple[str, Decimal], Decimal]:
    """The net that was given back of this invoice before, by VAT category and rate; below zero."""
    lines = InvoiceLine.objects.filter(
        charge__credits__invoice_line__invoice=invoice, invoice__number__isnull=False
    )
    nets: dict[tuple[str, Decimal], Decimal] = defaultdict(Decimal)
    for line in lines:
        nets[vat.category(line.vat_treatment, line.vat_rate), line.vat_rate] += line.net
    return nets


def amount_left(lines: Sequence[Left]) -> Euro:
    """What can still be given back of an invoice with these lines, excluding VAT."""
    return total(each.net for each in lines if each.can_be_credited)
