"""Paying online what is open: an invoice, one of the old books, or costs; always all that is open of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tenants.billing import allocating, debiting
from tenants.billing.models import UNDER_WAY, Allocation, OnlinePayment, OnlineState, Receivable
from tenants.billing.online import attempts, links, settings, syncing
from tenants.billing.online.attempts import LEAST, Ask
from tenants.billing.online.refusals import IsCollected, NothingToPay, UnderWay
from tenants.parties.models import User

ON_PAGE = (OnlineState.NEW, OnlineState.OPEN)
LOOK_AGAIN = timedelta(seconds=3)


class Stage(StrEnum):
    """What there is to say to who wants to pay something."""

    CREDIT = "credit"
    PAID = "paid"
    SETTLED = "settled"
    COLLECTED = "collected"
    WAITING = "waiting"
    PREPARING = "preparing"
    STARTED = "started"
    OPEN = "open"
    TRANSFER = "transfer"


@dataclass(frozen=True)
class Standing:
    """Where a receivable stands for who pays it, with the last `attempt` to pay it online, if there was one."""

    receivable: Receivable
    stage: Stage
    attempt: OnlinePayment | None = None

    @property
    def may_start(self) -> bool:
        """Whether it can be paid online now: nothing that may still be paid is under way."""
        return self.stage == Stage.OPEN

    @property
    def is_to_pay(self) -> bool:
        """Whether a transfer would help."""
        return self.stage in (Stage.OPEN, Stage.TRANSFER, Stage.STARTED)

    @property
    def has_failed(self) -> bool:
        """Whether the last attempt ended without money, and it is still to be paid."""
        ended = self.attempt and self.attempt.state in (OnlineState.FAILED, OnlineState.EXPIRED)
        return bool(ended) and self.stage in (Stage.OPEN, Stage.TRANSFER)

    @property
    def waits(self) -> bool:
        """Whether it goes on without the payer."""
        return self.stage in (Stage.WAITING, Stage.PREPARING)


def standing(receivable: Receivable, *, today: date) -> Standing:
    """How `receivable` (with its `open_amount`) stands. Writes nothing; four queries at most."""
    attempt = attempts.latest(receivable=receivable)
    return Standing(receivable, _stage(receivable, attempt, today), attempt)


def attempts_of(receivable: Receivable) -> list[OnlinePayment]:
    """Every attempt at Stripe that may pay or has paid it, also as the booking that it invoices; the newest first."""
    mine = Q(receivable=receivable) | Q(payment__allocations__receivable=receivable)
    return list(OnlinePayment.objects.filter(mine).distinct().order_by("-created_at", "pk"))


def refreshed(receivable: Receivable, *, now: datetime) -> OnlinePayment | None:
    """Ask Stripe about the attempt that is under way, unless somebody just did. Call it with no transaction open.

    Raises `stripe.Unavailable`.
    """
    found = attempts.under_way(receivable=receivable)
    if found is None or found.mandate_id or not _is_stale(found, now):
        return found
    return syncing.sync(found, now=now)


def start(
    receivable: Receivable, *, key: UUID, email: str = "", by: User | None = None, now: datetime
) -> OnlinePayment:
    """Open a page on which all that is open of `receivable` is paid; call it with no transaction open.

    While such a page is open already it is that one, unless another amount is open by now: then that page is closed
    first. Returns the attempt: OPEN with its `url`, or FAILED when Stripe refused it. Raises an OnlineRefused, and
    `stripe.Unavailable`: then nothing is known, and the same call goes on where it was.
    """
    found = attempts.under_way(receivable=receivable)
    if found and found.state in ON_PAGE and found.amount != receivable.open_amount:
        stop(receivable, now=now)
    return attempts.open_session(_made(receivable, key=key, email=email, by=by, now=now), now=now)


def stop(receivable: Receivable, *, now: datetime) -> None:
    """Close the page that is open for `receivable`, so that it can be paid another way; nothing when none is.

    Who paid meanwhile has paid. Raises UnderWay when the bank is busy with it, and `stripe.Unavailable`.
    """
    found = attempts.under_way(receivable=receivable)
    if found is None:
        return
    if found.state not in ON_PAGE or found.mandate_id:
        raise UnderWay(found)
    attempts.close(found, now=now)
    syncing.sync(found, now=now)


def words(receivable: Receivable) -> str:
    """What the payer reads on the page of Stripe and on the account statement, in the active language."""
    if receivable.kind == Receivable.Kind.COSTS:
        return f"{receivable.get_kind_display()} {receivable.number}, {receivable.hub.name}"
    return _("Invoice %(number)s, %(hub)s") % {"number": receivable.number, "hub": receivable.hub.name}


@transaction.atomic(durable=True)
def _made(receivable: Receivable, *, key: UUID, email: str, by: User | None, now: datetime) -> OnlinePayment:
    """Attempts are locked before receivables, as by who books one; so nobody waits for ever."""
    list(OnlinePayment.objects.under_way().filter(receivable=receivable).select_for_update(no_key=True))
    row = allocating.locked(receivable)
    if found := attempts.under_way(receivable=row):
        return _going_on(found)
    if row.open_amount <= 0:
        raise NothingToPay
    if _is_collected(row, now.astimezone(receivable.hub.zone).date()):
        raise IsCollected
    ask = Ask(
        party=receivable.party, amount=row.open_amount, description=words(receivable), receivable=row,
        return_path=links.path(row), email=email, by=by, key=key,
    )  # fmt: skip
    return attempts.make(ask, now=now)


def _going_on(found: OnlinePayment) -> OnlinePayment:
    if found.mandate_id:
        raise IsCollected
    if found.state not in ON_PAGE:
        raise UnderWay(found)
    return found


def _stage(row: Receivable, attempt: OnlinePayment | None, today: date) -> Stage:
    if row.open_amount < 0 or row.amount < 0:
        return Stage.CREDIT
    if row.open_amount == 0:
        return Stage.PAID if _by_money(row) else Stage.SETTLED
    if attempt and attempt.state in UNDER_WAY:
        return Stage.COLLECTED if attempt.mandate_id else _busy(attempt)
    if _is_collected(row, today):
        return Stage.COLLECTED
    can = settings.takes_payments(row.hub) and row.open_amount >= LEAST
    return Stage.OPEN if can else Stage.TRANSFER


def _busy(attempt: OnlinePayment) -> Stage:
    stages = {OnlineState.NEW: Stage.PREPARING, OnlineState.OPEN: Stage.STARTED}
    return stages.get(OnlineState(attempt.state), Stage.WAITING)


def _by_money(row: Receivable) -> bool:
    """Whether at least some of it was paid; otherwise a credit note took it away, or it was nothing."""
    paid = Allocation.objects.filter(receivable=row, payment__isnull=False, undoes=None, undone_by=None)
    return paid.exclude(payment__method="write_off").exists()


def _is_collected(row: Receivable, today: date) -> bool:
    return Receivable.objects.filter(debiting.on_their_way(today=today), pk=row.pk).exists()


def _is_stale(attempt: OnlinePayment, now: datetime) -> bool:
    """Whoever has the address can ask again and again; Stripe is asked once in a few seconds."""
    return attempt.looked_at is None or now - attempt.looked_at >= LOOK_AGAIN
