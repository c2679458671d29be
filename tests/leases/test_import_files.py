"""Files that are no workbook, or one that would do harm: refused with a sentence, never a traceback."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from tenants.leases.hub_import import workbook
from tenants.leases.hub_import.refusals import NotAWorkbook
from tests.leases import workbooks


def zipped(parts: dict[str, bytes]) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return saved.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {part.filename: archive.read(part) for part in archive.infolist()}


def real_parts() -> dict[str, bytes]:
    return unzipped(workbooks.real())


def far_cell() -> bytes:
    def edit(book: Workbook) -> None:
        book["Ruimtes"]["XFD1048576"] = "hier"

    return workbooks.edited(edit)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BAD = {
    "empty": (b"", "file is empty"),
    "csv": (b"Code;Naam\r\nB01;Ontmoetingsruimte\r\n", "not an Excel workbook"),
    "html": (b"<html><table></table></html>", "not an Excel workbook"),
    "pdf": (b"%PDF-1.7 ...", "not an Excel workbook"),
    "password": (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
    "old xls": (OLE + b"\0" * 600, "old Excel file"),
    "another zip": (
        zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        "not an Excel workbook",
    ),
    "half a file": (workbooks.real()[:9000], "not an Excel workbook"),
    "broken xml": (zipped(real_parts() | {"xl/worksheets/sheet2.xml": b"<worksheet><row>"}), "damaged"),
    "macros": (zipped(real_parts() | {"xl/vbaProject.bin": b"Sub"}), "macros"),
    "macro type": (
        zipped(
            real_parts()
            | {"[Content_Types].xml": b"<Types>application/vnd.ms-excel.sheet.macroEnabled.main+xml</Types>"}
        ),
        "macros",
    ),
    "entities": (
        zipped(real_parts() | {"xl/sharedStrings.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><sst/>'}),
        "damaged",
    ),
    "zip bomb": (
        zipped(real_parts() | {"xl/worksheets/sheet9.xml": b" " * (11 * 1024 * 1024)}),
        "unpacks to more",
    ),
    "large bomb": (zipped(real_parts() | {"xl/media/a.png": b" " * (21 * 1024 * 1024)}), "unpacks to more"),
    "many parts": (zipped(real_parts() | {f"xl/p{number}": b"" for number in range(600)}), "unpacks to more"),
    "too large": (b"PK" + b"\0" * (5 * 1024 * 1024), "larger than 5 MB"),
    "a far cell": (far_cell(), "reaches to row 1048576"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_says_why(name: str):
    content, sentence = BAD[name]

    with pytest.raises(NotAWorkbook) as refused:
        workbook.read(content)

    assert sentence in refused.value.message


def test_a_size_that_the_archive_lies_about_is_counted():
    content = bytearray(zipped(real_parts() | {"xl/worksheets/sheet9.xml": b" " * (11 * 1024 * 1024)}))
    size = (11 * 1024 * 1024).to_bytes(4, "little")
    while (at := content.find(size)) >= 0:
        content[at : at + 4] = (100).to_bytes(4, "little")

    with pytest.raises(NotAWorkbook):
        workbook.read(bytes(content))
