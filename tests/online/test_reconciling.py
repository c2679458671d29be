"""Stripe's account is read each day: its fees are booked, and its payouts found on the statement of the bank."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tenants.billing import stripe
from tenants.billing.banking import explaining, suggesting
from tenants.billing.books import posting
from tenants.billing.models import (
    BalanceMove,
    BankEntry,
    Books,
    JournalEntry,
    OnlinePayment,
    OnlineSettings,
    Payout,
    StripeLook,
)
from tenants.billing.online import differences, disputing, listing, payouts, refunding
from tests import cast
from tests.billing import books
from tests.billing import money as bills
from tests.cast import NOW
from tests.online import money
from tests.online.account import TOMORROW, D, on, reconcile, statement, told
from tests.online.ringing import later
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
IDEAL_FEE = D("0.29")


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def server(real_money: StandIn) -> StandIn:
    return real_money


@pytest.fixture
def paid(paid_for_real: OnlinePayment) -> OnlinePayment:
    return paid_for_real


def test_what_was_paid_moves_costs_and_is_paid_out(server, paid):
    server.pay_out()
    reconcile(server)
    reconcile(server)  # once more changes nothing

    assert (on("online"), on("online_costs")) == (D("99.71"), IDEAL_FEE)
    (entry,) = JournalEntry.objects.filter(source__startswith="move:")
    assert entry.description.startswith("Kosten van Stripe: ")
    row = listing.payouts_of(paid.hub).get()
    assert (row.amount, row.received, row.back, row.kept, row.inside) == (
        D("99.71"),
        D(100),
        D(0),
        -IDEAL_FEE,
        D("99.71"),
    )
    assert told(paid.hub) == []


def test_in_closed_books_the_costs_come_on_the_first_day_that_is_open(server, paid):
    Books.objects.update_or_create(hub=paid.hub, defaults={"locked_until": date(2026, 11, 30)})

    reconcile(server)

    assert JournalEntry.objects.get(source__startswith="move:").booked_on == date(2026, 12, 1)


def test_a_payout_on_the_statement_is_booked_by_itself(server, paid):
    payout = server.pay_out()
    reconcile(server)

    statement(paid.hub, f"STRIPE PAYOUT {payout['id'].upper()}", "99.71")

    entry = BankEntry.objects.get()
    assert (entry.account.role, Payout.objects.get().entry) == ("online", entry)
    assert (on("online"), on("bank")) == (D(0), D("99.71"))
    assert told(paid.hub, now=later(days=20)) == []


def test_also_when_the_statement_came_first_or_only_names_stripe(server, paid):
    server.pay_out()
    statement(paid.hub, "uitbetaling", "99.71")
    assert BankEntry.objects.get().account is None

    reconcile(server)

    assert Payout.objects.get().entry == BankEntry.objects.get()
    assert on("online") == D(0)


@pytest.mark.parametrize(
    ("text", "amount"), [("STRIPE PAYOUT po_FICTIEF0001", "99.71"), ("STRIPE", "99.70"), ("bedankt", "99.71")]
)
def test_a_payout_that_is_not_ours_for_certain_stays_a_suggestion(server, paid, text, amount):
    server.pay_out()
    reconcile(server)

    statement(paid.hub, text, amount, name="Stripe" if "STRIPE" in text else "Vereniging")
    reconcile(server, now=later(days=2))

    entry = BankEntry.objects.with_unexplained().get()
    assert (entry.account, Payout.objects.get().entry) == (None, None)
    assert [each.role for each in suggesting.of([entry])[entry.pk]] == (
        ["online"] if "STRIPE" in text else []
    )


def test_what_a_person_took_back_is_not_booked_again(server, paid):
    payout = server.pay_out()
    reconcile(server)
    statement(paid.hub, f"STRIPE {payout['id']}", "99.71")
    by = cast.staff(paid.hub, "bookkeeper")

    explaining.undo(BankEntry.objects.get(), on=date(2026, 11, 24), by=by, now=TOMORROW)
    reconcile(server, now=later(days=3))

    assert (BankEntry.objects.get().account, Payout.objects.get().entry) == (None, None)
    assert [what for what, *_ in told(paid.hub, now=later(days=9))] == [
        "A payout is on no bank statement yet"
    ]


def test_one_that_a_person_confirmed_is_linked(server, paid):
    server.pay_out()
    statement(paid.hub, "STRIPE", "99.71")
    by = cast.staff(paid.hub, "bookkeeper")
    explaining.confirm(BankEntry.objects.get(), key="account:online", by=by, now=NOW)

    reconcile(server)

    assert Payout.objects.get().entry == BankEntry.objects.get()
    assert (on("online"), JournalEntry.objects.filter(source__startswith="bank:").count()) == (D(0), 1)


def test_a_payout_of_which_stripe_knows_nothing_is_a_difference(server, paid):
    reconcile(server)
    statement(paid.hub, "STRIPE PAYOUT po_FICTIEF0001", "118.27")
    by = cast.staff(paid.hub, "bookkeeper")
    explaining.confirm(BankEntry.objects.get(), key="account:online", by=by, now=NOW)

    assert told(paid.hub) == [
        ("A bank entry is booked as a payout, and Stripe knows no such payout", "118.27", "None")
    ]


def test_refunds_and_disputes_are_in_it_too(server, paid):
    card = bills.asked(books.party(paid.hub, "Logopedie"), "200.00", number="2026-0002")
    posting.old_item(card, on=NOW.date())
    other = money.paid(server, card, method="card")
    server.refund_in_dashboard(paid.intent_id, D(40))
    server.dispute(other.intent_id)
    for row in (paid, other):
        refunding.sync(row, now=NOW)
    disputing.sync(other, now=NOW)
    reconcile(server)

    fees = IDEAL_FEE + D("3.25") + D(20)
    assert (on("online"), on("online_costs")) == (D(60) - fees, fees)
    assert told(paid.hub) == []


def test_another_company_sees_nothing_of_it(server, paid):
    reconcile(server)
    other = cast.hub("elders", kvk="00018013")
    StripeLook.objects.filter(what="balance").update(balance=D("120.00"))

    assert told(other) == []
    assert list(listing.payouts_of(other)) == []
    assert listing.moves_csv(other, year=2026).decode().count("\r\n") == 1


def test_test_payments_are_compared_but_in_no_account_of_money(stripe_server):
    row = bills.asked(books.party(money.hub()), number="2026-0001")
    posting.old_item(row, on=NOW.date())
    money.paid(stripe_server, row)
    stripe_server.pay_out()
    reconcile(stripe_server)

    assert stripe.is_test()
    assert (on("online"), on("online_costs"), on("online_test")) == (D(0), D(0), D(100))
    assert BalanceMove.objects.filter(is_test=True).count() == 2
    assert told(row.hub, is_test=True, now=later(days=20)) == []
    assert payouts.find_on_statements(now=TOMORROW) == 0


def test_an_outage_changes_nothing(server, paid):
    server.goes_wrong("get /v1/balance", "before", times=None)

    with pytest.raises(stripe.Unavailable):
        reconcile(server)

    assert (BalanceMove.objects.count(), StripeLook.objects.count()) == (0, 0)


def test_a_movement_never_changes(server, paid):
    reconcile(server)
    with pytest.raises(Exception, match="Cannot update"):
        BalanceMove.objects.update(amount=1)


def test_looking_takes_as_many_queries_for_three_as_for_one(server, paid):
    reconcile(server)
    counted = []
    for number in (2, 4):
        with CaptureQueriesContext(connection) as queries:
            differences.at(paid.hub, is_test=False, now=TOMORROW)
            listing.lines(BalanceMove.objects.all())
        counted.append(len(queries))
        server.at(NOW)
        for more in (number, number + 1):
            row = bills.asked(books.party(paid.hub, f"Partij {more}"), number=f"2026-000{more}")
            posting.old_item(row, on=NOW.date())
            money.paid(server, row)
        reconcile(server)

    assert counted[0] == counted[1]
    assert OnlineSettings.objects.count() == 1
