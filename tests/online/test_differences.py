"""Where Stripe's account and the books do not say the same the bookkeeper reads what, and what to do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import translation

from tenants.billing.books import posting
from tenants.billing.models import (
    OnlinePayment,
    OnlineRefund,
    StripeLook,
)
from tenants.billing.online import refunding
from tests.cast import NOW
from tests.online.account import D, reconcile, told
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


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


def break_nothing(server, paid) -> None:
    pass


def forget_the_move(server, paid) -> None:
    server.account.things = {
        name: row for name, row in server.account.things.items() if not name.startswith("txn_")
    }


def a_stranger_pays(server, paid) -> None:
    OnlinePayment.objects.filter(pk=paid.pk).update(charge_id="ch_other")


def another_amount(server, paid) -> None:
    for row in server.account.all("balance_transaction"):
        row["amount"] += 500
        row["net"] += 500


def a_refund_nobody_saw(server, paid) -> None:
    server.refund_in_dashboard(paid.intent_id, D(40))


def a_dispute_nobody_saw(server, paid) -> None:
    server.dispute(paid.intent_id)


def a_refund_in_no_book(server, paid) -> None:
    server.refund_in_dashboard(paid.intent_id, D(40))
    refunding.sync(paid, now=NOW)
    OnlineRefund.objects.update(booked=None)


def a_payout_of_something_else(server, paid) -> None:
    server.pay_out()["amount"] -= 100


def a_payout_that_failed(server, paid) -> None:
    server.payout_fails(server.pay_out()["id"])


def booked_by_hand(server, paid) -> None:
    accounts = posting.accounts.by_role(paid.hub)
    posting._book(
        "by hand", hub=paid.hub, journal="memorial", on=NOW.date(), words="?",
        sides=[posting.Side(accounts["online"], D(5)), posting.Side(accounts["bank"], D(-5))],
    )  # fmt: skip


DIFFERENCES: list[tuple[Callable[..., None], list[tuple[str, str, str]]]] = [
    (break_nothing, []),
    (forget_the_move, [("Paid by Diëtiste De Vries, but Stripe shows no such movement", "100.00", "None")]),
    (a_stranger_pays, [
        ("Paid by Diëtiste De Vries, but Stripe shows no such movement", "100.00", "None"),
        ("Money came in at Stripe that Plein does not know of", "None", "100.00"),
    ]),
    (another_amount, [("The amount here is not that at Stripe", "100.00", "105.00")]),
    (a_refund_nobody_saw, [("Stripe paid back money, and here it was not", "None", "-40.00")]),
    (a_dispute_nobody_saw, [("A payer took money back, and here it still counts as paid", "None", "-100.00")]),
    (a_refund_in_no_book, [("Paid back to Diëtiste De Vries, and not booked", "None", "40.00")]),
    (a_payout_of_something_else, [("A payout is not the sum of what is in it", "99.71", "98.71")]),
    (a_payout_that_failed, [("A payout came back: The bank account has been closed", "None", "99.71")]),
    (booked_by_hand, [("The account for online payments on their way is not what Stripe has", "104.71", "99.71")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("break_it", "expected"), DIFFERENCES, ids=[each.__name__ for each, _what in DIFFERENCES]
)
def test_what_differs_is_told_with_what_to_do(server, paid, break_it, expected):
    break_it(server, paid)
    reconcile(server)

    assert told(paid.hub) == expected


def test_a_movement_that_was_not_read_shows_in_the_balance(server, paid):
    reconcile(server)
    StripeLook.objects.filter(what="balance").update(balance=D("120.00"))

    assert told(paid.hub) == [("The balance at Stripe is not the sum of its movements", "99.71", "120.00")]


def test_what_stood_there_before_the_first_payment_is_no_difference(server, paid):
    old = server.account.make(
        "balance_transaction", "txn", amount=5000, fee=0, net=5000, currency="eur", type="charge",
        reporting_category="charge", source="ch_webshop", status="available", balance_type="payments",
        available_on=0, fee_details=[],
    )  # fmt: skip
    old["created"] = int((NOW - timedelta(days=90)).timestamp())

    reconcile(server)

    assert told(paid.hub) == []
