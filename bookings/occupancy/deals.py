"""The figures that come from bookings: how many, for how long, for how much, and who did not come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext as _

from bookings.models import Booking
from bookings.occupancy.months import Month
from bookings.occupancy.tables import Column, Kind, Row, Table
from bookings.querysets import BookingQuerySet
from bookings.states import BOOKED, BookingState
from spaces.models import Hub
from spaces.money import Euro, total
from spaces.periods import Period, local_day
from tenants.billing.models import OnlinePayment, OnlineState
from tenants.parties.access import Actor

CANCELLED = BookingState.CANCELLED
EARNING = [*BOOKED, CANCELLED]
"""States that bring in something: a late cancellation and a no-show cost their fee."""
FREELY_CANCELLED = Q(state=CANCELLED, cancellation_net=0)
COST = Coalesce(F("cancellation_net"), F("net"))
"""What a booking costs, excluding VAT: its fee when it was cancelled or nobody came, else its price."""
_TESTED = OnlinePayment.objects.filter(
    source=Concat(Value("booking:"), Cast(OuterRef("pk"), CharField())), is_test=True, payment__reversed_by=None,
    state=OnlineState.SUCCEEDED,
)  # fmt: skip
"""The test payments, not taken back, by which a booking was paid: nobody's money, so no revenue."""


@dataclass(frozen=True)
class Tally:
    """The bookings that start in a month. `revenue` is what they cost, excluding VAT: a price or a fee.

    `tested` is what is not in it, because it was only paid by test payments.
    """

    bookings: int
    hours: Decimal
    revenue: Euro
    no_shows: int
    tested: Euro


@dataclass(frozen=True)
class Today:
    """The bookings of one local day, at a moment in it."""

    bookings: int
    arrived: int
    expected: int


def tally(actor: Actor, month: Month) -> Tally:
    """The bookings of a month added up. One query."""
    earning = _of(actor, month, EARNING).annotate(cost=COST, is_tested=Exists(_TESTED))
    rows = list(earning.values_list("state", "starts_at", "ends_at", "cost", "is_tested"))
    booked = [(state, Period(start, end)) for state, start, end, *_more in rows if state in BOOKED]
    return Tally(
        bookings=len(booked),
        hours=sum((period.hours for _state, period in booked), Decimal(0)),
        revenue=total(cost for *_facts, cost, is_tested in rows if not is_tested),
        no_shows=sum(state == BookingState.NO_SHOW for state, _period in booked),
        tested=total(cost for *_facts, cost, is_tested in rows if is_tested),
    )


def today(actor: Actor, *, now: datetime) -> Today:
    """What is booked today, who came and who is still to come. One query."""
    rows = list(of_today(actor, now=now).values_list("state", "ends_at"))
    return Today(
        bookings=len(rows),
        arrived=sum(state == BookingState.ARRIVED for state, _end in rows),
        expected=sum(state == BookingState.CONFIRMED and end > now for state, end in rows),
    )


def of_today(actor: Actor, *, now: datetime) -> BookingQuerySet:
    """The bookings that touch the local day of `now`."""
    zone = hub_of(actor).zone
    day = local_day(now.astimezone(zone).date(), zone=zone)
    return Booking.objects.visible_to(actor).booked().overlapping(day)


def today_table(actor: Actor, *, now: datetime) -> Table:
    """The bookings of today, in order."""
    return _table(
        _("Today"), _("All bookings of today: to come, arrived and did not come."), of_today(actor, now=now),
        empty=_("No bookings today."),
    )  # fmt: skip


def bookings_table(actor: Actor, month: Month) -> Table:
    """What was booked, whether or not they came."""
    definition = _(
        "Bookings that start in this month, whether or not people came. Cancelled bookings are left out. Hours as "
        "booked: an hour in the whole meeting area is one hour here."
    )
    return _table(_("Bookings"), definition, _of(actor, month, BOOKED))


def no_shows_table(actor: Actor, month: Month) -> Table:
    """The bookings for which nobody came."""
    definition = _("Bookings that start in this month and for which reception noted that nobody came.")
    return _table(_("Did not come"), definition, _of(actor, month, [BookingState.NO_SHOW]))


def revenue_table(actor: Actor, month: Month) -> Table:
    """What the bookings of a month bring in, fees too."""
    definition = _(
        "Amounts excluding VAT of the bookings that start in this month. When a booking was cancelled late or nobody "
        "came, the fee that is charged. Rent and fixed half-days are not in it, nor what was only paid by a test "
        "payment."
    )
    earning = _of(actor, month, EARNING).exclude(FREELY_CANCELLED).filter(~Exists(_TESTED))
    return _table(_("Revenue from bookings"), definition, earning)


def hub_of(actor: Actor) -> Hub:
    """The hub somebody works at. Raises ValueError for who has none: the policy lets nobody come that far."""
    if actor.hub is None:
        raise ValueError("these pages are about a hub")
    return actor.hub


def _of(actor: Actor, month: Month, states: Sequence[str]) -> BookingQuerySet:
    return Booking.objects.visible_to(actor).filter(state__in=states).starting_within(month.period)


def _table(title: str, definition: str, bookings: BookingQuerySet, *, empty: str = "") -> Table:
    return Table(
        title=title,
        definition=definition,
        columns=[
            Column(_("Code")), Column(_("From"), Kind.MOMENT), Column(_("Until"), Kind.MOMENT),
            Column(_("Hours"), Kind.HOURS, adds_up=True), Column(_("Room")), Column(_("Party")), Column(_("State")),
            Column(_("Amount excl. VAT"), Kind.EURO, adds_up=True),
        ],
        rows=[
            _row(booking)
            for booking in bookings.annotate(cost=COST).with_everything().order_by("starts_at", "code")
        ],
        empty=empty or _("No bookings in this month."),
    )  # fmt: skip


def _row(booking: Booking) -> Row:
    cells = (
        booking.code, booking.starts_at, booking.ends_at, booking.period.hours, booking.space.name,
        booking.party.name, booking.get_state_display(), booking.cost,  # type: ignore[attr-defined]  # annotated by _table
    )  # fmt: skip
    return Row(cells, "booking", booking.code)
