"""Where our books and Stripe's account do not say the same: normally nothing. Each says what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from spaces.models import Hub
from tenants.billing.models import (
    BalanceMove,
    BankEntry,
    JournalLine,
    LedgerAccount,
    OnlineDispute,
    OnlinePayment,
    OnlineRefund,
    OnlineRefundState,
    OnlineState,
    Payout,
)
from tenants.billing.online import balance, payouts, reconciling

AN_HOUR = timedelta(hours=1)
"""What happened shortly before we asked may be told in the next answer."""
TO_THE_BANK = timedelta(days=5)
"""A transfer takes a day or two, a weekend longer; then somebody has to read in the statement."""
FAILED_SHOWN = timedelta(days=30)
TAKEN_ON = (OnlineRefundState.PENDING, OnlineRefundState.SUCCEEDED)


@dataclass(frozen=True)
class Difference:
    """One thing that differs, in the active language: what, since when, and what to do. Amounts in euros."""

    words: str
    advice: str
    about: str = ""
    since: date | None = None
    ours: Decimal | None = None
    theirs: Decimal | None = None
    url: str = ""


@dataclass(frozen=True)
class Look:
    """What is looked at: a hub, under one kind of key, as Stripe told it at `at`."""

    hub: Hub
    is_test: bool
    at: datetime
    now: datetime

    @property
    def moves(self) -> QuerySet[BalanceMove]:
        return BalanceMove.objects.filter(Q(hub=self.hub) | Q(hub=None), is_test=self.is_test)

    @property
    def settled(self) -> QuerySet[BalanceMove]:
        """Movements of which we should have heard in another way by now."""
        return self.moves.filter(moved_at__lt=self.now - AN_HOUR)

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.hub.zone).date()


def at(hub: Hub, *, is_test: bool, now: datetime) -> list[Difference]:
    """All differences at this hub, under the key in use; none while nothing was asked yet.

    What is of the account as a whole is told at the hubs of the company whose account it is. A constant number of
    queries.
    """
    last = reconciling.last(is_test=is_test)
    if last is None or not balance.is_of(hub):
        return []
    look = Look(hub, is_test, last.at, now)
    found = [each for find in FOUND_BY for each in find(look)]
    return found or list(_ledger(look))


def _not_there(look: Look) -> Iterator[Difference]:
    """Paid here, and no money at Stripe."""
    came = BalanceMove.objects.filter(balance.OF_A_RECEIPT, about=OuterRef("charge_id"))
    rows = OnlinePayment.objects.filter(hub=look.hub, is_test=look.is_test, state=OnlineState.SUCCEEDED)
    for row in rows.filter(~Exists(came), ended_at__lt=look.at - AN_HOUR).select_related("party"):
        yield Difference(
            _("Paid by %(party)s, but Stripe shows no such movement") % {"party": row.party.name},
            _("Look for it in the dashboard of Stripe. Is the money not there, undo the payment here."),
            row.intent_id or str(row.pk), look.day(row.created_at), row.amount,
            url=reverse("party-account", args=[row.party_id]),
        )  # fmt: skip


def _not_ours(look: Look) -> Iterator[Difference]:
    """Money at Stripe that nobody here knows of."""
    charge = OnlinePayment.objects.filter(charge_id=OuterRef("about"))
    refund = OnlineRefund.objects.filter(stripe_id=OuterRef("about"))
    dispute = OnlineDispute.objects.filter(stripe_id=OuterRef("about"))
    unknown = (
        (balance.OF_A_RECEIPT, charge, _("Money came in at Stripe that Plein does not know of"),
         _("See in the dashboard of Stripe who paid it and for what. Pay it back there, or take it in by hand here.")),
        (balance.OF_A_REFUND, refund, _("Stripe paid back money, and here it was not"),
         _("See in the dashboard of Stripe to whom it went. Plein asks again by itself each hour; does it stay, tell "
         "who looks after Plein.")),
        (balance.OF_A_DISPUTE, dispute, _("A payer took money back, and here it still counts as paid"),
         _("See in the dashboard of Stripe whose payment it was. Plein asks again by itself each hour; does it stay, "
         "tell who looks after Plein.")),
    )  # fmt: skip
    for kind, known, words, advice in unknown:
        for row in look.settled.filter(kind).filter(~Exists(known)):
            yield Difference(
                words, advice, row.about or row.stripe_id, look.day(row.moved_at), theirs=row.amount
            )


def _other_amount(look: Look) -> Iterator[Difference]:
    """The same payment or refund, for another amount."""
    words = _("The amount here is not that at Stripe")
    advice = _(
        "Stripe is right about what came and went. Correct it here by hand, and tell who looks after Plein."
    )
    received = OnlinePayment.objects.filter(charge_id=OuterRef("about")).values("payment__amount")
    back = OnlineRefund.objects.filter(stripe_id=OuterRef("about")).values("amount")
    went = balance.OF_A_REFUND & Q(amount__lt=0)
    for kind, ours, sign in ((balance.OF_A_RECEIPT, received, 1), (went, back, -1)):
        rows = look.moves.filter(kind).annotate(ours=_amount(ours)).exclude(ours=F("amount") * sign)
        for row in rows.exclude(ours=None):
            yield Difference(words, advice, row.about, look.day(row.moved_at), row.ours, row.amount * sign)


def _refunds(look: Look) -> Iterator[Difference]:
    """Money that went back and is in no book, or that Stripe shows no movement of."""
    rows = OnlineRefund.objects.filter(hub=look.hub, online__is_test=look.is_test, state__in=TAKEN_ON)
    went = BalanceMove.objects.filter(balance.OF_A_REFUND, about=OuterRef("stripe_id"))
    for row in rows.filter(booked=None).select_related("online__party"):
        yield Difference(
            _("Paid back to %(party)s, and not booked") % {"party": row.online.party.name},
            _("Tell who looks after Plein: this should book itself."),
            row.stripe_id or "", look.day(row.created_at), theirs=row.amount,
            url=reverse("party-account", args=[row.online.party_id]),
        )  # fmt: skip
    lost = rows.filter(~Exists(went), booked__isnull=False, seen_at__lt=look.at - AN_HOUR)
    for row in lost.select_related("online__party"):
        yield Difference(
            _("Paid back to %(party)s, but Stripe shows no such movement") % {"party": row.online.party.name},
            _("Look for it in the dashboard of Stripe. Some banks give the money back a few days later."),
            row.stripe_id or "", look.day(row.created_at), row.amount,
            url=reverse("party-account", args=[row.online.party_id]),
        )  # fmt: skip


def _payouts(look: Look) -> Iterator[Difference]:
    """Paid out: not what is in it, not at the bank yet, or sent back."""
    rows = Payout.objects.filter(is_test=look.is_test)
    for each in rows.annotate(inside=Sum("moves__net")).exclude(inside=None).exclude(inside=F("amount")):
        yield Difference(
            _("A payout is not the sum of what is in it"),
            _("See in the dashboard of Stripe what the payout is made of."),
            each.stripe_id, each.arrives_on, each.inside, each.amount, url=page_of(each),
        )  # fmt: skip
    today = look.day(look.now)
    under_way = rows.filter(entry=None, is_test=False, arrives_on__lt=today - TO_THE_BANK)
    for row in under_way.exclude(state__in=payouts.NEVER_CAME):
        yield Difference(
            _("A payout is on no bank statement yet"),
            _("Read in the statement of the bank. Is it there for another amount, ask Stripe."),
            row.stripe_id, row.arrives_on, theirs=row.amount, url=reverse("bank"),
        )  # fmt: skip
    for row in rows.filter(state__in=payouts.NEVER_CAME, arrives_on__gte=today - FAILED_SHOWN):
        yield Difference(
            _("A payout came back: %(why)s") % {"why": row.failure or row.state},
            _("Check the bank account in the dashboard of Stripe. The money stands there, and is paid out again."),
            row.stripe_id, row.arrives_on, theirs=row.amount, url=page_of(row),
        )  # fmt: skip


def _at_the_bank(look: Look) -> Iterator[Difference]:
    """Booked as a payout, and Stripe knows none."""
    booked = BankEntry.objects.filter(hub=look.hub, account__role=LedgerAccount.Role.ONLINE, payout=None)
    for row in booked if not look.is_test else ():
        yield Difference(
            _("A bank entry is booked as a payout, and Stripe knows no such payout"),
            _("Look at the bank entry: is it of this account at Stripe? Else undo it there."),
            row.name, row.booked_on, row.amount, url=reverse("bank-entry", args=[row.pk]),
        )  # fmt: skip


def _balance(look: Look) -> Iterator[Difference]:
    """What stands with Stripe is what stood there, and all that moved since."""
    last = reconciling.last(is_test=look.is_test)
    moved = balance.total(BalanceMove.objects.filter(is_test=look.is_test))
    ours = reconciling.opening(is_test=look.is_test) + moved
    if last and last.balance is not None and last.balance != ours:
        yield Difference(
            _("The balance at Stripe is not the sum of its movements"),
            _("Tell who looks after Plein: a movement was not read."),
            since=look.day(last.at), ours=ours, theirs=last.balance,
        )  # fmt: skip


def _ledger(look: Look) -> Iterator[Difference]:
    """What the books say is on its way is what Stripe has and what it has paid out; asked when all else agrees.

    Only while nothing is between two looks: then the one knows of money of which the other does not.
    """
    if look.is_test or _is_moving(look):
        return
    lines = JournalLine.objects.filter(
        account__role=LedgerAccount.Role.ONLINE, account__hub__kvk=look.hub.kvk
    ).aggregate(sum=Sum(F("debit") - F("credit")))
    ours = lines["sum"] or Decimal(0)
    at_stripe = balance.total(BalanceMove.objects.filter(is_test=False))
    coming = Payout.objects.filter(is_test=False, entry=None).exclude(state__in=payouts.NEVER_CAME)
    theirs = at_stripe + sum(coming.values_list("amount", flat=True), Decimal(0))
    if ours != theirs:
        yield Difference(
            _("The account for online payments on their way is not what Stripe has"),
            _("Look in the journal at what was booked on it by hand, and tell who looks after Plein."),
            since=look.day(look.at), ours=ours, theirs=theirs, url=reverse("books"),
        )  # fmt: skip


def _is_moving(look: Look) -> bool:
    """Whether something was paid, paid back or taken back that is not in both pictures yet."""
    came = BalanceMove.objects.filter(balance.OF_A_RECEIPT, about=OuterRef("charge_id"))
    went = BalanceMove.objects.filter(about=OuterRef("stripe_id"))
    paid = OnlinePayment.objects.filter(is_test=False, state=OnlineState.SUCCEEDED).filter(~Exists(came))
    back = OnlineRefund.objects.filter(online__is_test=False, booked__isnull=False).filter(~Exists(went))
    taken = OnlineDispute.objects.filter(online__is_test=False, taken__isnull=False).filter(~Exists(went))
    young = BalanceMove.objects.filter(is_test=False, moved_at__gte=look.now - AN_HOUR)
    return any(rows.exists() for rows in (paid, back, taken, young, balance.unbooked()))


def page_of(row: Payout) -> str:
    """Where a payout is shown."""
    return reverse("online-payout", args=[row.stripe_id])


def _amount(rows: QuerySet) -> Subquery:
    return Subquery(rows[:1], output_field=DecimalField(max_digits=12, decimal_places=2))


FOUND_BY: tuple[Callable[[Look], Iterator[Difference]], ...] = (
    _not_there, _not_ours, _other_amount, _refunds, _payouts, _at_the_bank, _balance,
)  # fmt: skip
