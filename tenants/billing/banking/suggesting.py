"""What a movement that names nothing may be: suggestions with a reason, for a person to confirm; nothing is booked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from django.utils.translation import gettext as _

from spaces import wording
from tenants.billing.banking import matching
from tenants.billing.models import BankEntry, LedgerAccount, Payment, Receivable, Refund
from tenants.parties.models import Party

Role = LedgerAccount.Role
STRIPE = re.compile(r"(?i)\bstripe\b")
COSTS = re.compile(r"(?i)/(CHRG|COMM|COMT|FEES)$")


@dataclass(frozen=True)
class Suggestion:
    """One way to explain a movement. `key` names it for the form; exactly one of the rest says what is booked."""

    key: str
    words: str
    reason: str
    party: Party | None = None
    receivables: tuple[Receivable, ...] = ()
    role: str = ""
    refund: Refund | None = None
    reverses: Payment | None = None


def of(entries: Iterable[BankEntry]) -> dict[int, list[Suggestion]]:
    """The suggestions for each of these entries, the likeliest first. Four queries, however many there are."""
    rows = list(entries)
    known = _Known(rows)
    return {row.pk: list(_for(row, known)) for row in rows}


class _Known:
    """What is looked at for all entries at once."""

    def __init__(self, entries: list[BankEntry]) -> None:
        hubs = {row.hub_id for row in entries}
        ibans = {row.iban for row in entries if row.iban}
        self.parties: dict[str, dict[int, Party]] = {}
        for party in Party.objects.filter(hub__in=hubs, iban__in=ibans).order_by("name"):
            self.parties.setdefault(party.iban, {})[party.pk] = party
        before = Payment.objects.filter(entry__iban__in=ibans, hub__in=hubs, reversed_by=None, amount__gt=0)
        for payment in before.select_related("party", "entry").order_by("pk"):
            if payment.entry:
                self.parties.setdefault(payment.entry.iban, {})[payment.party_id] = payment.party
        theirs = {pk for found in self.parties.values() for pk in found}
        self.open: dict[int, list[Receivable]] = {}
        for row in Receivable.objects.filter(party__in=theirs).to_pay():
            self.open.setdefault(row.party_id, []).append(row)
        listed = Refund.objects.filter(hub__in=hubs, state=Refund.State.LISTED, through=None)
        self.refunds = list(listed.select_related("party").order_by("pk"))


def _for(entry: BankEntry, known: _Known) -> Iterator[Suggestion]:
    if entry.amount < 0:
        yield from _went_out(entry, known)
    elif STRIPE.search(f"{entry.name} {entry.text}"):
        yield Suggestion(
            f"account:{Role.ONLINE}",
            _("Book on: %(account)s") % {"account": Role.ONLINE.label},
            _("It is a payout of Stripe: what was paid online comes together in one amount."),
            role=Role.ONLINE,
        )
    else:
        yield from _of_parties(entry, known)


def _went_out(entry: BankEntry, known: _Known) -> Iterator[Suggestion]:
    for refund in known.refunds:
        if (refund.hub_id, refund.iban, refund.amount) == (entry.hub_id, entry.iban, -entry.amount):
            yield Suggestion(
                f"refund:{refund.pk}",
                _("Paid back to %(party)s") % {"party": refund.party.name},
                _("The account and the amount are those of the list of refunds."),
                refund=refund,
            )
    if payment := matching.reversed_by(entry):
        yield Suggestion(
            f"reverses:{payment.pk}",
            _("Payment of %(party)s came back") % {"party": payment.party.name},
            _("The number of the direct debit and the amount are the same."),
            reverses=payment,
        )
    if COSTS.search(entry.code):
        yield Suggestion(
            f"account:{Role.BANK_COSTS}",
            _("Book on: %(account)s") % {"account": Role.BANK_COSTS.label},
            _("The bank says that these are its own costs."),
            role=Role.BANK_COSTS,
        )


def _of_parties(entry: BankEntry, known: _Known) -> Iterator[Suggestion]:
    """Whose account it is: what makes this exact amount, and else what is oldest."""
    for party in known.parties.get(entry.iban, {}).values():
        rows = known.open.get(party.pk, [])
        left = entry.unexplained_amount
        exact = [row for row in rows if row.open_amount == left]
        together = _oldest_making(rows, left)
        chosen = exact[:1] or together
        if chosen:
            numbers = ", ".join(row.number for row in chosen)
            yield Suggestion(
                f"pays:{party.pk}:{'-'.join(str(row.pk) for row in chosen)}",
                _("%(party)s pays %(numbers)s") % {"party": party.name, "numbers": numbers},
                _("It comes from the account of %(party)s, and exactly this amount is open.")
                % {"party": party.name},
                party=party,
                receivables=tuple(chosen),
            )
        else:
            words = _("It comes from the account of %(party)s. Open is %(open)s.")
            is_open = wording.euro(sum((row.open_amount for row in rows), Decimal(0)))
            yield Suggestion(
                f"pays:{party.pk}:",
                _("%(party)s pays the oldest first") % {"party": party.name},
                words % {"party": party.name, "open": is_open},
                party=party,
                receivables=tuple(rows),
            )


def _oldest_making(rows: list[Receivable], amount: Decimal) -> list[Receivable]:
    """The oldest of these that together are exactly `amount`; none when no such row of them is."""
    for count, added in enumerate(accumulate(row.open_amount for row in rows), start=1):
        if added == amount:
            return rows[:count]
    return []
