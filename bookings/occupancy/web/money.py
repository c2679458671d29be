"""The director's page about money; the rows behind each figure are those of the overview."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookings.occupancy import money as figures
from bookings.occupancy import money_tables
from bookings.occupancy.deals import hub_of
from bookings.occupancy.months import Month
from spaces import wording
from tenants.leases.expecting import Coming, Forecast
from tenants.leases.expecting import Month as Expected
from tenants.parties.web.asking import HubRequest

WIDE, HIGH, LEFT, BELOW = 720, 240, 56, 24
"""The chart in its own units: wide and high, with room for the amounts and the months."""


@dataclass(frozen=True)
class Bar:
    """A month in the chart as SVG wants its numbers: what is expected, and on top of it what falls away."""

    month: Expected
    x: str
    width: str
    y: str
    height: str
    lost_y: str
    lost_height: str
    label_x: str
    is_labelled: bool


@dataclass(frozen=True)
class Chart:
    """The bars, and the lines behind them as (height in the chart, amount)."""

    bars: list[Bar]
    lines: list[tuple[str, Decimal]]


def money(request: HubRequest) -> HttpResponse:
    now = timezone.now()
    month = Month.named(request.GET.get("maand", ""), zone=hub_of(request.actor).zone, now=now)
    found = figures.look(request.actor, month, now=now)
    context = {
        "it": found,
        "month": month,
        "chart": chart(found.forecast),
        "unknown": _by_what_is_missing(found.forecast),
        "ages": list(zip(money_tables.age_words(), found.owed.buckets, strict=True)),
        "definitions": {
            "rent": money_tables.rent_definition() % {"day": wording.day(month.day)},
            "vacancy": money_tables.vacancy_definition(found.roll.per_m2) % {"day": wording.day(month.day)},
            "forecast": money_tables.forecast_definition(),
        },
    }
    return render(request, "overview/money.html", context)


def chart(found: Forecast) -> Chart:
    """The forecast as bars that begin at nothing; January and the first month are labelled."""
    most = max((month.expected + month.falls_away for month in found.months), default=Decimal(0))
    top = _above(most)
    step = Decimal(WIDE - LEFT) / max(len(found.months), 1)
    bars = [_bar(month, at, step, top) for at, month in enumerate(found.months)]
    marks = [top * share / 4 for share in range(5)]
    return Chart(bars, [(_number(HIGH - mark / top * HIGH), mark) for mark in marks])


def _by_what_is_missing(found: Forecast) -> dict[str, list[Coming]]:
    missing: dict[str, list[Coming]] = {}
    for each in found.unknown:
        missing.setdefault(each.missing, []).append(each)
    return missing


def _bar(month: Expected, at: int, step: Decimal, top: Decimal) -> Bar:
    height, lost = month.expected / top * HIGH, month.falls_away / top * HIGH
    x = LEFT + at * step
    return Bar(
        month=month,
        x=_number(x + 2),
        width=_number(step - 4),
        y=_number(HIGH - height),
        height=_number(height),
        lost_y=_number(HIGH - height - lost),
        lost_height=_number(lost),
        label_x=_number(x),
        is_labelled=month.first.month in (1, 7) or (at == 0 and month.first.month % 6 in (2, 3, 4)),
    )


def _above(most: Decimal) -> Decimal:
    """The first round amount that is not less: 1, 2, 4 or 8 with noughts."""
    size = Decimal(4)
    while size < most:
        size *= 2 if str(int(size)).lstrip("0")[0] in "124" else Decimal("1.25")
    return size


def _number(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.01")))
