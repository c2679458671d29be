"""The month a page is about, and the day in it on which contracts are looked at."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from spaces.periods import DAY, Period, local_month


@dataclass(frozen=True)
class Month:
    """A calendar month in the zone of a hub; `first` is its first day, `today` the day of whoever looks."""

    first: date
    zone: ZoneInfo
    today: date

    @classmethod
    def named(cls, name: str, *, zone: ZoneInfo, now: datetime) -> "Month":
        """The month "2026-11"; this month for anything that is no month between 2000 and 2099."""
        today = now.astimezone(zone).date()
        try:
            first = date.fromisoformat(f"{name}-01")
        except ValueError:
            first = today
        return cls((first if 2000 <= first.year < 2100 else today).replace(day=1), zone, today)

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def period(self) -> Period:
        return local_month(self.first, zone=self.zone)

    @property
    def before(self) -> "Month":
        return Month((self.first - DAY).replace(day=1), self.zone, self.today)

    @property
    def after(self) -> "Month":
        return Month((self.last + DAY), self.zone, self.today)

    @property
    def last(self) -> date:
        return (self.first + 31 * DAY).replace(day=1) - DAY

    @property
    def day(self) -> date:
        """The day in this month nearest to today."""
        return min(max(self.today, self.first), self.last)
