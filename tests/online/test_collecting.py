"""What is due of who gave a mandate: announced in time, submitted once, and never collected twice."""

from datetime import date
from decimal import Decimal

import pytest

from tenants.billing import allocating, asked as what_was_asked, debiting, paying, stripe
from tenants.billing.dunning import pausing, standing
from tenants.billing.dunning.standing import Obstacle
from tenants.billing.models import (
    Books,
    CollectionPause,
    Debit,
    OnlineMandate,
    OnlinePayment,
    OnlineSettings,
    OnlineState,
    Payment,
)
from tenants.billing.online import (
    collecting,
    collecting_duties,
    mandates_seen,
    mandating,
    pay_invoice,
    submitting,
    sweeping,
    syncing,
)
from tenants.billing.online.refusals import IsCollected, NotCollected, NothingToPay
from tenants.parties import mailing
from tenants.parties.models import Letter
from tests import cast
from tests.billing import money
from tests.billing.money import left_of, still_open
from tests.cast import NOW
from tests.online.collecting import hub_that_collects, mandate_of, only, payer, sweep

pytestmark = pytest.mark.django_db(transaction=True)
State = OnlineState
FRIDAY = date(2026, 11, 27)
"""The first bank day that can be announced on Sunday 22 November."""
SUNDAY, MONDAY, LATER = "2026-11-22 13:00", "2026-11-23 06:00", "2026-11-27 10:00"


@pytest.fixture
def hub(stripe_server):
    return hub_that_collects()


@pytest.fixture
def party(hub, stripe_server):
    user, party = payer(hub)
    mandate_of(party, user, stripe_server)
    return party


@pytest.fixture
def row(party):
    return money.asked(party, "105.00", number="2026-0191", due_on=FRIDAY)


def letters() -> list[str]:
    rows = Letter.objects.filter(dropped_at=None).exclude(kind="mandate_given")
    return list(rows.order_by("pk").values_list("kind", flat=True))


def submitted(stripe_server) -> OnlinePayment:
    sweep(stripe_server, SUNDAY)
    sweep(stripe_server, MONDAY)
    return only()


def synced(payment: OnlinePayment, moment: str = LATER) -> OnlinePayment:
    return syncing.sync(
        OnlinePayment.objects.select_related("hub", "party__hub").get(pk=payment.pk), now=cast.at(moment)
    )


def obstacle(hub, today: date = date(2026, 12, 10)) -> Obstacle | None:
    return standing.items(hub, today=today)[0].obstacle


def test_announced_submitted_and_paid(hub, party, row, stripe_server):
    sweep(stripe_server, SUNDAY)
    payment = only()
    assert (payment.state, payment.amount, payment.target_on) == (State.NEW, Decimal(105), FRIDAY)
    letter = Letter.objects.get(kind="collect_announced")
    for words in ("105,00", "27 november 2026", "5264", payment.mandate.reference, "Stripe", "2026-0191"):
        assert words in letter.text
    assert stripe_server.asked("post /v1/payment_intents") == []
    assert sweeping.due(cast.at("2026-11-22 09:00")) == []  # nothing to look at: Stripe has nothing of it

    sweep(stripe_server, "2026-11-22 23:00")  # five days before: a transfer may still come
    assert stripe_server.asked("post /v1/payment_intents") == []
    sweep(stripe_server, MONDAY)
    sweep(stripe_server, MONDAY)
    payment = only()
    assert payment.state == State.PROCESSING
    (made,) = stripe_server.asked("post /v1/payment_intents")
    assert obstacle(hub) == Obstacle.DEBIT

    stripe_server.settle(payment.intent_id)
    assert synced(payment).state == State.SUCCEEDED
    assert still_open(hub) == {}
    assert Payment.objects.get().method == Payment.Method.ONLINE
    sweep(stripe_server, LATER)
    assert (OnlinePayment.objects.count(), letters()) == (1, ["collect_announced"])


def test_refused_by_the_bank_it_is_asked_by_letter_and_reminded_of_and_can_be_collected_again(
    hub, party, row, stripe_server
):
    bookkeeper = cast.staff(hub, "bookkeeper")
    payment = submitted(stripe_server)
    stripe_server.fail(payment.intent_id, "insufficient_funds")
    synced(payment)

    assert still_open(hub) == {"2026-0191": "105.00"}
    letter = Letter.objects.get(kind="collect_refused")
    assert "niet genoeg geld" in letter.text
    assert hub.iban in letter.text
    assert obstacle(hub) is None
    (refused,) = mandates_seen.refused(hub)
    assert refused.may_again
    assert [(duty.count, duty.url) for duty in collecting_duties.today(hub, now=NOW)] == [
        (1, "/incasso/online")
    ]
    sweep(stripe_server, LATER)
    assert OnlinePayment.objects.count() == 1  # not by itself

    made = collecting.again(payment, by=bookkeeper, now=cast.at(LATER))
    assert collecting.again(payment, by=bookkeeper, now=cast.at(LATER)) == made
    assert made.target_on == date(2026, 12, 2)
    assert obstacle(hub, date(2026, 12, 1)) == Obstacle.DEBIT
    assert mandates_seen.refused(hub) == []
    sweep(stripe_server, "2026-11-28 09:00")
    made.refresh_from_db()
    stripe_server.settle(made.intent_id)
    synced(made, "2026-12-02 10:00")
    assert still_open(hub) == {}
    with pytest.raises(NothingToPay):
        collecting.again(payment, by=bookkeeper, now=cast.at("2026-12-03 10:00"))


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


