"""The account of a party reads like a bank statement and always adds up; so do the columns of what is open."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tenants.billing import ageing, allocating, ledger, paying, refunding, settling_credit
from tenants.billing.books.invariants import INVARIANTS
from tenants.billing.dunning import charging_costs
from tenants.billing.models import Payment, Receivable
from tenants.billing.refusals import PayingRefused
from tests import cast
from tests.billing import books, money
from tests.dunning.asking import eur, formally_reminded, late, noon_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def party():
    return money.books_party()


def lines(account) -> list[tuple]:
    return [(row.what, row.asked, row.paid, row.balance) for row in account.rows]


def test_an_account_reads_like_a_bank_statement(party) -> None:
    clerk = cast.staff(party.hub, "bookkeeper")
    invoice = late(party, "100.00", number="2024-0001")
    late(party, "-25.00", number="2024-0002")
    payment = money.paid(party, "60.00", on=date(2024, 2, 5))
    allocating.pay_off(payment, [invoice], rule="by_hand", now=cast.NOW)
    paying.reverse(payment, on=date(2024, 2, 8), reason="storno", now=cast.NOW)
    paying.write_off(invoice, reason="failliet", on=date(2024, 2, 9), by=clerk, now=cast.NOW)

    account = ledger.of(party)

    assert lines(account) == [
        ("Factuur 2024-0001 (oude administratie)", eur("100.00"), None, eur("100.00")),
        ("Creditfactuur 2024-0002", eur("-25.00"), None, eur("75.00")),
        ("Betaald: overboeking", None, eur("60.00"), eur("15.00")),
        ("Teruggedraaid: overboeking", None, eur("-60.00"), eur("75.00")),
        ("Afgeboekt", None, eur("100.00"), eur("-25.00")),
    ]
    assert (account.closing, [row.open_amount for row in account.open_items]) == (
        eur("-25.00"),
        [eur("-25.00")],
    )


def test_some_days_of_it_begin_with_what_was_open_before(party) -> None:
    late(party, "100.00")
    money.paid(party, "30.00", on=date(2024, 2, 5))
    part = ledger.of(party, first=date(2024, 2, 1), last=date(2024, 2, 29))
    assert (part.opening, len(part.rows), part.closing, part.open_items) == (eur("100"), 1, eur("70"), [])
    before = ledger.of(party, first=date(2023, 1, 1), last=date(2023, 12, 31))
    assert (before.opening, before.rows, before.closing) == (0, [], 0)
    assert ledger.pdf(part, made_on=date(2024, 3, 1)).startswith(b"%PDF")
    assert [row[-1] for row in ledger.table(part)][1:] == [eur("100"), eur("70")]


class Random:
    """Does whatever can be done with money, in no order."""

    def __init__(self, seed: int) -> None:
        self.chance, self.party = random.Random(seed), money.books_party()
        self.clerk, self.day = cast.staff(self.party.hub, "bookkeeper"), date(2024, 1, 2)

    def go(self, steps: int) -> None:
        deeds = [self.ask, self.ask, self.credit, self.pay, self.pay, self.undo, self.settle, self.refund,
                 self.give_up, self.reverse, self.charge]  # fmt: skip
        for _step in range(steps):
            self.day += timedelta(days=self.chance.randrange(9))
            try:
                self.chance.choice(deeds)()
            except PayingRefused:
                continue  # as it should be: nothing was written

    def amount(self) -> str:
        return f"{Decimal(self.chance.randrange(1, 300_000)) / 100:.2f}"

    def ask(self) -> None:
        late(self.party, self.amount(), due_on=self.day + timedelta(days=14))

    def credit(self) -> None:
        late(self.party, f"-{self.amount()}")

    def pay(self) -> None:
        payment = money.paid(self.party, self.amount(), on=self.day)
        rows = list(Receivable.objects.filter(party=self.party).to_pay())
        allocating.pay_off(payment, rows[: self.chance.randrange(3)], rule="by_hand", now=cast.NOW)

    def undo(self) -> None:
        payment = self.some(Payment.objects.filter(reverses=None))
        for allocation in allocating.standing(payment)[:1] if payment else []:
            allocating.undo(allocation, now=cast.NOW)

    def reverse(self) -> None:
        payment = self.some(Payment.objects.filter(reverses=None))
        if payment:
            settling_credit.take_back(payment, on=self.day, by=self.clerk, now=cast.NOW)

    def settle(self) -> None:
        for credit in refunding.credits_at(self.party.hub)[:1]:
            settling_credit.settle(
                credit,
                list(Receivable.objects.filter(party=self.party).to_pay()),
                by=self.clerk,
                now=cast.NOW,
            )

    def refund(self) -> None:
        for credit in refunding.credits_at(self.party.hub)[:1]:
            row = refunding.put_on_list(
                credit, amount=min(credit.free, eur("40.00")), iban="NL91ABNA0417164300", reason="terug",
                by=self.clerk, now=cast.NOW,
            )  # fmt: skip
            refunding.pay(row, on=self.day, by=self.clerk, now=cast.NOW)

    def give_up(self) -> None:
        row = Receivable.objects.filter(party=self.party).to_pay().first()
        if row:
            paying.write_off(row, reason="klein", on=self.day, by=self.clerk, now=cast.NOW)

    def charge(self) -> None:
        formally_reminded_rows = formally_reminded if self.day > date(2024, 3, 1) else None
        if formally_reminded_rows and not Receivable.objects.filter(kind="costs").exists():
            late(self.party, self.amount())
            formally_reminded(self.party, self.clerk)
            for each in charging_costs.ready(self.party.hub, today=date(2024, 4, 1)):
                charging_costs.charge(each, by=self.clerk, now=noon_of(date(2024, 4, 1)))

    def some(self, rows):
        return rows.filter(party=self.party).order_by("?").first()


@pytest.mark.parametrize("seed", range(12))
def test_an_account_always_adds_up_to_what_is_open(seed: int) -> None:
    life = Random(seed)
    life.go(60)
    party = life.party

    account = ledger.of(party)

    still_open = sum((row.open_amount for row in account.open_items), Decimal(0))
    assert account.closing == still_open - account.credit
    assert account.rows
    assert account.rows[-1].balance == account.closing
    balance = Decimal(0)
    for row in account.rows:
        balance += (row.asked or 0) - (row.paid or 0)
        assert row.balance == balance
    middle = account.rows[len(account.rows) // 2].on
    first, second = ledger.of(party, last=middle), ledger.of(party, first=middle + timedelta(days=1))
    assert (first.closing, second.closing) == (second.opening, account.closing)
    aged = ageing.together(ageing.of_hub(party.hub, today=date(2024, 6, 1)))
    assert aged.total == account.closing
    broken = [(each.words, each.look(cast.NOW).broken) for each in INVARIANTS if each.look(cast.NOW).broken]
    assert broken == []


def test_what_is_open_stands_under_how_late_it_is(party) -> None:
    today = date(2024, 6, 1)
    for days in (-5, 0, 1, 30, 31, 60, 61, 90, 91):
        late(party, f"{days + 10}.00", due_on=today - timedelta(days=days))
    money.paid(party, "3.00")
    late(books.party(party.hub, "Aa"), "1.00", due_on=today)

    rows = ageing.of_hub(party.hub, today=today)

    assert [row.party.name for row in rows if row.party] == ["Aa", party.name]
    assert rows[1].buckets == [eur("15"), eur("51"), eur("111"), eur("171"), eur("101")]
    assert (rows[1].credit, rows[1].total, rows[1].late) == (eur("-3"), eur("446"), eur("434"))
    whole = ageing.together(rows)
    assert (whole.total, whole.buckets[0]) == (eur("447"), eur("16"))
    assert ageing.together([]).total == 0


@pytest.mark.parametrize("count", [1, 3])
def test_ageing_costs_the_same_for_one_and_for_three(count, django_assert_num_queries) -> None:
    hub = books.hub()
    for number in range(count):
        late(books.party(hub, f"Partij {number}"))
    with django_assert_num_queries(7):
        assert len(ageing.of_hub(hub, today=date(2024, 6, 1))) == count
