"""The bookkeeper looks whether Stripe and the books agree, what a payout is made of, and takes it along as a file."""

import csv
import io
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tenants.billing import duties
from tenants.billing.books import posting
from tenants.billing.models import Payout, StripeLook
from tenants.billing.online import reconciling, refunding
from tests import cast
from tests.billing import books
from tests.billing import money as bills
from tests.cast import NOW
from tests.online import money

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/boeken/online"


@pytest.fixture
def hub(stripe_server):
    """100 paid by iDEAL of which 40 went back, and 50 by card; both were paid out."""
    row = money.hub()
    for number, amount, method in (("2026-0001", "100.00", "ideal"), ("2026-0002", "50.00", "card")):
        asked = bills.asked(books.party(row, f"Praktijk {number}"), amount, number=number)
        posting.old_item(asked, on=NOW.date())
        online = money.paid(stripe_server, asked, method=method)
        if method == "ideal":
            stripe_server.refund_in_dashboard(online.intent_id, Decimal(40))
            refunding.sync(online, now=NOW)
    stripe_server.pay_out()
    reconciling.run(now=NOW)
    return row


def client(hub, role: str = "bookkeeper") -> Client:
    user = cast.staff(hub, role)
    user.language = "en"
    user.save()
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def text(browser: Client, address: str) -> str:
    with time_machine.travel(NOW, tick=False):
        answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ").replace("\u2060", "")


@pytest.mark.parametrize("role", ["bookkeeper", "director"])
def test_all_agrees_and_the_payout_is_there(hub, role):
    shown = text(client(hub, role), PAGE)

    assert "everything agrees" in shown
    assert "Compared on" in shown
    for amount in ("€ 150,00", "−€ 40,00", "−€ 1,29", "€ 108,71"):
        assert amount in shown, amount
    assert "TEST" in shown


def test_what_differs_says_what_to_do(hub):
    StripeLook.objects.filter(what="balance").update(balance=Decimal(5))
    shown = text(client(hub), PAGE)

    assert "everything agrees" not in shown
    assert "The balance at Stripe is not the sum of its movements" in shown
    assert "What to do:" in shown
    assert "Here: <span" in shown


def test_what_differs_is_a_duty_until_it_agrees(hub):
    with translation.override("en"):
        assert "Difference with Stripe" not in [duty.words for duty in duties.today(hub, now=NOW)]
        StripeLook.objects.filter(what="balance").update(balance=Decimal(5))
        (duty,) = [duty for duty in duties.today(hub, now=NOW) if duty.url == PAGE]

    assert (duty.count, duty.words) == (1, "Difference with Stripe")
    assert duty.why == "The balance at Stripe is not the sum of its movements. What to do stands with each."


def test_a_payout_shows_whose_money_it_is(hub):
    shown = text(client(hub), f"{PAGE}/{Payout.objects.get().stripe_id}")

    assert "Payout of € 108,71" in shown
    for words in (
        "Praktijk 2026-0001",
        "Praktijk 2026-0002",
        "2026-0002",
        "paid back",
        "paid online",
        "€ 108,71",
    ):
        assert words in shown


def test_the_year_as_a_file(hub):
    with time_machine.travel(NOW, tick=False):
        answer = client(hub).get(f"{PAGE}/2026.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))

    assert answer["Content-Disposition"] == 'attachment; filename="online-payments-locplus-2026.csv"'
    assert rows[0][:7] == ["Moment", "What", "Party", "Invoice", "Amount", "Costs", "Net"]
    assert sorted(row[1:7] for row in rows[1:]) == [
        ["paid back", "Praktijk 2026-0001", "2026-0001", "-40,00", "0,00", "-40,00"],
        ["paid online", "Praktijk 2026-0001", "2026-0001", "100,00", "0,29", "99,71"],
        ["paid online", "Praktijk 2026-0002", "2026-0002", "50,00", "1,00", "49,00"],
        ["paid out", "", "", "-108,71", "0,00", "-108,71"],
    ]


def test_nothing_there_is_a_404(hub):
    browser = client(hub)
    assert [
        browser.get(f"{PAGE}/{what}").status_code for what in ("po_unknown", "1999.csv", "99999.csv")
    ] == [404] * 3


def test_another_company_is_shown_nothing_of_it(hub):
    other = cast.hub("elders", kvk="00018013")
    browser = client(other)

    assert "Nothing was paid out yet" in text(browser, PAGE)
    assert browser.get(f"{PAGE}/{Payout.objects.get().stripe_id}").status_code == 404


def test_without_a_key_it_says_so(settings):
    settings.STRIPE_SECRET_KEY = ""
    shown = text(client(books.hub()), PAGE)
    assert "Online payment is off: this installation has no key of Stripe, so nothing is compared." in shown


def test_three_payouts_ask_as_much_as_one(hub, stripe_server):
    browser, counted = client(hub), []
    for _look in range(2):
        with CaptureQueriesContext(connection) as queries:
            text(browser, PAGE)
        counted.append(len(queries))
        for number in (1, 2):
            asked = bills.asked(books.party(hub, f"Meer {_look}{number}"), number=f"2026-1{_look}{number}")
            posting.old_item(asked, on=NOW.date())
            stripe_server.at(NOW)
            money.paid(stripe_server, asked)
            stripe_server.pay_out()
        reconciling.run(now=NOW)

    assert counted[0] == counted[1]
