"""After everything money can do, all that must be true is true; and a fault would be seen."""

from decimal import Decimal

import pytest
from django.db import connection

from tenants.billing import allocating, paying, refunding
from tenants.billing.banking.invariants import INVARIANTS
from tenants.billing.models import Allocation, BankEntry
from tests import cast
from tests.banking.statements import hub_with_open_items, read_in
from tests.billing import books
from tests.billing.money import NOVEMBER_20, asked, paid
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def broken() -> list[str]:
    return [line for each in INVARIANTS for line in each.look(NOW).broken]


def test_after_the_statement_and_all_deeds_nothing_is_broken():
    hub = hub_with_open_items()
    read_in(hub)
    by, party = cast.staff(hub, "bookkeeper"), books.party(hub, "Nieuw")
    row, note = asked(party, "100.00"), asked(party, "-30.00")
    allocating.settle(note, [row], now=NOW)
    payment = paid(party, "90.00")
    allocating.pay_off(payment, [row], rule=Allocation.Rule.BY_HAND, now=NOW)
    [credit] = [each for each in refunding.credits_at(hub) if each.party == party]
    refund = refunding.put_on_list(
        credit, amount=Decimal("20.00"), iban="NL16TRIO9999900858", reason="terug", by=by, now=NOW
    )
    back = refunding.pay(refund, on=NOVEMBER_20, by=by, now=NOW)
    refunding.come_back(back)
    paying.reverse(back, on=NOVEMBER_20, reason="toch niet", now=NOW)

    assert broken() == []
    assert BankEntry.objects.count() == 15


def test_a_fault_is_seen():
    party = books.party(books.hub())
    allocating.pay_off(paid(party), [asked(party)], rule=Allocation.Rule.BY_HAND, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into billing_allocation (receivable_id, payment_id, amount, rule, at) "
            "select receivable_id, payment_id, amount, rule, at from billing_allocation"
        )

    assert len(broken()) == 2
