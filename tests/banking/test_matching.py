"""What a movement names is paid, surest first; what only looks like it is not."""

import threading
from decimal import Decimal

import pytest
from django.db import connection

from tenants.billing import refunding
from tenants.billing.banking import explaining, refusals, suggesting
from tenants.billing.models import Allocation, BankEntry, BankStatement, Books, Payment
from tenants.billing.refusals import AlreadyExplained
from tests import cast
from tests.banking.statements import entry, read_in, statement
from tests.billing import books, money
from tests.billing.money import asked, left_of, still_open
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)
IBAN = "NL16TRIO9999900858"


@pytest.fixture
def hub():
    return books.hub()


@pytest.fixture
def party(hub):
    return books.party(hub, iban=IBAN)


def paid_by(hub, *entries: str) -> list[tuple[str, str, str]]:
    read_in(hub, statement(*entries))
    rows = Allocation.objects.filter(undoes=None).order_by("pk")
    return [(row.receivable.number, str(row.amount), row.rule) for row in rows]


def test_oracle_14_a_transfer_that_names_two_invoices(hub, party):
    asked(party, "2054.17", number="2026-0203")
    asked(party, "233.83", number="2026-0204")

    found = paid_by(hub, entry("2288.00", text="facturen 2026-0203 en 2026-0204"))

    assert found == [("2026-0203", "2054.17", "number"), ("2026-0204", "233.83", "number")]
    assert still_open(hub) == {}


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"reference": "69202600192"}, "reference"),
        ({"reference": "6920 2600 192"}, "reference"),
        ({"end_to_end": "2026-0192"}, "end_to_end"),
        ({"text": "2026-0192"}, "number"),
        ({"text": "fact. 20260192"}, "number"),
        ({"text": "huur/2026-0192/november"}, "number"),
        ({"text": "Factuur2026-0192"}, "number"),
        ({"text": ["betaling van factuur nummer 2026-01", "92 voor oktober"]}, "number"),
        ({"text": "kenmerk 692 0260 0192"}, "reference"),
        ({"text": "6920.2600.192"}, "reference"),
    ],
)
def test_it_is_found_however_it_is_written(said, rule, hub, party):
    asked(party, number="2026-0192", payment_reference="69202600192")

    assert paid_by(hub, entry("100.00", **said)) == [("2026-0192", "100.00", rule)]


def test_a_zero_that_the_bank_left_out_is_still_the_same_reference(hub, party):
    asked(party, number="2026-0195", payment_reference="09202600195")

    assert paid_by(hub, entry(reference="9202600195")) == [("2026-0195", "100.00", "reference")]


@pytest.mark.parametrize(
    "said",
    [
        {"text": "2026-01920"}, {"text": "12026-0192"}, {"text": "2026 en 0193"}, {"text": "oktober 2026"},
        {"text": "NL16TRIO9999900858"}, {"end_to_end": "NOTPROVIDED"}, {"text": "192"}, {"name": "2026-0192"},
    ],
)  # fmt: skip
def test_what_only_looks_like_it_pays_nothing(said, hub, party):
    asked(party, number="2026-0192", payment_reference="69202600192")

    assert paid_by(hub, entry("100.00", **said)) == []


def test_account_and_exact_amount_are_suggested_and_not_booked(hub, party):
    row = asked(party, "100.00", number="2026-0192")
    asked(party, "50.00", number="2026-0193")

    assert paid_by(hub, entry("100.00", iban=IBAN, ref="1"), entry("150.00", iban=IBAN, ref="2")) == []
    found = suggesting.of(BankEntry.objects.unexplained())
    told = [[each.number for each in rows[0].receivables] for rows in found.values()]
    assert told == [["2026-0192"], ["2026-0192", "2026-0193"]]
    assert row.number in still_open(hub)


def test_too_much_stays_as_credit_and_paid_again_too(hub, party):
    asked(party, "100.00", number="2026-0192")

    paid_by(hub, entry("130.00", text="2026-0192", ref="1"), entry("100.00", text="2026-0192", ref="2"))

    assert still_open(hub) == {}
    assert [left_of(row) for row in Payment.objects.order_by("pk")] == [Decimal(30), Decimal(100)]


def test_one_transfer_for_two_parties_is_two_payments(hub, party):
    other = books.party(hub, "Accare")
    asked(party, "100.00", number="2026-0192")
    asked(other, "40.00", number="2026-0193")

    paid_by(hub, entry("145.00", text="2026-0192 2026-0193"))

    rows = Payment.objects.with_unused().order_by("pk").values_list("party__name", "amount", "unused_amount")
    assert [(name, str(amount), str(left)) for name, amount, left in rows] == [
        (party.name, "100.00", "0.00"), ("Accare", "45.00", "5.00"),
    ]  # fmt: skip
    assert BankEntry.objects.unexplained().count() == 0


def test_a_credit_note_that_is_named_is_settled(hub, party):
    asked(party, "100.00", number="2026-0192")
    asked(party, "-30.00", number="2026-0193")

    paid_by(hub, entry("70.00", text="2026-0192 min 2026-0193"))

    assert still_open(hub) == {}


