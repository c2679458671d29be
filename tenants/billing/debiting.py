"""Direct debits: what is due of parties with a mandate, announced to them, and handed to the bank as one file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from spaces import wording
from spaces.models import Hub
from spaces.money import total
from spaces.periods import DAY
from spaces.public_holidays import is_bank_day
from tenants.billing import allocating, mandates
from tenants.billing.dunning import plans
from tenants.billing.models import (
    DEBIT_NEXT,
    Allocation,
    BankEntry,
    Books,
    CollectionPause,
    Debit,
    DebitBatch,
    DebitState,
    OnlinePayment,
    OnlineState,
    Payment,
    Receivable,
)
from tenants.billing.refusals import PayingRefused
from tenants.parties import mailing
from tenants.parties.models import Letter, Party, User

UNDER_WAY = timedelta(days=7)
"""How long after the day of collecting a debit counts as being on its way; the bank has told by then."""


class DebitRefused(PayingRefused):
    """A batch that cannot be made or handed over."""


@dataclass(frozen=True)
class Due:
    """Something to collect: what is open of a receivable, from whom, as the first of its mandate or not."""

    receivable: Receivable
    sequence: str

    @property
    def party(self) -> Party:
        return self.receivable.party


def first_day_for(hub: Hub, *, now: datetime) -> date:
    """The first bank day on which may be collected what is announced today."""
    books = Books.objects.filter(hub=hub).first() or Books()
    soonest = now.astimezone(hub.zone).date() + timedelta(days=max(books.debit_notice_days, 1))
    return next_bank_day(soonest)


def next_bank_day(day: date) -> date:
    """`day`, or the first bank day after it."""
    while not is_bank_day(day):
        day += DAY
    return day


def on_their_way(*, today: date) -> Q:
    """Receivables whose direct debit was made or handed over and is not settled yet: nobody is reminded of them.

    By a file for the bank, or by a mandate that was given online: never by both.
    """
    settled = Allocation.objects.filter(
        receivable=OuterRef("receivable"), payment__method=Payment.Method.DEBIT, undoes=None,
        payment__received_on__gte=OuterRef("batch__collect_on"),
    )  # fmt: skip
    sent = Q(batch__state=DebitState.SENT, batch__collect_on__gt=today - UNDER_WAY) & ~Exists(settled)
    under_way = Debit.objects.filter(Q(batch__state=DebitState.MADE) | sent, receivable=OuterRef("pk"))
    # announced for a day that went by without the answer of Stripe it is not on its way
    coming = Q(state=OnlineState.PROCESSING) | Q(state=OnlineState.NEW, target_on__gte=today)
    online = OnlinePayment.objects.filter(coming, receivable=OuterRef("pk"), mandate__isnull=False)
    return Q(Exists(under_way)) | Q(Exists(online))


def due(hub: Hub, *, collect_on: date, scheme: str, today: date) -> list[Due]:
    """What can be collected on `collect_on` under this scheme: due by then, not on its way, disputed or in a plan.

    The same number of queries, however much it is.
    """
    payers = mandates.payers(hub).filter(mandate_scheme=scheme)
    rows = Receivable.objects.filter(party__in=payers, due_on__lte=collect_on).to_pay()
    rows = rows.exclude(on_their_way(today=today)).exclude(is_paused(collect_on))
    rows = rows.exclude(pk__in=plans.covered(hub, today=today))
    found = list(rows.select_related("party").order_by("party__name", "due_on", "pk"))
    used = _mandates_used(hub)
    result = []
    for row in found:
        mandate = row.party.mandate_reference
        result.append(Due(row, "RCUR" if mandate in used else "FRST"))
        used.add(mandate)
    return result


@transaction.atomic(durable=True)
def make(
    hub: Hub, *, collect_on: date, scheme: str, receivables: Sequence[int], by: User, now: datetime
) -> DebitBatch:
    """Make a batch of what is due of these receivables (their keys), and owe each party the letter that announces it.

    Raises DebitRefused: no bank day, announced too late, no creditor id, or something is not due any more.
    """
    _raise_if_not_possible(hub, collect_on, now=now)
    wanted = set(receivables)
    allocating.hold(Receivable.objects.filter(hub=hub, pk__in=wanted))
    today = now.astimezone(hub.zone).date()
    chosen = [
        each
        for each in due(hub, collect_on=collect_on, scheme=scheme, today=today)
        if each.receivable.pk in wanted
    ]
    if not chosen or {each.receivable.pk for each in chosen} != wanted:
        raise DebitRefused(_("What is due has changed since you looked. Look again and choose anew."))
    count = DebitBatch.objects.filter(hub=hub, collect_on=collect_on).count()
    batch = DebitBatch.objects.create(
        hub=hub, reference=f"INC-{collect_on:%Y-%m-%d}-{count + 1}", scheme=scheme, collect_on=collect_on,
        made_by=by, made_at=now,
    )  # fmt: skip
    Debit.objects.bulk_create(_debit(batch, each) for each in chosen)
    _announce(batch, now=now)
    return batch


@transaction.atomic(durable=True)
def hand_over(batch: DebitBatch, *, now: datetime) -> None:
    """The bank has the file. Raises DebitRefused when it was handed over or dropped already."""
    _enter(batch, DebitState.SENT, sent_at=now)


@transaction.atomic(durable=True)
def drop(batch: DebitBatch, *, now: datetime) -> None:
    """It is not collected after all: letters that were not sent are withdrawn, the others are put right by a new one.

    Raises DebitRefused when the bank has the file.
    """
    _enter(batch, DebitState.DROPPED)
    told = Letter.objects.filter(key__startswith=f"debit:{batch.pk}:", sent_at__isnull=False)
    parties = set(told.values_list("party", flat=True))
    mailing.withdraw(f"debit:{batch.pk}:", now=now)
    for party, rows in _by_party(batch):
        if party.pk in parties:
            _write(
                batch, party, rows, kind="debit_dropped", key=f"debit-dropped:{batch.pk}:{party.pk}", now=now
            )


def _raise_if_not_possible(hub: Hub, collect_on: date, *, now: datetime) -> None:
    if not hub.creditor_id:
        raise DebitRefused(
            _("The creditor id of the hub is missing. It stands in the contract with the bank.")
        )
    if not is_bank_day(collect_on):
        raise DebitRefused(
            _("Banks do not collect on %(day)s. Choose %(next)s.")
            % {"day": wording.day(collect_on), "next": wording.day(next_bank_day(collect_on))}
        )
    if collect_on < (first := first_day_for(hub, now=now)):
        raise DebitRefused(
            _("That is too soon to announce it. The first day is %(day)s.") % {"day": wording.day(first)}
        )


def _debit(batch: DebitBatch, each: Due) -> Debit:
    row, party = each.receivable, each.party
    if party.mandate_signed_on is None:
        raise DebitRefused(_("What is due has changed since you looked. Look again and choose anew."))
    return Debit(
        batch=batch, receivable=row, party=party, amount=row.open_amount, name=party.name[:70], iban=party.iban,
        mandate=party.mandate_reference, mandate_signed_on=party.mandate_signed_on, sequence=each.sequence,
        end_to_end=row.number[:35],
    )  # fmt: skip


def _enter(batch: DebitBatch, state: DebitState, **facts: object) -> None:
    """The only place that changes the state of a batch."""
    before = [old for old, following in DEBIT_NEXT.items() if state in following]
    if not DebitBatch.objects.filter(pk=batch.pk, state__in=before).update(state=state, **facts):
        raise DebitRefused(_("This batch was handed over or dropped already."))


def _by_party(batch: DebitBatch) -> list[tuple[Party, list[Debit]]]:
    rows: dict[Party, list[Debit]] = {}
    for debit in batch.debits.select_related("party", "receivable").order_by("party__name", "pk"):
        rows.setdefault(debit.party, []).append(debit)
    return list(rows.items())


def _announce(batch: DebitBatch, *, now: datetime) -> None:
    """The letter before (SEPA rulebook: amount, day, mandate and creditor id are told beforehand)."""
    for party, rows in _by_party(batch):
        _write(batch, party, rows, kind="debit_announced", key=f"debit:{batch.pk}:{party.pk}", now=now)


def _write(batch: DebitBatch, party: Party, rows: list[Debit], *, kind: str, key: str, now: datetime) -> None:
    if not party.email:
        return
    context = {
        "batch": batch, "party": party, "debits": rows, "amount": total(row.amount for row in rows),
        "account": f"{rows[0].iban[:4]} … {rows[0].iban[-4:]}", "mandate": rows[0].mandate,
    }  # fmt: skip
    mailing.post(
        key=key, kind=kind, hub=batch.hub, to_email=party.email, to_name=party.contact_name or party.name,
        party=party, language=party.language, context=context, due_at=now,
    )  # fmt: skip


def _mandates_used(hub: Hub) -> set[str]:
    """Mandates under which something was collected before, by us or (as the bank says) from the old books."""
    ours = Debit.objects.filter(batch__hub=hub, batch__state=DebitState.SENT).values_list(
        "mandate", flat=True
    )
    told = (
        BankEntry.objects.filter(hub=hub, amount__gt=0).exclude(mandate="").values_list("mandate", flat=True)
    )
    return {*ours, *told}


def is_paused(day: date) -> Q:
    """Receivables that are disputed or paused, themselves or all of their party."""
    lasts = Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))
    pauses = CollectionPause.objects.filter(lasts)
    own = pauses.filter(receivable=OuterRef("pk"))
    whole = pauses.filter(receivable=None, party=OuterRef("party"))
    return Q(Exists(own)) | Q(Exists(whole))
