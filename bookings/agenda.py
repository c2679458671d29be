"""My agenda: bookings, options, requests and fixed half-days of one's own, in one order of time."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from bookings.models import Booking
from bookings.states import BLOCKING, HOLDING
from spaces.models import Claim, Space
from spaces.periods import Period
from tenants.leases.models import FixedDayPart, GivenBack
from tenants.parties.access import Actor

FIXED, GIVEN_BACK = "fixed", "given_back"


@dataclass(frozen=True)
class Item:
    """One thing at one time: a booking, or a date of a fixed half-day (`state` fixed or given_back)."""

    period: Period
    space: Space
    state: str
    booking: Booking | None = None
    fixed: FixedDayPart | None = None


def of(actor: Actor, *, within: Period, now: datetime) -> list[Item]:
    """What somebody has in a period, in order. At most four queries.

    Of a fixed half-day only the dates that are claimed or were given back: within the year that is arranged.
    """
    items = _bookings(actor, within=within, now=now)
    fixed = {} if actor.is_staff else _fixed(actor)
    if fixed:
        items += _half_days(fixed, within=within, now=now)
    return sorted(items, key=lambda item: (item.period, item.space.code))


def _bookings(actor: Actor, *, within: Period, now: datetime) -> list[Item]:
    kept = Q(held_until__gt=now) | ~Q(state__in=HOLDING)
    rows = Booking.objects.of(actor).filter(kept, state__in=BLOCKING).overlapping(within).with_everything()
    return [Item(booking.period, booking.space, booking.state, booking=booking) for booking in rows]


def _fixed(actor: Actor) -> dict[int, FixedDayPart]:
    rows = FixedDayPart.objects.visible_to(actor).select_related("space__floor", "party", "day_part")
    return {fixed.pk: fixed for fixed in rows}


def _half_days(fixed: dict[int, FixedDayPart], *, within: Period, now: datetime) -> list[Item]:
    by_holder = {each.holder: each for each in fixed.values()}
    claims = Claim.objects.filter(holder__in=by_holder).in_force(now=now).overlapping(within)
    held = {(claim.holder, claim.starts_at): claim for claim in claims}  # a whole is claimed atom by atom
    given = GivenBack.objects.filter(
        fixed__in=fixed, taken_back_at=None, starts_at__lt=within.end, ends_at__gt=within.start
    )
    dates = [(by_holder[claim.holder], claim.starts_at, claim.ends_at, FIXED) for claim in held.values()]
    dates += [(fixed[row.fixed_id], row.starts_at, row.ends_at, GIVEN_BACK) for row in given]
    return [
        Item(Period(start, end), each.space, state, fixed=each) for each, start, end, state in dates if end
    ]