def test_above_the_limit_a_transfer_is_asked_instead(hub, party, stripe_server):
    OnlineSettings.objects.update(debit_limit=Decimal(1000))
    money.asked(
        party, "1000.01", number="2026-0192", due_on=FRIDAY, payment_reference="5000056789012345"
    )
    money.asked(party, "1000.00", number="2026-0193", due_on=FRIDAY)
    for moment in (SUNDAY, MONDAY):
        sweep(stripe_server, moment)

    assert only().receivable.number == "2026-0193"
    assert letters().count("collect_too_large") == 1
    assert "5000056789012345" in Letter.objects.get(kind="collect_too_large").text
    assert {item.receivable.number: item.obstacle for item in standing.items(hub, today=FRIDAY)} == {
        "2026-0192": None, "2026-0193": Obstacle.DEBIT
    }  # fmt: skip
    assert [duty.count for duty in collecting_duties.today(hub, now=cast.at(MONDAY))] == [1]


def test_what_is_disputed_is_left_alone_also_once_it_was_announced(hub, party, row, stripe_server):
    sweep(stripe_server, SUNDAY)
    bookkeeper = cast.staff(hub, "bookkeeper")
    paused = pausing.pause(
        party, kind=CollectionPause.Kind.DISPUTE, receivable=row, reason="klopt niet", by=bookkeeper, now=NOW
    )
    sweep(stripe_server, MONDAY)
    assert only().state == State.EXPIRED
    assert letters() == []  # nobody had read that it would be collected
    with pytest.raises(NotCollected):
        collecting.again(only(), by=bookkeeper, now=cast.at(MONDAY))

    pausing.end(paused, now=cast.at(LATER))
    sweep(stripe_server, LATER)
    assert OnlinePayment.objects.filter(state=State.NEW).count() == 1


def test_not_by_a_file_of_the_bank_as_well_nor_by_ideal(hub, party, row, stripe_server):
    sweep(stripe_server, SUNDAY)
    type(party).objects.filter(pk=party.pk).update(
        mandate_reference="LOC-1", mandate_signed_on=NOW.date(), iban="NL16TRIO9999900858"
    )
    OnlineSettings.objects.update(
        collects=False, takes_payments=True
    )  # so that the bank's file would collect

    assert debiting.due(hub, collect_on=FRIDAY, scheme="CORE", today=NOW.date()) == []
    opened = type(row).objects.with_open().select_related("hub", "party__hub").get(pk=row.pk)
    with pytest.raises(IsCollected):
        pay_invoice.start(opened, key=only().key, now=NOW)
    assert Debit.objects.count() == 0


def test_switched_off_what_was_announced_is_asked_by_transfer(hub, party, row, stripe_server):
    sweep(stripe_server, SUNDAY)
    mailing.send_due(now=cast.at(SUNDAY))
    OnlineSettings.objects.update(collects=False)
    sweep(stripe_server, MONDAY)

    assert only().state == State.EXPIRED
    assert letters() == ["collect_announced", "collect_called_off"]
    assert obstacle(hub) is None


def test_the_bookkeeper_chooses_how_long_before_it_is_announced(hub, party, row, stripe_server):
    Books.objects.update_or_create(hub=hub, defaults={"debit_notice_days": 14})
    sweep(stripe_server, "2026-11-12 09:00")
    assert OnlinePayment.objects.count() == 0
    sweep(stripe_server, "2026-11-13 09:00")
    assert only().target_on == FRIDAY


def test_the_tenant_reads_that_it_is_on_its_way_and_when(hub, party, row, stripe_server):
    actor = cast.actor(party.memberships.get().user, hub)

    def stage() -> tuple[str, date | None]:
        (each,) = what_was_asked.latest(actor, most=6, today=NOW.date())
        return each.stage, each.collected_on

    assert stage() == ("debit", None)
    payment = submitted(stripe_server)
    assert stage() == ("debit", FRIDAY)
    stripe_server.fail(payment.intent_id)
    synced(payment)
    assert stage() == ("open", None)


def test_taken_back_and_forth_by_hand_it_never_brings_more_than_was_asked(hub, party, row, stripe_server):
    payment = submitted(stripe_server)
    stripe_server.settle(payment.intent_id)
    payment = synced(payment)
    paying.reverse(payment.payment, on=FRIDAY, reason="terug", now=cast.at(LATER))

    sweep(stripe_server, LATER)
    assert OnlinePayment.objects.count() == 1  # it came back: a person decides
