"""Paying an invoice online: asked once, booked once, whoever looks and however often, and what goes wrong between."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from spaces.models import Hub
from tenants.billing import duties, paying, stripe
from tenants.billing.models import (
    Debit,
    DebitBatch,
    JournalEntry,
    LedgerAccount,
    OnlinePayment,
    OnlineSettings,
    OnlineState,
    Payment,
    Receivable,
)
from tenants.billing.online import attempts, links, pay_invoice, sweeping, syncing
from tenants.billing.online.pay_invoice import Stage
from tenants.billing.online.refusals import IsCollected, NothingToPay, OnlineIsOff, UnderWay
from tenants.billing.online.syncing import Seen
from tenants.parties.models import Letter
from tests import cast
from tests.billing import books, money
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
NOW = cast.NOW


@pytest.fixture
def asked(stripe_server: StandIn) -> Receivable:
    """An open invoice of 100 euros, at a hub where people can pay online."""
    hub = books.hub()
    OnlineSettings.objects.create(hub=hub, takes_payments=True)
    return money.asked(books.party(hub, email="facturen@devries.example.nl"), number="2026-0042")


def now_open(row: Receivable) -> Receivable:
    return Receivable.objects.with_open().select_related("hub", "party__hub").get(pk=row.pk)


def start(row: Receivable, **fields: Any) -> OnlinePayment:
    return pay_invoice.start(now_open(row), **{"key": uuid4(), "now": NOW} | fields)


def stage(row: Receivable) -> Stage:
    return pay_invoice.standing(now_open(row), today=NOW.date()).stage


def online_money(hub: Hub) -> Decimal:
    """What the ledger has on the account of online payments, tests included."""
    roles = [LedgerAccount.Role.ONLINE, LedgerAccount.Role.ONLINE_TEST]
    lines = JournalEntry.objects.filter(hub=hub, lines__account__role__in=roles)
    return sum(
        (row.debit - row.credit for each in lines for row in each.lines.filter(account__role__in=roles)),
        Decimal(0),
    )


def test_a_payer_pays_and_the_invoice_is_paid_by_that_money(
    asked: Receivable, stripe_server: StandIn
) -> None:
    attempt = start(asked)
    assert (attempt.state, stage(asked)) == (OnlineState.OPEN, Stage.STARTED)

    stripe_server.pay(attempt.url)
    paid = syncing.sync(attempt, now=NOW)

    assert (paid.state, paid.method, stage(asked)) == (OnlineState.SUCCEEDED, "ideal", Stage.PAID)
    assert paid.payment
    assert paid.payment.is_test
    assert online_money(asked.hub) == Decimal("100.00")
    assert money.still_open(asked.hub) == {}


def test_pressing_twice_or_in_two_tabs_is_one_page(asked: Receivable, stripe_server: StandIn) -> None:
    key = uuid4()
    urls = {start(asked, key=key).url, start(asked, key=key).url, start(asked).url}

    assert len(urls) == 1
    assert len(stripe_server.asked("post /v1/checkout/sessions")) == 1


def test_a_form_sent_in_for_something_else_pays_that(asked: Receivable, stripe_server: StandIn) -> None:
    key = uuid4()
    start(asked, key=key)
    same = money.asked(asked.party, number="2026-0043")
    stranger = money.asked(books.party(asked.hub, "Ander"), number="2026-0044")

    paid_for = [start(row, key=key).receivable for row in (same, stranger)]

    assert paid_for == [same, stranger]


def test_what_the_bank_is_busy_with_cannot_be_paid_again(asked: Receivable, stripe_server: StandIn) -> None:
    attempt = start(asked)
    intent = stripe_server.pay(attempt.url, outcome="waiting")
    syncing.sync(attempt, now=NOW)

    assert stage(asked) == Stage.WAITING
    with pytest.raises(UnderWay):
        start(asked)
    with pytest.raises(UnderWay):
        pay_invoice.stop(now_open(asked), now=NOW)

    stripe_server.settle(intent["id"])
    assert syncing.sync(attempt, now=NOW).state == OnlineState.SUCCEEDED


def test_who_was_told_to_wait_hears_that_the_bank_refused(asked: Receivable, stripe_server: StandIn) -> None:
    attempt = start(asked)
    intent = stripe_server.pay(attempt.url, outcome="waiting")
    syncing.sync(attempt, now=NOW)
    stripe_server.fail(intent["id"])
    for _ in range(2):
        syncing.sync(attempt, now=NOW)

    letter = Letter.objects.get(kind="online_not_paid")
    assert links.page(asked) in letter.text
    assert stage(asked) == Stage.OPEN
    assert start(asked).pk != attempt.pk


def test_declined_and_then_paid_on_the_same_page(asked: Receivable, stripe_server: StandIn) -> None:
    attempt = start(asked)
    stripe_server.pay(attempt.url, method="card", outcome="declined")
    assert syncing.sync(attempt, now=NOW).state == OnlineState.OPEN

    stripe_server.pay(attempt.url)
    paid = syncing.sync(attempt, now=NOW)

    assert (paid.state, paid.method, paid.failure) == (OnlineState.SUCCEEDED, "ideal", "")
    assert Payment.objects.count() == 1


def test_paid_at_the_bank_as_well_is_credit_and_something_to_decide_about(
    asked: Receivable, stripe_server: StandIn
) -> None:
    attempt = start(asked)
    stripe_server.pay(attempt.url)
    money_in = money.paid(asked.party, "100.00")
    with transaction.atomic():
        paying.allocating.pay_off(money_in, [asked], rule="by_hand", now=NOW)

    paid = syncing.sync(attempt, now=NOW)

    assert paid.payment
    assert money.left_of(paid.payment) == Decimal("100.00")
    assert "Tegoed van een partij" in " ".join(duty.words for duty in duties.today(asked.hub, now=NOW))


@pytest.mark.parametrize(
    ("received", "left", "credit"), [("60.00", "40.00", "0.00"), ("130.00", None, "30.00")]
)
def test_what_came_is_booked_also_when_it_is_not_what_was_asked(
    asked: Receivable, received: str, left: str | None, credit: str
) -> None:
    attempt = start(asked)
    with transaction.atomic():
        row = syncing.apply(
            attempt, Seen(OnlineState.SUCCEEDED, received=Decimal(received), intent_id="pi_1"), now=NOW
        )

    assert row.payment
    assert row.payment.amount == Decimal(received)
    assert money.still_open(asked.hub) == ({"2026-0042": left} if left else {})
    assert money.left_of(row.payment) == Decimal(credit)
    told = " ".join(duty.why for duty in duties.today(asked.hub, now=NOW))
    assert ("2026-0042" in told) is bool(left)


def test_another_amount_closes_the_first_page(asked: Receivable, stripe_server: StandIn) -> None:
    first = start(asked)
    part = money.paid(asked.party, "40.00")
    with transaction.atomic():
        paying.allocating.pay_off(part, [asked], rule="by_hand", now=NOW)

    second = start(asked)

    first.refresh_from_db()
    assert (first.state, second.amount) == (OnlineState.EXPIRED, Decimal("60.00"))
    assert stripe_server.thing(first.session_id)["status"] == "expired"


def test_stopping_too_late_is_paying(asked: Receivable, stripe_server: StandIn) -> None:
    attempt = start(asked)
    stripe_server.pay(attempt.url)

    pay_invoice.stop(now_open(asked), now=NOW)

    assert stage(asked) == Stage.PAID


def test_nothing_is_asked_where_nothing_is_to_pay(asked: Receivable, stripe_server: StandIn) -> None:
    OnlineSettings.objects.update(takes_payments=False)
    with pytest.raises(OnlineIsOff):
        start(asked)
    assert stage(asked) == Stage.TRANSFER
    OnlineSettings.objects.update(takes_payments=True)
    full = money.paid(asked.party, "100.00")
    with transaction.atomic():
        paying.allocating.pay_off(full, [asked], rule="by_hand", now=NOW)
    with pytest.raises(NothingToPay):
        start(asked)
    credit = money.asked(asked.party, "-10.00")
    with pytest.raises(NothingToPay):
        start(credit)

    assert stage(credit) == Stage.CREDIT
    assert stripe_server.requests == []


@pytest.mark.parametrize("way", ["before", "after", "dropped", "lost"])
def test_a_lost_answer_is_unknown_and_the_sweep_goes_on_under_the_same_key(
    asked: Receivable, stripe_server: StandIn, way: str
) -> None:
    stripe_server.goes_wrong("post /v1/checkout/sessions", way, times=None)
    with pytest.raises(stripe.Unavailable):
        start(asked)
    assert stage(asked) == Stage.PREPARING
    stripe_server.mend()

    later = NOW + timedelta(minutes=2)
    (found,) = sweeping.due(later)
    row = syncing.sync(found, now=later)

    assert row.state == OnlineState.OPEN
    assert start(asked).url == row.url
    sessions = stripe_server.account.all("checkout.session")
    assert [session["id"] for session in sessions] == [row.session_id]


def test_what_never_got_a_page_ends_and_can_be_paid_anew(asked: Receivable, stripe_server: StandIn) -> None:
    stripe_server.goes_wrong("post /v1/checkout/sessions", "stuck", times=None)
    with pytest.raises(stripe.Unavailable):
        start(asked)

    pay_invoice.stop(now_open(asked), now=NOW)

    assert stage(asked) == Stage.OPEN
    stripe_server.mend()
    assert start(asked).state == OnlineState.OPEN


def test_who_walks_away_leaves_nothing_under_way(asked: Receivable, stripe_server: StandIn) -> None:
    start(asked)
    later = NOW + timedelta(hours=1)
    stripe_server.at(later)

    for found in sweeping.due(later):
        syncing.sync(found, now=later)

    assert stage(asked) == Stage.OPEN
    assert sweeping.due(later + timedelta(days=1)) == []


def test_a_look_of_before_the_page_says_nothing_of_who_is_on_it(asked: Receivable) -> None:
    attempt = start(asked)
    with transaction.atomic():
        row = syncing.apply(attempt, Seen(OnlineState.EXPIRED), now=NOW)
    assert row.state == OnlineState.OPEN


def test_what_is_collected_already_is_not_paid_online_too(asked: Receivable) -> None:
    batch = DebitBatch.objects.create(
        hub=asked.hub, reference="INC-1", scheme="CORE", collect_on=NOW.date() + timedelta(days=5),
        made_by=cast.staff(asked.hub, "bookkeeper"), made_at=NOW,
    )  # fmt: skip
    Debit.objects.create(
        batch=batch, receivable=asked, party=asked.party, amount=asked.amount, name="x", iban="NL91ABNA0417164300",
        mandate="M1", mandate_signed_on=NOW.date(), sequence="FRST", end_to_end=asked.number,
    )  # fmt: skip

    assert stage(asked) == Stage.COLLECTED
    with pytest.raises(IsCollected):
        start(asked)


def test_keys_are_of_the_row_alone(asked: Receivable, stripe_server: StandIn) -> None:
    attempt = start(asked)
    (request,) = stripe_server.asked("post /v1/checkout/sessions")
    assert request.key == f"locplus:checkout:{attempt.pk}:1" == attempts.key_of(attempt, "checkout")
