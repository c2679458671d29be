"""Handing over to a collection agency: a list, and the papers, of what stayed unpaid after its 14-day letter."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from spaces import spreadsheet
from spaces.models import Hub
from spaces.money import total
from tenants.billing import allocating, documents, ledger, naming
from tenants.billing.dunning import charging_costs, ladder, rates, standing
from tenants.billing.dunning.interest import Paid, Rate
from tenants.billing.dunning.ladder import Kind
from tenants.billing.dunning.refusals import Changed
from tenants.billing.dunning.standing import Item, Obstacle
from tenants.billing.models import Receivable, Reminder
from tenants.parties.models import User


def ready(hub: Hub, *, today: date) -> list[Item]:
    """What can be handed over on `today`: its 14-day letter ran out, the days of the ladder are over, nothing is in the
    way. With it the costs that were charged for it.
    """
    step = next(rung for rung in ladder.rungs(hub) if rung.kind == Kind.HANDOVER)
    return [item for item in _run_out(hub, today) if item.obstacle is None and _is_late(item, step.days)]


def handed_over(hub: Hub, *, today: date) -> list[Item]:
    """What an agency has, and is still open."""
    return [item for item in standing.items(hub, today=today) if item.obstacle == Obstacle.HANDED_OVER]


@transaction.atomic(durable=True)
def hand_over(hub: Hub, receivables: Sequence[int], *, by: User, now: datetime) -> int:
    """The agency has these (their keys): no more letters go out; returns how many. Raises Changed for one that is not
    to be handed over (any more).
    """
    today = now.astimezone(hub.zone).date()
    allocating.hold(Receivable.objects.filter(hub=hub, pk__in=receivables))
    chosen = [item for item in ready(hub, today=today) if item.receivable.pk in receivables]
    if not chosen or len(chosen) != len(set(receivables)):
        raise Changed
    Reminder.objects.bulk_create(
        Reminder(
            receivable=item.receivable, kind=Kind.HANDOVER, sent_on=today, open_amount=item.open_amount, pay_by=today,
            by=by, at=now,
        )
        for item in chosen
    )  # fmt: skip
    return len(chosen)


def file(items: Sequence[Item]) -> Iterator[tuple[str, bytes]]:
    """The list, and of each party its account and its invoices on paper. Raises RateUnknown."""
    yield _("handover.csv"), _list(items)
    for party, rows in standing.by_party(items).items():
        folder, account = f"{party.pk}-{slugify(party.name)}", _("account-statement")
        yield f"{folder}/{account}.pdf", ledger.pdf(ledger.of(party), made_on=rows[0].today)
        for item in rows:
            if item.receivable.invoice:
                invoice = item.receivable.invoice
                yield f"{folder}/{naming.pdf_name(invoice)}", documents.paper(invoice)


def _list(items: Iterable[Item]) -> bytes:
    rows, known = list(items), rates.known()
    paid = charging_costs.payments_of(rows)
    head = [
        _("Party"), _("KvK number"), _("Contact"), _("E-mail address"), _("Phone number"), _("Street"),
        _("Postal code"), _("City"), _("Number"), _("Invoice date"), _("Pay by"), _("Amount"), _("Still open"),
        _("Statutory interest until today"), _("Reminded on"), _("14-day letter on"), _("Costs named in it"),
    ]  # fmt: skip
    return spreadsheet.written(
        [head, *(_row(item, paid.get(item.receivable.pk, []), known) for item in rows)]
    )


def _row(item: Item, paid: Sequence[Paid], known: Sequence[Rate]) -> list[object]:
    row, party = item.receivable, item.receivable.party
    letters = ", ".join(f"{each.sent_on}" for each in item.reminders if each.kind != Kind.FORMAL)
    interest = total(part.amount for part in charging_costs.interest_of(item, paid, known))
    formal = item.formal
    return [
        party.name, party.kvk, party.contact_name, party.email, party.phone, party.street, party.postal_code,
        party.city, row.number, row.issued_on, row.due_on, row.amount, item.open_amount, interest, letters,
        formal.sent_on if formal else None, formal.costs if formal else None,
    ]  # fmt: skip


def _run_out(hub: Hub, today: date) -> list[Item]:
    """With a 14-day letter that ran out, and the costs of those."""
    found = standing.items(hub, today=today)
    late = {item.receivable.pk for item in found if item.formal_has_run_out}
    return [item for item in found if item.receivable.pk in late or item.receivable.about_id in late]


def _is_late(item: Item, days: int) -> bool:
    return item.days_late >= days or item.receivable.kind == Receivable.Kind.COSTS
