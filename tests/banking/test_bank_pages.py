"""The bookkeeper's week: read the statement in, say what the rest is, collect, take in at the desk, pay back."""

from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from spaces.models import Hub
from tenants.billing import refunding
from tenants.billing.models import (
    BankEntry,
    BankStatement,
    DebitBatch,
    JournalLine,
    LedgerAccount,
    Payment,
    Receivable,
    Refund,
)
from tenants.parties.models import Letter, Party
from tests import cast
from tests.banking.statements import OPEN_ITEMS, STATEMENT, hub_with_open_items, read_in
from tests.billing import money
from tests.billing.money import still_open
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hub() -> Hub:
    return hub_with_open_items()


@pytest.fixture
def page(hub) -> Client:
    return signed_in(hub, "bookkeeper")


def signed_in(hub: Hub, role: str) -> Client:
    client = Client()
    client.force_login(cast.staff(hub, role, name=f"{role} {hub.pk}"))
    return client


def send(page: Client, content: bytes = STATEMENT):
    file = SimpleUploadedFile("camt053-2026-11.xml", content)
    return page.post(reverse("bank-read-in"), {"statement": file}, follow=True)


def entry_of(amount: str) -> BankEntry:
    return BankEntry.objects.get(amount=Decimal(amount))


def test_from_statement_to_everything_explained(hub, page):
    shown = send(page).content.decode()
    assert "2026-0183" in shown
    assert "nog niet verklaard" in shown

    bank = page.get(reverse("bank")).content.decode()
    assert (
        bank.count("Dat klopt") == 2
    )  # the costs of the bank and the payout of Stripe; of the gift nobody knows
    for amount, role in (("-12.45", "bank_costs"), ("118.27", "online")):
        page.post(reverse("bank-confirm", args=[entry_of(amount).pk]), {"suggestion": f"account:{role}"})
    other = LedgerAccount.objects.get(hub=hub, role="other")
    page.post(reverse("bank-book", args=[entry_of("125.00").pk]), {"account": other.pk})

    assert "Alles wat is ingelezen, is verklaard." in page.get(reverse("bank")).content.decode()
    on_bank = JournalLine.objects.filter(account__role="bank").values_list("debit", "credit")
    assert sum(debit - credit for debit, credit in on_bank) == Decimal("24501.09")


def test_a_booking_on_an_account_is_undone_and_booked_elsewhere(hub, page):
    read_in(hub)
    entry, party = entry_of("125.00"), Party.objects.get(name="Coach aan het Plein")
    page.post(
        reverse("bank-book", args=[entry.pk]),
        {"account": LedgerAccount.objects.get(hub=hub, role="other").pk},
    )

    page.post(reverse("bank-undo", args=[entry.pk]))
    asked = Receivable.objects.get(number="2026-0149")
    page.post(
        reverse("bank-assign", args=[entry.pk]),
        {"partij": party.pk, "amount": "125,00", "receivables": [asked.pk]},
    )

    assert "2026-0149" not in still_open(hub)
    assert Payment.objects.with_unused().get(entry=entry).unused_amount == Decimal("28.20")
    sums: dict[str, Decimal] = {}
    for role, debit, credit in JournalLine.objects.values_list("account__role", "debit", "credit"):
        sums[role] = sums.get(role, Decimal(0)) + debit - credit
    assert (sums["other"], sums["bank"]) == (0, Decimal("24395.27"))


def test_what_was_assigned_wrongly_is_taken_back(hub, page):
    read_in(hub)
    entry, before = entry_of("170.00"), still_open(hub)

    told = page.post(reverse("bank-undo", args=[entry.pk]), follow=True).content.decode()

    assert "Ongedaan gemaakt" in told
    assert still_open(hub) == before | {"2026-0190": "170.00"}
    again = page.post(reverse("bank-undo", args=[entry.pk]), follow=True).content.decode()
    assert "al ongedaan gemaakt" in again
    known = page.get(reverse("bank-entry", args=[entry.pk])).content.decode()
    assert "Fysiotherapie N. de Boer betaalt 2026-0190" in known  # its account is known by now
    [suggestion] = page.get(reverse("bank-entry", args=[entry.pk])).context["suggestions"]
    page.post(reverse("bank-confirm", args=[entry.pk]), {"suggestion": suggestion.key})
    assert still_open(hub) == before


def test_a_wrong_file_says_why_and_stores_nothing(page):
    for content in (
        b"",
        b"geen xml",
        STATEMENT[:3000],
        STATEMENT.replace(b"NL91ABNA0417164300", b"NL02ABNA0123456789"),
    ):
        assert send(page, content).status_code == 422
    assert BankEntry.objects.count() == 0


def test_paid_at_the_desk_twice_pressed_is_one_payment(hub, page):
    party, asked = Party.objects.get(name="Coach aan het Plein"), Receivable.objects.get(number="2026-0149")
    form = page.get(reverse("payment-new"), {"partij": party.pk}).context["form"]
    typed = {
        "amount": "100,00", "method": "pin", "received_on": "2026-11-21", "reference": "bon 12",
        "receivables": [asked.pk], "key": form.initial["key"],
    }  # fmt: skip
    for _press in range(2):
        page.post(f"{reverse('payment-new')}?partij={party.pk}", typed)

    assert Payment.objects.filter(party=party, method="pin").count() == 1
    assert "2026-0149" not in still_open(hub)


