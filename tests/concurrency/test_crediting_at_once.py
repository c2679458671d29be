"""Two people credit the same line at the same moment: never more goes back than was asked."""

import threading
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from tenants.billing import charging, crediting, invoicing
from tenants.billing.crediting import Part
from tenants.billing.models import Charge, Invoice
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1, owed

pytestmark = pytest.mark.django_db(transaction=True)
TRIGGER = "pgtrigger_never_more_credited_than_charged"
HUNDRED = [owed("100.00", vat=21)]


@pytest.fixture
def invoice() -> Invoice:
    party = books.party(books.hub())
    books.charge(party, *HUNDRED, source="booking:1")
    run = books.approve_month(party.hub)
    invoicing.issue_approved(now=DECEMBER_1)
    return run.invoices.get()


def credit_at_once(invoice: Invoice, *, people: int) -> list[str]:
    """Each gives 60 of the 100 back; what each of them got to hear."""
    bookkeeper = cast.staff(invoice.hub, "bookkeeper")
    gate, heard = threading.Barrier(people), []

    def go() -> None:
        try:
            line = invoice.lines.get()
            gate.wait()
            part = [Part(line, Decimal(60))]
            crediting.credit(invoice, lines=part, reason="x", by=bookkeeper, now=DECEMBER_1)
            heard.append("made")
        except (crediting.CreditRefused, IntegrityError) as refusal:
            heard.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _person in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(heard)


def credited() -> Decimal:
    return sum(Charge.objects.filter(credits__isnull=False).values_list("net", flat=True), Decimal(0))


@pytest.fixture
def wide_window(monkeypatch) -> None:
    """Everybody has looked before anybody writes, unless the lock makes them wait."""
    monkeypatch.setattr(crediting, "hold", lambda _invoice: None)
    look, gate = crediting.lines_left, threading.Barrier(2)

    def look_and_wait(invoice: Invoice) -> list[crediting.Left]:
        found = look(invoice)
        gate.wait(timeout=30)
        return found

    monkeypatch.setattr(crediting, "lines_left", look_and_wait)


def test_of_six_who_credit_the_same_line_one_does(invoice: Invoice) -> None:
    assert credit_at_once(invoice, people=6) == ["MoreThanInvoiced"] * 5 + ["made"]
    assert credited() == Decimal(-60)


def test_the_database_stands_behind_the_lock(invoice: Invoice, wide_window: None) -> None:
    assert credit_at_once(invoice, people=2) == ["IntegrityError", "made"]
    assert credited() == Decimal(-60)


def test_control_without_lock_and_database_more_goes_back_than_was_asked(
    invoice: Invoice, wide_window: None
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE %s", [f"{TRIGGER}%"])
        (name,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE billing_charge DISABLE TRIGGER {name}")
    try:
        assert credit_at_once(invoice, people=2) == ["made", "made"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE billing_charge ENABLE TRIGGER {name}")

    assert credited() == Decimal(-120)


@pytest.mark.parametrize("_round", range(4))
def test_a_booking_that_is_cancelled_while_its_line_is_credited_is_given_back_once(
    invoice: Invoice, _round: int
) -> None:
    gate = threading.Barrier(2)
    bookkeeper = cast.staff(invoice.hub, "bookkeeper")

    def cancel() -> None:
        try:
            gate.wait()
            charging.correct("booking:1", hub=invoice.hub, party=invoice.party, lines=[])
        finally:
            connection.close()

    thread = threading.Thread(target=cancel)
    thread.start()
    part = [Part(invoice.lines.get(), Decimal(60))]
    gate.wait()
    with suppress(crediting.MoreThanInvoiced):
        crediting.credit(invoice, lines=part, reason="x", by=bookkeeper, now=DECEMBER_1)
    thread.join()

    assert credited() == Decimal(-100)
