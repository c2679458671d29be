"""The journal: every fact once, debit equal to credit, never changed."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction

from spaces.models import Hub
from tenants.billing import invoicing, locking
from tenants.billing.books import accounts, posting
from tenants.billing.models import Invoice, JournalEntry, JournalLine, LedgerAccount, Payment, Receivable
from tests.billing import books

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 12, 1)


@pytest.fixture
def hub() -> Hub:
    return books.hub()


def booked() -> list[tuple[str, Decimal, Decimal, str]]:
    rows = JournalLine.objects.select_related("account").order_by("entry__pk", "position")
    return [(row.account.role, row.debit, row.credit, row.vat_code) for row in rows]


def issued(hub: Hub) -> Iterator[Invoice]:
    run = books.approve_month(hub)
    while invoice := invoicing.issue_next(run, now=books.DECEMBER_1):
        yield invoice


def test_an_invoice_is_the_debtor_against_revenue_and_vat(hub: Hub) -> None:
    books.charge(books.party(hub), books.owed("27.50", quantity=4), books.owed("42.50", vat=21, quantity=2))
    invoice = next(issued(hub))

    posting.invoice(invoice)
    posting.invoice(invoice)

    assert booked() == [
        ("debtors", Decimal("212.85"), 0, ""),
        ("bookings", 0, Decimal("85.00"), "21"),
        ("bookings", 0, Decimal("110.00"), "E"),
        ("vat_high", 0, Decimal("17.85"), "21"),
    ]


def test_a_write_off_and_a_refund_are_booked_with_their_sign(hub: Hub) -> None:
    party = books.party(hub)
    for method, amount in (("transfer", 100), ("transfer", -40), ("write_off", 5)):
        row = Payment.objects.create(
            hub=hub, party=party, method=method, received_on=TODAY, amount=amount, reason="oninbaar"
        )
        posting.payment(row)

    assert booked() == [
        ("bank", 100, 0, ""), ("debtors", 0, 100, ""),
        ("bank", 0, 40, ""), ("debtors", 40, 0, ""),
        ("written_off", 5, 0, ""), ("debtors", 0, 5, ""),
    ]  # fmt: skip


def test_nothing_is_booked_in_a_closed_period(hub: Hub) -> None:
    kept = accounts.books_of(hub)
    kept.locked_until = TODAY
    kept.save()
    old = Receivable.objects.create(
        hub=hub, party=books.party(hub), kind="old", number="2026-0149", issued_on=TODAY, due_on=TODAY,
        net=80, vat=Decimal("16.80"), amount=Decimal("96.80"),
    )  # fmt: skip

    with pytest.raises(locking.BooksLocked):
        posting.old_item(old, on=TODAY)
    posting.old_item(old, on=date(2026, 12, 2))

    assert [row[:3] for row in booked()] == [
        ("debtors", Decimal("96.80"), 0),
        ("opening", 0, Decimal("96.80")),
    ]


def test_an_account_that_the_bookkeeper_renamed_is_used_and_none_is_made_twice(hub: Hub) -> None:
    LedgerAccount.objects.create(hub=hub, code="1300", name_nl="Vorderingen op huurders")
    LedgerAccount.objects.create(hub=hub, code="130", name_nl="Debiteuren", role="debtors")

    first, second = accounts.by_role(hub), accounts.by_role(hub)

    assert (first["debtors"].code, len(first)) == ("130", len(LedgerAccount.Role.choices))
    assert first == second


@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_journal(hub: Hub, deed: str) -> None:
    row = Payment.objects.create(hub=hub, party=books.party(hub), method="cash", received_on=TODAY, amount=10)
    posting.payment(row)

    for table in ("billing_journalline", "billing_journalentry", "billing_payment"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed.format(table))
    assert (JournalEntry.objects.count(), JournalLine.objects.count()) == (1, 2)
