"""No room for the PDF of an invoice: its number stays, nothing is numbered twice, and the paper comes when there is room.

The database itself refuses the row, with the error that PostgreSQL gives when its disk is full.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from config import controlling
from tenants.billing import delivering, documents, invoicing, issuing, typesetting
from tenants.billing.models import AwaitedDocument, Invoice, InvoiceDocument, NumberRange
from tenants.parties.models import Letter
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def disk_full(table: str) -> Iterator[None]:
    """Whatever is written to `table` finds no room."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute(f"CREATE TRIGGER no_room BEFORE INSERT ON {table} EXECUTE FUNCTION no_room()")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER no_room ON {table}")
            cursor.execute("DROP FUNCTION no_room()")


def approved(parties: int = 3):
    hub = books.hub()
    for number in range(parties):
        books.charge(books.party(hub, f"Partij {number}"))
    return books.approve_month(hub)


def test_without_room_for_the_paper_the_number_stays_and_the_paper_comes_later() -> None:
    run = approved()
    with disk_full("billing_invoicedocument"):
        assert invoicing.issue_approved(now=DECEMBER_1) == 3
        assert documents.send_documents(now=DECEMBER_1) == 0
        assert {"No space left" in row.error for row in AwaitedDocument.objects.all()} == {True}
        assert (InvoiceDocument.objects.count(), Letter.objects.count()) == (0, 0)
    before = list(Invoice.objects.order_by("number").values_list("number", "gross"))

    assert documents.send_documents(now=DECEMBER_1) == 3

    assert list(Invoice.objects.order_by("number").values_list("number", "gross")) == before
    assert [number for number, _gross in before] == ["2026-0001", "2026-0002", "2026-0003"]
    assert {each.stage for each in delivering.progress(run, now=DECEMBER_1).deliveries} == {"sending"}
    invoice = Invoice.objects.order_by("number").first()
    assert bytes(invoice.document.pdf).startswith(b"%PDF")


def test_after_five_times_a_person_is_asked_and_the_button_makes_it_still() -> None:
    run = approved(1)
    invoicing.issue_approved(now=DECEMBER_1)
    with disk_full("billing_invoicedocument"):
        for _try in range(6):
            documents.send_documents(now=DECEMBER_1)
    failed = delivering.progress(run, now=DECEMBER_1).failed
    assert ["No space left" in each.why for each in failed] == [True]

    delivering.try_again(failed[0].invoice, now=DECEMBER_1)

    assert documents.send_documents(now=DECEMBER_1) == 1


def test_the_paper_made_again_is_the_same() -> None:
    approved(1)
    invoicing.issue_approved(now=DECEMBER_1)
    invoice = Invoice.objects.get()

    assert typesetting.pdf(invoice) == typesetting.pdf(Invoice.objects.get())


@pytest.mark.parametrize("table", ["billing_awaiteddocument", "billing_receivable", "billing_journalentry"])
def test_without_room_for_what_belongs_to_a_number_there_is_no_number(table: str) -> None:
    run = approved(2)
    with disk_full(table):
        assert invoicing.issue_approved(now=DECEMBER_1) == 0
    run.refresh_from_db()
    assert "OperationalError" in run.error
    assert not NumberRange.objects.exclude(next_number=1).exists()

    assert invoicing.issue_approved(now=DECEMBER_1) == 2
    assert list(Invoice.objects.order_by("number").values_list("number", flat=True)) == [
        "2026-0001",
        "2026-0002",
    ]


def test_control_a_number_without_a_row_that_waits_for_its_paper_is_never_made() -> None:
    """The number is committed by itself, as in a careless implementation, and then there is no room."""
    approved(1)
    draft = Invoice.objects.get()
    with transaction.atomic():
        issuing.issue(draft, on=DECEMBER_1.date())
    AwaitedDocument.objects.all().delete()
    with disk_full("billing_invoicedocument"), pytest.raises(OperationalError), transaction.atomic():
        InvoiceDocument.objects.create(invoice=draft, pdf=typesetting.pdf(draft), made_at=DECEMBER_1)

    assert documents.send_documents(now=DECEMBER_1) == 0
    broken = [each.shown for each in controlling.look(now=cast.NOW) if each.looked.broken]
    assert any("2026-0001 has no PDF" in line for lines in broken for line in lines)