def test_a_debit_that_comes_back_is_open_again_also_in_a_later_statement(hub, party):
    asked(party, "200.00", number="2026-0193")
    debit = {"end_to_end": "2026-0193", "mandate": "M1", "code": "PMNT/IDDT/ESDD"}
    paid_by(hub, entry("200.00", ref="1", **debit))
    assert still_open(hub) == {}

    back = entry("-200.00", on="2026-12-02", ref="2", reversal=True, reason="MD06", **debit)
    read_in(hub, statement(back, name="AFS-2", opening="1200.00"))

    assert still_open(hub) == {"2026-0193": "200.00"}
    assert Payment.objects.get(amount=-200).reason == "MD06"
    assert BankEntry.objects.unexplained().count() == 0


def test_a_bank_that_writes_the_newest_first_reopens_what_came_back_too(hub, party):
    asked(party, "200.00", number="2026-0193")
    debit = {"end_to_end": "2026-0193", "mandate": "M1", "code": "PMNT/IDDT/ESDD"}
    back = entry("-200.00", on="2026-11-19", ref="2", reversal=True, reason="AM04", **debit)

    read_in(hub, statement(back, entry("200.00", on="2026-11-17", ref="1", **debit)))

    assert still_open(hub) == {"2026-0193": "200.00"}
    assert BankEntry.objects.unexplained().count() == 0


def test_overlapping_statements_add_what_is_new_only(hub, party):
    first, second, third = (entry(f"{n}0.00", ref=f"R{n}", on=f"2026-11-0{n}") for n in (1, 2, 3))
    read_in(hub, statement(first, second, name="W1"))
    found = read_in(hub, statement(second, third, name="W2", opening="1010.00"))

    assert len(found.new) == 1
    assert (BankStatement.objects.count(), BankEntry.objects.count()) == (2, 3)


def test_without_a_reference_of_the_bank_two_that_are_the_same_are_two(hub, party):
    same = entry("10.00", text="contant")
    read_in(hub, statement(same, same, name="W1"))
    read_in(hub, statement(same, same, name="W2"))

    assert BankEntry.objects.count() == 2


def test_a_reference_that_means_something_else_now_is_refused(hub, party):
    read_in(hub, statement(entry("10.00", ref="R1"), name="W1"))

    with pytest.raises(refusals.ChangedByTheBank):
        read_in(hub, statement(entry("11.00", ref="R1"), name="W2"))


def test_another_account_is_refused(hub, party):
    with pytest.raises(refusals.WrongAccount):
        read_in(hub, statement(entry("10.00"), iban="NL02ABNA0123456789"))


def test_closed_books_refuse_the_whole_statement(hub, party):
    asked(party, number="2026-0192")
    Books.objects.create(hub=hub, locked_until="2026-11-30")

    with pytest.raises(refusals.StatementRefused, match="30 november"):
        read_in(hub, statement(entry(text="2026-0192")))
    assert BankEntry.objects.count() == 0


def at_once(*deeds) -> list[str]:
    gate, told = threading.Barrier(len(deeds)), []

    def go(deed) -> None:
        try:
            gate.wait(timeout=30)
            deed()
            told.append("done")
        except AlreadyExplained:
            told.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=[deed]) for deed in deeds]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return sorted(told)


def test_the_same_file_twice_at_once_is_read_in_once(hub, party):
    asked(party, "100.00", number="2026-0192")
    content = statement(entry("100.00", text="2026-0192", ref="R1"), entry("5.00", text="niets"))

    assert at_once(*[lambda: read_in(hub, content)] * 4) == ["done"] * 4
    assert (BankStatement.objects.count(), BankEntry.objects.count(), Payment.objects.count()) == (1, 2, 1)


def test_of_two_who_confirm_the_same_suggestion_one_is_told_so(hub, party):
    asked(party, "100.00", number="2026-0192")
    read_in(hub, statement(entry("100.00", iban=IBAN)))
    row, by = BankEntry.objects.get(), cast.staff(hub, "bookkeeper")
    [suggestion] = suggesting.of(BankEntry.objects.unexplained())[row.pk]

    deeds = [lambda: explaining.confirm(row, key=suggestion.key, by=by, now=NOW)] * 4
    assert at_once(*deeds) == ["done", "refused", "refused", "refused"]
    assert (Payment.objects.count(), still_open(hub)) == (1, {})


def test_a_refund_that_left_is_recognised(hub, party):
    by, payment = cast.staff(hub, "bookkeeper"), money.paid(party, "50.00")
    [credit] = refunding.credits_at(hub)
    refunding.put_on_list(credit, amount=Decimal("20.00"), iban=IBAN, reason="te veel", by=by, now=NOW)
    read_in(hub, statement(entry("-20.00", iban=IBAN)))
    row = BankEntry.objects.get()
    [suggestion] = suggesting.of(BankEntry.objects.unexplained())[row.pk]

    explaining.confirm(row, key=suggestion.key, by=by, now=NOW)

    assert left_of(payment) == Decimal("30.00")
    explaining.undo(row, on=NOW.date(), by=by, now=NOW)
    assert left_of(payment) == Decimal("50.00")
    assert [each.state for each in party.refunds.all()] == ["listed"]
