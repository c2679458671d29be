"""What stands out in a month, in a few sentences made by rule; no sentence without a number behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from bookings.occupancy.deals import Tally
from bookings.occupancy.rooms import Letting
from spaces import wording
from spaces.models import DayPart
from spaces.usage import HeatCell, Occupancy, SpaceUse, percentage

MOST = 3
YEAR = timedelta(days=365)
FEW_HOURS = Decimal(4)
"""A day part of a weekday needs at least so many open hours in the month to be compared."""
MANY_NO_SHOWS = Decimal(5)
"""Percent of the bookings from which not coming is worth a sentence."""


@dataclass(frozen=True)
class Busyness:
    """How full one day part of one weekday is, in percent."""

    weekday: int
    day_part: DayPart
    rate: Decimal

    @property
    def name(self) -> str:
        return _("%(weekday)s %(day_part)s") % {
            "weekday": WEEKDAYS[self.weekday],
            "day_part": self.day_part,
        }


def noticed(
    *,
    use: Occupancy,
    heat: Mapping[tuple[int, int], HeatCell],
    day_parts: Sequence[DayPart],
    let: Letting,
    tally: Tally,
) -> list[str]:
    """At most three sentences in the active language, the most useful first."""
    return list(islice(_all(use, heat, day_parts, let, tally), MOST))


def _all(
    use: Occupancy,
    heat: Mapping[tuple[int, int], HeatCell],
    day_parts: Sequence[DayPart],
    let: Letting,
    tally: Tally,
) -> Iterator[str]:
    yield from _busiest_and_quietest(busyness(heat, day_parts=day_parts))
    yield from _no_shows(tally)
    yield from _ending_lease(let)
    yield from _hardly_booked(use)
    yield from _largest_vacant(let)


def busyness(heat: Mapping[tuple[int, int], HeatCell], *, day_parts: Sequence[DayPart]) -> list[Busyness]:
    """Each day part of each weekday that is open, the busiest first."""
    found = []
    for weekday in range(7):
        for part in day_parts:
            hours = [heat.get((weekday, hour)) for hour in range(part.starts.hour, part.ends.hour)]
            cells = [cell for cell in hours if cell]
            open_hours = sum((cell.open_hours for cell in cells), Decimal(0))
            booked = sum((cell.booked_hours for cell in cells), Decimal(0))
            if open_hours >= FEW_HOURS:
                found.append(Busyness(weekday, part, booked * 100 / open_hours))
    return sorted(found, key=lambda it: -it.rate)


def _busiest_and_quietest(parts: Sequence[Busyness]) -> Iterator[str]:
    if len(parts) < 2 or parts[0].rate == parts[-1].rate:
        return
    params = {"busiest": parts[0].name, "most": _percent(parts[0].rate)}
    empty = sum(part.rate == 0 for part in parts)
    if empty > 1:
        params |= {"empty": str(empty), "all": str(len(parts))}
        text = _(
            "Busiest is %(busiest)s (%(most)s booked); %(empty)s of the %(all)s day parts in a week stayed empty."
        )
        yield text % params
        return
    params |= {"quietest": parts[-1].name, "least": _percent(parts[-1].rate)}
    yield _("Busiest is %(busiest)s (%(most)s booked), quietest is %(quietest)s (%(least)s).") % params


def _no_shows(tally: Tally) -> Iterator[str]:
    share = percentage(Decimal(tally.no_shows), Decimal(tally.bookings))
    if share is not None and share >= MANY_NO_SHOWS:
        yield _("For %(number)s of %(all)s bookings nobody came (%(share)s).") % {
            "number": tally.no_shows,
            "all": tally.bookings,
            "share": _percent(share),
        }


def _ending_lease(let: Letting) -> Iterator[str]:
    ending = [
        (lease.ends_on, lease.party.name, area)
        for lease, area in let.by_lease
        if lease.ends_on and let.on <= lease.ends_on <= let.on + YEAR
    ]
    if ending:
        ends_on, party, area = min(ending)
        yield _("The lease of %(party)s (%(area)s) ends on %(day)s.") % {
            "party": party,
            "area": wording.m2(area),
            "day": wording.day(ends_on),
        }


def _hardly_booked(use: Occupancy) -> Iterator[str]:
    """The bookable room with the lowest rate, when that is less than half of all of them together."""
    rates = [(it.flex_rate, it) for it in use.flexible if it.flex_rate is not None]
    if rates and use.flex_rate:
        rate, least = min(rates, key=_by_rate)
        if rate * 2 < use.flex_rate:
            yield _("%(room)s was booked %(rate)s of its open hours; all rooms together %(average)s.") % {
                "room": least.space.name,
                "rate": _percent(rate),
                "average": _percent(use.flex_rate),
            }


def _largest_vacant(let: Letting) -> Iterator[str]:
    vacant = let.vacant_atoms
    if vacant:
        largest = max(vacant, key=lambda atom: atom.area_m2)
        yield _("%(all)s is vacant; the largest room is %(room)s (%(area)s).") % {
            "all": wording.m2(let.vacant),
            "room": largest.name,
            "area": wording.m2(largest.area_m2),
        }


def _by_rate(each: tuple[Decimal, SpaceUse]) -> tuple[Decimal, str]:
    return each[0], each[1].space.code


def _percent(rate: Decimal) -> str:
    """Whole percents: a sentence needs no decimals."""
    return wording.percent(rate.quantize(Decimal(1), rounding=ROUND_HALF_UP))
