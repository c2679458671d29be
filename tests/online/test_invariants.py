"""What must always be true of paying online is found when it is not; each with the fault that breaks it alone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from bookings import cancelling
from config import controlling
from tenants.billing import crediting
from tenants.billing import refunding as refunds
from tenants.billing.books import posting
from tenants.billing.models import (
    BankEntry,
    BankStatement,
    Invoice,
    OnlinePayment,
    OnlineRefund,
    Payment,
    Payout,
    StripeEvent,
)
from tenants.billing.online import back_seen, clearing_tests, disputing, invariants, reconciling, refunding
from tenants.billing.online import crediting as of_online
from tests import cast
from tests.billing import books
from tests.billing import money as bills
from tests.cast import NOW
from tests.online import money
from tests.online.ringing import handle, later

pytestmark = pytest.mark.django_db(transaction=True)


def broken(now=NOW) -> dict[str, int]:
    return {it.words: len(it.look(now).broken) for it in invariants.INVARIANTS if it.look(now).broken}


@pytest.fixture
def paid(stripe_server) -> OnlinePayment:
    """100 of which 30 goes back; then the payer takes the other 70 back. Another waits for its payer."""
    hub = money.hub()
    row = bills.asked(books.party(hub), number="2026-0001")
    posting.old_item(row, on=NOW.date())
    online = money.paid(stripe_server, row, method="card")
    stripe_server.refund_in_dashboard(online.intent_id, Decimal(30))
    refunding.sync(online, now=NOW)
    stripe_server.dispute(online.intent_id, amount=Decimal(70))
    disputing.sync(online, now=NOW)
    other = bills.asked(books.party(hub, "Logopedie"), number="2026-0002")
    posting.old_item(other, on=NOW.date())
    money.paid(stripe_server, other, outcome="declined")
    stripe_server.deliver(Client())
    handle()
    StripeEvent.objects.update(received_at=NOW)
    return online


def sql(statement: str) -> None:
    """Past every trigger: as a fault in the program or a hand in the database would."""
    with connection.cursor() as cursor:
        cursor.execute("begin; set local session_replication_role = replica; " + statement + "; commit")


FAULTS: list[tuple[str, str]] = [
    ("update billing_payment set amount = -100 where key like 'online:%'", "what was paid online is booked once, as what it is"),
    ("update billing_onlinepayment set state = 'failed' where payment_id is not null",
     "what was paid online is booked once, as what it is"),
    ("update billing_onlinerefund set amount = 101", "no more of an online payment goes back than came"),
    ("update billing_onlinerefund set booked_id = null", "what goes back online is booked once"),
    ("update billing_onlinerefund set state = 'failed'", "what goes back online is booked once"),
    ("update billing_onlinedispute set taken_id = null, state = 'lost'", "what payers took back is booked once"),
    ("update billing_payment set is_test = false", "test payments and money stand apart"),
    ("update billing_stripeevent set handled_at = null, received_at = '2026-11-21 10:40+00'",
     "what Stripe tells is looked at within a quarter of an hour"),
    ("update billing_balancemove set is_test = false", "what Stripe kept is in the journal"),
]  # fmt: skip


def test_all_is_well_and_all_was_looked_at(paid):
    assert broken() == {}
    assert [answer.words for answer in controlling.look(now=NOW) if answer.looked.broken] == []
    looked = {it.words: it.look(NOW).checked for it in invariants.INVARIANTS}
    assert looked["what was paid online is booked once, as what it is"] == 1
    assert looked["attempts to pay end, and are looked at until then"] == 1


@pytest.mark.parametrize(("fault", "words"), FAULTS, ids=[fault[:60] for fault, _words in FAULTS])
def test_each_fault_is_found(paid, stripe_server, fault, words):
    if "balancemove" in fault:
        reconciling.run(now=NOW)
    sql(fault)
    assert words in broken()


def test_an_attempt_that_nobody_looks_at_is_found(paid):
    assert broken(later(hours=23)) == {}
    assert broken(later(days=2)) == {"attempts to pay end, and are looked at until then": 1}


def test_a_payout_that_is_something_else_at_the_bank_is_found(paid):
    statement = BankStatement.objects.create(
        hub=paid.hub, iban="NL91ABNA0417164300", reference="1", from_on=NOW.date(), until_on=NOW.date(), opening=0,
        closing=0, imported_at=NOW,
    )  # fmt: skip
    entry = BankEntry.objects.create(
        hub=paid.hub, statement=statement, key="1", position=1, booked_on=NOW.date(), amount=Decimal(5)
    )
    Payout.objects.create(
        stripe_id="po_1", amount=Decimal(6), arrives_on=NOW.date() + timedelta(days=1), state="paid", is_test=False,
        entry=entry, read_at=NOW,
    )  # fmt: skip
    assert broken() == {"a payout at the bank is what Stripe paid out": 1}
    assert Payment.objects.count() == 3


def all_that_is_broken() -> list[str]:
    return [answer.words for answer in controlling.look(now=NOW) if answer.looked.broken]


@pytest.mark.parametrize("again", [False, True])
def test_what_staff_credited_before_it_was_cancelled_is_no_fault(stripe_server, again):
    it = money.booked(stripe_server)
    clerk, invoice = cast.staff(it.hub, "bookkeeper"), Invoice.objects.get()
    if again:
        everything = crediting.everything(invoice)
        crediting.credit_and_charge_again(invoice, lines=everything, reason="naam", by=clerk, now=NOW)
    else:
        part = [crediting.Part(invoice.lines.get(), Decimal(40))]
        of_online.credit_and_give_back(invoice, lines=part, reason="koud", by=clerk, now=NOW)
    assert all_that_is_broken() == []

    cancelling.cancel_free(it.booking, why="x", by=clerk, now=NOW)

    assert all_that_is_broken() == []


def test_a_refund_of_a_test_that_was_taken_back_is_no_fault_also_when_its_bank_refuses_it(stripe_server):
    it = money.booked(stripe_server)
    clerk = cast.staff(it.hub, "bookkeeper")
    cancelling.cancel_free(it.booking, why="x", by=clerk, now=NOW)
    money.send()
    clearing_tests.take_back(it.hub, reason="x", by=clerk, now=NOW)
    assert all_that_is_broken() == []

    stripe_server.fail_refund(OnlineRefund.objects.get().stripe_id)
    refunding.sync(it.online, now=NOW)

    assert OnlineRefund.objects.get().state == "failed"
    assert all_that_is_broken() == []


@pytest.mark.parametrize("is_sent", [False, True])
def test_nothing_is_left_to_do_about_tests_that_were_taken_back(stripe_server, is_sent):
    it = money.booked(stripe_server, method="card")
    clerk = cast.staff(it.hub, "bookkeeper")
    stripe_server.refunds_end("pending")
    cancelling.cancel_free(it.booking, why="x", by=clerk, now=NOW)
    if is_sent:
        money.send()
        stripe_server.dispute(it.online.intent_id)
        disputing.sync(it.online, now=NOW)

    clearing_tests.take_back(it.hub, reason="x", by=clerk, now=NOW)

    assert [look(it.hub) for look in (back_seen.under_way, back_seen.refused, back_seen.disputes)] == [
        [],
        [],
        [],
    ]
    [credit] = refunds.credits_at(it.hub)
    assert (credit.free, bills.still_open(it.hub)["2026-0001"]) == (Decimal("102.85"), "102.85")
    assert all_that_is_broken() == []
