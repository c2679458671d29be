"""Our balance with Stripe: each movement kept once, and what Stripe itself kept of it booked as costs."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from spaces.models import Hub
from spaces.periods import DAY
from tenants.billing import stripe
from tenants.billing.books import posting
from tenants.billing.models import (
    BalanceMove,
    Books,
    JournalEntry,
    OnlineDispute,
    OnlinePayment,
    OnlineRefund,
    OnlineSettings,
)

RECEIPTS = ("charge", "payment")
REFUNDS = "refund"
"""In the name of every kind that is about a refund, and of one that came back."""
DISPUTES = ("dp_", "du_")
PAYOUTS = "payout"
OF_A_RECEIPT = Q(kind__in=RECEIPTS)
OF_A_REFUND = Q(kind__contains=REFUNDS)
OF_A_DISPUTE = Q(about__startswith=DISPUTES[0]) | Q(about__startswith=DISPUTES[1])
OF_A_PAYOUT = Q(kind__startswith=PAYOUTS)
ITS_OWN = ~(OF_A_RECEIPT | OF_A_REFUND | OF_A_DISPUTE | OF_A_PAYOUT)
"""What Stripe takes or gives by itself. All else is booked where it happens, but for its fee."""


def keep(seen: Iterable[stripe.Move], *, now: datetime) -> None:
    """Keep these movements, inside the transaction of the caller; one that is there stays as it is. Four queries."""
    moves = {move.id: move for move in seen}
    hubs = _hubs({move.about for move in moves.values()})
    BalanceMove.objects.bulk_create(
        [
            BalanceMove(
                stripe_id=move.id, hub_id=hubs.get(move.about), kind=move.kind[:60], about=move.about[:100],
                amount=move.amount, fee=move.fee, net=move.net, description=move.description[:200],
                is_test=stripe.is_test(), moved_at=move.made_at, read_at=now,
            )
            for move in sorted(moves.values(), key=lambda move: move.made_at)
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def book_costs() -> int:
    """Book what Stripe kept of each movement that is not booked yet; returns how many. Of tests nothing is booked.

    In closed books on the first day that is open. Inside the transaction of the caller.
    """
    rows = list(unbooked())
    hubs = {hub.pk: hub for hub in Hub.objects.filter(pk__in=_hubs({row.about for row in rows}).values())}
    own = _own_hub()
    named = _hubs({row.about for row in rows})
    for row in rows:
        hub = hubs.get(named.get(row.about, 0)) or own
        if hub:
            posting.online_costs(row, hub=hub, amount=cost_of(row), on=_open_day(hub, row.moved_at))
    return len(rows)


def unbooked() -> QuerySet[BalanceMove]:
    """Movements of which Stripe kept something (or gave it back) that is in no journal yet."""
    source = Concat(Value("move:"), Cast(OuterRef("pk"), CharField()))
    booked = JournalEntry.objects.filter(source=source)
    rows = BalanceMove.objects.filter(~Exists(booked), is_test=False)
    return rows.filter(~Q(fee=0) | ITS_OWN & ~Q(net=0))


def cost_of(row: BalanceMove) -> Decimal:
    """What Stripe kept of a movement, in euros: its fee, or all of it where Stripe itself takes or gives."""
    is_booked_elsewhere = (
        row.kind in RECEIPTS
        or REFUNDS in row.kind
        or row.about.startswith(DISPUTES)
        or row.kind.startswith(PAYOUTS)
    )
    return row.fee if is_booked_elsewhere else -row.net


def _hubs(about: set[str]) -> dict[str, int]:
    """Whose each of these is: of charges, refunds and disputes that we know. Three queries."""
    charges = OnlinePayment.objects.filter(charge_id__in=about - {""}).values_list("charge_id", "hub_id")
    refunds = OnlineRefund.objects.filter(stripe_id__in=about).values_list("stripe_id", "hub_id")
    disputes = OnlineDispute.objects.filter(stripe_id__in=about).values_list("stripe_id", "hub_id")
    return {str(name): hub for rows in (charges, refunds, disputes) for name, hub in rows}


def is_of(hub: Hub) -> bool:
    """Is the account at Stripe that of the company of this hub? Two queries."""
    own = _own_hub()
    return own is not None and own.kvk == hub.kvk


def _own_hub() -> Hub | None:
    """Whose account it is: all hubs that use it are of one company, and the first keeps what is of none of them."""
    chosen = OnlineSettings.objects.filter(Q(takes_payments=True) | Q(collects=True)).select_related("hub")
    row = chosen.order_by("pk").first()
    return row.hub if row else Hub.objects.order_by("pk").first()


def _open_day(hub: Hub, moved_at: datetime) -> date:
    day = moved_at.astimezone(hub.zone).date()
    locked = Books.objects.filter(hub=hub).values_list("locked_until", flat=True).first()
    return max(day, locked + DAY) if locked else day


def total(rows: QuerySet[BalanceMove]) -> Decimal:
    """What these come to together, after fees. One query."""
    return sum(rows.values_list("net", flat=True), Decimal(0))
