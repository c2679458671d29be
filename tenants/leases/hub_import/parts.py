"""The parts of a workbook, looked through before openpyxl makes objects of them: it makes one for all that is named.

A file of a few kilobytes can unpack to gigabytes, and one line can ask for a cell in each of 17 billion places.
"""

import zipfile
from typing import Never
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.utils import range_boundaries

from tenants.leases.hub_import.refusals import NotAWorkbook

MAX_UNPACKED_BYTES = 20 * 1024 * 1024
MAX_XML_BYTES = 10 * 1024 * 1024
MAX_PARTS = 500
MAX_ELEMENTS = 250_000
MAX_DEPTH = 100
MAX_ROWS = 3_000
MAX_COLUMNS = 100
MAX_SPANNED = 50_000
"""Cells in all ranges that are merged or linked, together."""
_SPANNING = {"mergeCell", "hyperlink", "comment"}
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"


def refuse(archive: zipfile.ZipFile) -> None:
    """Raise NotAWorkbook for an archive that is no workbook, or that is not safe to parse."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        _too_much()
    if any("vbaproject" in name.lower() for name in names):
        _macros()
    if "xl/workbook.xml" not in names:
        raise NotAWorkbook(
            _(
                "This is not an Excel workbook (.xlsx). Open the list in Excel and save it as “Excel workbook (.xlsx)”."
            )
        )
    _refuse_by_content(archive, parts)


def _refuse_by_content(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    # what an archive says about its sizes may be a lie: count while unpacking
    left, left_for_xml, scan = MAX_UNPACKED_BYTES, MAX_XML_BYTES, _Scan()
    for part in parts:
        with archive.open(part) as stream:
            data = stream.read(left + 1)
        left -= len(data)
        # a sheet may have any name: what begins as XML is XML
        if part.filename.lower().endswith((".xml", ".rels")) or data.lstrip(_BEFORE_XML).startswith(b"<"):
            left_for_xml -= len(data)
            if left >= 0 and left_for_xml >= 0:
                _refuse_xml(part.filename, data, scan)
        if left < 0 or left_for_xml < 0:
            _too_much()


def _refuse_xml(name: str, data: bytes, scan: "_Scan") -> None:
    # Excel itself keeps queries in UTF-16, in a folder that openpyxl never reads
    if b"\0" in data and not name.startswith("customXml/"):
        _damaged()
    if name == "[Content_Types].xml" and b"macroEnabled" in data:
        _macros()
    scan.read(data)


class _Scan:
    """Goes through XML without keeping it, and counts over all parts together."""

    def __init__(self) -> None:
        self.elements = self.depth = self.spanned = 0

    def read(self, data: bytes) -> None:
        """Raise NotAWorkbook for entities, an encoding that hides them, or more than a hub needs."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = lambda *_told: _damaged()
        parser.StartElementHandler = self._begins
        parser.EndElementHandler = self._ends
        self.depth = 0
        try:
            parser.Parse(data, True)
        except expat.ExpatError:
            # openpyxl says so when it needs this part; Excel's own drawings of notes are no XML either
            return

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "utf-8").lower() not in {"utf-8", "utf8", "us-ascii", "ascii", "utf-16"}:
            _damaged()

    def _begins(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > MAX_ELEMENTS or self.depth > MAX_DEPTH:
            _too_much()
        if _local(name) in _SPANNING:
            for key, value in attributes.items():
                if _local(key) == "ref":
                    self._spans(value)

    def _ends(self, _name: str) -> None:
        self.depth -= 1

    def _spans(self, ref: str) -> None:
        try:
            left, top, right, bottom = range_boundaries(ref)
        except ValueError:
            _damaged()
        # without a number or a letter it is a whole column or row
        width, height = (right or MAX_COLUMNS + 1), (bottom or MAX_ROWS + 1)
        self.spanned += (abs(width - (left or 1)) + 1) * (abs(height - (top or 1)) + 1)
        if width > MAX_COLUMNS or height > MAX_ROWS or self.spanned > MAX_SPANNED:
            raise NotAWorkbook(
                _(
                    "Cells are merged or linked over a larger area than a hub needs. Take that off in Excel; "
                    "at most %(rows)d rows and %(columns)d columns are read."
                )
                % {"rows": MAX_ROWS, "columns": MAX_COLUMNS}
            )


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _too_much() -> Never:
    raise NotAWorkbook(
        _("This file unpacks to more than a hub needs. Save only the six sheets in a new workbook.")
    )


def _damaged() -> Never:
    raise NotAWorkbook(
        _("This workbook is damaged. Open it in Excel, save it again as .xlsx and try once more.")
    )


def _macros() -> Never:
    raise NotAWorkbook(_("This workbook holds macros. Save it as “Excel workbook (.xlsx)”, without macros."))
