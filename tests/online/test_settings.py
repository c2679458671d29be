"""What a hub lets people do online, how the line to Stripe stands, and that a test is nobody's money."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation

from config import health
from spaces.models import Hub
from tenants.billing import stripe
from tenants.billing.models import (
    JournalLine,
    OnlinePayment,
    OnlineSettings,
    Payment,
    Receivable,
    StripeEvent,
)
from tenants.billing.online import (
    attempts,
    clearing_tests,
    going_back,
    pay_invoice,
    settings,
    syncing,
    watching,
)
from tenants.billing.online.settings import Choice, NoKey, NoMethods, OfAnotherCompany
from tenants.billing.stripe import watching as line
from tests import cast
from tests.billing import books, money
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
NOW = cast.NOW
PAGE = "/beheer/online-betalen"
ON = Choice(
    takes_payments=True, collects=False, methods=["ideal"], pay_minutes=45, debit_limit=Decimal("2500.00")
)
FORM = {
    "takes_payments": "on",
    "methods": ["card", "ideal"],
    "pay_minutes": "30",
    "debit_limit": "2.500,00",
}
LIVE = "rk_" + "live_00000000"


@pytest.fixture
def hub() -> Hub:
    cache.clear()
    health.recent.clear()
    return books.hub()


def signed_in(hub: Hub, role: str) -> Client:
    client = Client()
    client.force_login(cast.staff(hub, role))
    return client


def paid_online(hub: Hub, server: StandIn, *, number: str = "2026-0042") -> OnlinePayment:
    OnlineSettings.objects.update_or_create(hub=hub, defaults={"takes_payments": True})
    row = money.asked(books.party(hub, email="fysio@example.nl"), number=number)
    opened = Receivable.objects.with_open().select_related("hub", "party__hub").get(pk=row.pk)
    attempt = pay_invoice.start(opened, key=uuid4(), now=NOW)
    server.pay(attempt.url)
    return syncing.sync(attempt, now=NOW)


def on_account(role: str) -> Decimal:
    rows = JournalLine.objects.filter(account__role=role).values_list("debit", "credit")
    return sum((debit - credit for debit, credit in rows), Decimal(0))


@transaction.atomic
def _part_went_back(online: OnlinePayment) -> None:
    row = going_back.locked(online)
    going_back.take(row, Decimal("30.00"), reason="kapotte beamer", key="k", on=NOW.date(), now=NOW)


# what is on


def test_everything_is_off_until_it_is_turned_on(hub: Hub, stripe_server: StandIn) -> None:
    assert (settings.takes_payments(hub), settings.collects(hub)) == (False, False)

    settings.change(hub, ON)
    settings.change(hub, replace(ON, collects=True, methods=["card", "ideal", "cash"]))

    chosen = settings.of(hub)
    assert (settings.takes_payments(hub), settings.collects(hub)) == (True, True)
    assert (chosen.methods, chosen.pay_minutes, chosen.debit_limit) == (["ideal", "card"], 45, 2500)


def test_without_a_key_nothing_can_be_turned_on_and_what_is_on_is_off(hub: Hub) -> None:
    with pytest.raises(NoKey):
        settings.change(hub, ON)

    OnlineSettings.objects.create(hub=hub, takes_payments=True, collects=True)
    assert (settings.takes_payments(hub), settings.collects(hub)) == (False, False)
    settings.change(hub, replace(ON, collects=True))


def test_a_page_needs_a_way_to_pay(hub: Hub, stripe_server: StandIn) -> None:
    with pytest.raises(NoMethods):
        settings.change(hub, replace(ON, methods=["cash"]))


def test_one_account_at_stripe_is_of_one_company(hub: Hub, stripe_server: StandIn) -> None:
    same, other = cast.hub("kampen"), cast.hub("zwolle", kvk="12345678")
    settings.change(hub, ON)

    settings.change(same, ON)
    with pytest.raises(OfAnotherCompany) as refusal:
        settings.change(other, ON)

    assert hub.legal_name in refusal.value.message
    assert not settings.takes_payments(other)


def test_a_rate_group_pays_its_share_when_booking(hub: Hub, stripe_server: StandIn) -> None:
    rooms = [cast.space(hub, "A"), cast.space(hub, "B")]
    rates = [
        cast.rate(hub, space=space, prepaid_percentage=share)
        for space, share in zip(rooms, (0, 50), strict=True)
    ]
    group = rates[0].rate_group
    assert settings.shares(hub) == [settings.Share(group, 0, 50)]

    settings.change(hub, ON)
    assert settings.shares(hub) == [settings.Share(group, 0, 50)]
    settings.change(hub, replace(ON, shares={group.pk: 30}))

    assert settings.shares(hub) == [settings.Share(group, 30, 30)]


# test mode


def test_a_test_key_is_not_used_where_real_money_came_in(
    hub: Hub, stripe_server: StandIn, settings: Any
) -> None:
    paid = paid_online(hub, stripe_server)
    assert watching.line(now=NOW).mode == "test"

    OnlinePayment.objects.filter(pk=paid.pk).update(is_test=False)

    told = watching.line(now=NOW)
    assert (told.mode, told.is_on, attempts.settings.takes_payments(hub)) == ("refused", False, False)
    settings.STRIPE_SECRET_KEY = LIVE
    assert (watching.line(now=NOW).mode, attempts.settings.takes_payments(hub)) == ("live", True)


def test_test_payments_are_taken_back_once_and_what_they_paid_is_open_again(
    hub: Hub, stripe_server: StandIn
) -> None:
    bookkeeper = cast.staff(hub, "bookkeeper")
    whole, part = paid_online(hub, stripe_server), paid_online(hub, stripe_server, number="2026-0043")
    _part_went_back(part)
    assert clearing_tests.standing(hub) == clearing_tests.Standing(2, Decimal("170.00"))
    assert on_account("online_test") == Decimal("170.00")

    done = [clearing_tests.take_back(hub, reason="proef", by=bookkeeper, now=NOW) for _ in range(2)]

    assert done == [2, 0]
    assert clearing_tests.standing(hub) == clearing_tests.Standing(0, Decimal(0))
    assert on_account("online_test") == 0
    assert money.still_open(hub) == {"2026-0042": "100.00", "2026-0043": "100.00"}
    assert whole.payment is not None
    assert going_back.left_of(whole) == 0


# the line


def test_what_is_wrong_with_the_line_is_told(hub: Hub, stripe_server: StandIn, settings: Any) -> None:
    assert watching.line(now=NOW).warnings() == []
    settings.STRIPE_WEBHOOK_SECRETS = []
    with pytest.raises(stripe.BadSignature):
        stripe.read_event(b"{}", "t=1,v1=forged")
    cache.set(line.CLOCK, 240)
    old = {"kind": "payout.paid", "is_test": True, "payload": {}, "happened_at": NOW}
    StripeEvent.objects.create(event_id="evt_1", received_at=NOW - timedelta(minutes=16), **old)
    StripeEvent.objects.create(event_id="evt_2", received_at=NOW, was_fetched=True, **old)

    told = watching.line(now=NOW)

    assert (told.refused, told.seconds_off, told.event_at) == (1, 240, NOW - timedelta(minutes=16))
    with translation.override("en"):
        words = [" ".join(sentence.split()[:4]) for sentence in told.warnings()]
    assert words == [
        "There is no webhook",
        "The clock of the",
        "Since yesterday 1 message",
        "Something that Stripe told",
    ]


def test_health_tells_how_the_line_stands(client: Client, hub: Hub, stripe_server: StandIn) -> None:
    StripeEvent.objects.create(
        event_id="evt_1", kind="payout.paid", is_test=True, payload={}, happened_at=NOW,
        received_at=timezone.now(), handled_at=timezone.now(),
    )  # fmt: skip

    told = client.get("/gezond/klaar").json()["online"]

    assert (told["ok"], told["mode"], told["last_event_age_seconds"], told["refused_signatures"]) == (
        True,
        "test",
        0,
        0,
    )


# the page


def test_the_director_turns_it_on(hub: Hub, stripe_server: StandIn) -> None:
    rate = cast.rate(hub)
    client = signed_in(hub, "director")

    page = client.get(PAGE).content.decode()
    answer = client.post(PAGE, FORM | {f"share-{rate.rate_group_id}": "40"}, follow=True)

    assert "Testmodus" in page
    assert "http://localhost:8000/stripe/webhook" in page
    assert answer.redirect_chain == [(PAGE, 302)]
    assert settings.takes_payments(hub)
    assert (settings.of(hub).methods, settings.of(hub).debit_limit) == (["ideal", "card"], Decimal("2500.00"))
    assert settings.shares(hub)[0].low == 40


@pytest.mark.parametrize("wrong", [{"methods": []}, {"pay_minutes": "29"}, {"debit_limit": "10.000,01"}])
def test_what_cannot_be_is_not_stored(wrong: dict[str, Any], hub: Hub, stripe_server: StandIn) -> None:
    answer = signed_in(hub, "director").post(PAGE, FORM | wrong)

    assert answer.status_code == 422
    assert not settings.takes_payments(hub)


def test_without_a_key_the_page_says_so_and_asks_nothing(hub: Hub) -> None:
    page = signed_in(hub, "director").get(PAGE).content.decode()

    assert "Online betalen staat uit." in page
    assert 'name="takes_payments"' not in page
    assert "Testmodus" not in page


def test_only_the_bookkeeper_takes_tests_back(hub: Hub, stripe_server: StandIn) -> None:
    paid_online(hub, stripe_server)
    director, bookkeeper = signed_in(hub, "director"), signed_in(hub, "bookkeeper")

    assert "De boekhouder kan ze terugdraaien." in director.get(PAGE).content.decode()
    assert director.post(f"{PAGE}/proef-terug").status_code == 403
    party = Payment.objects.get().party
    assert "online (PROEF, geen echt geld)" in bookkeeper.get(f"/openstaand/{party.pk}").content.decode()
    assert f'href="{PAGE}/proef-terug"' in bookkeeper.get(PAGE).content.decode()
    ask = bookkeeper.get(f"{PAGE}/proef-terug").content.decode()
    assert "U draait 1 proefbetaling van €\xa0100,00 terug." in ask
    assert clearing_tests.standing(hub).count == 1, "looking takes nothing back"
    for _ in range(2):
        bookkeeper.post(f"{PAGE}/proef-terug")
    assert clearing_tests.standing(hub).count == 0
    assert "geen proefbetalingen" in bookkeeper.get(f"{PAGE}/proef-terug").content.decode()


def test_a_real_key_shows_no_test_mode(hub: Hub, stripe_server: StandIn, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = LIVE

    assert "Testmodus" not in signed_in(hub, "director").get(PAGE).content.decode()


def test_with_a_test_key_nothing_is_asked_about_real_money(hub: Hub, stripe_server: StandIn) -> None:
    """Somebody puts a test key in while a real payment is under way: it stays as it is, and goes on with the real key."""
    row = money.asked(books.party(hub, email="fysio@example.nl"), number="2026-0042")
    OnlineSettings.objects.create(hub=hub, takes_payments=True)
    opened = Receivable.objects.with_open().select_related("hub", "party__hub").get(pk=row.pk)
    real = pay_invoice.start(opened, key=uuid4(), now=NOW)
    OnlinePayment.objects.filter(pk=real.pk).update(is_test=False, state="new", session_id="", url="")
    real.refresh_from_db()
    asked = len(stripe_server.requests)

    with pytest.raises(stripe.Unavailable):
        syncing.sync(real, now=NOW)
    assert attempts.open_session(real, now=NOW).state == "new"

    assert len(stripe_server.requests) == asked
