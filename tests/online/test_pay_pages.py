"""Pages on which somebody pays: without signing in, from a mail; and what other pages say of it."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from spaces.models import Hub
from tenants.billing import documents, invoicing, paying
from tenants.billing.dunning import proposing, sending
from tenants.billing.models import Invoice, OnlinePayment, OnlineSettings, Payment, Receivable
from tenants.billing.online import links
from tenants.parties.models import Letter, Party, User
from tests import cast
from tests.billing import books, money
from tests.dunning.asking import late
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

MAIL = "anna@devries.example.nl"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is noon on Saturday 21 November 2026 until somebody shifts it."""
    with time_machine.travel(cast.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hub(stripe_server: StandIn) -> Hub:
    made = books.hub()
    OnlineSettings.objects.create(hub=made, takes_payments=True)
    return made


@pytest.fixture
def person(hub: Hub) -> tuple[User, Party]:
    user, party = cast.zzper(hub)
    Party.objects.filter(pk=party.pk).update(**books.ADDRESS, email=MAIL)
    return user, Party.objects.select_related("hub").get(pk=party.pk)


@pytest.fixture
def asked(person: tuple[User, Party]) -> Receivable:
    return money.asked(person[1], "100.00", number="2026-0042", payment_reference="5000056789012345")


def text(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\xa0", " ").split())


def test_from_the_mail_to_paid_without_signing_in(
    asked: Receivable, stripe_server: StandIn, clock: time_machine.Traveller
) -> None:
    visitor, path = Client(), links.path(asked)

    page = text(visitor.get(path))
    for fact in (
        "2026-0042",
        "€ 100,00",
        "16 november 2026",
        "NL91 ABNA 0417 1643 00",
        "Betaal € 100,00 online",
    ):
        assert fact in page, fact

    away = visitor.post(path, {"key": "0" * 32})
    assert (away.status_code, away.url) == (303, OnlinePayment.objects.get().url)
    assert "Verder met betalen" in text(visitor.get(path))

    stripe_server.pay(away.url)
    clock.shift(5)
    page = text(visitor.get(path))
    assert "Deze factuur is betaald. U hoeft niets te doen." in page
    assert "Betaal € 100,00 online" not in page
    assert Payment.objects.get().amount == Decimal(100)


def test_while_the_bank_is_busy_the_page_refreshes_itself_and_has_no_button(
    asked: Receivable, stripe_server: StandIn, clock: time_machine.Traveller
) -> None:
    visitor, path = Client(), links.path(asked)
    intent = stripe_server.pay(visitor.post(path).url, outcome="waiting")

    answer = visitor.get(path)

    assert "We wachten op de bank; u hoeft niets te doen." in text(answer)
    assert b'<noscript><meta http-equiv="refresh" content="5"></noscript>' in answer.content
    assert b"/stoppen" not in answer.content
    assert b'name="key"' not in answer.content
    assert visitor.post(path).url == path, "no second page either"
    stripe_server.fail(intent["id"])
    clock.shift(5)
    assert "De laatste betaling is niet gelukt" in text(visitor.get(path))


def test_stopped_it_can_be_paid_another_way(asked: Receivable, stripe_server: StandIn) -> None:
    visitor, path = Client(), links.path(asked)
    session = visitor.post(path).url

    assert visitor.post(f"{path}/stoppen").url == path

    assert stripe_server.thing(session)["status"] == "expired"
    page = text(visitor.get(path))
    assert "Betaal € 100,00 online" in page
    assert "Of maak het over via uw bank" in page


def test_an_outage_is_no_failure(asked: Receivable, stripe_server: StandIn) -> None:
    visitor, path = Client(), links.path(asked)
    stripe_server.goes_wrong("post /v1/checkout/sessions", "lost", times=None)

    assert visitor.post(path).url == path
    assert "We maken de betaalpagina klaar" in text(visitor.get(path))
    stripe_server.mend()
    assert "Verder met betalen" in text(visitor.get(path))
    assert len(stripe_server.account.all("checkout.session")) == 1


@pytest.mark.parametrize("change", ["x", "1.", "", "'"])
def test_a_wrong_address_is_not_found_and_says_what_to_do(asked: Receivable, change: str) -> None:
    token = links.token_for(asked)
    for wrong in (token[:-1] + change, f"{asked.pk + 1}{token[len(str(asked.pk)) :]}"):
        for answer in (Client().get(f"/betaal/{wrong}"), Client().post(f"/betaal/{wrong}/stoppen")):
            assert answer.status_code == 404
            assert "Dit adres kennen we niet" in text(answer)


def test_the_page_names_no_person_and_no_cache_keeps_it(asked: Receivable) -> None:
    answer = Client().get(links.path(asked))
    for secret in (asked.party.name, MAIL, "Voorbeeldstraat"):
        assert secret not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_nothing_personal_goes_to_the_page_of_stripe_of_who_is_not_signed_in(
    asked: Receivable, person: tuple[User, Party], stripe_server: StandIn
) -> None:
    Client().post(links.path(asked))
    (request,) = stripe_server.asked("post /v1/checkout/sessions")
    assert MAIL not in str(request)
    assert asked.party.name not in str(request)


@pytest.mark.parametrize(
    ("how", "words"), [("paid", "Deze factuur is betaald"), ("credited", "gecrediteerd of verrekend")]
)
def test_what_is_not_open_any_more_says_so(asked: Receivable, how: str, words: str) -> None:
    if how == "paid":
        payment = money.paid(asked.party, "100.00")
        paying.allocating.pay_off(payment, [asked], rule="by_hand", now=cast.NOW)
    else:
        paying.allocating.settle(money.asked(asked.party, "-100.00"), [asked], now=cast.NOW)
    page = Client().get(links.path(asked))
    assert words in text(page)
    assert b'name="key"' not in page.content


def test_without_a_key_there_is_the_transfer_only(asked: Receivable, settings) -> None:
    settings.STRIPE_SECRET_KEY = ""
    page = Client().get(links.path(asked))
    assert "Maak het over via uw bank" in text(page)
    assert b'name="key"' not in page.content
    assert Client().post(links.path(asked)).url == links.path(asked)


def issued(party: Party) -> Invoice:
    books.charge(party)
    run = books.approve_month(party.hub)
    invoicing.issue_approved(now=books.DECEMBER_1)
    documents.send_documents(now=books.DECEMBER_1)
    return Invoice.objects.get(run=run)


def test_the_mail_of_an_invoice_and_its_reminder_have_the_address(
    person: tuple[User, Party], hub: Hub
) -> None:
    invoice = issued(person[1])
    row = late(person[1], "100.00", number="2026-0190", due_on=date(2026, 10, 1))
    (proposed,) = [
        each
        for each in proposing.letters(hub, today=date(2026, 11, 21))
        if row.pk in [item.receivable.pk for item in each.items]
    ]
    sending.send(proposed, by=cast.staff(hub, "bookkeeper"), now=cast.NOW)

    assert links.page(invoice.receivable) in Letter.objects.get(kind="invoice").text
    assert links.page(row) in Letter.objects.get(kind="dunning").text
    OnlineSettings.objects.update(takes_payments=False)
    assert links.offered([row]) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_who_pays_finds_it_on_the_invoice_the_rent_page_and_the_account(
    person: tuple[User, Party], rows: int, django_assert_num_queries
) -> None:
    user, party = person
    invoice = issued(party)
    more = [
        late(party, "10.00", number=f"OUD-{number}", due_on=date(2026, 10, 1)) for number in range(1, rows)
    ]
    client = Client()
    client.force_login(user)

    with time_machine.travel(books.DECEMBER_1, tick=False):
        page = client.get(f"/facturen/{invoice.number}").content.decode()
        assert f'action="{links.path(invoice.receivable)}"' in page
        assert "Betaal € 37,50 online" in page.replace("\xa0", " ")
        for path in ("/huur", f"/openstaand/{party.pk}"):
            found = client.get(path).content.decode()
            for row in (invoice.receivable, *more):
                assert f'href="{links.path(row)}"' in found, path


def test_staff_see_each_attempt_but_do_not_pay(
    person: tuple[User, Party], hub: Hub, stripe_server: StandIn
) -> None:
    invoice = issued(person[1])
    with time_machine.travel(books.DECEMBER_1, tick=False):
        stripe_server.at(books.DECEMBER_1)
        stripe_server.pay(Client().post(links.path(invoice.receivable)).url)
        Client().get(links.path(invoice.receivable))
        client = Client()
        client.force_login(cast.staff(hub, "bookkeeper"))
        answer = client.get(f"/facturen/{invoice.number}")
    assert "Online betalingen" in text(answer)
    assert "TEST" in text(answer)
    assert "iDEAL" in text(answer)
    assert b'name="key"' not in answer.content
