"""A letter of the ladder in words: the same on its paper and in the mail that brings it, in the party's language."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from spaces import wording
from tenants.billing import drafting, letters_pdf
from tenants.billing.dunning.proposing import Proposed
from tenants.billing.letters_pdf import Demand, OpenItem
from tenants.billing.models import Receivable
from tenants.billing.online import links
from tenants.parties import mailing
from tenants.parties.mailing import File, Words


def demand(proposed: Proposed) -> Demand:
    """The facts of the letter; it asks what is booked, and only names the costs that may come."""
    rows = [item.receivable for item in proposed.items]
    return Demand(
        kind=proposed.kind,  # type: ignore[arg-type]
        seller=drafting.seller_of(proposed.party.hub),
        buyer=drafting.buyer_of(proposed.party),
        language=proposed.party.language,
        sent_on=proposed.sent_on,
        pay_by=proposed.pay_by,
        items=[open_item(row) for row in rows],
        payment_reference=rows[0].payment_reference if len(rows) == 1 else "",
        costs=proposed.costs,
    )


def open_item(row: Receivable) -> OpenItem:
    """A receivable with its `open_amount` as a line of a letter."""
    return OpenItem(row.number, row.issued_on, row.due_on, row.amount, row.open_amount, row.description)


def words(proposed: Proposed) -> Words:
    """Subject, text and page of the mail."""
    facts = demand(proposed)
    with override(facts.language):
        subject = f"{letters_pdf.TITLES[facts.kind]()}: {wording.euro(facts.total)}"
        lines = [
            _("- %(number)s: %(amount)s, to be paid by %(day)s")
            % {
                "number": item.number,
                "amount": wording.euro(item.open_amount),
                "day": wording.calendar_date(item.due_on),
            }
            for item in facts.items
        ]
        pay = letters_pdf.how_to_pay(facts)
        named = [f"{name}: {value}" for name, value in pay["facts"]]
        parts = [*letters_pdf.asked(facts), "\n".join(lines), pay["words"], "\n".join(named)]
        parts += _online([item.receivable for item in proposed.items])
        text = "\n\n".join([*parts, *letters_pdf.closing(facts), facts.seller["hub"]])
        return Words(subject, text, mailing.styled(mailing.plain_page(subject, text)))


def _online(rows: list[Receivable]) -> list[str]:
    """Where each of these can be paid online; nothing when none can."""
    found = links.offered(rows)
    named = [f"{row.number}: {link}" for row, link in zip(rows, found, strict=False)]
    return [_("Pay online:"), "\n".join(named)] if named else []


def paper(proposed: Proposed) -> File:
    """The letter as a PDF."""
    with override(proposed.party.language):
        name = _("letter-%(number)s.pdf") % {"number": proposed.items[0].receivable.number}
    return File(name, "application/pdf", letters_pdf.reminder_pdf(demand(proposed)))
