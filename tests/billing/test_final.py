"""The database itself refuses every change to an issued invoice, and to what was paid, asked and booked."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from tenants.billing import allocating, invoicing, paying
from tenants.billing.models import Invoice, InvoiceDocument
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1, NOVEMBER

pytestmark = pytest.mark.django_db(transaction=True)

FORBIDDEN = [
    "UPDATE billing_invoice SET gross = gross + 1, net = net + 1",
    "UPDATE billing_invoice SET number = NULL",
    "UPDATE billing_invoice SET buyer = '{}'",
    "DELETE FROM billing_invoice",
    "UPDATE billing_invoiceline SET net = 0",
    "DELETE FROM billing_invoiceline",
    (
        "INSERT INTO billing_invoiceline (invoice_id, charge_id, position, description, reason, vat_reason, starts_on,"
        " ends_on, quantity, unit, unit_price, net, vat_treatment, vat_rate)"
        " SELECT (SELECT min(invoice_id) FROM billing_invoiceline), id, 99, description, reason, vat_reason, starts_on,"
        " ends_on, quantity, unit, unit_price, net, vat_treatment, vat_rate FROM billing_charge WHERE source = 'new'"
    ),
    "UPDATE billing_invoicevat SET vat = 0",
    "DELETE FROM billing_invoicevat",
    (
        "INSERT INTO billing_invoicevat (invoice_id, category, rate, net, vat)"
        " SELECT id, 'S', 21, 100, 21 FROM billing_invoice"
    ),
    "UPDATE billing_invoicedocument SET pdf = ''",
    "DELETE FROM billing_invoicedocument",
    "TRUNCATE billing_invoice CASCADE",
    "TRUNCATE billing_invoiceline",
    "TRUNCATE billing_invoicevat",
    "TRUNCATE billing_invoicedocument",
    "UPDATE billing_receivable SET net = net - 1, amount = amount - 1",
    "UPDATE billing_receivable SET due_on = due_on + 30",
    "DELETE FROM billing_receivable",
    "TRUNCATE billing_receivable CASCADE",
    "UPDATE billing_payment SET amount = amount + 1",
    "UPDATE billing_payment SET received_on = received_on - 1",
    "DELETE FROM billing_payment",
    "TRUNCATE billing_payment CASCADE",
    "UPDATE billing_allocation SET amount = amount + 1",
    "DELETE FROM billing_allocation",
    "TRUNCATE billing_allocation",
    "UPDATE billing_journalentry SET booked_on = booked_on - 365",
    "DELETE FROM billing_journalentry",
    "TRUNCATE billing_journalentry CASCADE",
    "UPDATE billing_journalline SET debit = 0, credit = 0",
    "DELETE FROM billing_journalline",
    "TRUNCATE billing_journalline",
    (
        "INSERT INTO billing_journalline (entry_id, position, account_id, debit, credit, number, cost_centre, vat_code)"
        " SELECT entry_id, 99, account_id, 100, 0, '', '', '' FROM billing_journalline LIMIT 1"
    ),
    "UPDATE billing_charge SET net = net + 1 WHERE source <> 'new'",
    "DELETE FROM billing_charge WHERE source <> 'new'",
    "UPDATE billing_numberrange SET next_number = 1",
]
TABLES = (
    "invoice", "invoiceline", "invoicevat", "invoicedocument", "receivable", "payment", "allocation", "journalentry",
    "journalline", "charge", "numberrange",
)  # fmt: skip


@pytest.fixture
def invoice() -> Invoice:
    """An issued invoice with its document, half paid, and a charge that is on no invoice."""
    party = books.party(books.hub())
    books.charge(party)
    run = invoicing.propose(party.hub, month=NOVEMBER, now=DECEMBER_1)
    bookkeeper = cast.staff(party.hub, "bookkeeper")
    invoicing.approve(
        run, by=bookkeeper, seen=invoicing.fingerprint(invoicing.drafts_of(run)), now=DECEMBER_1
    )
    invoicing.issue_approved(now=DECEMBER_1)
    issued = Invoice.objects.get()
    InvoiceDocument.objects.create(invoice=issued, pdf=b"%PDF", made_at=DECEMBER_1)
    payment = paying.receive(party, amount=Decimal(20), method="transfer", on=DECEMBER_1.date())
    part = allocating.Part(issued.receivable, Decimal("18.75"))
    allocating.allocate(payment, [part], rule="by_hand", now=DECEMBER_1)
    books.charge(party, source="new")
    return issued


def tables() -> list[list[tuple]]:
    rows = []
    with connection.cursor() as cursor:
        for name in TABLES:
            cursor.execute(f"SELECT * FROM billing_{name} ORDER BY id")
            rows.append(cursor.fetchall())
    return rows


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_an_issued_invoice_cannot_be_changed_by_any_statement(invoice: Invoice, statement: str) -> None:
    before = tables()
    assert all(before), "every table has a row to lose"

    with pytest.raises(DatabaseError, match=r"final|never truncated|Cannot|differ"), transaction.atomic():
        execute_as_in_production(statement)

    assert tables() == before


def test_control_the_same_statements_change_a_draft(invoice: Invoice) -> None:
    draft_run = invoicing.propose(invoice.hub, month=NOVEMBER, now=DECEMBER_1)
    draft = draft_run.invoices.get()

    assert Invoice.objects.filter(pk=draft.pk).update(net=0, vat=0, gross=0) == 1
    assert draft.lines.all().delete()[0] == 1


def execute_as_in_production(statement: str) -> None:
    """Tests may truncate (see tests/settings.py); here that exception is off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL pgtrigger.ignore = '{}'")
        cursor.execute(statement)
