"""Series in the played hub: made, stopped and changed."""

from uuid import uuid4

from bookings import repeating, repeating_change, repeating_doing, repeating_plan
from bookings.models import Booking
from bookings.repeating_refusals import NoDates, NothingFree, SeriesEnded
from bookings.states import BLOCKING, BookingState
from spaces.patterns import WEEKLY, Pattern
from spaces.periods import DAY, Period
from tests import cast
from tests.bookings.model_hub import ATOMS, CLEANING, NONE, Entry, ModelHub, Where, fresh


class PlayedSeries(ModelHub):
    """What people do with a wish that repeats."""

    def repeat(self, where: Where, weeks: int, who: int) -> list[Booking]:
        """Weekly, so many times; dates that are taken are skipped."""
        code, period, _taken = self.wanted(where)
        if not self.is_open(period):
            return []
        user, party = self.people[who]
        starts, ends = period.local(cast.AMSTERDAM)
        wish = repeating_plan.Wish(
            space=self.rooms[code], party=party, by=user, contact=user, first=starts.date(),
            pattern=Pattern(WEEKLY, weekdays=(starts.weekday(),)),
            hours=(starts.time(), ends.time()), last=starts.date() + (weeks - 1) * 7 * DAY,
        )  # fmt: skip
        after = CLEANING.get(code, NONE)
        slots = [Period(period.start + week * 7 * DAY, period.end + week * 7 * DAY) for week in range(weeks)]
        expected = [slot for slot in slots if self.free({(atom, slot) for atom in ATOMS[code]}, after=after)]
        planned = repeating_plan.plan(wish, now=self.now)
        choices = {each.key: repeating_plan.SKIP for each in planned.clashes}
        planned = repeating_plan.plan(wish, choices=choices, now=self.now)
        agreed = repeating.Agreed(planned.fingerprint, planned.gross)
        try:
            series = repeating.create(wish, choices=choices, key=uuid4(), agreed=agreed, now=self.now)
        except NothingFree:
            assert expected == []
            return []
        booked = list(series.bookings.filter(state=BookingState.CONFIRMED).order_by("starts_at"))
        assert [booking.period for booking in booked] == expected
        for booking in booked:
            self.entries[booking.holder] = Entry({(atom, booking.period) for atom in ATOMS[code]}, after)
        return booked

    def stop(self, booking: Booking) -> None:
        """The series ends at the date of this booking; what comes after it goes too."""
        series, cut = fresh(booking).series, booking.starts_at.astimezone(cast.AMSTERDAM).date()
        if series is None or cut < series.starts_on:
            return
        try:
            planned = repeating_change.plan_stop(series, cut=cut, now=self.now)
        except SeriesEnded:
            return
        gone = [step.row.holder for step in planned.steps]
        agreed = repeating.Agreed(planned.fingerprint, planned.difference)
        repeating_doing.stop(series, cut=cut, agreed=agreed, by=series.booked_by, now=self.now)
        for holder in gone:
            self.entries.pop(holder, None)

    def change(self, booking: Booking, where: Where) -> None:
        """The series goes on at another time from this booking on; what that does to each date the rows say."""
        series, (code, period, _taken) = fresh(booking).series, self.wanted(where)
        if series is None or not self.is_open(period):
            return
        starts, ends = period.local(cast.AMSTERDAM)
        cut = booking.starts_at.astimezone(cast.AMSTERDAM).date()
        wish = repeating_plan.Wish(
            space=self.rooms[code], party=series.party, by=series.booked_by, first=max(cut, starts.date()),
            pattern=Pattern(WEEKLY, weekdays=(starts.weekday(),)), hours=(starts.time(), ends.time()),
            last=starts.date() + 21 * DAY,
        )  # fmt: skip
        try:
            planned = repeating_change.plan_change(series, wish, cut=cut, now=self.now)
            agreed = repeating.Agreed(planned.fingerprint, planned.difference)
            repeating_doing.change(series, wish, cut=cut, choices={}, agreed=agreed, now=self.now)
        except (NoDates, SeriesEnded):
            return
        self._as_the_rows_say()

    def _as_the_rows_say(self) -> None:
        for booking in Booking.objects.filter(series__isnull=False).select_related("space"):
            self.entries.pop(booking.holder, None)
            if booking.state in BLOCKING:
                taken = {(atom, booking.period) for atom in ATOMS[booking.space.code]}
                self.entries[booking.holder] = Entry(taken, CLEANING.get(booking.space.code, NONE))
