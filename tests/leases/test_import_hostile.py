"""Small files that ask for a great deal, or hide something: refused before a cell is made."""

import resource
from typing import Any

import pytest

from tenants.leases.hub_import import workbook
from tenants.leases.hub_import.refusals import NotAWorkbook
from tests.leases import workbooks
from tests.leases.test_import_files import real_parts, unzipped, zipped
from tests.leases.workbooks import errors, read, with_cells

SHEET = "xl/worksheets/sheet2.xml"
END = b"</sheetData>"
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "b">]><sst/>'


def with_part(data: bytes, name: str = SHEET) -> bytes:
    return zipped(real_parts() | {name: data})


def after_the_cells(xml: str) -> bytes:
    """The real workbook, with `xml` behind the cells of its second sheet and no other merged cells."""
    before, _end, _rest = real_parts()[SHEET].partition(END)
    return with_part(before + END + xml.encode() + b"</worksheet>")


def merged(*refs: str) -> bytes:
    return after_the_cells(
        "<mergeCells>" + "".join(f'<mergeCell ref="{ref}"/>' for ref in refs) + "</mergeCells>"
    )


def linked(ref: str) -> bytes:
    return after_the_cells(f"<hyperlinks><hyperlink ref='{ref}' location='A1'/></hyperlinks>")


def under_another_name() -> bytes:
    """A sheet that is not called .xml is read all the same."""
    rels = "xl/_rels/workbook.xml.rels"
    named = {rels: real_parts()[rels].replace(b"sheet2.xml", b"sheet2.bin")}
    return zipped(
        real_parts() | named | {"xl/worksheets/sheet2.bin": b"\n<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}
    )


WIDE = "Cells are merged or linked"
HOSTILE = {
    "merged to the far corner": (merged("Z1:XFD1048576"), WIDE),
    "merged, the mark written as a number": (merged("Z1&#58;XFD1048576"), WIDE),
    "linked to the far corner": (linked("Z1:XFD1048576"), WIDE),
    "linked whole columns": (linked("A:B"), WIDE),
    "linked whole rows": (linked("1:2"), WIDE),
    "many merged ranges": (merged(*(f"A{row}:CV{row}" for row in range(1, 502))), WIDE),
    "a link to nowhere": (linked("hier"), "damaged"),
    "a note on all cells": (
        with_part(b'<comments><comment ref="A1:XFD1048576"/></comments>', "xl/comments1.xml"),
        WIDE,
    ),
    "millions of empty cells": (
        with_part(b"<x><row>" + b"<c/>" * 1_000_000 + b"</row></x>"),
        "unpacks to more",
    ),
    "a very deep part": (with_part(b"<x>" * 100_000), "unpacks to more"),
    "entities in utf-16": (with_part(DOCTYPE.encode("utf-16"), "xl/sharedStrings.xml"), "damaged"),
    "entities in utf-16 without a mark": (
        with_part(DOCTYPE.encode("utf-16-le"), "xl/sharedStrings.xml"),
        "damaged",
    ),
    "entities in another alphabet": (
        with_part(
            b"<?xml version='1.0' encoding='cp037'?>" + DOCTYPE.encode("cp037"), "xl/sharedStrings.xml"
        ),
        "damaged",
    ),
    "entities where no cell is": (
        with_part(b"\xff\xfe" + DOCTYPE.encode("utf-16-le"), "customXml/item1.xml"),
        "damaged",
    ),
    "entities under another name": (under_another_name(), "damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_would_do_harm_is_refused_with_a_sentence(name: str):
    content, sentence = HOSTILE[name]
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(NotAWorkbook) as refused:
        workbook.read(content)

    assert sentence in refused.value.message
    # kilobytes: what is refused was not made first
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < 200_000


def test_a_far_corner_on_every_sheet_makes_no_cells_in_between():
    far = with_cells({f"{name}!CV2999": "hier" for name in ("Gebouw", "Ruimtes", "Tarieven", "Partijen")})
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    grids = workbook.read(far)

    assert grids[1].rows[2999] == {100: "hier"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < 100_000


def test_ordinary_merges_links_notes_and_queries_are_read():
    def edit(book: Any) -> None:
        book["Ruimtes"].merge_cells("A60:H62")
        book["Ruimtes"]["K8"].hyperlink = "https://locplus.example.nl/"

    parts = {"customXml/item1.xml": "<?xml version='1.0' encoding='utf-16'?><q/>".encode("utf-16")}
    parts["xl/drawings/vmlDrawing1.vml"] = b"<xml><br></xml>"
    parts["xl/printerSettings/printerSettings1.bin"] = "Printer".encode("utf-16-le")

    assert len(workbook.read(workbooks.edited(edit))) == 6
    assert errors(read(zipped(real_parts() | parts))[1]) == []


@pytest.mark.parametrize("place", ["Partijen!I8", "Gebouw!C31", "Ruimtes!E8", "Huurcontracten!L4"])
def test_a_number_without_end_is_told_at_its_cell(place: str):
    with_mark = with_cells({place: 987654.25})
    parts = unzipped(with_mark)
    endless = {name: data.replace(b"987654.25", b"1e999") for name, data in parts.items()}

    _draft, findings = read(zipped(endless))

    assert errors(findings)[0] == (
        place.replace("!", " "),
        "This cell shows inf instead of a result. Type the value itself.",
    )


@pytest.mark.parametrize("typed", ["²", "9" * 5000, "1" * 3])
def test_a_month_is_one_or_two_digits(typed: str):
    _draft, findings = read(with_cells({"Huurcontracten!L4": typed}))

    assert [(place, "is not a month" in text) for place, text in errors(findings)] == [
        ("Huurcontracten L4", True)
    ]


def test_empty_lines_in_a_cell_are_not_kept():
    assert workbook.tidy("a \n\n \n b\n" + "\n" * 500 + "!") == "a\nb\n!"


def test_of_a_very_long_text_only_the_beginning_is_read():
    _draft, findings = read(with_cells({"Partijen!E8": "x" * 30_000}))

    assert len(workbook.tidy("x" * 30_000)) == 4_000
    assert ("Partijen E8", "This text is longer than 2000 characters. Shorten it.") in errors(findings)
