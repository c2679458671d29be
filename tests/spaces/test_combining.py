"""Laws that hold for every price list and every time: the cheapest combination really is."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import override
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from spaces import pricing, wording
from spaces.combining import Cover, Prices, Wanted, cheapest, total_hours
from spaces.explaining import tell
from spaces.models import Closure, DayPart, Rate, RateGroup
from spaces.money import VatTreatment
from spaces.opening import Timetable
from spaces.periods import DAY, Period, local_day, moment
from spaces.quoting import Quote
from tests.cast import AMSTERDAM

MONDAY = date(2026, 11, 23)
SPRING, AUTUMN, LEAP = date(2026, 3, 28), date(2026, 10, 24), date(2028, 2, 28)
PARTS = tuple(
    DayPart(pk=number, name_nl=name, starts=time(starts), ends=time(ends))
    for number, (name, starts, ends) in enumerate(
        [("ochtend", 8, 12), ("middag", 13, 17), ("avond", 18, 22)], 1
    )
)
laws = settings(deadline=None, derandomize=True, max_examples=120)

prices_of_units = {
    "hour": st.integers(0, 6000),
    "day_part": st.integers(0, 20000),
    "day": st.integers(0, 40000),
    "week": st.integers(0, 99999),
}
price_lists = st.fixed_dictionaries({}, optional=prices_of_units).map(
    lambda chosen: {unit: Decimal(cents) / 100 for unit, cents in chosen.items()}
)
included = st.integers(0, 60).map(lambda quarters: Decimal(quarters) / 4)


@st.composite
def asked(draw: st.DrawFn, *, most_days: int = 10) -> tuple[Timetable, Period]:
    """A timetable (around the clock, or 08–22, with a closure now and then) and a time with open hours in it."""
    first = draw(st.sampled_from([MONDAY, SPRING, AUTUMN, LEAP]))
    opens, closes = draw(st.sampled_from([(time(8), time(22)), (time(0), time(0)), (time(9), time(12, 30))]))
    start = local_day(first, zone=AMSTERDAM).start + timedelta(minutes=draw(st.integers(0, 24 * 60)))
    length = draw(st.one_of(st.integers(1, 14 * 60), st.integers(1, most_days * 24 * 60)))
    shut = [start + timedelta(minutes=after) for after in draw(st.lists(st.integers(0, 600), max_size=1))]
    closures = tuple(Closure(starts_at=at, ends_at=at + timedelta(minutes=300)) for at in shut)
    table = Timetable(
        zone=AMSTERDAM,
        first=first - 2 * DAY,
        last=first + (most_days + 3) * DAY,
        hours=dict.fromkeys(range(7), ((opens, closes),)),
        day_parts=PARTS,
        closures=closures,
    )
    return table, Period(start, start + timedelta(minutes=length))


def weekday_table() -> Timetable:
    """Open 08:00–22:00 on the Monday and the Tuesday."""
    hours = dict.fromkeys(range(7), ((time(8), time(22)),))
    return Timetable(zone=AMSTERDAM, first=MONDAY, last=MONDAY + DAY, hours=hours, day_parts=PARTS)


def days(table: Timetable, period: Period) -> list[Wanted]:
    return pricing.wanted(period, timetable=table)


def cost(table: Timetable, period: Period, prices: Prices) -> Decimal | None:
    """What the period costs; None when it cannot be had, or when nothing of it is open."""
    wanted = days(table, period)
    cover = cheapest(wanted, prices=prices) if total_hours(wanted) else None
    return cover.price(prices) if cover else None


@laws
@given(asked(), price_lists)
def test_it_is_never_dearer_than_any_single_unit(question: tuple[Timetable, Period], prices: Prices) -> None:
    table, period = question
    wanted = days(table, period)
    open_days = [day for day in wanted if day.time]
    assume(open_days)
    alone = {
        "hour": Cover(hours=max(total_hours(wanted), Decimal(1))),
        "day": Cover(days=len(open_days)),
        "week": Cover(weeks=-(-len(wanted) // 7)),
    }
    found = cost(table, period, prices)

    for unit, cover in alone.items():
        if unit in prices:
            assert found is not None
            assert found <= cover.price(prices)


@laws
@given(asked(), price_lists, st.integers(0, 600), st.integers(0, 600))
def test_a_longer_time_never_costs_less_than_a_shorter_one_within_it(
    question: tuple[Timetable, Period], prices: Prices, before: int, after: int
) -> None:
    table, shorter = question
    longer = Period(shorter.start - timedelta(minutes=before), shorter.end + timedelta(minutes=after))
    assume(total_hours(days(table, shorter)))
    dear, cheap = cost(table, longer, prices), cost(table, shorter, prices)

    assert dear is None or (cheap is not None and cheap <= dear)


@laws
@given(asked(), price_lists, st.floats(0.01, 0.99))
def test_booking_in_two_pieces_is_never_cheaper(
    question: tuple[Timetable, Period], prices: Prices, share: float
) -> None:
    table, whole = question
    cut = whole.start + whole.length * share
    assume(whole.start < cut < whole.end)
    pieces = [cost(table, piece, prices) for piece in (Period(whole.start, cut), Period(cut, whole.end))]
    assume(None not in pieces)
    found = cost(table, whole, prices)

    assert found is not None
    assert found <= sum(piece for piece in pieces if piece is not None)


@laws
@given(asked(), price_lists, price_lists)
def test_more_ways_to_let_and_lower_prices_never_cost_more(
    question: tuple[Timetable, Period], prices: Prices, others: Prices
) -> None:
    table, period = question
    generous = dict(others) | {unit: min(price, others.get(unit, price)) for unit, price in prices.items()}
    dear = cost(table, period, prices)
    cheap = cost(table, period, generous)

    assert dear is None or (cheap is not None and cheap <= dear)


@laws
@given(asked(most_days=1), price_lists)
def test_on_one_day_no_other_choice_of_blocks_is_cheaper(
    question: tuple[Timetable, Period], prices: Prices
) -> None:
    """Tried by brute force, minute by minute, without the arithmetic of periods."""
    table, period = question
    wanted = days(table, period)
    assume(len(wanted) == 1 and wanted[0].time)
    minutes = {instant for piece in wanted[0].time for instant in _minutes(piece)}
    options = [prices[unit] for unit in ("day", "week") if unit in prices]
    for mask in range(8):
        left = _left(minutes, mask, wanted[0])
        if all(
            _left(minutes, mask & ~(1 << each), wanted[0]) > left for each in range(3) if mask >> each & 1
        ):
            options += _priced(mask, left, prices)

    assert cost(table, period, prices) == min(options, default=None)


def _left(minutes: set[datetime], mask: int, day: Wanted) -> int:
    """How many of the minutes lie outside the chosen day parts and the hours between adjoining ones."""
    left = set(minutes)
    for number, (_part, span) in enumerate(day.parts):
        if mask >> number & 1:
            left -= set(_minutes(span))
        if number and mask >> (number - 1) & 3 == 3:
            left -= _between(day.parts[number - 1][1], span)
    return len(left)


def _minutes(period: Period) -> list[datetime]:
    return [
        period.start + timedelta(minutes=count) for count in range(int(period.length.total_seconds()) // 60)
    ]


def _between(one: Period, other: Period) -> set[datetime]:
    return set(_minutes(Period(one.end, other.start)))


def _priced(mask: int, minutes: int, prices: Prices) -> list[Decimal]:
    parts = mask.bit_count()
    quarters = -(-minutes // 15) if parts else max(-(-minutes // 15), 4)
    if (parts and "day_part" not in prices) or (quarters and "hour" not in prices):
        return []
    return [
        parts * prices.get("day_part", Decimal(0)) + Decimal(quarters) / 4 * prices.get("hour", Decimal(0))
    ]


def rate(prices: Prices, *, vat: Decimal) -> Rate:
    group = RateGroup(pk=1, name_nl="zzp'er zorg", name_en="self-employed in care")
    return Rate(
        rate_group=group,
        valid_from=date(2026, 1, 1),
        vat_rate=vat,
        vat_reason="reden",
        vat_treatment=VatTreatment.MEETING_TAXED if vat else VatTreatment.EXEMPT_RENT,
        per_hour=prices.get("hour"),
        per_day_part=prices.get("day_part"),
        per_day=prices.get("day"),
        per_week=prices.get("week"),
    )


def quoted(
    question: tuple[Timetable, Period],
    prices: Prices,
    *,
    vat: Decimal = Decimal(21),
    hours: Decimal = Decimal(0),
) -> Quote | None:
    table, period = question
    return pricing._priced(
        days(table, period), period=period, rate=rate(prices, vat=vat), timetable=table, included_hours=hours
    )


@laws
@given(asked(), price_lists, st.sampled_from([Decimal(0), Decimal(9), Decimal(21)]), included)
def test_the_lines_add_up_to_the_cent_and_every_reason_can_be_told(
    question: tuple[Timetable, Period], prices: Prices, vat: Decimal, hours: Decimal
) -> None:
    found = quoted(question, prices, vat=vat, hours=hours)
    assume(found is not None)
    assert found is not None

    assert sum(line.net for line in found.lines) == found.net
    assert found.net + found.vat == found.gross
    assert all(line.quantity > 0 for line in found.lines)
    assert Quote.from_json(json.loads(json.dumps(found.as_json()))) == found
    assert found == quoted(question, prices, vat=vat, hours=hours)
    for language in ("nl", "en"):
        with override(language):
            sentences = [each for line in found.lines for each in (line.reason, line.description)]
            assert all("%(" not in tell(each) for each in [found.reason, *sentences, found.advice] if each)


@laws
@given(asked(), price_lists, included, included)
def test_more_included_hours_never_cost_more(
    question: tuple[Timetable, Period], prices: Prices, one: Decimal, other: Decimal
) -> None:
    few, many = (quoted(question, prices, hours=hours) for hours in sorted([one, other]))
    assume(few is not None)

    assert few is not None
    assert many is not None
    assert many.net <= few.net
    assert many.included_hours <= max(one, other)


@laws
@given(
    st.integers(32, 72),
    st.integers(5, 24),
    st.integers(1, 2000),
    st.integers(1000, 6000),
    st.sampled_from([0, 21]),
)
def test_an_advised_time_saves_exactly_what_the_advice_says(
    begin: int, length: int, day_part: int, day: int, vat: int
) -> None:
    """For spaces without an hour price: begun 08:00–18:00, one to six hours, in quarters."""
    start = local_day(MONDAY, zone=AMSTERDAM).start + timedelta(minutes=15 * begin)
    table = weekday_table()
    period = Period(start, start + timedelta(minutes=15 * length))
    prices = {"day_part": Decimal(day_part) / 100, "day": Decimal(day) / 100}
    found = quoted((table, period), prices, vat=Decimal(vat))
    assert found is not None
    if found.advice is None:
        event("no advice")
        return

    advised = found.advice if "clock" in found.advice["params"] else found.advice["params"]["advice"]
    at = moment(MONDAY, time.fromisoformat(advised["params"]["clock"]), zone=AMSTERDAM)
    kept = Period(period.start, at) if "end at" in advised["text"] else Period(at, period.end)
    cheaper = quoted((table, kept), prices, vat=Decimal(vat))

    assert cheaper is not None
    assert period.contains(kept)
    assert period.length - kept.length <= timedelta(hours=1)
    with override("en"):
        assert f"you save {wording.euro(found.gross - cheaper.gross)}" in tell(found.advice)


def test_of_equal_prices_the_one_with_the_fewest_blocks_is_chosen() -> None:
    start = datetime(2026, 11, 24, 8, tzinfo=UTC)  # 09:00 in Amsterdam
    table = weekday_table()
    wanted = days(table, Period(start, start + timedelta(hours=3)))

    assert cheapest(wanted, prices={"hour": Decimal(10), "day_part": Decimal(30)}) == Cover(parts=PARTS[:1])
    assert cheapest(wanted, prices={"hour": Decimal(10), "day": Decimal(30)}) == Cover(days=1)
