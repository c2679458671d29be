"""Which slightly shorter time would be cheaper by more than the time given up."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from spaces import justifying
from spaces.combining import HOUR_UNIT, Prices, Wanted, cheapest, fewest_parts
from spaces.explaining import Sentence
from spaces.models import Rate
from spaces.money import Taxed
from spaces.periods import HOUR, Period


def shorter(
    days: Sequence[Wanted], *, period: Period, rate: Rate, prices: Prices, zone: ZoneInfo
) -> Sentence | None:
    """Advice to end or start at the border of a day part, at most an hour away; None when nothing is gained by it.

    Only for time on one day. What giving up hours saves at the price of an hour is no gain.
    """
    price = _price(days[0], period, prices)
    if len(days) != 1 or price is None:
        return None
    gains: list[tuple[Decimal, Period, Decimal]] = []
    for kept in _candidates(days[0], period):
        less = _price(days[0], kept, prices)
        if less is not None and price - less > _worth(period, kept, prices):
            gains.append((less, kept, _gross(price, rate) - _gross(less, rate)))
    if not gains:
        return None
    _less, kept, saving = min(gains)
    tell = justifying.end_earlier if kept.end < period.end else justifying.start_later
    at = kept.end if kept.end < period.end else kept.start
    return tell(at.astimezone(zone), saving=saving, rate=rate, parts=fewest_parts(days[0]))


def _candidates(day: Wanted, period: Period) -> Iterator[Period]:
    for _part, part_period in day.parts:
        if period.start < part_period.end < period.end and period.end - part_period.end <= HOUR:
            yield Period(period.start, part_period.end)
        if period.start < part_period.start < period.end and part_period.start - period.start <= HOUR:
            yield Period(part_period.start, period.end)


def _price(day: Wanted, period: Period, prices: Prices) -> Decimal | None:
    cover = cheapest([day.within(period)], prices=prices)
    return cover.price(prices) if cover else None


def _worth(period: Period, kept: Period, prices: Prices) -> Decimal:
    """What the time given up costs by the hour; nothing where no hours are let."""
    return (period.hours - kept.hours) * prices.get(HOUR_UNIT, Decimal(0))


def _gross(price: Decimal, rate: Rate) -> Decimal:
    return Taxed.from_net(price, rate=rate.vat_rate).gross
