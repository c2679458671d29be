"""What people and the house do, each deed in the database and in the model, which must agree on whether it can be."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import transaction

from bookings import cancelling, moving, options, releasing, reserving
from bookings.models import Booking
from bookings.refusals import NoOption, TimeTaken
from spaces import claiming, closing
from spaces.models import Closure
from spaces.periods import DAY, Period, subtract
from tenants.leases import giving, renting
from tenants.leases.models import FixedDayPart
from tenants.leases.refusals import FixedRefused, NothingFree
from tests import cast
from tests.bookings.model_hub import ATOMS, CLEANING, FIRST, NONE, Entry, Where, fresh
from tests.bookings.played_series import PlayedSeries
from tests.leases import half_days

MORNING = ("08:00", "12:00")


@dataclass
class PlayedHub(PlayedSeries):
    """A deed answers with the row that it made, or with nothing when it was refused."""

    dates: dict[int, list[Period]] = field(default_factory=dict)
    given: dict[int, set[datetime]] = field(default_factory=lambda: defaultdict(set))

    # deeds of people

    def hold(self, where: Where, who: int) -> Booking | None:
        code, period, taken = self.wanted(where)
        if not self.is_open(period):
            return None
        user, party = self.people[who]
        after = CLEANING.get(code, NONE)
        could = self.free(taken, after=after)
        try:
            booking = reserving.hold(
                self.rooms[code], period=period, party=party, by=user, contact=user, key=uuid4(), now=self.now
            )
        except TimeTaken:
            assert not could
            return None
        assert could
        self.entries[booking.holder] = Entry(taken, after, booking.held_until)
        return booking

    def confirm(self, booking: Booking) -> Booking | None:
        """A hold that ran out is booked after all when its time is still free."""
        booking = fresh(booking)
        taken = {(atom, booking.period) for atom in ATOMS[booking.space.code]}
        after = CLEANING.get(booking.space.code, NONE)
        could = self.free(taken, after=after, besides=[booking.holder])
        try:
            booking = reserving.confirm(booking, now=self.now)
        except TimeTaken:
            assert not could
            self.entries.pop(booking.holder, None)
            return None
        assert could
        self.entries[booking.holder] = Entry(taken, after)
        return booking

    def let_go(self, booking: Booking) -> None:
        releasing.let_go(fresh(booking), now=self.now)
        self.entries.pop(booking.holder, None)

    def take_option(self, booking: Booking) -> Booking | None:
        booking = fresh(booking)
        entry = self.entries.get(booking.holder)
        could = entry is not None and not self.is_over(entry)
        try:
            booking = options.take(booking, now=self.now)
        except NoOption:
            assert not could
            return None
        assert could
        entry.expires_at = booking.held_until
        return booking

    def move(self, booking: Booking, where: Where) -> None:
        booking = fresh(booking)
        code, period, taken = self.wanted(where)
        if not self.is_open(period) or (booking.space.code, booking.period) == (code, period):
            return
        after = CLEANING.get(code, NONE)
        could = self.free(taken, after=after, besides=[booking.holder])
        try:
            moving.move(
                booking, space=self.rooms[code], period=period, by=booking.booked_by, sequence=booking.sequence,
                now=self.now,
            )  # fmt: skip
        except TimeTaken:
            assert not could
        else:
            assert could
            self.entries[booking.holder] = Entry(taken, after)

    def cancel(self, booking: Booking) -> None:
        cancelling.cancel(fresh(booking), by=booking.booked_by, now=self.now)
        self.entries.pop(booking.holder, None)

    # deeds of the house

    def promise(self, room: str, weekday: int, who: int) -> FixedDayPart | None:
        """A fixed half-day on the mornings of four weeks; dates that others have are left out."""
        _user, party = self.people[who]
        first = FIRST + weekday * DAY
        periods = [
            Period(*(cast.at(f"{first + 7 * week * DAY} {clock}") for clock in MORNING)) for week in range(4)
        ]
        mine = [period for period in periods if self.free({(atom, period) for atom in ATOMS[room]})]
        try:
            fixed = half_days.arranged(
                party, self.rooms[room], weekday=weekday, starts_on=FIRST, ends_on=FIRST + 27 * DAY,
                price=Decimal("37.50"), now=self.now,
            )  # fmt: skip
        except NothingFree:
            assert mine == []
            return None
        except FixedRefused:
            return None  # agreed before
        if fixed.pk in self.dates:
            return None  # the same once more is the first one
        self.dates[fixed.pk] = periods
        self.entries[fixed.holder] = Entry({(atom, period) for period in mine for atom in ATOMS[room]})
        self.given[fixed.pk] = set()
        return fixed

    def give_back(self, fixed: FixedDayPart, week: int) -> None:
        entry, period = self.entries[fixed.holder], self.dates[fixed.pk][week]
        mine = {piece for piece in entry.taken if piece[1] == period}
        user = self.people[0][0]
        try:
            giving.give_back([(fixed, period.start)], by=user, now=self.now)
        except FixedRefused:
            assert not mine
            assert period.start not in self.given[fixed.pk]
            return
        entry.taken -= mine
        self.given[fixed.pk].add(period.start)

    def take_back(self, fixed: FixedDayPart, week: int) -> None:
        entry, period = self.entries[fixed.holder], self.dates[fixed.pk][week]
        pieces = {(atom, period) for atom in ATOMS[fixed.space.code]}
        given = period.start in self.given[fixed.pk]
        could = given and self.free(pieces)
        try:
            taken = giving.take_back([(fixed, period.start)], now=self.now)
        except FixedRefused:
            assert not could
            return
        assert taken == (1 if given else 0)
        if given:
            entry.taken |= pieces
            self.given[fixed.pk].discard(period.start)

    def let(self, room: str, first: int, length: int) -> None:
        """A lease of some days; closures give way to it."""
        starts_on = FIRST + first * DAY
        start, end = (cast.at(f"{day} 00:00") for day in (starts_on, starts_on + length * DAY))
        taken = {(atom, Period(start, end)) for atom in ATOMS[room]}
        closures = [holder for holder in self.entries if holder.startswith("closure:")]
        could = self.free(taken, besides=closures)
        try:
            with transaction.atomic():
                lease = cast.lease(
                    self.people[0][1], rooms=[self.rooms[room]], number=uuid4().hex[:8], starts=str(starts_on),
                    ends=str(starts_on + (length - 1) * DAY),
                )  # fmt: skip
                renting.claim(lease, now=self.now)
        except claiming.SpaceTaken:
            assert not could
        else:
            assert could
            self.entries[lease.holder] = Entry(taken)
        self.settle()

    def close(self, where: Where) -> Closure:
        code, period, _taken = self.wanted(where)
        closure, _made = Closure.objects.get_or_create(
            hub=self.hub, space=self.rooms[code], starts_at=period.start, ends_at=period.end,
            defaults={"reason": "onderhoud"},
        )  # fmt: skip
        self.settle()
        return closure

    def reopen(self, closure: Closure) -> None:
        claiming.release(closing.holder_of(closure))
        self.entries.pop(closing.holder_of(closure), None)
        Closure.objects.filter(pk=closure.pk).delete()
        self.settle()

    def settle(self) -> None:
        """Each closure in turn has what nobody else has of what it closes."""
        closing.settle(self.hub, now=self.now)
        for closure in self.hub.closures.order_by("starts_at", "pk"):
            self.entries.pop(closing.holder_of(closure), None)
            self.entries[closing.holder_of(closure)] = Entry(self._left_for(closure))

    def _left_for(self, closure: Closure) -> set[tuple[str, Period]]:
        mine = closing.holder_of(closure)
        others = [
            (atom, period)
            for holder, entry in self.entries.items()
            if holder != mine and not self.is_over(entry)
            for atom, period in entry.taken
        ]
        return {
            (atom, piece)
            for atom in ATOMS[closure.space.code]
            for piece in subtract([closure.period], [period for other, period in others if other == atom])
        }

    def time_passes(self, minutes: int) -> None:
        """Never as far as the dates themselves; what ran out is cleared away."""
        self.now = min(self.now + timedelta(minutes=minutes), cast.at(f"{FIRST} 00:00") - 3 * DAY)
        releasing.release_expired(now=self.now)
        self.entries = {holder: entry for holder, entry in self.entries.items() if not self.is_over(entry)}
