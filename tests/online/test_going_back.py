"""What was paid online goes back the way it came, each cent once; the books, the list and the letter say the same."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from bookings import approving, arriving, cancelling, moving
from bookings.models import Booking
from spaces import cancellation
from spaces.models import CancellationStep, Space
from spaces.periods import Period
from tenants.billing import allocating, crediting, invoicing, refunding, settling_credit, stripe
from tenants.billing.books.invariants import INVARIANTS
from tenants.billing.models import (
    Invoice,
    OnlinePayment,
    OnlineRefund,
    Receivable,
    Refund,
)
from tenants.billing.online import crediting as of_online
from tenants.billing.online import refunding as online
from tenants.billing.refunding import Credit
from tenants.billing.refusals import MoreThanLeft
from tests import cast
from tests.billing.money import paid as by_hand
from tests.billing.money import still_open
from tests.cast import NOW
from tests.online import money
from tests.online.money import account, letters, send, states
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
LATER = cast.at("2026-12-07 08:00")


@pytest.fixture(autouse=True)
def books_agree():
    """Whatever a test does, the invariants of the books hold after it."""
    yield
    assert [each.words for each in INVARIANTS if each.look(NOW).broken] == []


def test_cancelled_by_policy_the_fee_stays_and_the_rest_goes_back(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    planned = cancelling.plan(it.booking, now=LATER)
    back = cancelling.money_back(it.booking, planned)

    cancelling.cancel(it.booking, by=it.user, agreed=planned.fee.gross, now=LATER)
    send()

    note = Invoice.objects.get(corrects__at_once=True)
    assert (planned.fee.gross, note.gross) == (D("51.43"), D("-51.42"))
    assert (back.amount, back.refunded, back.ways) == (D("51.42"), D("51.42"), "iDEAL | Wero")
    assert states() == [("paid", "51.42")]
    assert still_open(it.hub) == {}
    assert (account("debtors"), account("online_test")) == (0, D("51.43"))
    assert OnlineRefund.objects.get().state == "succeeded"
    assert letters() == ["online_refunded"]
    assert cancelling.cancel(it.booking, by=it.user, now=LATER).state == "cancelled"
    assert Refund.objects.count() == 1


def test_a_cheaper_move_gives_the_difference_back_at_once(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    shorter = Period(it.booking.starts_at, cast.at("2026-12-08 10:00"))
    planned = moving.plan(it.booking, space=it.booking.space, period=shorter, now=NOW)
    back = moving.money_back(it.booking, planned)

    moving.move(it.booking, space=it.booking.space, period=shorter, by=it.user, sequence=0, now=NOW)
    send()

    assert back.refunded == -planned.difference == D("51.42")
    assert states() == [("paid", "51.42")]
    assert Booking.objects.get().total == D("51.43")
    assert still_open(it.hub) == {}

    cancelling.cancel_free(Booking.objects.get(), why="dicht", by=it.user, now=NOW)
    send()
    assert states() == [("paid", "51.42"), ("paid", "51.43")]
    assert (account("debtors"), account("online_test"), still_open(it.hub)) == (0, 0, {})


def test_a_dearer_move_waits_for_the_month(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    longer = Period(it.booking.starts_at, cast.at("2026-12-08 12:00"))

    moving.move(it.booking, space=it.booking.space, period=longer, by=it.user, sequence=0, now=NOW)

    assert (states(), Invoice.objects.filter(corrects__isnull=False).count()) == ([], 0)
    cancelling.cancel_free(Booking.objects.with_everything().get(), why="dicht", by=it.user, now=NOW)
    assert states() == [("listed", "102.85")]


@pytest.mark.parametrize(("until", "more"), [("11", "0.00"), ("12", "51.43")])
def test_moved_to_another_month_it_is_credited_with_what_came_in_its_place(
    stripe_server: StandIn, until: str, more: str
) -> None:
    it = money.booked(stripe_server)
    later = Period(cast.at("2027-01-20 09:00"), cast.at(f"2027-01-20 {until}:00"))
    moving.move(it.booking, space=it.booking.space, period=later, by=it.user, sequence=0, now=NOW)

    december = invoicing.propose(it.hub, month=date(2026, 12, 1), now=cast.at("2027-01-02 09:00"))
    assert list(invoicing.drafts_of(december)) == []
    january = invoicing.propose(it.hub, month=date(2027, 1, 1), now=cast.at("2027-02-01 09:00"))
    assert [str(draft.gross) for draft in invoicing.drafts_of(january)] == [more]

    cancelling.cancel_free(Booking.objects.get(), why="dicht", by=it.user, now=NOW)
    assert states() == [("listed", "102.85")]


def test_a_cheaper_time_that_staff_approve_gives_the_difference_back_then(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    Space.objects.update(needs_approval=True)
    shorter = Period(cast.at("2026-12-09 09:00"), cast.at("2026-12-09 10:00"))
    room = Space.objects.get()
    moving.move(it.booking, space=room, period=shorter, by=it.user, sequence=0, now=NOW)
    assert states() == []

    approving.approve(Booking.objects.get(), by=cast.staff(it.hub), now=NOW)

    assert states() == [("listed", "51.42")]


def test_of_a_share_that_was_paid_only_what_is_too_much_goes_back(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server, share=30)
    assert still_open(it.hub) == {"2026-0001": "71.99"}

    cancelling.cancel_free(it.booking, why="dicht", by=it.user, now=NOW)
    send()

    assert states() == [("paid", "30.86")]
    assert still_open(it.hub) == {}
    assert account("debtors") == 0


def test_a_refund_that_stripe_cannot_be_reached_for_is_made_once(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    cancelling.cancel_free(it.booking, why="dicht", by=it.user, now=NOW)
    stripe_server.goes_wrong("post /v1/refunds", "lost", times=3)

    with pytest.raises(stripe.Unavailable):
        send()
    row = OnlineRefund.objects.get()
    assert (row.state, states()) == ("new", [("listed", "102.85")])
    online.sync(row, now=NOW)

    assert states() == [("paid", "102.85")]
    assert len(stripe.refunds_of(it.online.intent_id)) == 1


def test_a_refund_that_comes_back_stands_on_the_list_until_somebody_decides(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server, method="card")
    clerk = cast.staff(it.hub, "bookkeeper")
    stripe_server.refunds_end("pending")
    cancelling.cancel_free(it.booking, why="dicht", by=it.user, now=NOW)
    send()
    assert (states(), OnlineRefund.objects.get().state) == ([("paid", "102.85")], "pending")

    stripe_server.fail_refund(OnlineRefund.objects.get().stripe_id)
    online.sync(it.online, now=NOW)

    listed = Refund.objects.get()
    assert (states(), account("debtors")) == ([("listed", "102.85")], D("-102.85"))
    assert letters() == ["online_refunded", "online_refund_failed"]
    with pytest.raises(refunding.GoesByItself):
        refunding.pay(listed, on=NOW.date(), by=clerk, now=NOW)
    stripe_server.refunds_end("succeeded")
    first, second = online.again(listed, by=clerk, now=NOW), online.again(listed, by=clerk, now=NOW)
    assert first == second
    with pytest.raises(refunding.GoesByItself):
        refunding.drop(listed)
    send()
    assert (states(), account("debtors"), account("online_test")) == ([("paid", "102.85")], 0, 0)


def test_it_can_go_to_an_account_instead(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    clerk = cast.staff(it.hub, "bookkeeper")
    cancelling.cancel_free(it.booking, why="dicht", by=it.user, now=NOW)
    stripe_server.refunds_end("failed")
    send()
    online.sync(it.online, now=NOW)
    listed = Refund.objects.get()

    refunding.to_account(listed, iban="NL91ABNA0417164300")
    refunding.pay(listed, on=NOW.date(), by=clerk, now=NOW)

    assert (states(), account("debtors"), account("bank")) == ([("paid", "102.85")], 0, D("-102.85"))


def test_staff_give_a_part_back_never_more_than_was_paid_online(stripe_server: StandIn) -> None:
    row, paid = money.invoiced(stripe_server)
    clerk = cast.staff(row.hub, "bookkeeper")
    by, credit, key = {"by": clerk, "now": NOW}, overpaid(row, paid), uuid4()
    other = money.asked(row.party, "500.00", number="2026-0009")

    for _press in range(2):
        online.put_on_list(credit, through=paid, amount=D("20.00"), reason="dubbel", key=key, **by)
    with pytest.raises(MoreThanLeft):
        online.put_on_list(credit, through=paid, amount=D("20.01"), reason="te veel", key=uuid4(), **by)
    settling_credit.settle(credit, [other], by=clerk, now=NOW)
    send()

    assert states() == [("paid", "20.00")]
    assert still_open(row.hub) == {"2026-0009": "480.00"}


def test_the_form_of_one_credit_is_none_of_another(stripe_server: StandIn) -> None:
    row, first = money.invoiced(stripe_server)
    second = money.paid(stripe_server, money.asked(row.party, number="2026-0002"))
    for paid in (first, second):
        [allocation] = allocating.standing(paid.payment)
        allocating.undo(allocation, now=NOW)
    clerk, key = cast.staff(row.hub, "bookkeeper"), uuid4()

    for credit in refunding.credits_at(row.hub):
        online.put_on_list(
            credit, through=credit.payment.online, amount=D("1.00"), reason="x", key=key, by=clerk, now=NOW
        )

    assert states() == [("listed", "1.00")] * 2


def overpaid(row: Receivable, paid: OnlinePayment) -> Credit:
    """The invoice was paid in cash as well: 40 of what was paid online is too much."""
    [allocation] = allocating.standing(paid.payment)
    allocating.undo(allocation, now=NOW)
    allocating.pay_off(by_hand(row.party, "40.00"), [row], rule="by_hand", now=NOW)
    allocating.pay_off(paid.payment, [row], rule="online", now=NOW)
    [credit] = refunding.credits_at(row.hub)
    return credit


def test_the_fee_that_was_kept_can_be_given_back_later_as_well(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    cancelling.cancel(it.booking, by=it.user, now=LATER)
    note = Invoice.objects.get(corrects__at_once=True)
    [part] = crediting.everything(note)

    clerk = cast.staff(it.hub, "bookkeeper")
    later = of_online.credit_and_give_back(note, lines=[part], reason="u was ziek", by=clerk, now=LATER)
    send()

    assert (later.corrects, later.gross) == (note, D("-51.43"))
    assert "ziek" not in str([each.asked for each in stripe_server.asked("post /v1/refunds")])
    assert states() == [("paid", "51.42"), ("paid", "51.43")]
    assert (account("debtors"), account("online_test"), still_open(it.hub)) == (0, 0, {})
    with pytest.raises(crediting.NotCreditable):
        crediting.credit(later, lines=[], reason="x", by=clerk, now=LATER)


def test_who_did_not_come_gets_back_what_the_steps_leave(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    CancellationStep.objects.filter(hub=it.hub, hours_before=-1).update(percentage=80)
    Booking.objects.update(policy=cancellation.steps_of(it.hub))

    arriving.no_show(Booking.objects.get(), now=cast.at("2026-12-08 10:00"))
    send()

    assert states() == [("paid", "20.57")]
    assert still_open(it.hub) == {}


def test_stripe_rings_before_its_answer_is_written(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    cancelling.cancel_free(it.booking, why="dicht", by=it.user, now=NOW)
    stripe_server.goes_wrong("post /v1/refunds", "lost", times=3)
    with pytest.raises(stripe.Unavailable):
        send()

    for _ring in range(2):
        online.sync(it.online, now=NOW)
    online.sync(OnlineRefund.objects.get(), now=NOW)

    assert (states(), OnlineRefund.objects.get().listed_id is not None) == ([("paid", "102.85")], True)
    assert len(stripe.refunds_of(it.online.intent_id)) == 1
