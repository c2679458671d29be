"""A figure with its rows: what the page shows, what can be downloaded, and what adds up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a column holds: how a page words it and a spreadsheet gets it."""

    TEXT = "text"
    NUMBER = "number"
    AREA = "area"
    HOURS = "hours"
    EURO = "euro"
    PERCENT = "percent"
    DAY = "day"
    MOMENT = "moment"


NUMERIC = {Kind.NUMBER, Kind.AREA, Kind.HOURS, Kind.EURO, Kind.PERCENT}


@dataclass(frozen=True)
class Column:
    """A column; `adds_up` when the total under it is the sum of its cells."""

    label: str
    kind: Kind = Kind.TEXT
    adds_up: bool = False

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC


@dataclass(frozen=True)
class Row:
    """Cells in the order of the columns; `page` and `key` name the page that tells more, if there is one."""

    cells: tuple[Any, ...]
    page: str = ""
    key: str = ""


@dataclass(frozen=True)
class Table:
    """The rows behind one figure. `shares` gives the totals of columns that do not add up, by column number."""

    title: str
    definition: str
    columns: Sequence[Column]
    rows: Sequence[Row] = ()
    shares: dict[int, Decimal | None] = field(default_factory=dict)
    empty: str = ""

    @property
    def totals(self) -> list[Decimal | None]:
        """The sum under each column that adds up, a share where it was given, else None."""
        return [self.total(number) for number in range(len(self.columns))]

    @property
    def has_totals(self) -> bool:
        return bool(self.rows) and any(total is not None for total in self.totals[1:])

    def total(self, number: int) -> Decimal | None:
        if self.columns[number].adds_up:
            return sum((row.cells[number] for row in self.rows if row.cells[number] is not None), Decimal(0))
        return self.shares.get(number)
