"""A CSV file as a stranger may have made it, read as the sheet of a workbook: the same tables, the same messages."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from tenants.leases.hub_import.workbook import Grid, tidy

MAX_BYTES = 1024 * 1024
MAX_ROWS, MAX_COLUMNS = 20_000, 40
SEPARATORS = ";,\t"


class FileRefused(Exception):
    """The file as a whole cannot be read; `message` says what to do."""

    @property
    def message(self) -> str:
        return str(self.args[0])


def text_of(content: bytes) -> str:
    """The text of a CSV file, in UTF-8 or as an older Excel writes it. Raises FileRefused."""
    if not content.strip():
        raise FileRefused(_("This file is empty. Choose a CSV file with a header row."))
    if len(content) > MAX_BYTES:
        raise FileRefused(_("This file is larger than 1 MB. Choose a CSV file with only these rows."))
    if b"\0" in content or content.startswith(b"PK\x03\x04"):
        raise FileRefused(_("This is not a CSV file. In Excel, save the list as “CSV UTF-8”."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def grid(text: str) -> Grid:
    """The rows of the file, numbered as an editor numbers its lines; cells without words are left out.

    Separated by a semicolon, a comma or a tab, whichever the first line has most of. Raises FileRefused.
    """
    found = Grid("")
    for number, cells in _records(text):
        if len(found.rows) >= MAX_ROWS or len(cells) > MAX_COLUMNS:
            raise FileRefused(
                _("Row %(row)d is too much: at most %(rows)d rows and %(columns)d columns are read.")
                % {"row": number, "rows": MAX_ROWS, "columns": MAX_COLUMNS}
            )
        named = {column: tidy(cell) for column, cell in enumerate(cells, start=1)}
        kept = {column: cell for column, cell in named.items() if cell}
        if kept:
            found.rows[number] = kept
    return found


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.lstrip().partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(
            _("Row %(row)d cannot be read: a quotation mark is missing or stands in the wrong place.")
            % {"row": number}
        ) from error
