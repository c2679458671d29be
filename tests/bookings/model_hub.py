"""What a hub in memory knows: holder → the spaces and times it has. And how to read the same out of the database."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection

from bookings import repeating
from bookings.models import Booking, Series
from bookings.states import BLOCKING
from spaces.models import Claim
from spaces.periods import DAY, Period
from tests import cast

FIRST = date(2026, 12, 14)
"""A Monday, so far ahead that an option of 14 days can run out before it."""
DAYS = 12
ATOMS = {"B03": ["B03"], "B04": ["B04"], "B01": ["B01A", "B01B"], "B01A": ["B01A"], "B01B": ["B01B"]}
CLEANING = {"B04": timedelta(minutes=30)}
NONE = timedelta(0)
Where = tuple[str, int, int, int]
"""Room, day from FIRST, hour, length in quarters."""


@dataclass
class Entry:
    """What one holder has: atoms with their periods, the time to clean afterwards, and until when it lasts."""

    taken: set[tuple[str, Period]]
    after: timedelta = NONE
    expires_at: datetime | None = None


@dataclass
class ModelHub:
    """A small hub in the database and in `entries`; time stands still at `now`."""

    entries: dict[str, Entry] = field(default_factory=dict)
    now: datetime = cast.NOW

    def __post_init__(self):
        self.hub = cast.hub()
        for group in ("zzp-zorg", "huurder"):
            cast.rate(self.hub, group=group)
            cast.rate(self.hub, group=group, kind="meeting_area", vat=21)
        whole, half_a, half_b = cast.meeting_area(self.hub)
        self.rooms = {
            "B01": whole, "B01A": half_a, "B01B": half_b, "B03": cast.space(self.hub, "B03"),
            "B04": cast.space(self.hub, "B04", cleanup_minutes=30),
        }  # fmt: skip
        self.people = [cast.zzper(self.hub, "Anna"), cast.zzper(self.hub, "Bram")]

    # what the model knows

    def free(
        self, taken: Collection[tuple[str, Period]], *, after: timedelta = NONE, besides: Collection[str] = ()
    ) -> bool:
        return not any(
            atom == other and meets(period, after, theirs, entry.after)
            for holder, entry in self.entries.items()
            if holder not in besides and not self.is_over(entry)
            for other, theirs in entry.taken
            for atom, period in taken
        )

    def is_over(self, entry: Entry) -> bool:
        return entry.expires_at is not None and entry.expires_at <= self.now

    def wanted(self, where: Where) -> tuple[str, Period, set[tuple[str, Period]]]:
        code, day, hour, quarters = where
        start = cast.at(f"{FIRST + day * DAY} {hour:02}:00")
        period = Period(start, start + quarters * timedelta(minutes=15))
        return code, period, {(atom, period) for atom in ATOMS[code]}

    def is_open(self, period: Period) -> bool:
        start, end = period.local(cast.AMSTERDAM)
        hours = (8, 22) if start.weekday() < 5 else (9, 17) if start.weekday() == 5 else (0, 0)
        return hours[0] <= start.hour and end <= start.replace(hour=hours[1], minute=0)

    # both sides, to compare

    def ledger(self) -> dict[str, set[tuple[str, Period]]]:
        found: dict[str, set[tuple[str, Period]]] = defaultdict(set)
        for claim in Claim.objects.in_force(now=self.now).select_related("space"):
            found[claim.holder].add((claim.space.code, Period(claim.starts_at, claim.ends_at)))
        return dict(found)

    def model(self) -> dict[str, set[tuple[str, Period]]]:
        return {
            holder: entry.taken
            for holder, entry in self.entries.items()
            if entry.taken and not self.is_over(entry)
        }

    def overlaps(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from spaces_claim a join spaces_claim b on a.space_id = b.space_id and a.id < b.id"
                " where a.active and b.active and a.starts_at < coalesce(b.ends_at, 'infinity')"
                " and b.starts_at < coalesce(a.ends_at, 'infinity')"
            )
            return int(cursor.fetchone()[0])

    def states_without_claims(self) -> set[str]:
        """States of bookings that keep their space by their name, and have no claim."""
        holding = set(self.ledger())
        rows = Booking.objects.filter(state__in=BLOCKING).exclude(held_until__lte=self.now)
        return {row.state for row in rows if row.holder not in holding}

    def differences(self) -> list[repeating.Difference]:
        """Where django-scheduler's own dates of a series are others than its bookings."""
        return [found for series in Series.objects.all() for found in repeating.audit(series)]


def meets(period: Period, after: timedelta, other: Period, other_after: timedelta) -> bool:
    """Cleaning may touch the cleaning of a neighbour, never its time."""
    return (period.start < other.end + other_after and other.start < period.end) or (
        other.start < period.end + after and period.start < other.end
    )


def fresh(booking: Booking) -> Booking:
    return Booking.objects.with_everything().get(pk=booking.pk)
