"""What is wrong in a workbook, and what is merely worth knowing; each with its place."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter


@dataclass(frozen=True)
class Place:
    """Where in the workbook: sheet as typed, row from 1, column from 1 with its header; empty where it is all of it."""

    sheet: str = ""
    row: int | None = None
    column: int | None = None
    header: str = ""

    @property
    def letter(self) -> str:
        return get_column_letter(self.column) if self.column else ""

    @property
    def in_words(self) -> str:
        """Sheet, cell and header on one line: "Ruimtes E12 (m² VVO)"."""
        cell = f"{self.letter}{self.row or ''}"
        header = f"({self.header})" if self.header else ""
        return " ".join(part for part in (self.sheet, cell, header) if part)


@dataclass(frozen=True)
class Finding:
    """A sentence for the director, in the language that was active when the workbook was read."""

    place: Place
    text: str


@dataclass
class Findings:
    """All errors and all remarks of one reading, in the order of the workbook."""

    errors: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    def error(self, place: Place, text: str) -> None:
        """Something that must be mended first: nothing will be stored."""
        self._add(self.errors, Finding(place, text))

    def remark(self, place: Place, text: str) -> None:
        """Something the director should know; it stops nothing."""
        self._add(self.remarks, Finding(place, text))

    def sorted(self) -> "Findings":
        """The same by sheet in the order of the workbook, then by row and column."""
        return Findings(list(self._in_order(self.errors)), list(self._in_order(self.remarks)), self.order)

    def _add(self, findings: list[Finding], finding: Finding) -> None:
        if finding not in findings:
            findings.append(finding)

    def _in_order(self, findings: list[Finding]) -> Iterator[Finding]:
        rank = {title: number for number, title in enumerate(self.order)}
        places = [(finding.place, finding) for finding in findings]
        places.sort(key=lambda item: (rank.get(item[0].sheet, -1), item[0].row or 0, item[0].column or 0))
        return (finding for _, finding in places)


class Unreadable(Exception):
    """A cell does not hold what its column is for; the message is a sentence for the director."""
