"""Saying yes or no to all the dates of a series that wait for approval at once, with one letter."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_noop

from bookings import busy, owing, reminding, repeating_letters
from bookings.life import enter
from bookings.models import Booking, Series
from bookings.repeating import lock_party
from bookings.states import BookingState
from spaces import claiming
from spaces.explaining import sentence
from spaces.money import Taxed
from tenants.parties.models import User

LONGEST_ANSWER = 300


@busy.retried
@transaction.atomic(durable=True)
def approve(series: Series, *, by: User, now: datetime) -> int:
    """Book, charge and tell every date that waits and has not begun; returns how many. A second call finds none."""
    rows = _waiting(series, now=now)
    for row in rows:
        noted = now if reminding.has_passed(row.hub, row.starts_at, now=now) else None
        enter(
            row, BookingState.CONFIRMED, reminded_at=noted, approved_by=by, answer="",
            approved_starts_at=row.starts_at, approved_ends_at=row.ends_at,
        )  # fmt: skip
        owing.charge_in_full(row)
    if rows:
        repeating_letters.approved(series, rows, now=now)
    return len(rows)


@busy.retried
@transaction.atomic(durable=True)
def decline(series: Series, *, reason: str, now: datetime) -> int:
    """Free every date that waits, with the reason in one letter; returns how many. They cost nothing."""
    rows = _waiting(series, now=now)
    for row in rows:
        enter(
            row, BookingState.DECLINED, answer=reason[:LONGEST_ANSWER], included_hours=0, sequence=row.sequence + 1
        )  # fmt: skip
        nothing = Taxed.from_net(Decimal(0), rate=row.vat_rate)
        owing.charge_fee(row, nothing, why=sentence(gettext_noop("Not approved")))
    claiming.release_all([row.holder for row in rows])
    if rows:
        repeating_letters.declined(series, rows, reason=reason[:LONGEST_ANSWER], now=now)
    return len(rows)


def _waiting(series: Series, *, now: datetime) -> list[Booking]:
    lock_party(series.party)
    rows = series.bookings.filter(state=BookingState.REQUESTED, starts_at__gt=now)
    return list(rows.with_everything().order_by("pk").select_for_update(of=("self",)))
