"""What there is to do today about invoices, the bank, direct debits, refunds and the books. Nothing is written here."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces import wording
from spaces.models import Hub
from spaces.money import total
from spaces.periods import DAY
from tenants.billing import checking, debiting, documents, mandates, refunding, stripe
from tenants.billing.banking import suggesting
from tenants.billing.models import (
    AwaitedDocument,
    BankEntry,
    Books,
    Charge,
    DebitBatch,
    DebitState,
    InvoiceRun,
    JournalEntry,
    OnlinePayment,
    Receivable,
    Refund,
    RunState,
)
from tenants.billing.online import differences
from tenants.parties.models import Letter, Party

RENT_AHEAD = timedelta(days=14)
"""Rent is paid in advance: so long before a month begins its run is to be made."""


@dataclass(frozen=True)
class Duty:
    """Something to do: how many, in the active language what and why, and the page where it is done."""

    count: int
    words: str
    why: str
    url: str


@dataclass(frozen=True)
class Look:
    """At which hub, on which day."""

    hub: Hub
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.hub.zone).date()


def today(hub: Hub, *, now: datetime) -> list[Duty]:
    """Everything there is to do, what comes first first. A constant number of queries."""
    look = Look(hub, now)
    return [duty for find in FOUND_BY for duty in find(look)]


def _runs(look: Look) -> Iterator[Duty]:
    """Proposals to approve and runs that stopped."""
    runs = InvoiceRun.objects.filter(hub=look.hub).unfinished().select_related("proposed_by")
    for run in runs.prefetch_related("invoices").order_by("month"):
        count = sum(invoice.number is None for invoice in run.invoices.all())
        month = {"month": _month(run.month)}
        if run.state == RunState.APPROVED:
            why = run.error or _("They are being issued; look whether it goes on.")
            words = ngettext(
                "Approved invoice of %(month)s to be issued",
                "Approved invoices of %(month)s to be issued",
                count,
            )
            yield Duty(count, words % month, why, _run_page(run.month))
        elif count:
            name = run.proposed_by.name if run.proposed_by else "Plein"
            why = _("Proposed by %(name)s. Somebody else looks at them and approves.") % {"name": name}
            words = ngettext("Invoice of %(month)s to approve", "Invoices of %(month)s to approve", count)
            yield Duty(count, words % month, why, _run_page(run.month))


def _failures(look: Look) -> Iterator[Duty]:
    """Issued, but without a PDF, or refused by the post."""
    stuck = AwaitedDocument.objects.filter(invoice__hub=look.hub, attempts__gte=documents.MOST_ATTEMPTS)
    if papers := list(stuck.select_related("invoice").order_by("invoice__number")):
        why = _("Invoice %(number)s: %(error)s") % {
            "number": papers[0].invoice.number,
            "error": papers[0].error,
        }
        url = reverse("invoice", kwargs={"number": papers[0].invoice.number})
        words = ngettext("Invoice without a document", "Invoices without a document", len(papers))
        yield Duty(len(papers), words, why, url)
    refused = Letter.objects.filter(hub=look.hub, kind="invoice", refused_at__isnull=False, sent_at=None)
    if letters := list(refused.filter(dropped_at=None).select_related("party").order_by("refused_at")):
        why = _("To %(party)s: %(error)s") % {
            "party": letters[0].party.name if letters[0].party else letters[0].to_email, "error": letters[0].error
        }  # fmt: skip
        words = ngettext(
            "Invoice that could not be mailed", "Invoices that could not be mailed", len(letters)
        )
        yield Duty(len(letters), words, why, reverse("invoices"))


def _to_propose(look: Look) -> Iterator[Duty]:
    """What is due and on no invoice yet, by the run it is for; and the parties whose invoice waits for something."""
    this = look.today.replace(day=1)
    last, following = (this - DAY).replace(day=1), (this + timedelta(days=31)).replace(day=1)
    ahead = following if following <= look.today + RENT_AHEAD else this
    charges = Charge.objects.filter(hub=look.hub).uninvoiced().ready()
    rows = list(charges.due(ahead, used_until=this - DAY).select_related("party"))
    waiting = _waiting(rows)
    late = [row for row in rows if _is_for(row, last)]
    for month, own in ((last, late), (ahead, [row for row in rows if not _is_for(row, last)])):
        parties = {row.party_id for row in own} - {party.pk for party in waiting}
        if parties:
            net = total(row.net for row in own if row.party_id in parties)
            words = ngettext(
                "Party to invoice for %(month)s", "Parties to invoice for %(month)s", len(parties)
            ) % {"month": _month(month)}
            why = _("%(net)s excl. VAT is on no proposal yet. Make the proposal.") % {
                "net": wording.euro(net)
            }
            yield Duty(len(parties), words, why, _run_page(month))
    if waiting:
        names = ", ".join(party.name for party in waiting)
        why = "; ".join(dict.fromkeys(remark for remarks in waiting.values() for remark in remarks))
        words = ngettext("Party whose invoice waits", "Parties whose invoice waits", len(waiting))
        url = reverse("party", args=[next(iter(waiting)).pk])
        yield Duty(len(waiting), words, f"{names}: {why}", url)


def _is_for(row: Charge, last: date) -> bool:
    """Whether it belongs to the run of `last` month, or one before."""
    return row.starts_on < (last + timedelta(days=31)).replace(day=1)


def _waiting(rows: list[Charge]) -> dict[Party, list[str]]:
    """The parties of which something stops the invoice, and what."""
    lines: dict[Party, list[Charge]] = defaultdict(list)
    for row in rows:
        lines[row.party].append(row)
    stops = {
        party: [remark.text for remark in checking.remarks_on(party, own) if remark.stops]
        for party, own in lines.items()
    }
    return {party: texts for party, texts in stops.items() if texts}


def _bank(look: Look) -> Iterator[Duty]:
    entries = list(BankEntry.objects.filter(hub=look.hub).unexplained().order_by("booked_on", "pk"))
    if not entries:
        return
    suggested = sum(bool(found) for found in suggesting.of(entries).values())
    url, oldest = reverse("bank"), wording.calendar_date(entries[0].booked_on)
    if suggested:
        why = _("Plein has a suggestion for each; say whether it is right.")
        words = ngettext("Bank entry to confirm", "Bank entries to confirm", suggested)
        yield Duty(suggested, words, why, url)
    if unknown := len(entries) - suggested:
        why = _("Nobody can see by itself what they are. The oldest is of %(day)s.") % {"day": oldest}
        words = ngettext("Bank entry to explain", "Bank entries to explain", unknown)
        yield Duty(unknown, words, why, url)


def _debits(look: Look) -> Iterator[Duty]:
    made = list(DebitBatch.objects.filter(hub=look.hub, state=DebitState.MADE).order_by("collect_on"))
    if made:
        why = _("The first one is to be collected on %(day)s. The bank has to have the file before.") % {
            "day": wording.calendar_date(made[0].collect_on)
        }
        url = reverse("debit-batch", args=[made[0].pk])
        words = ngettext(
            "File of direct debits to hand to the bank",
            "Files of direct debits to hand to the bank",
            len(made),
        )
        yield Duty(len(made), words, why, url)
    on = debiting.first_day_for(look.hub, now=look.now)
    due = [
        each
        for scheme in ("CORE", "B2B")
        for each in debiting.due(look.hub, collect_on=on, scheme=scheme, today=look.today)
    ]
    if due:
        amount = wording.euro(total(each.receivable.open_amount for each in due))
        why = _("%(amount)s together, of parties that signed a mandate; at the earliest on %(day)s.") % {
            "amount": amount, "day": wording.calendar_date(on)
        }  # fmt: skip
        words = ngettext(
            "Invoice to collect by direct debit", "Invoices to collect by direct debit", len(due)
        )
        yield Duty(len(due), words, why, reverse("debits"))
    if missing := list(mandates.without(look.hub)):
        names = ", ".join(party.name for party in missing)
        why = _("They are to pay by direct debit, but signed nothing: %(names)s.") % {"names": names}
        words = ngettext("Mandate that is missing", "Mandates that are missing", len(missing))
        yield Duty(len(missing), words, why, reverse("mandates"))


def _refunds(look: Look) -> Iterator[Duty]:
    listed = list(Refund.objects.filter(hub=look.hub, state=Refund.State.LISTED, through=None))
    if listed:
        amount = wording.euro(total(row.amount for row in listed))
        why = _("%(amount)s together is on the list. Pay it at the bank.") % {"amount": amount}
        words = ngettext("Refund to pay", "Refunds to pay", len(listed))
        yield Duty(len(listed), words, why, reverse("credits"))
    if free := refunding.credits_at(look.hub):
        amount = wording.euro(total(each.free for each in free))
        why = _("%(amount)s together: settle it with what is open, or pay it back.") % {"amount": amount}
        words = ngettext("Credit of a party to decide about", "Credits of parties to decide about", len(free))
        yield Duty(len(free), words, why, reverse("credits"))


def _short(look: Look) -> Iterator[Duty]:
    """Paid online, but less came than was asked, and the rest is open. What came too much is a credit."""
    less = OnlinePayment.objects.filter(hub=look.hub, payment__amount__lt=F("amount"))
    rows = Receivable.objects.filter(allocations__payment__online__in=less).to_pay().distinct()
    if found := list(rows.select_related("party")):
        numbers = ", ".join(row.number for row in found)
        why = _("The payment service took in less than was asked: %(numbers)s. Ask for the rest.") % {
            "numbers": numbers
        }
        url = reverse("party-account", args=[found[0].party_id])
        words = ngettext("Online payment that was too low", "Online payments that were too low", len(found))
        yield Duty(len(found), words, why, url)


def _stripe(look: Look) -> Iterator[Duty]:
    """What the account at Stripe says and the books do not."""
    if found := differences.at(look.hub, is_test=stripe.is_test(), now=look.now):
        why = _("%(first)s. What to do stands with each.") % {"first": found[0].words}
        words = ngettext("Difference with Stripe", "Differences with Stripe", len(found))
        yield Duty(len(found), words, why, reverse("online-account"))


def _books(look: Look) -> Iterator[Duty]:
    """The quarter before this one: its VAT return is due a month after it."""
    first = date(look.today.year, (look.today.month - 1) // 3 * 3 + 1, 1)
    until = first - DAY
    closed = Books.objects.filter(hub=look.hub).values_list("locked_until", flat=True).first()
    if closed is not None and closed >= until:
        return
    open_entries = JournalEntry.objects.filter(hub=look.hub, booked_on__lte=until)
    count = (open_entries.filter(booked_on__gt=closed) if closed else open_entries).count()
    if count:
        words = ngettext(
            "Journal entry in books that are still open",
            "Journal entries in books that are still open",
            count,
        )
        why = _(
            "Close the books up to and including %(day)s when the VAT return of that quarter is done."
        ) % {"day": wording.calendar_date(until)}
        yield Duty(count, words, why, reverse("books-close"))


def _month(first: date) -> str:
    return wording.calendar_date(first).split(" ", 1)[1]


def _run_page(month: date) -> str:
    return f"{reverse('invoicing-month')}?maand={month:%Y-%m}"


FOUND_BY: tuple[Callable[[Look], Iterator[Duty]], ...] = (
    _failures, _runs, _to_propose, _bank, _debits, _refunds, _short, _stripe, _books,
)  # fmt: skip
