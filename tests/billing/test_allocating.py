"""A payment counts for what was asked, never for more than is open, never for more than came."""

import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from tenants.billing import allocating, paying, refusals
from tenants.billing.allocating import Part
from tenants.billing.models import Allocation, JournalLine, Receivable
from tests import cast
from tests.billing import books, money
from tests.billing.money import NOVEMBER_20, asked, left_of, paid, still_open
from tests.cast import NOW

pytestmark = pytest.mark.django_db

HAND = Allocation.Rule.BY_HAND


@pytest.fixture
def party():
    return books.party(books.hub())


def part(row: Receivable, amount: str) -> Part:
    return Part(row, Decimal(amount))


def test_oracle_14_one_transfer_pays_two_invoices(party):
    first, second = asked(party, "2054.17", number="A"), asked(party, "233.83", number="B")
    payment = paid(party, "2288.00")

    allocating.pay_off(payment, [first, second], rule=Allocation.Rule.NUMBER, now=NOW)

    found = Allocation.objects.order_by("pk").values_list("receivable__number", "amount")
    assert list(found) == [("A", Decimal("2054.17")), ("B", Decimal("233.83"))]
    assert still_open(party.hub) == {}
    assert left_of(payment) == 0


def test_part_of_it_stays_open_and_what_is_too_much_is_credit(party):
    first, second = asked(party, "100.00", number="A"), asked(party, "50.00", number="B")

    allocating.pay_off(paid(party, "60.00"), [first], rule=HAND, now=NOW)
    more = paid(party, "100.00")
    allocating.pay_off(more, [first, second], rule=HAND, now=NOW)

    assert still_open(party.hub) == {}
    assert left_of(more) == Decimal("10.00")


def test_never_more_than_is_open_nor_more_than_came(party):
    row, payment = asked(party, "100.00", number="A"), paid(party, "80.00")

    with pytest.raises(refusals.MoreThanOpen):
        allocating.allocate(payment, [part(row, "100.01")], rule=HAND, now=NOW)
    with pytest.raises(refusals.MoreThanOpen):
        allocating.allocate(payment, [part(row, "60.00"), part(row, "60.00")], rule=HAND, now=NOW)
    with pytest.raises(refusals.MoreThanLeft):
        allocating.allocate(payment, [part(row, "80.01")], rule=HAND, now=NOW)
    with pytest.raises(refusals.NotPositive):
        allocating.allocate(payment, [part(row, "-1.00")], rule=HAND, now=NOW)
    assert still_open(party.hub) == {"A": "100.00"}


def test_a_payment_pays_only_what_its_own_party_was_asked(party):
    other = asked(books.party(party.hub, "Accare"), "10.00")

    with pytest.raises(refusals.OfAnotherParty):
        allocating.allocate(paid(party), [part(other, "10.00")], rule=HAND, now=NOW)


def test_undone_once_it_is_open_again(party):
    row, payment = asked(party, "100.00", number="A"), paid(party, "100.00")
    [allocation] = allocating.pay_off(payment, [row], rule=HAND, now=NOW)

    allocating.undo(allocation, now=NOW)

    assert still_open(party.hub) == {"A": "100.00"}
    assert left_of(payment) == Decimal("100.00")
    with pytest.raises(refusals.AlreadyUndone):
        allocating.undo(allocation, now=NOW)


def test_a_credit_note_settles_an_invoice_and_no_more_than_it_is(party):
    row, credit = asked(party, "100.00", number="A"), asked(party, "-30.00", number="C")

    with pytest.raises(refusals.MoreThanLeft):
        allocating.use_credit(credit, [part(row, "30.01")], now=NOW)
    allocating.use_credit(credit, [part(row, "30.00")], now=NOW)

    assert still_open(party.hub) == {"A": "70.00"}
    with pytest.raises(refusals.MoreThanLeft):
        allocating.use_credit(credit, [part(row, "0.01")], now=NOW)