def test_what_was_paid_too_much_goes_back(hub, page):
    party = Party.objects.get(name="Coach aan het Plein")
    form = page.get(reverse("payment-new"), {"partij": party.pk}).context["form"]
    page.post(
        f"{reverse('payment-new')}?partij={party.pk}",
        {"amount": "50", "method": "cash", "received_on": "2026-11-21", "key": form.initial["key"]},
    )
    [credit] = page.get(reverse("credits")).context["credits"]
    where = {"source": credit.source, "pk": credit.pk}
    wrong = {"amount": "50,00", "iban": "NL00ABNA0000000000", "reason": "te veel betaald"}

    assert page.post(reverse("credit-pay-back", kwargs=where), wrong).status_code == 422
    page.post(reverse("credit-pay-back", kwargs=where), wrong | {"iban": "NL16 TRIO 9999 9008 58"})
    refund = Refund.objects.get()
    assert page.get(reverse("credits")).context["credits"] == []
    page.post(reverse("refund-paid", args=[refund.pk]), {"paid_on": "2026-11-21"})
    page.post(reverse("refund-paid", args=[refund.pk]), {"paid_on": "2026-11-21"})

    assert [str(row.amount) for row in Payment.objects.filter(party=party).order_by("pk")] == [
        "50.00",
        "-50.00",
    ]
    assert [row.unused_amount for row in Payment.objects.with_unused().filter(party=party)] == [0, 0]


def test_direct_debit_from_mandate_to_file_to_the_bank(hub, page):
    party = Party.objects.get(name="Coach aan het Plein")
    typed = {
        "reference": "LOC-000009",
        "signed_on": "2026-11-20",
        "scheme": "CORE",
        "iban": "NL16 TRIO 9999 9008 58",
    }
    page.post(reverse("mandate", args=[party.pk]), typed)
    due = page.get(reverse("debits")).context["due"]
    ours = [each for each in due if each.party == party]
    assert [(each.receivable.number, each.sequence) for each in ours] == [
        ("2026-0149", "FRST"),
        ("2026-0194", "RCUR"),
    ]

    answer = page.post(
        reverse("debit-make"),
        {"op": "2026-11-26", "soort": "CORE", "receivables": [each.receivable.pk for each in ours]},
        follow=True,
    )
    batch = DebitBatch.objects.get()
    assert "INC-2026-11-26-1" in answer.content.decode()
    letter = Letter.objects.get(kind="debit_announced")
    assert "LOC-000009" in letter.text
    assert "€ 242,00" in letter.text.replace("\xa0", " ")
    file = page.get(reverse("debit-file", args=[batch.pk])).content
    assert b"PstlAdr" not in file
    assert file == page.get(reverse("debit-file", args=[batch.pk])).content
    page.post(reverse("debit-sent", args=[batch.pk]))
    refused = page.post(reverse("debit-drop", args=[batch.pk]), follow=True).content.decode()
    assert "al aan de bank gegeven of vervallen" in refused
    assert [each for each in page.get(reverse("debits")).context["due"] if each.party == party] == []


def test_the_director_looks_and_others_do_not(hub, page):
    read_in(hub)
    pk, director = entry_of("125.00").pk, signed_in(hub, "director")
    assert director.get(reverse("bank-entry", args=[pk])).status_code == 200
    assert director.post(reverse("bank-undo", args=[pk])).status_code == 403
    assert signed_in(hub, "reception").get(reverse("bank")).status_code == 403
    stranger = signed_in(cast.hub("ander"), "bookkeeper")
    assert stranger.get(reverse("bank-entry", args=[pk])).status_code == 404
    assert stranger.post(reverse("bank-undo", args=[pk])).status_code == 404


@pytest.mark.parametrize("name", ["bank", "credits", "debits", "mandates", "payment-new"])
def test_lists_ask_as_much_for_three_rows_as_for_one(name, hub, page, django_assert_num_queries):
    number = {"bank": 10, "credits": 14, "debits": 11, "mandates": 7, "payment-new": 5}[name]
    parties = list(Party.objects.filter(hub=hub).order_by("pk")[:3])
    read_in(hub)
    _one_more(hub, parties[0], page)
    with django_assert_num_queries(number):
        page.get(reverse(name))
    for party in parties[1:]:
        _one_more(hub, party, page)
    with django_assert_num_queries(number):
        page.get(reverse(name))


def _one_more(hub: Hub, party: Party, page: Client) -> None:
    """One row more on each of the lists."""
    Party.objects.filter(pk=party.pk).update(
        mandate_reference=f"M-{party.pk}", mandate_signed_on=NOW.date(), iban="NL16TRIO9999900858"
    )
    money.asked(party)
    payment = money.paid(party, "25.00", by=cast.user())
    credit = next(each for each in refunding.credits_at(hub) if each.payment == payment)
    refunding.put_on_list(
        credit, amount=Decimal("5.00"), iban="NL16TRIO9999900858", reason="terug", by=payment.by, now=NOW
    )
    BankEntry.objects.create(
        statement=BankStatement.objects.get(), hub=hub, key=f"m{party.pk}", position=1, booked_on=NOW.date(),
        amount=Decimal("3.00"), iban="NL16TRIO9999900858",
    )  # fmt: skip
    page.get(reverse("bank"))


def test_open_items_are_chosen_looked_at_and_taken_over(page, hub):
    changed = OPEN_ITEMS.replace(b"2026-0202", b"2026-0205").replace(b"19202600202", b"")
    sent = page.post(reverse("open-items-import"), {"items": SimpleUploadedFile("oud.csv", changed)})
    shown = page.get(sent.url)
    assert [each.item.number for each in shown.context["plan"].new] == ["2026-0205"]
    page.post(sent.url, {"plan": "iets anders"})
    assert "2026-0205" not in still_open(hub)
    page.post(sent.url, {"plan": shown.context["plan"].fingerprint})
    assert still_open(hub)["2026-0205"] == "2692.50"
    assert page.get(sent.url).status_code == 404
