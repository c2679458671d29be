"""Finding the tables in a sheet: by the words in their header, wherever it stands and in whatever order."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from spaces.money import euro
from tenants.leases.hub_import import cells, numbers
from tenants.leases.hub_import.findings import Findings, Place, Unreadable
from tenants.leases.hub_import.workbook import Broken, Grid

T = TypeVar("T")
BLANK = {"", "-", "--", "–", "—", "/", "n.v.t.", "nvt", "n.v.t", "n/a"}
NOTE_LENGTH = 60


@dataclass(frozen=True)
class Column:
    """A column we know: our key, the header as the example workbook has it, and other words for it."""

    key: str
    header: str
    aliases: tuple[str, ...] = ()
    required: bool = True

    @property
    def words(self) -> set[str]:
        return {plain(word) for word in (self.header, *self.aliases)}


@dataclass(frozen=True)
class TableSpec:
    """A table: the sheet it stands on (and other names for it), its columns; `anchors` must be in its header row."""

    sheet: str
    columns: tuple[Column, ...]
    aliases: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


def plain(text: object) -> str:
    """Only letters and digits of a header, lower case: "m² VVO " → "m2 vvo"."""
    decomposed = unicodedata.normalize("NFKD", str(text)).casefold()
    return re.sub(r"[^a-z0-9]+", " ", "".join(c for c in decomposed if not unicodedata.combining(c))).strip()


def find_sheet(grids: list[Grid], *, name: str, aliases: tuple[str, ...] = ()) -> Grid | None:
    """The sheet with this name, in any spelling that is close enough, or the only one that begins with it."""
    titles = {plain(grid.title): grid for grid in grids}
    for word in (name, *aliases):
        if plain(word) in titles:
            return titles[plain(word)]
    longer = [title for title in titles if title.startswith(f"{plain(name)} ")]
    if len(longer) == 1:
        return titles[longer[0]]
    close = get_close_matches(plain(name), titles, n=1, cutoff=0.8)
    return titles[close[0]] if close else None


class Table:
    """The rows of one table, from its header on; `until` is the last row that may belong to it."""

    def __init__(self, spec: TableSpec, grid: Grid, findings: Findings, *, until: int | None = None) -> None:
        self.spec, self.grid, self.findings = spec, grid, findings
        self.header_row = find_header(spec, grid)
        self.until = until or max(grid.rows, default=0)
        self.columns: dict[str, int] = {}
        if self.header_row is None:
            findings.error(
                Place(grid.title),
                _("No header row was found. One row must name the columns: %(columns)s.")
                % {"columns": ", ".join(column.header for column in spec.columns if column.required)},
            )
            return
        self._map_columns()

    def has(self, key: str) -> bool:
        return key in self.columns

    def place(self, key: str, row: int | None) -> Place:
        """Where a cell of this table stands; a column that is missing is still named."""
        index = self.columns.get(key)
        header = str(self._header().get(index, "")) if index else self.spec.column(key).header
        return Place(self.grid.title, row, index, header)

    def rows(self) -> Iterator["Row"]:
        """The rows with data: empty rows, headings, totals and notes are passed over."""
        if self.header_row is None:
            return
        for number in sorted(self.grid.rows):
            if self.header_row < number <= self.until and self._is_data(number):
                yield Row(self, number)

    def _header(self) -> dict[int, Any]:
        return self.grid.rows.get(self.header_row or 0, {})

    def _map_columns(self) -> None:
        known = {word: column.key for column in self.spec.columns for word in column.words}
        unknown: dict[int, str] = {}
        for index, header in sorted(self._header().items()):
            key = known.get(plain(header))
            if key is None:
                unknown[index] = str(header)
            elif key in self.columns:
                self.findings.error(
                    Place(self.grid.title, self.header_row, index, str(header)),
                    _("This column is there twice. Keep one of them."),
                )
            else:
                self.columns[key] = index
        self._report_missing(unknown)
        self._report_unknown(unknown)

    def _report_missing(self, unknown: dict[int, str]) -> None:
        for column in self.spec.columns:
            if not column.required or column.key in self.columns:
                continue
            text = _("The column “%(column)s” is missing. Add it with this header.") % {
                "column": column.header
            }
            close = get_close_matches(
                plain(column.header), [plain(header) for header in unknown.values()], n=1, cutoff=0.7
            )
            if close:
                typed = next(header for header in unknown.values() if plain(header) == close[0])
                text += " " + _("Is it the column “%(typed)s”? Then change its header.") % {"typed": typed}
            self.findings.error(Place(self.grid.title, self.header_row, None, column.header), text)

    def _report_unknown(self, unknown: dict[int, str]) -> None:
        for index, header in unknown.items():
            place = Place(self.grid.title, self.header_row, index, header)
            if {"bsn", "burgerservicenummer", "sofinummer"} & set(plain(header).split()):
                text = _(
                    "Plein never keeps a citizen service number (BSN). Delete this column; it is not read."
                )
            else:
                text = _("Plein does not know this column; it is not read.")
            self.findings.remark(place, text)

    def _is_data(self, number: int) -> bool:
        mapped = {i: v for i, v in self.grid.rows[number].items() if i in self.columns.values()}
        place = Place(self.grid.title, number, min(mapped, default=None))
        first = str(mapped[min(mapped)]) if mapped else ""
        if not mapped or (len(mapped) == 1 and is_note(first)):
            return False
        if (
            plain(first).split()[:1] in (["totaal"], ["total"], ["subtotaal"])
            and len(mapped) < len(self.spec.columns) / 2
        ):
            self.findings.remark(place, _("This row was read as a total and passed over."))
            return False
        if len(mapped) == 1 and len(self.columns) > 2:
            return self._only_one_cell(number, place)
        if number in self.grid.hidden_rows:
            self.findings.remark(place, _("This row is hidden in the workbook; it was read all the same."))
        return True

    def _only_one_cell(self, number: int, place: Place) -> bool:
        if number in self.grid.headings:
            self.findings.remark(place, _("This row was read as a heading and passed over."))
        else:
            self.findings.error(
                place, _("Only this cell of the row is filled in. Complete the row, or clear it.")
            )
        return False


def is_note(text: str) -> bool:
    """Whether a cell that stands alone in its row reads as a remark to people."""
    return len(text) > NOTE_LENGTH or (" " in text and text.endswith((".", "!", ";")))


def find_header(spec: TableSpec, grid: Grid) -> int | None:
    """The row with most of the known headers, at least two, with all anchors; the first of equals."""
    best, best_count = None, 1
    anchors = [spec.column(key).words for key in spec.anchors]
    for number in sorted(grid.rows):
        words = {plain(value) for value in grid.rows[number].values() if isinstance(value, str)}
        count = sum(bool(column.words & words) for column in spec.columns)
        if count > best_count and all(anchor & words for anchor in anchors):
            best, best_count = number, count
    return best


class Row:
    """One row with data; reading a cell wrong puts an error at its place and gives None."""

    def __init__(self, table: Table, number: int) -> None:
        self.table, self.number = table, number
        self.failed = False

    def has(self, key: str) -> bool:
        """Whether the cell holds anything."""
        return self.raw(key) is not None

    def raw(self, key: str) -> Any:
        value = self.table.grid.rows[self.number].get(self.table.columns.get(key, 0))
        return None if isinstance(value, str) and value.casefold() in BLANK else value

    def error(self, key: str, text: str) -> None:
        self.failed = True
        self.table.findings.error(self.place(key), text)

    def remark(self, key: str, text: str) -> None:
        self.table.findings.remark(self.place(key), text)

    def place(self, key: str) -> Place:
        return self.table.place(key, self.number)

    def read(self, key: str, parse: Callable[[Any], T], *, required: bool = False) -> T | None:
        """The cell as `parse` understands it; None when it is empty or wrong (then an error stands there)."""
        value = self.raw(key)
        if value is None:
            if required and self.table.has(key):
                self.error(key, _("Fill in this cell."))
            return None
        if isinstance(value, Broken):
            self.error(
                key,
                _("This cell shows %(shown)s instead of a result. Type the value itself.")
                % {"shown": value.shown[:40]},
            )
            return None
        try:
            return parse(value)
        except Unreadable as problem:
            self.error(key, str(problem))
            return None

    def text(self, key: str, *, most: int = 120, required: bool = False) -> str:
        """The cell as text; a number that looks like a citizen service number is left out."""
        text = self.read(key, cells.text(most), required=required) or ""
        hidden = numbers.without_bsn(text)
        if hidden != text:
            self.remark(
                key,
                _("A number here looks like a citizen service number (BSN). Plein leaves it out; remove it."),
            )
        return hidden

    def text_with_numbers(self, key: str, *, most: int = 120) -> str:
        """As `text`, for a column whose numbers are checked by their own rules."""
        return self.read(key, cells.text(most)) or ""

    def amount(self, key: str, *, most: int = 9_999_999, required: bool = False) -> Decimal | None:
        """An amount or area from zero to `most`, in two decimals; more decimals are rounded with a remark."""
        value = self.read(key, cells.not_negative, required=required)
        if value is None:
            return None
        if value > most:
            self.error(key, _("Write a number from %(least)d to %(most)d.") % {"least": 0, "most": most})
            return None
        rounded = euro(value)
        if rounded != value:
            self.remark(
                key,
                _("More than two decimals: rounded to %(rounded)s.")
                % {"rounded": cells.shown_number(rounded)},
            )
        return rounded
