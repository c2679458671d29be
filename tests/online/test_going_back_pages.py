"""Money that goes back, as people press for it: who paid and cancels, and the bookkeeper who gives back or must know."""

import re
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from tenants.billing import documents
from tenants.billing.books.invariants import INVARIANTS
from tenants.billing.models import CollectionPause, OnlineDispute, OnlineRefund, Refund
from tenants.billing.online import back_duties, disputing
from tenants.billing.online import refunding as online
from tenants.parties.models import Letter
from tests import cast
from tests.billing.money import still_open
from tests.bookings.web.conftest import client_of
from tests.cast import NOW
from tests.journeys.reading import press, see
from tests.online import money
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


def bookkeeper(hub) -> Client:
    return client_of(cast.staff(hub, "bookkeeper"))


def send() -> None:
    online.send(now=NOW)


def duties(hub) -> list[str]:
    return [duty.words for duty in back_duties.today(hub, now=NOW)]


def test_who_cancels_reads_what_comes_back_and_how_before_and_after(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    with time_machine.travel(cast.at("2026-12-07 08:00"), tick=False):
        anna = client_of(it.user)
        page = see(anna, f"/boeking/{it.booking.code}/annuleer")
        assert "Annuleren kost € 51,43." in page.text
        assert "U krijgt € 51,42 terug zoals u betaald hebt (iDEAL | Wero)" in page.text
        done = press(anna, page, "Annuleer")
    send()
    documents.send_documents(now=NOW)

    assert "€ 51,42 komt terug." in done.text
    booking = see(client_of(it.user), f"/boeking/{it.booking.code}")
    assert "€ 51,42 , iDEAL | Wero terugbetaald" in booking.text
    cancelled = Letter.objects.get(kind="booking_cancelled")
    assert "U krijgt € 51,42 terug" in cancelled.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "maandfactuur" not in cancelled.text
    note = Letter.objects.filter(kind="invoice").latest("pk")
    assert "gaat terug zoals u betaald hebt" in note.text
    number = OnlineRefund.objects.get().listed.credit.number
    anna = client_of(it.user)
    assert "€ 51,42 , iDEAL | Wero terugbetaald" in see(anna, f"/facturen/{number}").text


def test_a_change_that_is_cheaper_says_what_comes_back(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    anna = client_of(it.user)
    path = f"/boeking/{it.booking.code}/verplaats/controleer?ruimte=V01&dag=2026-12-08&van=09:00&tot=10:00"

    page = see(anna, path)
    press(anna, page, "Wijzig de boeking")
    send()

    assert "U krijgt € 51,42 terug zoals u betaald hebt" in page.text
    assert [str(row.amount) for row in Refund.objects.filter(state="paid")] == ["51.42"]
    assert "U krijgt € 51,42 terug" in Letter.objects.get(kind="booking_changed").text.replace("\xa0", " ")


def test_the_bookkeeper_gives_a_part_of_an_invoice_back_with_a_reason(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    clerk, number = bookkeeper(it.hub), "2026-0001"
    page = see(clerk, f"/facturen/{number}/crediteren")
    assert "Meteen terugbetalen, zoals er betaald is: iDEAL | Wero" in page.text

    line = next(name for name in page.form("Bekijk eerst")["fields"] if name.startswith("line-"))
    asked = {"what": "some", "reason": "beamer deed het niet", line: "10,00", "pay_back": "on"}
    looked = press(clerk, page, "Bekijk", **asked)
    (final,) = re.findall(r'name="final" value="(\w+)"', looked.html)
    for _press in range(2):
        press(clerk, looked, "Maak de creditfactuur", **asked, final=final)
    send()

    row = OnlineRefund.objects.get()
    assert (str(row.amount), row.reason, row.state) == ("12.10", "beamer deed het niet", "succeeded")
    assert "beamer deed het niet" in Letter.objects.get(kind="online_refunded").text
    assert "€ 12,10 , iDEAL | Wero terugbetaald" in see(clerk, f"/facturen/{number}").text
    assert still_open(it.hub) == {}


def test_a_credit_goes_back_as_it_was_paid_or_to_an_account(stripe_server: StandIn) -> None:
    row, paid = money.invoiced(stripe_server)
    clerk = bookkeeper(row.hub)
    other = money.asked(row.party, "30.00", number="2026-0002")
    twice = money.paid(stripe_server, other, amount="80.00")
    page = see(clerk, f"/tegoed/betaling/{twice.payment_id}")
    assert "Zoals er betaald is: iDEAL | Wero, 21 november 2026, hoogstens € 80,00" in page.text

    fields = {"amount": "20,00", "way": str(twice.pk)}
    refused = press(clerk, page, "Zet op de lijst", **fields, reason="")
    assert "Zeg waarom: de partij leest dit in het bericht." in refused.text
    for _press in range(2):
        press(clerk, page, "Zet op de lijst", **fields, reason="dubbel betaald")
    press(clerk, page, "Zet op de lijst", amount="30,00", way="rekening", iban="NL91ABNA0417164300", reason="rest",
          key="7f1f1df7-1e9b-4a54-9dd9-111111111111")  # fmt: skip
    send()

    assert sorted((row.state, str(row.amount)) for row in Refund.objects.all()) == [
        ("listed", "30.00"), ("paid", "20.00"),
    ]  # fmt: skip
    assert paid.refunds.count() == 0


def test_a_refused_refund_is_a_duty_until_it_goes_another_way(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    clerk = bookkeeper(it.hub)
    press(client_of(it.user), see(client_of(it.user), f"/boeking/{it.booking.code}/annuleer"), "Annuleer")
    assert "wordt klaargemaakt" in see(clerk, "/tegoed").text
    stripe_server.refunds_end("failed")
    send()
    online.sync(it.online, now=NOW)

    assert duties(it.hub) == ["Terugbetaling die niet terug kon zoals er betaald was"]
    page = see(clerk, "/tegoed")
    assert "Kon niet terug zoals er betaald was" in page.text
    director = see(client_of(cast.staff(it.hub, "director", name="Dirk")), "/tegoed")
    assert "Kon niet terug zoals er betaald was" in director.text
    assert not any("Overmaken" in form["button"] for form in director.forms)

    listed = press(clerk, page, "Overmaken", iban="NL91ABNA0417164300")
    assert "NL91ABNA0417164300" in listed.text
    assert duties(it.hub) == []


def test_tried_once_more_it_arrives(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    clerk = bookkeeper(it.hub)
    press(client_of(it.user), see(client_of(it.user), f"/boeking/{it.booking.code}/annuleer"), "Annuleer")
    stripe_server.refunds_end("failed")
    send()
    online.sync(it.online, now=NOW)
    stripe_server.refunds_end("succeeded")

    press(clerk, see(clerk, "/tegoed"), "Nog eens proberen")
    send()

    assert sorted(OnlineRefund.objects.values_list("state", flat=True)) == ["failed", "succeeded"]
    assert duties(it.hub) == []


def test_what_was_paid_back_at_stripe_is_noted_by_who_must_decide(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    clerk = bookkeeper(it.hub)
    stripe_server.refund_in_dashboard(it.online.intent_id, D("40.00"))
    online.sync(it.online, now=NOW)

    assert duties(it.hub) == ["Terugbetaling die in het dashboard van Stripe is gedaan"]
    page = see(clerk, "/tegoed")
    assert "Van 2026-0001 staat weer € 40,00 open." in page.text
    press(clerk, page, "Ik heb dit gezien")
    assert duties(it.hub) == []
    assert CollectionPause.objects.get().reason.startswith("Terugbetaald in het dashboard van Stripe")


def test_a_disputed_card_payment_has_a_last_day_and_its_end_is_seen(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server, method="card")
    clerk = bookkeeper(it.hub)
    dispute = stripe_server.dispute(it.online.intent_id)
    disputing.sync(it.online, now=NOW)

    assert duties(it.hub) == ["Betwiste betaling om te beantwoorden"]
    assert "te beantwoorden" in see(clerk, "/tegoed").text
    assert "Teruggehaald door een bank" in see(client_of(it.user), "/facturen/2026-0001").text
    stripe_server.close_dispute(dispute["id"], won=False)
    disputing.sync(it.online, now=NOW)
    assert duties(it.hub) == ["Betaling die een bank heeft teruggehaald of weer gegeven"]
    press(clerk, see(clerk, "/tegoed"), "Ik heb dit gezien")
    assert (duties(it.hub), OnlineDispute.objects.get().state) == ([], "lost")


def test_nobody_else_may_press_and_a_strangers_row_is_not_there(stripe_server: StandIn) -> None:
    it = money.booked(stripe_server)
    stripe_server.refund_in_dashboard(it.online.intent_id, D("40.00"))
    online.sync(it.online, now=NOW)
    row = OnlineRefund.objects.get()
    path = f"/tegoed/stripe/{row.pk}/gezien"

    elsewhere = bookkeeper(cast.hub("elders"))
    assert elsewhere.post(path).status_code == 404
    assert client_of(it.user).post(path).status_code == 403
    assert client_of(cast.staff(it.hub, "director", name="Dirk")).post(path).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_credits_takes_the_same_queries_for_one_and_for_three(
    stripe_server: StandIn, count: int, django_assert_num_queries
) -> None:
    at = money.hub()
    party = money.books.party(at)
    for number in range(count):
        row = money.asked(party, "100.00", number=f"2026-{number:04}")
        paid = money.paid(stripe_server, row, method="card")
        stripe_server.refund_in_dashboard(paid.intent_id, D("40.00"))
        stripe_server.dispute(paid.intent_id, amount=D("10.00"))
        online.sync(paid, now=NOW)
        disputing.sync(paid, now=NOW)
    clerk = bookkeeper(at)
    clerk.get("/tegoed")

    with django_assert_num_queries(18):
        page = clerk.get("/tegoed")
    assert page.content.decode().count("staat weer") == 2 * count
    assert [each.words for each in INVARIANTS if each.look(NOW).broken] == []
