"""What is due of who gave a mandate: announced in time, collected, refused, and left alone when it should be."""

from datetime import date
from decimal import Decimal

import pytest

from tenants.billing import asked as what_was_asked
from tenants.billing import debiting
from tenants.billing.dunning import pausing, standing
from tenants.billing.dunning.standing import Obstacle
from tenants.billing.models import (
    Books,
    CollectionPause,
    Debit,
    OnlinePayment,
    OnlineSettings,
    OnlineState,
    Payment,
)
from tenants.billing.online import (
    collecting,
    collecting_duties,
    mandates_seen,
    pay_invoice,
    sweeping,
)
from tenants.billing.online.refusals import IsCollected, NotCollected, NothingToPay
from tenants.parties import mailing
from tenants.parties.models import Letter
from tests import cast
from tests.billing import money
from tests.billing.money import still_open
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
    assert len(stripe_server.asked("post /v1/payment_intents")) == 1
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


def test_above_the_limit_a_transfer_is_asked_instead(hub, party, stripe_server):
    OnlineSettings.objects.update(debit_limit=Decimal(1000))
    money.asked(party, "1000.01", number="2026-0192", due_on=FRIDAY, payment_reference="5000056789012345")
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


def test_the_tenant_need_not_pay_what_is_disputed_and_does_not_read_that_it_is_collected(
    hub, party, row, stripe_server
):
    member, bookkeeper = party.memberships.get().user, cast.staff(hub, "bookkeeper")
    pausing.pause(
        party, kind=CollectionPause.Kind.DISPUTE, receivable=row, reason="klopt niet", by=bookkeeper, now=NOW
    )

    (each,) = what_was_asked.latest(cast.actor(member, hub), most=6, today=NOW.date())

    assert (each.stage, each.is_to_pay) == ("paused", False)
