"""The bookkeeper reminds who is late, agrees, charges, writes off and hands over; in the words of the pages."""

from datetime import date

import pytest
import time_machine
from django.test import Client

from spaces.models import Hub
from tenants.billing.dunning import ladder
from tenants.billing.models import CollectionPause, InterestRate, PaymentPlan, Receivable, Reminder
from tenants.parties.models import Letter, Party
from tests import cast
from tests.billing import books, money
from tests.bookings.web.conftest import client_of
from tests.dunning.asking import formally_reminded, late
from tests.journeys.reading import press, see

pytestmark = pytest.mark.django_db(transaction=True)
AT = "2024-02-04 12:00"


@pytest.fixture
def hub(db) -> Hub:
    return books.hub()


@pytest.fixture
def party(hub) -> Party:
    return books.party(hub, "Accare")


def english(hub: Hub, role: str = "bookkeeper"):
    user = cast.staff(hub, role, name=f"{role} {Reminder.objects.count()} {Client().__hash__()}")
    user.language = "en"
    user.save()
    return user


@pytest.fixture
def clerk(hub) -> Client:
    return client_of(english(hub))


@pytest.fixture(autouse=True)
def february():
    with time_machine.travel(cast.at(AT), tick=False):
        yield


def test_letters_are_looked_at_and_sent_once(clerk, party) -> None:
    late(party, "100.00", number="2024-0001")
    late(party, "50.00", number="2024-0002")
    page = see(clerk, "/openstaand")
    assert "€ 150,00 is open; € 150,00 of it should have been paid." in page.text
    page = see(clerk, page.links["Reminders"])
    preview = see(clerk, f"/openstaand/brieven/{party.pk}/reminder")
    assert preview.heading == "Reminder to Accare"
    assert "2024-0001" in preview.text
    assert "NL91 ABNA 0417 1643 00" in preview.text
    paper = clerk.get(f"/openstaand/brieven/{party.pk}/reminder/brief.pdf")
    assert (paper["Content-Type"], paper.content[:4]) == ("application/pdf", b"%PDF")

    sent = press(clerk, page, "Send the ticked letters")

    assert "1 letter goes out." in sent.text
    assert "No letters today" in sent.text
    assert (Letter.objects.count(), Reminder.objects.count()) == (1, 2)
    again = press(clerk, page, "Send the ticked letters")
    assert "1 letter was not sent" in again.text
    assert Letter.objects.count() == 1
    nothing = clerk.post("/openstaand/brieven", follow=True)
    assert "Tick which letters to send." in nothing.content.decode()
    assert clerk.get(f"/openstaand/brieven/{party.pk}/reminder").status_code == 404


def test_a_dispute_is_stored_with_its_reason_until_it_is_ended(clerk, party) -> None:
    row = late(party, "100.00", number="2024-0001")
    account = f"/openstaand/{party.pk}"
    page = see(clerk, see(clerk, account).links["Pause or dispute"])
    assert press(clerk, page, "Store", kind="dispute", reason="").status == 422
    page = press(clerk, page, "Store", kind="dispute", receivable=str(row.pk), reason="Verwarming was stuk")
    assert "Disputed: 2024-0001" in page.text
    assert "Verwarming was stuk" in page.text
    assert "disputed" in see(clerk, "/openstaand/brieven").text
    page = press(clerk, page, "End it")
    assert "Ended: reminders go on where they were." in page.text
    assert CollectionPause.objects.get().ends_on == date(2024, 2, 3)


def test_a_plan_is_proposed_changed_agreed_and_ended(clerk, party) -> None:
    other = late(party, "90.00", number="2024-0002")
    account = f"/openstaand/{party.pk}"
    chosen = f"{account}/regeling?receivables={other.pk}&aantal=3&eerste=2024-02-29"
    page = see(clerk, chosen)
    form = page.form("Agree this plan")
    assert form["fields"]["amount-0"] == "30,00"
    assert form["fields"]["day-2"] == "2024-04-29"
    wrong = Client.post(clerk, chosen, form["fields"] | {"amount-0": "31,00"})
    assert (wrong.status_code, PaymentPlan.objects.count()) == (422, 0)
    right = form["fields"] | {"amount-0": "40,00", "amount-1": "20,00", "note": "met Jan"}
    done = clerk.post(chosen, right, follow=True)
    assert "The payment plan is agreed." in done.content.decode()
    assert PaymentPlan.objects.get().instalments.count() == 3
    page = see(clerk, account)
    assert "on time" in page.text
    assert "payment plan" in page.text
    page = press(clerk, page, "End this plan")
    assert "The payment plan is ended" in page.text


def test_a_loss_is_written_off_for_a_reason_once(clerk, party) -> None:
    row = late(party, "100.00", number="2024-0001")
    page = see(clerk, f"/openstaand/post/{row.pk}/afboeken")
    assert press(clerk, page, "Write off", reason=" ").status == 422
    page = press(clerk, page, "Write off", reason="Failliet")
    assert "Written off: € 100,00 of 2024-0001." in page.text
    assert "Failliet" in page.text
    assert (
        press(clerk, see(clerk, f"/openstaand/post/{row.pk}/afboeken"), "Write off", reason="nog eens").status
        == 422
    )
    assert money.still_open(party.hub) == {}


