"""What was announced is submitted once, only what is still open, and never collected twice; whatever goes wrong."""

from datetime import date
from decimal import Decimal
from functools import partial
from threading import Thread

import pytest
from django.db import connection, connections

from tenants.billing import allocating, paying, stripe
from tenants.billing.dunning.standing import Obstacle
from tenants.billing.models import (
    Debit,
    DebitBatch,
    OnlineMandate,
    OnlinePayment,
    OnlineState,
)
from tenants.billing.online import (
    collecting,
    collecting_invariants,
    mandating,
    submitting,
)
from tenants.parties import mailing
from tenants.parties.models import Letter
from tests import cast
from tests.billing import money
from tests.billing.money import left_of, still_open
from tests.cast import NOW
from tests.online.collecting import (
    FRIDAY,
    LATER,
    MONDAY,
    SUNDAY,
    letters,
    obstacle,
    only,
    submitted,
    sweep,
    synced,
)

pytestmark = pytest.mark.django_db(transaction=True)
State = OnlineState


def test_paid_by_transfer_before_it_was_submitted_it_is_called_off(hub, party, row, stripe_server):
    sweep(stripe_server, SUNDAY)
    mailing.send_due(now=cast.at(SUNDAY))
    allocating.pay_off(money.paid(party, "105.00"), [row], rule="reference", now=NOW)

    sweep(stripe_server, MONDAY)

    assert only().state == State.EXPIRED
    assert stripe_server.asked("post /v1/payment_intents") == []
    assert letters() == ["collect_announced", "collect_called_off"]
    assert OnlinePayment.objects.count() == 1


def test_paid_in_part_the_rest_is_announced_anew(hub, party, row, stripe_server):
    sweep(stripe_server, SUNDAY)
    mailing.send_due(now=cast.at(SUNDAY))
    allocating.pay_off(money.paid(party, "5.00"), [row], rule="reference", now=NOW)

    sweep(stripe_server, MONDAY)

    rows = OnlinePayment.objects.order_by("created_at")
    assert [(each.state, each.amount) for each in rows] == [(State.EXPIRED, 105), (State.NEW, 100)]
    assert rows[1].target_on == date(2026, 11, 30)
    assert letters() == ["collect_announced", "collect_announced"]
    assert "105,00" in Letter.objects.filter(kind="collect_announced").order_by("-pk")[0].text


def test_paid_after_it_was_submitted_it_is_called_back_or_becomes_credit(hub, party, row, stripe_server):
    payment = submitted(stripe_server)
    allocating.pay_off(money.paid(party, "105.00"), [row], rule="reference", now=NOW)
    sweep(stripe_server, "2026-11-24 09:00")
    assert stripe_server.asked(f"post /v1/payment_intents/{payment.intent_id}/cancel")

    payment.refresh_from_db()
    if payment.state == State.PROCESSING:  # the bank had it
        stripe_server.settle(payment.intent_id)
        payment = synced(payment)
        assert left_of(payment.payment) == Decimal(105)
    assert still_open(hub) == {}


def test_too_late_for_its_day_it_gets_another_one(hub, party, row, stripe_server):
    sweep(stripe_server, SUNDAY)
    sweep(stripe_server, "2026-11-25 09:00")  # two days before: Stripe wants three

    rows = OnlinePayment.objects.order_by("created_at")
    assert [(each.state, each.target_on) for each in rows] == [
        (State.EXPIRED, FRIDAY), (State.NEW, date(2026, 11, 30))
    ]  # fmt: skip
    assert stripe_server.asked("post /v1/payment_intents") == []


@pytest.mark.parametrize("way", ["before", "after"])
def test_an_answer_that_was_lost_is_looked_for_and_nothing_is_collected_twice(
    hub, party, row, stripe_server, way
):
    sweep(stripe_server, SUNDAY)
    stripe_server.goes_wrong("post /v1/payment_intents", way, times=3)
    sweep(stripe_server, MONDAY)
    assert only().state == State.NEW
    assert obstacle(hub, date(2026, 11, 24)) == Obstacle.DEBIT  # unknown is not failed

    sweep(stripe_server, "2026-11-23 06:05")  # another worker may still be asking
    assert only().state == State.NEW
    sweep(stripe_server, "2026-11-23 07:00")
    assert only().state == State.PROCESSING
    assert len(stripe_server.account.all("payment_intent")) == 1


def test_what_may_be_at_stripe_is_never_let_go_of(hub, party, row, stripe_server):
    sweep(stripe_server, SUNDAY)
    stripe_server.goes_wrong("post /v1/payment_intents", "after", times=3)
    sweep(stripe_server, MONDAY)
    mandating.end(OnlineMandate.objects.get(), why=mandating.ENDED_BY_PARTY, now=cast.at(MONDAY))
    assert only().state == State.NEW

    sweep(stripe_server, "2026-11-23 07:00")
    payment = only()
    assert (payment.state, bool(payment.intent_id)) == (State.PROCESSING, True)


