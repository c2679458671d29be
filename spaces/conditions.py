"""On which conditions spaces of a hub are let to a group of people: hours, rules, prices and what cancelling costs."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from spaces import cancellation, opening, pricing, reading, ruling
from spaces.models import Hub, RateGroup, Space
from spaces.opening import Timetable
from spaces.periods import Period
from spaces.pricing import Tariff
from spaces.quoting import Quote
from spaces.ruling import Rulebook, Rules


@dataclass(frozen=True)
class Conditions:
    """As they are now, for the local days of one period; `steps` are those of cancelling, to store with a booking."""

    timetable: Timetable
    rulebook: Rulebook
    tariff: Tariff
    steps: list[dict[str, Any]]

    def rules(self, space: Space) -> Rules:
        """What may be booked in this space."""
        return self.rulebook.of(space)

    def open_hours(self, space: Space) -> Timetable:
        """When this space can be booked, by its rules."""
        return self.rules(space).timetable(self.timetable)

    def quote(self, space: Space, *, period: Period, included_hours: Decimal = Decimal(0)) -> Quote:
        """As `pricing.quote`, without a query. Raises NoPrice."""
        timetable = self.open_hours(space)
        return self.tariff.quote(space, period=period, timetable=timetable, included_hours=included_hours)


def read(hub: Hub, *, rate_group: RateGroup, period: Period) -> Conditions:
    """All of it. One query."""
    lists = [
        *opening.rows(hub, period=period),
        ruling.rows(hub, rate_group=rate_group),
        pricing.rows(hub, rate_group=rate_group),
        hub.cancellation_steps.all(),
    ]
    *times, rules, rates, steps = reading.together(*lists)
    return Conditions(
        timetable=opening.timetable(hub, *times, period=period),
        rulebook=Rulebook.of_rows(rules),
        tariff=Tariff(hub, rate_group=rate_group, rows=rates),
        steps=cancellation.written(steps, hub=hub),
    )
