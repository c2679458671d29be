"""Money that others take back: in Stripe's dashboard, or by the payer's bank; the invoice is open again, and told so."""

from decimal import Decimal

import pytest

from bookings import cancelling
from tenants.billing import stripe
from tenants.billing.books.invariants import INVARIANTS
from tenants.billing.models import CollectionPause, OnlineDispute, OnlineRefund
from tenants.billing.online import disputing
from tenants.billing.online import refunding as online
from tenants.parties.models import Letter
from tests import cast
from tests.billing.money import still_open
from tests.cast import NOW
from tests.online import money
from tests.online.money import account, letters, states
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
LATER = cast.at("2026-12-07 08:00")


@pytest.fixture(autouse=True)
def books_agree():
    """Whatever a test does, the invariants of the books hold after it."""
    yield
    assert [each.words for each in INVARIANTS if each.look(NOW).broken] == []


def test_a_refund_made_at_stripe_is_seen_and_opens_what_it_had_paid(stripe_server: StandIn) -> None:
    row, paid = money.invoiced(stripe_server)
    stripe_server.refund_in_dashboard(paid.intent_id, D("40.00"))

    for _look in range(2):
        online.sync(paid, now=NOW)

    made = OnlineRefund.objects.get()
    assert (made.listed, made.state, str(made.amount)) == (None, "succeeded", "40.00")
    assert still_open(row.hub) == {"2026-0001": "40.00"}
    pause = CollectionPause.objects.get()
    assert (pause.receivable, pause.by, pause.kind) == (row, None, "pause")
    assert letters() == ["online_refunded"]
    assert account("online_test") == D("60.00")

    stripe_server.fail_refund(made.stripe_id)
    online.sync(paid, now=NOW)
    assert still_open(row.hub) == {}
    assert letters() == ["online_refunded"]


def test_a_debit_taken_back_weeks_later_opens_the_invoice_again(stripe_server: StandIn) -> None:
    row, paid = money.invoiced(stripe_server)
    seen = stripe.DisputeSeen("du_1", "lost", D("100.00"), "debit_not_authorized", None, is_withdrawn=True)

    for _look in range(2):
        disputing.apply(paid, seen, now=LATER)

    assert still_open(row.hub) == {"2026-0001": "100.00"}
    assert not CollectionPause.objects.exists()
    assert letters() == ["online_dispute_lost"]
    assert "2026-0001" in Letter.objects.get(kind="online_dispute_lost").text
    assert (account("debtors"), account("online_test")) == (D("100.00"), 0)


def test_a_card_dispute_waits_for_an_answer_and_won_it_pays_again(stripe_server: StandIn) -> None:
    row, paid = money.invoiced(stripe_server)
    clerk, dispute = cast.staff(row.hub, "bookkeeper"), stripe_server.dispute(paid.intent_id)
    disputing.sync(paid, now=NOW)

    found = OnlineDispute.objects.get()
    assert Letter.objects.filter(kind="online_dispute_answer", to_email=clerk.email).count() == 1
    assert (found.state, found.answer_by is not None) == ("answer", True)
    assert still_open(row.hub) == {"2026-0001": "100.00"}
    assert CollectionPause.objects.get().kind == "dispute"

    stripe_server.answer_dispute(dispute["id"])
    disputing.sync(paid, now=NOW)
    stripe_server.close_dispute(dispute["id"], won=True)
    for _look in range(2):
        disputing.sync(paid, now=NOW)

    assert OnlineDispute.objects.get().state == "won"
    assert still_open(row.hub) == {}
    assert letters() == ["online_dispute_taken", "online_dispute_won"]
    assert account("online_test") == D("100.00")


def test_lost_it_is_asked_for_again_and_nobody_may_refund_it_any_more(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server, method="card")
    dispute = stripe_server.dispute(it.online.intent_id)
    disputing.sync(it.online, now=NOW)
    stripe_server.close_dispute(dispute["id"], won=False)
    disputing.sync(it.online, now=LATER)

    assert CollectionPause.objects.get().ends_on is not None
    assert letters() == ["online_dispute_taken", "online_dispute_lost"]
    cancelling.cancel_free(it.booking, why="dicht", by=it.user, now=NOW)
    assert states() == []  # what is open is settled with the note; nothing of it is ours to give back
    assert still_open(it.hub) == {}


def test_refunded_in_part_and_then_disputed_whole_the_party_had_it_twice(stripe_server: StandIn) -> None:
    row, paid = money.invoiced(stripe_server)
    stripe_server.refund_in_dashboard(paid.intent_id, D("40.00"))
    online.sync(paid, now=NOW)
    seen = stripe.DisputeSeen("du_1", "answer", D("100.00"), "fraudulent", NOW, is_withdrawn=True)

    disputing.apply(paid, seen, now=NOW)
    assert still_open(row.hub) == {"2026-0001": "100.00"}
    assert (account("debtors"), account("online_test")) == (D("140.00"), D("-40.00"))

    won = stripe.DisputeSeen("du_1", "won", D("100.00"), "fraudulent", NOW, is_withdrawn=False)
    disputing.apply(paid, won, now=NOW)
    assert still_open(row.hub) == {"2026-0001": "40.00"}
    assert (account("debtors"), account("online_test")) == (D("40.00"), D("60.00"))