def test_killed_between_the_debit_and_its_row(hub, party, row, stripe_server):
    """Control: without noting that Stripe is asked, ending the mandate would let go of a debit that is made."""
    sweep(stripe_server, SUNDAY)
    payment = only()
    begun = submitting._begun(payment, payment.mandate, now=cast.at(MONDAY))
    stripe.collect(submitting._asked(begun, begun.mandate), key="locplus:collect:x:1")  # and then: killed

    sweep(stripe_server, "2026-11-23 07:00")
    assert only().state == State.PROCESSING
    assert len(stripe_server.account.all("payment_intent")) == 1


def test_taken_back_and_forth_by_hand_it_never_brings_more_than_was_asked(hub, party, row, stripe_server):
    payment = submitted(stripe_server)
    stripe_server.settle(payment.intent_id)
    payment = synced(payment)
    paying.reverse(payment.payment, on=FRIDAY, reason="terug", now=cast.at(LATER))

    sweep(stripe_server, LATER)
    assert OnlinePayment.objects.count() == 1  # it came back: a person decides


FAULTS = [
    (
        "update billing_onlinepayment set target_on = '2026-11-01' where state = 'new'",
        "what was announced is submitted or called off",
    ),
    (
        "update billing_onlinemandate set given_at = null, state = 'ended'",
        "a debit is of the party that gave its mandate",
    ),
]


@pytest.mark.parametrize(("fault", "words"), FAULTS, ids=[words for _fault, words in FAULTS])
def test_controleer_finds_what_is_wrong(hub, party, row, stripe_server, fault, words):
    sweep(stripe_server, SUNDAY)
    assert [each.words for each in collecting_invariants.INVARIANTS if each.look(NOW).broken] == []
    with connection.cursor() as cursor:
        cursor.execute("begin; set local session_replication_role = replica; " + fault + "; commit")
    assert [each.words for each in collecting_invariants.INVARIANTS if each.look(NOW).broken] == [words]


def test_controleer_finds_what_is_collected_twice(hub, party, row, stripe_server):
    payment = submitted(stripe_server)
    batch = DebitBatch.objects.create(
        hub=hub, reference="INC-1", scheme="CORE", collect_on=FRIDAY, made_by=cast.staff(hub, "bookkeeper"), made_at=NOW
    )  # fmt: skip
    facts = {
        "batch": batch,
        "receivable": row,
        "party": party,
        "amount": row.amount,
        "mandate_signed_on": FRIDAY,
    }
    Debit.objects.create(**facts, name="x", iban="x", mandate="x", sequence="FRST", end_to_end="x")
    assert [each.words for each in collecting_invariants.INVARIANTS if each.look(NOW).broken] == [
        "nothing is collected by two ways at once"
    ]
    batch.delete()

    stripe_server.settle(payment.intent_id)
    synced(payment)
    with connection.cursor() as cursor:  # the rest was written off: collecting again would be a mistake
        cursor.execute(
            "begin; set local session_replication_role = replica; update billing_receivable set amount = 200, net = 200; commit"
        )
    again = collecting.again(payment, by=cast.staff(hub, "bookkeeper", name="b"), now=cast.at(LATER))
    sweep(stripe_server, "2026-11-28 10:00")
    again.refresh_from_db()
    stripe_server.settle(again.intent_id)
    synced(again)
    with connection.cursor() as cursor:
        cursor.execute(
            "begin; set local session_replication_role = replica; update billing_receivable set amount = 105, net = 105; commit"
        )
    assert [each.words for each in collecting_invariants.INVARIANTS if each.look(NOW).broken] == [
        "no more is collected than was asked"
    ]


def in_a_thread(deed) -> Thread:
    def do() -> None:
        deed()
        connections.close_all()

    thread = Thread(target=do)
    thread.start()
    return thread


def test_while_stripe_is_asked_nobody_lets_go_of_it(hub, party, row, stripe_server):
    sweep(stripe_server, SUNDAY)
    stripe_server.at(cast.at(MONDAY))
    with stripe_server.holding("post /v1/payment_intents") as hold:
        asking = in_a_thread(lambda: collecting.run(now=cast.at(MONDAY)))
        hold.wait_for(1)
        mandating.end(OnlineMandate.objects.get(), why=mandating.ENDED_BY_PARTY, now=cast.at(MONDAY))
        collecting.run(now=cast.at("2026-11-23 06:01"))
        assert only().state == State.NEW
        hold.let_go()
        asking.join()

    assert only().state == State.PROCESSING
    assert len(stripe_server.account.all("payment_intent")) == 1


def test_swept_by_three_at_once_it_is_announced_once_and_submitted_once(hub, party, row, stripe_server):
    for moment in (SUNDAY, MONDAY):
        stripe_server.at(cast.at(moment))
        sweeps = [in_a_thread(partial(collecting.run, now=cast.at(moment))) for _each in range(3)]
        for each in sweeps:
            each.join()

    assert only().state == State.PROCESSING
    assert letters() == ["collect_announced"]
    assert len(stripe_server.account.all("payment_intent")) == 1
