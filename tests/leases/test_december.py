"""The month of December 2026, from the files of the director: docs/december-2026.md says what it must come to."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from config import controlling
from spaces import wording
from spaces.explaining import tell
from spaces.models import Hub
from tenants.billing import invoicing
from tenants.billing.models import InvoiceLine, InvoiceRun
from tenants.leases import charging_rent, month_notes, month_run
from tenants.leases.hub_import import importing
from tenants.leases.open_items import taking_over
from tests import cast
from tests.cast import NOW, at
from tests.leases import workbooks

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]
TOLD = (ROOT / "docs/december-2026.md").read_text()
ITEMS = (ROOT / "config/demo/openstaande-posten.csv").read_bytes()
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
JANUARY_2 = at("2027-01-02 09:00")


def table(name: str) -> list[list[str]]:
    """The rows of the table after <!-- name -->, without its head."""
    rows = TOLD.split(f"<!-- {name} -->\n")[1].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def number(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def lines(run: InvoiceRun) -> list[list[str]]:
    with translation.override("nl"):
        return [
            [draft.party.name, tell(line.description), number(line.net), vat_of(line)]
            for draft in invoicing.drafts_of(run)
            for line in draft.lines.all()
        ]


def vat_of(line: InvoiceLine) -> str:
    return f"{wording.number(line.vat_rate)} %" if line.vat_rate else "exempt"


def invoices(run: InvoiceRun) -> list[list[str]]:
    drafts = [(draft.party.name, draft.net, draft.vat, draft.gross) for draft in invoicing.drafts_of(run)]
    whole = [sum(column, Decimal(0)) for column in list(zip(*drafts, strict=True))[1:]]
    return [[name, *map(number, amounts)] for name, *amounts in [*drafts, ("together", *whole)]]


def read_in() -> Hub:
    hub = importing.store(workbooks.real(), now=NOW).hub
    assert hub is not None
    return hub


def december(hub: Hub) -> InvoiceRun:
    """November issued on the first of December, then December proposed on the second of January."""
    noon = at("2026-12-01 12:00")
    run = month_run.propose(hub, month=NOVEMBER, now=noon)
    seen = invoicing.fingerprint(invoicing.drafts_of(run))
    invoicing.approve(run, by=cast.staff(hub, "bookkeeper"), seen=seen, now=noon)
    assert invoicing.issue_approved(now=noon) == 4
    return month_run.propose(hub, month=DECEMBER, now=JANUARY_2)


def test_with_the_workbook_alone_the_month_is_what_was_worked_out_by_hand():
    run = december(read_in())

    assert lines(run) == [[row[0], row[1], *row[3:]] for row in table("workbook: lines")]
    assert invoices(run) == table("workbook: invoices")
    assert [answer.looked.broken for answer in controlling.look(now=JANUARY_2) if answer.looked.broken] == []


def test_with_the_open_items_no_rent_is_asked_twice():
    hub = read_in()
    charging_rent.post_due(now=NOW)  # the worker was there before the list of open items
    taking_over.store(ITEMS, hub=hub, now=NOW)

    run = december(hub)

    assert lines(run) == [[row[0], row[1], *row[3:]] for row in table("items: lines")]
    assert invoices(run) == table("items: invoices")
    with translation.override("en"):
        told = [note.text for note in month_notes.notes(hub, month=DECEMBER) if "old books" in note.text]
    said = "the rent up to and including 31 December 2026 is in the old books, so it is not charged here."
    assert told == [
        f"{name}: {said}"
        for name in ("Accare, HC-2018-02", "B-Authentiek, HC-2019-01", "GGD IJsselland, HC-2018-01",
                     "USG Restart, HC-2024-01")
    ]  # fmt: skip


def test_run_in_november_it_asks_the_rent_ahead():
    run = month_run.propose(read_in(), month=DECEMBER, now=at("2026-11-22 09:00"))

    assert invoices(run)[-1] == ["together", "5,719.63", "467.29", "6,186.92"]


def test_the_tables_add_up():
    """What the page says, added up from what it says: no help from the code that makes invoices."""
    for name in ("workbook", "items"):
        nets: dict[str, Decimal] = {}
        for party, _line, _by_hand, net, _vat in table(f"{name}: lines"):
            nets[party] = nets.get(party, Decimal(0)) + Decimal(net.replace(",", ""))
        *rows, whole = [
            [party, *(Decimal(each.replace(",", "")) for each in amounts)]
            for party, *amounts in table(f"{name}: invoices")
        ]
        assert {row[0]: row[1] for row in rows} == nets
        assert all(row[1] + row[2] == row[3] for row in [*rows, whole])
        assert [sum(row[at] for row in rows) for at in (1, 2, 3)] == whole[1:]