def test_costs_wait_for_the_rate_and_are_charged_as_they_were_seen(hub, party) -> None:
    late(party, "2500.00", number="2024-0001")
    formally_reminded(party, english(party.hub))
    InterestRate.objects.create(
        kind="trade", starts_on=date(2023, 1, 1), ends_on=date(2024, 2, 29), percentage=12
    )
    with time_machine.travel(cast.at("2024-03-12 12:00"), tick=False):
        clerk = client_of(english(hub))
        page = see(clerk, "/openstaand/brieven")
        assert "The statutory interest on 1 March 2024 is not known here." in page.text
        rate = see(clerk, "/openstaand/rente/nieuw")
        assert press(clerk, rate, "Store", starts_on="2024-01-01", percentage="12").status == 422
        page = press(clerk, rate, "Store", starts_on="2024-03-01", ends_on="2024-06-30", percentage="12,00")
        assert "The rate is stored." in page.text
        page = see(clerk, "/openstaand/brieven")
        assert "€ 375,00" in page.text
        assert "40 days at 12 % over € 2.500,00" in page.text
        again = page
        page = press(clerk, page, "Charge € 407,79")
        assert "Charged: € 407,79 to Accare." in page.text
        form = again.form("Charge")
        assert clerk.post(form["action"], form["fields"]).status_code == 404
    assert Receivable.objects.get(kind="costs").amount == 407 + money.Decimal("0.79")


def test_what_stays_unpaid_goes_to_the_agency(hub, party) -> None:
    row = late(party, "100.00", number="2024-0001")
    formally_reminded(party, english(party.hub))
    with time_machine.travel(cast.at("2024-03-20 12:00"), tick=False):
        clerk = client_of(english(hub))
        page = see(clerk, "/openstaand/overdragen")
        assert "2024-0001" in page.text
        file = clerk.get("/openstaand/overdragen.zip", {"receivables": row.pk})
        assert file["Content-Type"] == "application/zip"
        assert b"".join(file.streaming_content)[:2] == b"PK"
        page = press(clerk, page, "The agency has it", receivables=str(row.pk))
        assert "Stored: handed over." in page.text
        assert "Nothing has to be handed over." in page.text
        empty = clerk.get("/openstaand/overdragen.zip", follow=True)
        assert "Tick what the file is for." in empty.content.decode()


def test_the_ladder_is_changed_and_a_wrong_one_is_refused(clerk, hub) -> None:
    page = see(clerk, "/openstaand/instellingen")
    refused = press(clerk, page, "Store", **{"days-second": "4", "active-second": "on"})
    assert refused.status == 422
    assert "Leave at least 5 days between two steps" in refused.text
    page = press(clerk, page, "Store", **{"days-reminder": "7"})
    assert "The steps are stored." in page.text
    assert [rung.days for rung in ladder.rungs(hub)][1] == 7


def test_who_may_see_an_account_and_who_may_not(hub, party, clerk) -> None:
    other = books.party(hub, "Buurman")
    manager, member = cast.user("Manager"), cast.user("Lid")
    cast.membership(manager, hub, "tenant_manager", party)
    cast.membership(manager, hub, "tenant_member", other)
    cast.membership(member, hub, "tenant_member", party)
    stranger = cast.staff(books.hub("elders", kvk="00018099"), "bookkeeper")
    row = late(party, "100.00", number="2024-0001")
    pause = CollectionPause.objects.create(
        party=party, kind="pause", reason="ziek", starts_on=date(2024, 2, 1), by=member, at=cast.at(AT)
    )
    for path in ("", ".pdf", ".csv"):
        addresses = [f"/openstaand/{each.pk}{path}" for each in (party, other)]
        assert [client_of(manager).get(each).status_code for each in addresses] == [200, 404]
        assert client_of(member).get(addresses[0]).status_code == 403
        assert client_of(stranger).get(addresses[0]).status_code == 404
        assert clerk.get(addresses[0]).status_code == 200
    seen = client_of(manager).get(f"/openstaand/{party.pk}").content.decode()
    assert "2024-0001" in seen
    assert "ziek" not in seen
    assert "afboeken" not in seen
    assert f"/openstaand/{party.pk}" in client_of(manager).get("/facturen").content.decode()
    deeds = [
        f"/openstaand/post/{row.pk}/afboeken", f"/openstaand/pauze/{pause.pk}/einde", f"/openstaand/{party.pk}/pauze",
    ]  # fmt: skip
    assert [client_of(stranger).post(each, {"reason": "x"}).status_code for each in deeds] == [404] * 3
    director = client_of(english(hub, "director"))
    assert director.get("/openstaand/brieven").status_code == 200
    assert director.post("/openstaand/brieven").status_code == 403
    assert director.post(deeds[0], {"reason": "Klein bedrag"}).status_code == 302


def test_the_list_can_be_narrowed_and_taken_along(clerk, hub, party) -> None:
    late(party, "100.00", number="2024-0001")
    late(books.party(hub, "Buurman"), "7.00", number="2024-0002", due_on=date(2024, 5, 1))
    money.paid(party, "5.00")
    assert "Buurman" not in see(clerk, "/openstaand?alleen=late").text
    assert "Accare" not in see(clerk, "/openstaand?q=buur").text
    assert "No party found" in see(clerk, "/openstaand?q=niemand").text
    sheet = clerk.get("/openstaand.csv").content.decode("utf-8-sig")
    assert [line.split(";")[0:2] for line in sheet.splitlines()[1:]] == [
        ["Accare", "2024-0001"], ["Accare", "to its credit"], ["Buurman", "2024-0002"],
    ]  # fmt: skip
    assert see(clerk, f"/openstaand/{party.pk}?van=2024-03-01&tot=2024-02-01").status == 422


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_for_one_and_for_three(hub, clerk, count, django_assert_num_queries) -> None:
    for number in range(count):
        each = books.party(hub, f"Partij {number}")
        late(each)
        late(each, "9.00")
        money.paid(each, "1.00")
    clerk.get("/openstaand/brieven")
    for path, queries in (("/openstaand", 11), ("/openstaand/brieven", 22), ("/openstaand/overdragen", 14)):
        with django_assert_num_queries(queries):
            assert clerk.get(path).status_code == 200
