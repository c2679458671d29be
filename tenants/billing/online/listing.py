"""The account at Stripe as people read it: payouts with what is in them, and each movement with whose it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from spaces import spreadsheet
from spaces.models import Hub
from spaces.money import Euro, euro
from tenants.billing.models import BalanceMove, OnlineDispute, OnlinePayment, OnlineRefund, Payout
from tenants.billing.online import balance
from tenants.parties.models import Party

BACK = balance.OF_A_REFUND | balance.OF_A_DISPUTE


@dataclass(frozen=True)
class Line:
    """One movement with whose it is; `number` is of the invoice that it was for, where there is one."""

    move: BalanceMove
    words: str
    party: Party | None = None
    number: str = ""


def payouts_of(hub: Hub) -> QuerySet[Payout]:
    """The payouts of the company of this hub, newest first, each with what `received`, went `back` and was `kept`.

    The three (euros, signed) together are its amount. No extra query for each.
    """
    rows = Payout.objects.all() if balance.is_of(hub) else Payout.objects.none()
    received, back, inside = _sum(balance.OF_A_RECEIPT), _sum(BACK), Sum("moves__net")
    rows = rows.annotate(received=received, back=back, inside=inside)
    return rows.annotate(kept=F("inside") - F("received") - F("back")).order_by("-arrives_on", "-pk")


def lines(moves: Iterable[BalanceMove]) -> list[Line]:
    """Each of these movements with whose it is. Three queries, however many there are."""
    rows = list(moves)
    about = {row.about for row in rows} - {""}
    owners = _owners(about)
    return [_line(row, owners.get(row.about)) for row in rows]


def moves_csv(hub: Hub, *, year: int) -> bytes:
    """Every movement of a calendar year (on the clock of the hub), with the payout that it is in and its bank entry."""
    first, after = (datetime(number, 1, 1, tzinfo=hub.zone).astimezone(UTC) for number in (year, year + 1))
    mine = BalanceMove.objects.all() if balance.is_of(hub) else BalanceMove.objects.none()
    rows = mine.filter(moved_at__gte=first, moved_at__lt=after).order_by("moved_at", "pk")
    found = lines(rows.prefetch_related(Prefetch("payouts", Payout.objects.select_related("entry"))))
    return spreadsheet.written([_heads(), *map(_cells, found)])


def _heads() -> list[str]:
    return [
        _("Moment"), _("What"), _("Party"), _("Invoice"), _("Amount"), _("Costs"), _("Net"), _("Stripe's number"),
        _("Payout"), _("On the bank"), _("Test"),
    ]  # fmt: skip


def _cells(line: Line) -> Iterator[object]:
    move, payout = line.move, next(iter(line.move.payouts.all()), None)
    yield from (move.moved_at, line.words, line.party.name if line.party else "", line.number)
    yield from (move.amount, move.fee, move.net, move.about or move.stripe_id)
    yield payout.stripe_id if payout else ""
    yield payout.entry.booked_on if payout and payout.entry else None
    yield _("test") if move.is_test else ""


def _line(move: BalanceMove, owner: OnlinePayment | None) -> Line:
    number = owner.receivable.number if owner and owner.receivable else ""
    return Line(move, _words(move), owner.party if owner else None, number)


def _words(move: BalanceMove) -> str:
    if move.kind in balance.RECEIPTS:
        return _("paid online")
    if balance.REFUNDS in move.kind:
        return _("paid back") if move.amount < 0 else _("came back: the bank refused it")
    if move.about.startswith(balance.DISPUTES):
        return _("taken back by the payer") if move.amount < 0 else _("taken back by the payer, and won")
    if move.kind.startswith(balance.PAYOUTS):
        return _("paid out") if move.amount < 0 else _("payout came back")
    return move.description or _("costs of Stripe")


def _owners(about: set[str]) -> dict[str, OnlinePayment]:
    """The payment that each of these charges, refunds and disputes is of."""
    with_party = OnlinePayment.objects.select_related("party", "receivable")
    found: dict[str, OnlinePayment] = {row.charge_id: row for row in with_party.filter(charge_id__in=about)}
    near: dict[str, Any] = {"stripe_id__in": about}
    for model in (OnlineRefund, OnlineDispute):
        rows = model.objects.filter(**near).select_related("online__party", "online__receivable")
        found |= {str(row.stripe_id): row.online for row in rows}
    return found


def _sum(which: Q) -> Coalesce:
    amount = DecimalField(max_digits=12, decimal_places=2)
    return Coalesce(Sum("moves__amount", filter=_of_moves(which)), Decimal(0), output_field=amount)


def _of_moves(which: Q) -> Q:
    """The same question, asked of the movements of a payout."""
    children = [
        _of_moves(each) if isinstance(each, Q) else (f"moves__{each[0]}", each[1])
        for each in which.children
        if isinstance(each, Q | tuple)
    ]
    return Q(*children, _connector=which.connector, _negated=which.negated)


def together(rows: Iterable[Line]) -> Euro:
    """What these come to after costs."""
    return euro(sum((row.move.net for row in rows), Decimal(0)))
