"""The meeting hours that a tenant's leases include each month, and what is left of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from bookings.models import Booking
from bookings.states import BLOCKING, HOLDING, BookingState
from spaces.models import Space, SpaceKind
from spaces.periods import Period, days_of, local_days, local_month
from tenants.leases import terms
from tenants.parties.models import Party

NONE = Decimal(0)


@dataclass(frozen=True)
class Allowance:
    """Hours of one party in one calendar month of the hub."""

    included: Decimal
    used: Decimal

    @property
    def remaining(self) -> Decimal:
        return max(self.included - self.used, NONE)


def included(party: Party, *, month: date, leaving_out: Booking | None = None, now: datetime) -> Allowance:
    """What the leases in force on the first of `month` include, and what bookings have used of it.

    A no-show and a late cancellation keep their hours used; a hold that ran out by `now` uses
    none. `leaving_out` is a booking being moved.
    """
    first = month.replace(day=1)
    hours = terms.included_hours(party, months=[first])[first]
    used = Booking.objects.filter(party=party, state__in=[*BLOCKING, BookingState.CANCELLED]).starting_within(
        local_month(month, zone=party.hub.zone)
    )
    used = used.exclude(state__in=HOLDING, held_until__lte=now)
    if leaving_out is not None:
        used = used.exclude(pk=leaving_out.pk)
    return Allowance(included=hours, used=used.aggregate(sum=Sum("included_hours"))["sum"] or NONE)


def left_by_month(
    party: Party, *, within: Period, leaving_out: Collection[UUID] = (), now: datetime
) -> dict[date, Decimal]:
    """What is left of the included hours in each month that `within` touches, by its first day. Two queries.

    `leaving_out` are bookings (by key) that are being moved.
    """
    zone = party.hub.zone
    months = sorted({day.replace(day=1) for day in days_of(within, zone=zone)})
    left = terms.included_hours(party, months=months)
    if not any(left.values()):
        return left
    used = Booking.objects.filter(party=party, state__in=[*BLOCKING, BookingState.CANCELLED])
    used = used.starting_within(local_days(months[0], months[-1] + timedelta(days=31), zone=zone))
    used = used.exclude(state__in=HOLDING, held_until__lte=now).exclude(pk__in=leaving_out)
    for starts_at, hours in used.filter(included_hours__gt=0).values_list("starts_at", "included_hours"):
        month = starts_at.astimezone(zone).date().replace(day=1)
        left[month] = left.get(month, NONE) - hours
    return left


def hours_for(
    party: Party, space: Space, *, period: Period, leaving_out: Booking | None = None, now: datetime
) -> Decimal:
    """How many hours a lease still has for a booking in the month it starts: meeting rooms only.

    It may be more than the booking is long: `spaces.pricing` takes what the booking needs, per quarter begun.
    """
    if space.kind not in SpaceKind.for_meeting():
        return NONE
    month = period.start.astimezone(party.hub.zone).date()
    return included(party, month=month, leaving_out=leaving_out, now=now).remaining
