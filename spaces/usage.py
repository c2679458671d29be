"""The use of spaces in a period, as values: hours, m²·hours and the shares they make. See `spaces.occupancy`."""

from dataclasses import dataclass, field
from decimal import Decimal

from spaces.models import Space
from spaces.periods import Period


@dataclass(frozen=True)
class SpaceUse:
    """Hours of one atomic space in a period. `flexible`: it, or the whole it is part of, can be booked."""

    space: Space
    flexible: bool
    open_hours: Decimal
    leased_hours: Decimal
    booked_hours: Decimal

    @property
    def flex_open_hours(self) -> Decimal:
        """Open hours in which it could be booked: those under lease are taken off."""
        return self.open_hours - self.leased_hours if self.flexible else Decimal(0)

    @property
    def flex_booked_hours(self) -> Decimal:
        return self.booked_hours if self.flexible else Decimal(0)

    @property
    def flex_rate(self) -> Decimal | None:
        return percentage(self.flex_booked_hours, self.flex_open_hours)

    @property
    def open_m2h(self) -> Decimal:
        return self.space.area_m2 * self.open_hours

    @property
    def leased_m2h(self) -> Decimal:
        return self.space.area_m2 * self.leased_hours

    @property
    def booked_m2h(self) -> Decimal:
        return self.space.area_m2 * self.booked_hours

    @property
    def share(self) -> Decimal | None:
        return percentage(self.leased_hours + self.booked_hours, self.open_hours)


@dataclass(frozen=True)
class Occupancy:
    """The use of a hub in a period.

    `share` (percent, None when never open) is the one figure: m²·hours leased and booked ÷ m²·hours open, over
    the lettable atoms. `flex_rate` is hours booked ÷ hours open of the bookable atoms, not weighted by m².
    """

    period: Period
    per_space: list[SpaceUse] = field(default_factory=list)

    @property
    def lettable(self) -> list[SpaceUse]:
        return [use for use in self.per_space if use.space.lettable]

    @property
    def flexible(self) -> list[SpaceUse]:
        return [use for use in self.per_space if use.flexible]

    @property
    def open_m2h(self) -> Decimal:
        return sum((use.open_m2h for use in self.lettable), Decimal(0))

    @property
    def leased_m2h(self) -> Decimal:
        return sum((use.leased_m2h for use in self.lettable), Decimal(0))

    @property
    def booked_m2h(self) -> Decimal:
        return sum((use.booked_m2h for use in self.lettable), Decimal(0))

    @property
    def share(self) -> Decimal | None:
        return percentage(self.leased_m2h + self.booked_m2h, self.open_m2h)

    @property
    def leased_share(self) -> Decimal | None:
        return percentage(self.leased_m2h, self.open_m2h)

    @property
    def booked_share(self) -> Decimal | None:
        return percentage(self.booked_m2h, self.open_m2h)

    @property
    def flex_open_hours(self) -> Decimal:
        return sum((use.flex_open_hours for use in self.per_space), Decimal(0))

    @property
    def flex_booked_hours(self) -> Decimal:
        return sum((use.flex_booked_hours for use in self.per_space), Decimal(0))

    @property
    def flex_rate(self) -> Decimal | None:
        return percentage(self.flex_booked_hours, self.flex_open_hours)


@dataclass(frozen=True)
class HeatCell:
    """Hours open and booked of the bookable atoms together, in one hour of one weekday over a period."""

    open_hours: Decimal
    booked_hours: Decimal

    @property
    def rate(self) -> Decimal | None:
        """Percent booked; None when never open."""
        return percentage(self.booked_hours, self.open_hours)


def percentage(part: Decimal, whole: Decimal) -> Decimal | None:
    """`part` as percent of `whole`, unrounded; None when there is no whole."""
    return part * 100 / whole if whole else None
