"""How figures stand on a page: the heat map as a table, meters, cells with their column, this month beside the last."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from bookings.occupancy.insights import Overview
from bookings.occupancy.tables import Kind, Table
from spaces.usage import HeatCell

CENTS = Decimal("0.01")


@dataclass(frozen=True)
class Shade:
    """A cell: whole percents and a shade from 0 to 9; None and "shut" when the hub is never open then."""

    rate: Decimal | None
    shade: str


@dataclass(frozen=True)
class HeatRow:
    """The hours of one weekday."""

    weekday: str
    short: str
    cells: list[Shade]


@dataclass(frozen=True)
class HeatRows:
    """The heat map: what stands above the columns, and a row for each weekday."""

    hours: list[str]
    rows: list[HeatRow]


@dataclass(frozen=True)
class Meter:
    """Two parts of a bar of 100 wide, as SVG wants its numbers."""

    first: str
    second: str


@dataclass(frozen=True)
class Comparison:
    """One line of this month against the last."""

    label: str
    figure: str
    kind: Kind
    now: Decimal | int
    before: Decimal | int

    @property
    def difference(self) -> Decimal | int:
        return self.now - self.before


@dataclass(frozen=True)
class Shown:
    """A row of a table with each cell beside its column."""

    cells: list[dict[str, Any]]
    page: str
    key: str


def heat_rows(heat: Mapping[tuple[int, int], HeatCell]) -> HeatRows:
    """All hours between the first and the last that the hub is ever open, for each weekday that it is."""
    hours = sorted({hour for _weekday, hour in heat})
    span = range(hours[0], hours[-1] + 1) if hours else range(0)
    return HeatRows(
        hours=[f"{hour:02}" for hour in span],
        rows=[
            HeatRow(
                str(WEEKDAYS[day]), str(WEEKDAYS_ABBR[day]), [_shade(heat.get((day, hour))) for hour in span]
            )
            for day in sorted({day for day, _hour in heat})
        ],
    )


def meters(it: Overview) -> dict[str, Meter]:
    """The bars under the figures."""
    use = it.use
    return {
        "let": _meter(it.let.let, it.let.flex, whole=it.let.lettable),
        "flex": _meter(use.flex_booked_hours, Decimal(0), whole=use.flex_open_hours),
        "use": _meter(use.leased_m2h, use.booked_m2h, whole=use.open_m2h),
    }


def comparisons(it: Overview) -> list[Comparison]:
    """This month and the last, for what bookings bring."""
    now, before = it.tally, it.tally_before
    return [
        Comparison(_("Bookings"), "boekingen", Kind.NUMBER, now.bookings, before.bookings),
        Comparison(_("Hours"), "boekingen", Kind.HOURS, now.hours, before.hours),
        Comparison(_("Revenue from bookings, excl. VAT"), "omzet", Kind.EURO, now.revenue, before.revenue),
        Comparison(_("Did not come"), "niet-verschenen", Kind.NUMBER, now.no_shows, before.no_shows),
    ]


def table_rows(table: Table) -> Iterator[Shown]:
    """The rows of a table, each cell with the words and the kind of its column."""
    for row in table.rows:
        pairs = zip(table.columns, row.cells, strict=True)
        cells = [{"column": column, "kind": column.kind.value, "value": value} for column, value in pairs]
        yield Shown(cells, row.page, row.key)


def table_totals(table: Table) -> list[dict[str, Any]]:
    """What stands under each column after the first."""
    pairs = zip(table.columns, table.totals, strict=True)
    return [{"column": column, "kind": column.kind.value, "value": value} for column, value in pairs][1:]


def _meter(first: Decimal, second: Decimal, *, whole: Decimal) -> Meter:
    if not whole:
        return Meter("0", "0")
    return Meter(str((first * 100 / whole).quantize(CENTS)), str((second * 100 / whole).quantize(CENTS)))


def _shade(cell: HeatCell | None) -> Shade:
    if cell is None or cell.rate is None:
        return Shade(None, "shut")
    return Shade(cell.rate.quantize(Decimal(1), rounding=ROUND_HALF_UP), str(min(int(cell.rate) // 10, 9)))
