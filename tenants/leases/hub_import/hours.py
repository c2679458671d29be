"""The tables under the facts of a building: opening hours, day parts and closures."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _

from spaces.periods import DAY, NotAMoment, Period, local_days, on_clock
from tenants.leases.hub_import import moments
from tenants.leases.hub_import.findings import Findings, Place
from tenants.leases.hub_import.sheets import Column, Row, Table, TableSpec, find_header
from tenants.leases.hub_import.wanted import Draft, Wanted, name_key
from tenants.leases.hub_import.words import DAY_PARTS_IN_ENGLISH
from tenants.leases.hub_import.workbook import Grid

OPENING = TableSpec(
    "Gebouw",
    (
        Column("day", "Dag", ("weekdag", "dagen")),
        Column("opens", "Open", ("van", "opening", "open om")),
        Column("closes", "Dicht", ("tot", "sluit", "dicht om", "sluiting")),
    ),
    anchors=("day",),
)
DAY_PARTS = TableSpec(
    "Gebouw",
    (
        Column("name", "Dagdeel"),
        Column("starts", "Van", ("begin",)),
        Column("ends", "Tot", ("einde", "eind")),
        Column("note", "Toelichting", ("opmerking",), required=False),
    ),
    anchors=("name",),
)
CLOSURES = TableSpec(
    "Gebouw",
    (
        Column("first", "Van", ("vanaf", "datum", "eerste dag")),
        Column("last", "Tot en met", ("t/m", "tot", "laatste dag")),
        Column("clock", "Tijd", ("tijden", "uren"), required=False),
        Column("reason", "Reden", ("omschrijving",)),
    ),
    anchors=("reason",),
)
CLOSED = {"gesloten", "dicht", "closed", "nee"}
LONGEST_CLOSURE = 366


def read(grid: Grid, findings: Findings, draft: Draft, *, facts: Callable[[int], None]) -> None:
    """Read the three tables; `facts` reads what stands above the first of them and sets the zone."""
    starts = {spec.anchors[0]: find_header(spec, grid) for spec in (OPENING, DAY_PARTS, CLOSURES)}
    found = sorted(row for row in starts.values() if row)
    facts(min(found, default=max(grid.rows, default=0) + 1) - 1)

    def table(spec: TableSpec) -> Table:
        start = find_header(spec, grid) or 0
        end = next((row - 1 for row in found if row > start), None)
        return _Section(spec, grid, findings, until=end)

    if starts["day"]:
        _read_opening(table(OPENING), draft)
    else:
        findings.error(Place(grid.title), _("The table of opening hours (Dag, Open, Dicht) is missing."))
    if starts["name"]:
        _read_day_parts(table(DAY_PARTS), draft)
    else:
        findings.error(Place(grid.title), _("The table of day parts (Dagdeel, Van, Tot) is missing."))
    if starts["reason"]:
        _read_closures(table(CLOSURES), draft)


class _Section(Table):
    """A table above another one: the title of the next one and notes stand alone in their row."""

    def _only_one_cell(self, number: int, place: Place) -> bool:
        title = place.column == 1 and str(self.grid.rows[number][1]).casefold() in {
            "openingstijden",
            "dagdelen",
            "sluitingen",
            "sluitingsdagen",
            "vakanties",
        }
        return False if title else super()._only_one_cell(number, place)

    def _is_data(self, number: int) -> bool:
        row = self.grid.rows[number]
        if (
            self.spec is OPENING
            and len(row) == 1
            and str(next(iter(row.values()))).casefold() in moments.WEEKDAYS
        ):
            return True
        return super()._is_data(number)


def _read_opening(table: Table, draft: Draft) -> None:
    hours: dict[int, list[tuple[time, time]]] = {}
    places: dict[int, Place] = {}
    for row in table.rows():
        days = row.read("day", moments.weekdays, required=True) or []
        span = _opening_span(row)
        for day in days:
            places.setdefault(day, row.place("opens"))
            _add_hours(row, hours.setdefault(day, []), span)
    for day in range(7):
        if day not in hours:
            table.findings.remark(
                Place(table.grid.title, table.header_row),
                _("There are no opening hours for %(day)s: the hub is closed then.")
                % {"day": moments.WEEKDAY_NAMES[day]},
            )
        wanted = {"hours": tuple(sorted(hours.get(day, [])))}
        draft.opening.append(
            Wanted((day,), moments.WEEKDAY_NAMES[day], places.get(day, Place(table.grid.title)), wanted)
        )


def _opening_span(row: Row) -> tuple[time, time] | None:
    typed = row.raw("opens")
    if typed is None or str(typed).casefold() in CLOSED:
        if row.has("closes") and str(row.raw("closes")).casefold() not in CLOSED:
            row.error(
                "opens", _("There is a closing time but no opening time. Fill in both, or write “gesloten”.")
            )
        return None
    opens = row.read("opens", moments.clock)
    closes = row.read("closes", moments.closing_clock, required=True)
    if opens is None or closes is None:
        return None
    if closes != time.min and closes <= opens:
        row.error("closes", _("The hub closes before it opens. Write for instance 08:00 and 22:00."))
        return None
    return opens, closes


def _add_hours(row: Row, hours: list[tuple[time, time]], span: tuple[time, time] | None) -> None:
    if span is None:
        return
    for opens, closes in hours:
        if span[0] < (closes if closes != time.min else time.max) and opens < (
            span[1] if span[1] != time.min else time.max
        ):
            row.error("opens", _("These hours overlap with other hours on the same day."))
            return
    hours.append(span)


def _read_day_parts(table: Table, draft: Draft) -> None:
    for row in table.rows():
        name = row.text("name", required=True).casefold()
        starts = row.read("starts", moments.clock, required=True)
        ends = row.read("ends", moments.clock, required=True)
        if not name:
            continue
        values = {"name_nl": name, "starts": starts, "ends": ends}
        if name in DAY_PARTS_IN_ENGLISH:
            values["name_en"] = DAY_PARTS_IN_ENGLISH[name]
        wanted = Wanted((name_key(name),), name, row.place("name"), values, columns=row.table.columns)
        _check_day_part(row, wanted, draft)
        draft.day_parts.append(wanted)


def _check_day_part(row: Row, wanted: Wanted, draft: Draft) -> None:
    if any(other.key == wanted.key for other in draft.day_parts):
        row.error("name", _("This day part is there twice. Keep one of them."))
    if wanted["starts"] is None or wanted["ends"] is None:
        return
    if wanted["ends"] <= wanted["starts"]:
        row.error("ends", _("This day part ends before it begins."))
        return
    for other in draft.day_parts:
        if (
            other["starts"]
            and other["ends"]
            and wanted["starts"] < other["ends"]
            and other["starts"] < wanted["ends"]
        ):
            row.error("starts", _("This day part overlaps with “%(other)s”.") % {"other": other.label})
    if not any(
        opens <= wanted["starts"] and (closes == time.min or wanted["ends"] <= closes)
        for day in draft.opening
        for opens, closes in day["hours"]
    ):
        row.remark("starts", _("On no day is the hub open for all of this day part."))


def _read_closures(table: Table, draft: Draft) -> None:
    for row in table.rows():
        first = row.read("first", moments.day, required=True)
        last = row.read("last", moments.day) or first
        clock = row.read("clock", moments.clock_range)
        reason = row.text("reason", most=200, required=True)
        if first is None or last is None or row.failed:
            continue
        period = _closed_period(row, draft, days=(first, last), clock=clock)
        if period is None:
            continue
        wanted = Wanted(
            (period.start, period.end),
            reason,
            row.place("first"),
            {"starts_at": period.start, "ends_at": period.end, "reason": reason},
        )
        _add_closure(row, wanted, draft)


def _closed_period(
    row: Row, draft: Draft, *, days: tuple[date, date], clock: tuple[time, time] | None
) -> Period | None:
    first, last = days
    if last < first:
        row.error("last", _("The last day is before the first. Exchange the two dates."))
    elif last - first > LONGEST_CLOSURE * DAY:
        row.error("last", _("A closure of more than a year cannot be right. Look at the years."))
    elif clock is None:
        return local_days(first, last, zone=draft.zone)
    elif first != last:
        row.error("clock", _("With hours, a closure is one day: make a row for each day."))
    else:
        return _closed_hours(row, draft, day=first, clock=clock)
    return None


def _closed_hours(row: Row, draft: Draft, *, day: date, clock: tuple[time, time]) -> Period | None:
    try:
        return on_clock(day, *clock, zone=draft.zone)
    except NotAMoment as error:
        row.error("clock", error.message)
    except ValueError:
        row.error("clock", _("The closure ends before it begins. Write for instance 13:00-17:00."))
    return None


def _add_closure(row: Row, wanted: Wanted, draft: Draft) -> None:
    period = Period(wanted["starts_at"], wanted["ends_at"])
    for other in draft.closures:
        known: Any = Period(other["starts_at"], other["ends_at"])
        if known == period:
            row.remark(
                "first",
                _("This closure is there twice (also in row %(row)d); it is read once.")
                % {"row": other.place.row},
            )
            return
        if known.overlaps(period):
            row.remark(
                "first", _("This closure overlaps with the one in row %(row)d.") % {"row": other.place.row}
            )
    draft.closures.append(wanted)
