"""What Stripe pays out: kept as it stands there, and found back on the statement of the bank."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from tenants.billing import locking, stripe
from tenants.billing.banking import matching
from tenants.billing.books import accounts, posting
from tenants.billing.models import BalanceMove, BankEntry, JournalEntry, LedgerAccount, Payout

NAMED = re.compile(r"(?i)\bpo[_-]\w{6,}")
STRIPE = re.compile(r"(?i)\bstripe\b")
NEVER_CAME = ("failed", "canceled")
AROUND = timedelta(days=10)
"""So far from the day that Stripe names a payout may be on the statement; further off the amount alone says nothing."""
LOOKED_BACK = timedelta(days=90)


def keep(seen: Iterable[stripe.PayoutSeen], *, parts: Mapping[str, Sequence[str]], now: datetime) -> None:
    """Keep these payouts as Stripe tells them now, with the movements in `parts` (by id); inside a transaction."""
    for each in seen:
        facts = {
            "amount": each.amount, "arrives_on": each.arrives_on, "state": each.state[:20],
            "failure": each.failure[:300], "is_test": stripe.is_test(), "read_at": now,
        }  # fmt: skip
        row, _made = Payout.objects.update_or_create(stripe_id=each.id, defaults=facts)
        if each.id in parts:
            row.moves.set(BalanceMove.objects.filter(stripe_id__in=parts[each.id]))


def without_moves(ids: Sequence[str]) -> set[str]:
    """Those of these payouts of which nobody has asked yet what is in them. One query."""
    known = Payout.objects.filter(stripe_id__in=ids, moves__isnull=False).values_list("stripe_id", flat=True)
    return set(ids) - set(known)


def of_entry(entry: BankEntry) -> Payout | None:
    """The payout that a movement of the bank is for certain: it names it, or it is the only one of that amount.

    At most one query; none when nothing in it speaks of Stripe.
    """
    said = f"{entry.reference} {entry.end_to_end} {entry.name} {entry.text}"
    if not (STRIPE.search(said) or NAMED.search(said)):
        return None
    found = list(_on_their_way().filter(amount=entry.amount).order_by("arrives_on", "pk"))
    named = [row for row in found if matching.bare(row.stripe_id) in matching.bare(said)]
    if named or NAMED.search(said):
        return named[0] if named else None
    near = [row for row in found if abs(row.arrives_on - entry.booked_on) <= AROUND]
    return near[0] if len(near) == 1 else None


def book(entry: BankEntry, payout: Payout, *, now: datetime) -> None:
    """The movement is this payout: it comes off what is on its way. Inside a transaction; raises BooksLocked.

    Does nothing when another movement was that payout meanwhile.
    """
    free = Payout.objects.select_for_update(no_key=True).filter(pk=payout.pk, entry=None)
    if not free.exists():
        return
    if entry.account_id is None:
        entry.account = accounts.by_role(entry.hub)[LedgerAccount.Role.ONLINE]
        posting.bank_entry(entry)
        BankEntry.objects.filter(pk=entry.pk).update(account=entry.account, booked_at=now)
    Payout.objects.filter(pk=payout.pk).update(entry=entry)


def let_go(entry: BankEntry) -> None:
    """Somebody says that the movement is something else after all."""
    Payout.objects.filter(entry=entry).update(entry=None)


def find_on_statements(*, now: datetime) -> int:
    """Find payouts on statements that were read in before Stripe told of them; returns how many were found.

    What a person took back stays so, and what lies in closed books waits for a person.
    """
    found = 0
    for entry in _candidates(now) if _on_their_way().exists() else ():
        try:
            if payout := of_entry(entry):
                book(entry, payout, now=now)
                found += 1
        except locking.BooksLocked:
            continue
    return found


def _on_their_way() -> QuerySet[Payout]:
    return Payout.objects.filter(entry=None, is_test=False).exclude(state__in=NEVER_CAME)


def _candidates(now: datetime) -> QuerySet[BankEntry]:
    """Movements that may be a payout: nobody touched them, or somebody booked them where payouts belong."""
    booked = JournalEntry.objects.filter(
        source__startswith=Concat(Value("bank:"), Cast(OuterRef("pk"), CharField()), Value(":"))
    )
    untouched = Q(account=None, payments=None) & ~Exists(booked)
    by_hand = Q(account__role=LedgerAccount.Role.ONLINE, payout=None)
    since = now.date() - LOOKED_BACK
    rows = BankEntry.objects.filter(untouched | by_hand, booked_on__gte=since).select_related(
        "hub", "account"
    )
    return rows.order_by("booked_on", "pk")