def test_a_reversed_payment_leaves_nothing_behind(party):
    row, payment = asked(party, "100.00", number="A"), paid(party, "100.00")
    allocating.pay_off(payment, [row], rule=HAND, now=NOW)

    mirror = paying.reverse(payment, on=NOVEMBER_20, reason="AM04 Saldo ontoereikend", now=NOW)

    assert still_open(party.hub) == {"A": "100.00"}
    assert (left_of(payment), left_of(mirror)) == (0, 0)
    assert mirror.amount == Decimal("-100.00")
    with pytest.raises(refusals.AlreadyUndone):
        paying.reverse(payment, on=NOVEMBER_20, reason="nog eens", now=NOW)
    with pytest.raises(refusals.MoreThanLeft):
        allocating.allocate(payment, [part(row, "1.00")], rule=HAND, now=NOW)


def test_what_is_given_up_is_said_why_and_can_be_asked_again(party):
    row, bookkeeper = asked(party, "100.00", number="A"), cast.staff(party.hub, "bookkeeper")
    allocating.pay_off(paid(party, "40.00"), [row], rule=HAND, now=NOW)

    with pytest.raises(refusals.ReasonMissing):
        paying.write_off(row, reason=" ", on=NOVEMBER_20, by=bookkeeper, now=NOW)
    lost = paying.write_off(row, reason="failliet", on=NOVEMBER_20, by=bookkeeper, now=NOW)
    assert (lost.amount, still_open(party.hub)) == (Decimal("60.00"), {})
    with pytest.raises(refusals.NothingOpen):
        paying.write_off(row, reason="failliet", on=NOVEMBER_20, by=bookkeeper, now=NOW)

    paying.reverse(lost, on=NOVEMBER_20, reason="toch betaald", now=NOW)
    assert still_open(party.hub) == {"A": "60.00"}


def test_the_same_form_twice_is_one_payment(party):
    assert paid(party, key="formulier-1") == paid(party, key="formulier-1")
    assert party.payments.count() == 1


def test_every_payment_is_in_the_books(party):
    payment = paid(party, "100.00")
    paying.reverse(payment, on=NOVEMBER_20, reason="dubbel", now=NOW)

    sides = JournalLine.objects.values_list("account__role", "debit", "credit").order_by("entry", "position")
    assert list(sides) == [
        ("bank", Decimal("100.00"), 0), ("debtors", 0, Decimal("100.00")),
        ("bank", 0, Decimal("100.00")), ("debtors", Decimal("100.00"), 0),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["billing_receivable", "billing_payment", "billing_allocation"])
def test_the_database_refuses_every_change(table, party):
    allocating.pay_off(paid(party), [asked(party)], rule=HAND, now=NOW)
    for deed in (f"update {table} set amount = amount * 1", f"delete from {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)


@pytest.mark.django_db(transaction=True)
def test_at_once_an_invoice_is_never_paid_twice():
    party = money.books_party()
    row = asked(party, "100.00", number="A")
    payments = [paid(party, "70.00") for _each in range(6)]
    gate, outcomes = threading.Barrier(6), []

    def pay(payment) -> None:
        try:
            gate.wait(timeout=30)
            allocating.allocate(payment, [part(row, "70.00")], rule=HAND, now=NOW)
            outcomes.append("paid")
        except refusals.MoreThanOpen:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=pay, args=[payment]) for payment in payments]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(outcomes) == ["paid", *["refused"] * 5]
    assert still_open(party.hub) == {"A": "30.00"}


@pytest.mark.django_db(transaction=True)
def test_at_once_a_payment_is_never_used_twice():
    party = money.books_party()
    payment, rows = paid(party, "100.00"), [asked(party, "70.00") for _each in range(6)]
    gate, outcomes = threading.Barrier(6), []

    def pay(row) -> None:
        try:
            gate.wait(timeout=30)
            allocating.allocate(payment, [part(row, "70.00")], rule=HAND, now=NOW)
            outcomes.append("paid")
        except refusals.MoreThanLeft:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=pay, args=[row]) for row in rows]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(outcomes) == ["paid", *["refused"] * 5]
    assert left_of(payment) == Decimal("30.00")
