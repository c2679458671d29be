"""Index figures from a file: what is stored, what is reported, and what is refused where."""

from datetime import date
from decimal import Decimal

import pytest

from tenants.leases import cpi
from tenants.leases.cpi import FiguresRefused
from tenants.leases.models import CpiFigure
from tenants.leases.tabular import FileRefused
from tests.cast import NOW
from tests.leases import figures
from tests.leases.figures import written

pytestmark = pytest.mark.django_db(transaction=True)


def value(month: str, base: str = "2025=100") -> tuple[Decimal, str]:
    row = CpiFigure.objects.get(base=base, month=date.fromisoformat(f"{month}-01"))
    return row.value, row.status


def told(content: bytes) -> list[str]:
    return list(cpi.report(cpi.look(content)))


def test_the_figures_of_the_demo_with_their_status():
    figures.load()

    assert CpiFigure.objects.count() == 220
    assert value("2026-03") == (Decimal("101.75"), "definitive")
    assert value("2026-05") == (Decimal("103.01"), "provisional")
    assert value("2022-09", "2015=100") == (Decimal("126.89"), "definitive")


def test_looking_stores_nothing_and_the_same_file_twice_changes_nothing():
    assert len(cpi.look(figures.real()).new) == 220
    assert CpiFigure.objects.count() == 0
    figures.load()

    again = cpi.store(figures.real(), now=NOW)

    assert (again.same, again.changes_nothing, CpiFigure.objects.count()) == (220, True, 220)


def test_a_provisional_figure_is_replaced_by_its_definitive_one():
    figures.load()

    plan = cpi.store(written("2026-05,2025=100,103.04,definitief,CBS"), now=NOW)

    assert (len(plan.settled), value("2026-05")) == (1, (Decimal("103.04"), "definitive"))


def test_a_definitive_figure_that_changed_is_reported_and_stays_until_it_is_replaced():
    figures.load()
    other = written("2026-03,2025=100,101.85,definitief,CBS")

    plan = cpi.store(other, now=NOW)

    assert [each.old.value for each in plan.disputed] == [Decimal("101.75")]
    assert value("2026-03")[0] == Decimal("101.75")
    assert "101,75" in told(other)[1]
    assert "101,85" in told(other)[1]

    cpi.store_and_replace(other, now=NOW)

    assert value("2026-03")[0] == Decimal("101.85")


def test_an_old_file_makes_nothing_provisional_again():
    figures.load()

    plan = cpi.store(written("2026-03,2025=100,101.70,voorlopig,oud"), now=NOW)

    assert ([each.value for each in plan.older], value("2026-03")[1]) == ([Decimal("101.70")], "definitive")


def test_what_was_shown_is_what_is_stored():
    file = written("2026-09,2025=100,104.10,definitief,CBS")
    seen = cpi.look(file).fingerprint
    cpi.store(file, now=NOW)

    with pytest.raises(FiguresRefused):
        cpi.store(file, agreed=seen, now=NOW)


@pytest.mark.parametrize(
    "row",
    [
        "2026-09;2025=100;104,10;definitief;CBS",
        "2026MM09;2025 = 100;104,1;Definitief;",
        "september 2026;2025=100;104.10;definitive;x",
    ],
)
def test_a_file_as_excel_and_statline_write_it(row):
    content = "\ufeffPeriode;Basis;Waarde;Status;Bron\r\n".encode() + row.encode("utf-8") + b"\r\n"

    assert [(each.month, each.value) for each in cpi.look(content).new] == [
        (date(2026, 9, 1), Decimal("104.10"))
    ]


@pytest.mark.parametrize(
    ("rows", "place", "words"),
    [
        (["2026-13,2025=100,104.10,definitief,x"], "Row 2, column period", "is not a month"),
        (["2026-09,2025,104.10,definitief,x"], "Row 2, column base", "2025=100"),
        (["2026-09,2025=100,veel,definitief,x"], "Row 2, column value", "not a number"),
        (["2026-09,2025=100,-3,definitief,x"], "Row 2, column value", "negative"),
        (["2026-09,2025=100,0,definitief,x"], "Row 2, column value", "between 0"),
        (["2026-09,2025=100,10410,definitief,x"], "Row 2, column value", "between 0"),
        (["2026-09,2025=100,104.1049,definitief,x"], "Row 2, column value", "two decimals"),
        (["2026-09,2025=100,104,10,definitief,x"], "Row 2, column status", "not known here"),
        (["2026-09,2025=100,104.10,misschien,x"], "Row 2, column status", "definitief"),
        (["2026-09,2025=100,,definitief,x"], "Row 2, column value", "Fill in"),
        (
            ["2026-09,2025=100,104.10,definitief,x", "", "2026-09,2025=100,104.20,definitief,x"],
            "Row 4, column period",
            "already in row 2",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_row_and_column(rows, place, words):
    file = written(*rows)

    line = next(line for line in told(file) if line.startswith(place))

    assert words in line
    with pytest.raises(FiguresRefused):
        cpi.store(file, now=NOW)
    assert CpiFigure.objects.count() == 0


def test_all_errors_are_told_at_once():
    assert (
        len(cpi.look(written("x,2025=100,104.10,definitief,x", "2026-09,y,z,definitief,x")).findings.errors)
        == 3
    )


def test_a_column_that_is_missing_is_named():
    lines = told(b"period,value,status\n2026-09,104.10,definitief\n")

    assert any("“base” is missing" in line for line in lines)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n ",
        b"PK\x03\x04 a workbook",
        b"period,base\x00",
        figures.HEADER.encode(),
        b'period,base,value,status\n"2026-09,2025=100,1,definitief\n',
        b"a" * (1024 * 1024 + 1),
        (figures.HEADER + "\n" + "x,\n" * 20_001).encode(),
    ],
    ids=["nothing", "blank", "workbook", "binary", "no rows", "open quote", "too large", "too many rows"],
)
def test_what_is_no_such_file_is_refused_with_a_way_on(content):
    with pytest.raises(FileRefused) as refused:
        cpi.look(content)

    assert refused.value.message


def test_without_a_header_the_columns_are_named():
    assert "period" in told(b"2026-09,2025=100,104.10,definitief\n")[0]
