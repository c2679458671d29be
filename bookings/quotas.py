"""How many hours a party, or a person, may book in a week or a month, and what they have booked of it.

A booking counts whole in the week and month in which it begins, on the clock of the hub, also when it ends after
midnight in the next. What keeps the room counts: a hold that runs, an option, a request, a booking, also one that
nobody came to. What was cancelled gave the room back and does not count, however late. Of a booking of several rooms
the hours count once. A person is whoever booked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from bookings.models import Booking
from bookings.states import BLOCKING, HOLDING
from spaces.explaining import Sentence, sentence
from spaces.models import Space
from spaces.periods import DAY, Period, local_days, local_month
from spaces.ruling import Quota
from tenants.parties.models import Party, User


@dataclass(frozen=True)
class Use:
    """Hours in one space, from a moment on; `own` when the person booked it, `party` when it was for the party."""

    starts_at: datetime
    length: timedelta
    space_id: int
    kind: str
    own: bool
    for_party: bool


@dataclass
class Usage:
    """What a party and a person have booked around a period."""

    zone: ZoneInfo
    uses: list[Use] = field(default_factory=list)

    def refusal(self, quotas: Iterable[Quota], *, period: Period) -> Sentence | None:
        """Which of the quotas of its space this booking would exceed, and what is left; None when it fits."""
        for quota in quotas:
            most = timedelta(hours=quota.hours)
            left = most - self._used(quota, period)
            if period.length > left:
                return sentence(_TEXTS[quota.whose, quota.per], most=most, left=max(left, timedelta(0)))
        return None

    def add(self, space: Space, period: Period) -> None:
        """Count a booking that will be made as well: for the next dates of a series."""
        self.uses.append(Use(period.start, period.length, space.pk, space.kind, own=True, for_party=True))

    def _used(self, quota: Quota, period: Period) -> timedelta:
        within = _span(quota, period, zone=self.zone)
        counted = (
            use.length
            for use in self.uses
            if (use.for_party if quota.whose == "party" else use.own)
            and within.start <= use.starts_at < within.end
            and quota.counts(space_id=use.space_id, kind=use.kind)
        )
        return sum(counted, timedelta(0))


def usage(
    party: Party, *, by: User | None, within: Period, leaving_out: Booking | None = None, now: datetime
) -> Usage:
    """What `party` and the person `by` have booked in the weeks and months that `within` touches. One query.

    To decide on, call it with the party (and the person, see `lock_person`) locked.
    """
    zone = party.hub.zone
    span = Period(_around(within.start, zone).start, _around(within.end, zone).end)
    whose = Q(party=party) if by is None else Q(party=party) | Q(booked_by=by)
    rows = Booking.objects.of_hub(party.hub).filter(whose, state__in=BLOCKING).starting_within(span)
    rows = rows.exclude(state__in=HOLDING, held_until__lte=now)
    if leaving_out is not None:
        rows = rows.exclude(pk=leaving_out.pk)
    columns = rows.values_list("starts_at", "ends_at", "space_id", "space__kind", "booked_by_id", "party_id")
    return Usage(
        zone,
        [
            Use(
                start,
                end - start,
                space,
                kind,
                own=by is not None and person == by.pk,
                for_party=owner == party.pk,
            )
            for start, end, space, kind, person, owner in columns
        ],
    )


def lock_person(quotas: Iterable[Quota], by: User | None) -> None:
    """After the party: keep other bookings of this person waiting, when they have a quota of their own.

    Outside a transaction there is nothing to keep: the answer is then only what a page shows.
    """
    in_transaction = transaction.get_connection().in_atomic_block
    if in_transaction and by is not None and any(quota.whose == "person" for quota in quotas):
        User.objects.select_for_update(no_key=True).get(pk=by.pk)


def _around(moment: datetime, zone: ZoneInfo) -> Period:
    """The month of a moment, and its week where that is longer."""
    day = moment.astimezone(zone).date()
    month, week = local_month(day, zone=zone), _week(moment, zone)
    return Period(min(month.start, week.start), max(month.end, week.end))


def _week(moment: datetime, zone: ZoneInfo) -> Period:
    day = moment.astimezone(zone).date()
    monday = day - day.weekday() * DAY
    return local_days(monday, monday + 6 * DAY, zone=zone)


def _span(quota: Quota, period: Period, *, zone: ZoneInfo) -> Period:
    if quota.per == "week":
        return _week(period.start, zone)
    return local_month(period.start.astimezone(zone).date(), zone=zone)


_TEXTS = {
    ("party", "week"): gettext_noop(
        "Your organisation may book %(most)s a week here; %(left)s is left that week."
    ),
    ("party", "month"): gettext_noop(
        "Your organisation may book %(most)s a month here; %(left)s is left that month."
    ),
    ("person", "week"): gettext_noop("You may book %(most)s a week here; %(left)s is left that week."),
    ("person", "month"): gettext_noop("You may book %(most)s a month here; %(left)s is left that month."),
}
