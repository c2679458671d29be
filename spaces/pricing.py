"""What a period in a space costs: the cheapest valid combination of hours, day parts, days and weeks, with its reason.

One price list counts for a whole booking: the newest that has begun on the local day the booking starts, so a booking
over New Year keeps the old prices. A price of the space itself beats one of its kind. Only time that the hub is open is
charged; a period over several local days is counted day by day (see `spaces.combining`).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from spaces import advising, justifying, opening
from spaces.combining import DAY, DAY_PART, HOUR_UNIT, WEEK, Cover, Prices, Wanted, cheapest, total_hours
from spaces.explaining import Sentence, sentence, tell
from spaces.models import Hub, Rate, RateGroup, Space
from spaces.money import Taxed, euro, total
from spaces.opening import Timetable
from spaces.periods import HOUR, Period, days_of, local_day
from spaces.quoting import INCLUDED, Quote, QuoteLine

__all__ = ["NoPrice", "Quote", "QuoteLine", "Tariff", "prices_of", "quote", "quotes", "rate_on", "wanted"]

ONE_HOUR = Decimal(1)
A_DAY = 24 * HOUR


class NoPrice(Exception):
    """This cannot be let for money; `why` is the stored sentence, `message` tells it in the active language."""

    def __init__(self, why: Sentence) -> None:
        self.why = why
        super().__init__(self.message)

    @property
    def message(self) -> str:
        return tell(self.why)


def quote(
    space: Space,
    *,
    period: Period,
    rate_group: RateGroup,
    included_hours: Decimal = Decimal(0),
    timetable: Timetable | None = None,
) -> Quote:
    """The price of a period in a space. Raises NoPrice with what is possible instead.

    Two queries; one with the `timetable` of the hub for these days. Of `included_hours` (what a lease still holds) the
    first hours of the booking are free, per quarter, but only where that makes it cheaper: a day price that stays the
    same uses none of them. A second call gives the same quote.
    """
    timetable = timetable or opening.load(space.hub, period=period)
    day = period.local(space.hub.zone)[0].date()
    rate = rate_on(space, day=day, rate_group=rate_group)
    if rate is None:
        raise NoPrice(_no_rate(space, period=period, rate_group=rate_group))
    return _quoted(rate, period=period, timetable=timetable, included_hours=included_hours)


def quotes(
    spaces: Iterable[Space], *, period: Period, rate_group: RateGroup, included_hours: Decimal = Decimal(0)
) -> dict[int, Quote]:
    """The price of the same period in many spaces of one hub, by space id; those without one are left out.

    Two queries, however many spaces there are (one more when the hub of the first is not loaded).
    """
    spaces = list(spaces)
    if not spaces:
        return {}
    hub = spaces[0].hub
    timetable = _charged_time(hub, period)
    days = wanted(period, timetable=timetable)
    rates = _rates(spaces, day=period.local(hub.zone)[0].date(), rate_group=rate_group, hub=hub)
    priced = {
        space_id: _priced(days, period=period, rate=rate, timetable=timetable, included_hours=included_hours)
        for space_id, rate in rates.items()
    }
    return {space_id: found for space_id, found in priced.items() if found}


def _charged_time(hub: Hub, period: Period) -> Timetable:
    """What of a period is paid for: less than a day whole (a rule may open it outside the hours), else open time."""
    timetable = opening.load(hub, period=period)
    return timetable.around_the_clock() if period.length < A_DAY else timetable


class Tariff:
    """Every price list of a hub for one rate group, read once (one query), to price many dates."""

    def __init__(self, hub: Hub, *, rate_group: RateGroup, rows: Iterable[Rate] | None = None) -> None:
        """`rows` for who has read them already."""
        self._zone, self._group = hub.zone, rate_group
        self._rows = list(Rate.objects.of_group(hub, rate_group) if rows is None else rows)

    def quote(
        self, space: Space, *, period: Period, timetable: Timetable, included_hours: Decimal = Decimal(0)
    ) -> Quote:
        """As `pricing.quote`, without a query; `timetable` covers the days of the period. Raises NoPrice."""
        rate = self._rates([space], period).get(space.pk)
        if rate is None:
            raise NoPrice(_no_rate(space, period=period, rate_group=self._group))
        return _quoted(rate, period=period, timetable=timetable, included_hours=included_hours)

    def prepaid_percentage(self, spaces: Sequence[Space], *, period: Period) -> int:
        """The highest share that the price lists of these spaces ask for when booking; 0 for none."""
        shares = [rate.prepaid_percentage for rate in self._rates(spaces, period).values()]
        return max(shares, default=0)

    def _rates(self, spaces: Sequence[Space], period: Period) -> dict[int, Rate]:
        day = period.local(self._zone)[0].date()
        begun = (row for row in self._rows if row.valid_from <= day)
        return _chosen(begun, spaces, rate_group=self._group)


def rows(hub: Hub, *, rate_group: RateGroup) -> QuerySet[Rate]:
    """What a tariff is made of, the newest first: to read with other rows."""
    return Rate.objects.of_group(hub, rate_group)


def wanted(period: Period, *, timetable: Timetable) -> list[Wanted]:
    """The open time of the period for each local day it touches, with the day parts of that day."""
    zone = timetable.zone
    pieces = {day: period.intersection(local_day(day, zone=zone)) for day in days_of(period, zone=zone)}
    return [
        Wanted(tuple(timetable.open_within(piece)) if piece else (), tuple(timetable.day_part_periods(day)))
        for day, piece in pieces.items()
    ]


def prices_of(rate: Rate) -> dict[str, Decimal]:
    """The price of each unit that is let."""
    prices = {HOUR_UNIT: rate.per_hour, DAY_PART: rate.per_day_part, DAY: rate.per_day, WEEK: rate.per_week}
    return {unit: price for unit, price in prices.items() if price is not None}


def rate_on(space: Space, *, day: date, rate_group: RateGroup) -> Rate | None:
    """The price list of a space for a group that counts on a local day; None when it is not let. One query."""
    return _rates([space], day=day, rate_group=rate_group, hub=space.hub).get(space.pk)


def _rates(spaces: Sequence[Space], *, day: date, rate_group: RateGroup, hub: Hub) -> dict[int, Rate]:
    """The rate of each space that has one. One query."""
    rows = Rate.objects.filter(hub=hub, rate_group=rate_group).valid_on(day)
    return _chosen(rows, spaces, rate_group=rate_group)


def _chosen(rows: Iterable[Rate], spaces: Sequence[Space], *, rate_group: RateGroup) -> dict[int, Rate]:
    """Of rates that have begun, the newest first, the one that counts for each space."""
    of_space: dict[int, Rate] = {}
    of_kind: dict[str, Rate] = {}
    for row in rows:
        row.rate_group = rate_group
        if row.space_id:
            of_space.setdefault(row.space_id, row)
        else:
            of_kind.setdefault(row.kind, row)
    found = {space.pk: of_space.get(space.pk) or of_kind.get(space.kind) for space in spaces}
    return {space_id: rate for space_id, rate in found.items() if rate}


def _quoted(rate: Rate, *, period: Period, timetable: Timetable, included_hours: Decimal) -> Quote:
    days = wanted(period, timetable=timetable)
    found = _priced(days, period=period, rate=rate, timetable=timetable, included_hours=included_hours)
    if found is None:
        raise NoPrice(_not_let_so(days, period=period, rate=rate, timetable=timetable))
    return found


def _priced(
    days: Sequence[Wanted], *, period: Period, rate: Rate, timetable: Timetable, included_hours: Decimal
) -> Quote | None:
    if not total_hours(days):
        return None
    prices = prices_of(rate)
    cover = cheapest(days, prices=prices)
    used, rest = _included(days, hours=included_hours)
    with_included = cheapest(rest, prices=prices, at_least=max(ONE_HOUR - used, Decimal(0))) if used else None
    if with_included and (cover is None or with_included.price(prices) < cover.price(prices)):
        return _quote(rest, cover=with_included, included=used, rate=rate, advice=None)
    if cover is None:
        return None
    advice = advising.shorter(days, period=period, rate=rate, prices=prices, zone=timetable.zone)
    return _quote(days, cover=cover, included=Decimal(0), rate=rate, advice=advice)


def _included(days: Sequence[Wanted], *, hours: Decimal) -> tuple[Decimal, list[Wanted]]:
    """How many hours a lease pays, and what is left to pay: the first hours go first."""
    quarters = max(hours, Decimal(0)) * 4 // 1
    used = min(quarters / 4, max(total_hours(days), ONE_HOUR))
    length, left = HOUR * int(used * 4) / 4, []
    for day in days:
        rest = day.without_first(length)
        length -= day.length - rest.length
        left.append(rest)
    return used, left


def _quote(
    days: Sequence[Wanted], *, cover: Cover, included: Decimal, rate: Rate, advice: Sentence | None
) -> Quote:
    prices = prices_of(rate)
    lines = [*_included_line(included), *(_line(unit, count, cover, rate) for unit, count in cover.amounts)]
    return Quote(
        lines=tuple(lines),
        taxed=Taxed.from_net(total(line.net for line in lines), rate=rate.vat_rate),
        vat_treatment=str(rate.vat_treatment),
        vat_reason=rate.vat_reason,
        reason=_reason(days, cover=cover, prices=prices, included=included, rate=rate),
        advice=advice,
        prepaid_percentage=rate.prepaid_percentage,
    )


def _line(unit: str, count: Decimal, cover: Cover, rate: Rate) -> QuoteLine:
    price = prices_of(rate)[unit]
    return QuoteLine(
        unit=unit,
        quantity=count,
        unit_price=price,
        net=euro(count * price),
        description=justifying.described(unit, count, parts=cover.parts),
        reason=justifying.unit_price(unit, rate, price),
    )


def _included_line(hours: Decimal) -> list[QuoteLine]:
    if not hours:
        return []
    described, reason = justifying.included_hours(hours), justifying.all_included()
    return [QuoteLine(INCLUDED, hours, Decimal("0.00"), euro(0), described, reason)]


def _reason(
    days: Sequence[Wanted], *, cover: Cover, prices: Prices, included: Decimal, rate: Rate
) -> Sentence:
    if not cover.amounts:
        return justifying.all_included()
    rest = _choice(days, cover=cover, prices=prices, rate=rate)
    return justifying.partly_included(included, rest=rest) if included else rest


def _choice(days: Sequence[Wanted], *, cover: Cover, prices: Prices, rate: Rate) -> Sentence:
    price = cover.price(prices)
    if not cover.has_block and cover.hours > total_hours(days):
        return justifying.at_least_an_hour(price, rate=rate)
    largest = cover.amounts[0][0]
    other = cheapest(days, prices={unit: each for unit, each in prices.items() if unit != largest})
    other_price = other.price(prices) if other else price
    return justifying.choice(cover, price=price, other=other, other_price=other_price, rate=rate)


def _no_rate(space: Space, *, period: Period, rate_group: RateGroup) -> Sentence:
    return sentence(
        gettext_noop(
            "There is no price for %(space)s for %(group)s on %(day)s. Ask reception for the price."
        ),
        space=space.name,
        group=rate_group,
        day=period.local(space.hub.zone)[0].date(),
    )


def _not_let_so(days: Sequence[Wanted], *, period: Period, rate: Rate, timetable: Timetable) -> Sentence:
    if not total_hours(days):
        closed = timetable.why_closed(period)
        return closed or sentence(gettext_noop("The building is closed then. Choose another time."))
    parts = [part for day in days for part, _period in day.parts]
    if rate.per_day_part is None or not parts:
        return sentence(gettext_noop("This space has no price for a booking like this. Ask reception."))
    return sentence(
        gettext_noop("This space is let by day part: %(parts)s. Choose a time within one of them."),
        parts=justifying.with_times(parts),
    )
