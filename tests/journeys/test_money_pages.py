"""The tenant looks at the rent, the bookkeeper at what to do today: LOC+ read in, no scripts."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.models import Control
from spaces.models import Hub
from tenants.billing.models import Allocation, Payment, Receivable
from tenants.leases import lease_documents
from tenants.leases.models import FixedDayPart, ServiceType, Settlement, SettlementShare
from tenants.parties.models import Role, User
from tests import cast, money_hub
from tests.bookings.web.conftest import client_of
from tests.cast import NOW
from tests.journeys.reading import see

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def hub(noon) -> Hub:
    return money_hub.read_in()


def staff(hub: Hub, role: str) -> Client:
    user = cast.staff(hub, role)
    user.language = "en"
    user.save()
    return client_of(user)


def of(hub: Hub, name: str, role: str = Role.TENANT_MANAGER) -> Client:
    return client_of(money_hub.person_of(hub, name, role))


def test_a_tenant_reads_the_lease_in_plain_words(hub):
    page = see(of(hub, "Accare"), "/huur")

    for words in (
        "Lease HC-2018-02", "together 228,50 m²", "€ 32.447,00 per year excl. VAT", "at the latest on 30 September 2027",
        "Lease HC-2027-01 from Thursday 1 April 2027", "8 hours a month", "Net rent", "€ 2.703,91", "€ 8.111,75",
        "It waits for the index figures of September 2025 and September 2026",
        "In November you have used 0 hours of the 8 hours in your lease.",
        "Next: Tuesday 1 December up to and including Thursday 31 December, € 3.494,42 incl. VAT",
        "Your first invoice comes on Tuesday 1 December.",
    ):  # fmt: skip
        assert words in " ".join(page.text.split()), words
    assert "HC-2018-01" not in page.text
    assert "Invite a colleague" in page.text


def test_a_note_of_the_hub_is_not_for_the_tenant(hub):
    assert money_hub.lease("HC-2024-01").note
    page = see(of(hub, "USG Restart"), "/huur")

    assert money_hub.lease("HC-2024-01").note not in page.text
    assert "21 %" in page.text


def test_the_next_indexation_comes_with_its_calculation(hub):
    page = see(of(hub, "B-Authentiek"), "/huur")

    assert "from € 19.359,00 to € 19.842,98 a year." in page.text
    assert "€ 19.359,00 + 2,5 % as agreed = € 19.842,98 a year." in page.text


def test_invoices_with_where_they_stand_and_their_files(hub):
    money_hub.issued(hub)
    party = money_hub.lease("HC-2018-02").party
    row = Receivable.objects.get(party=party)
    client = of(hub, "Accare")
    page = see(client, "/huur")
    assert f"{row.number} 5 December 2026 € 3.494,42 to be paid PDF" in " ".join(page.text.split())
    assert page.links["PDF"] == f"/facturen/{row.number}.pdf"
    assert client.get(page.links["UBL"]).status_code == 200
    assert client.get(page.links["Your account: what was asked and what was paid"]).status_code == 200

    payment = Payment.objects.create(
        hub=hub, party=party, method="transfer", received_on="2026-11-20", amount=Decimal("494.42")
    )
    Allocation.objects.create(receivable=row, payment=payment, amount=payment.amount, rule="by_hand", at=NOW)
    assert "€ 3.000,00 is still open" in see(client, "/huur").text

    payment = Payment.objects.create(
        hub=hub, party=party, method="transfer", received_on="2026-11-20", amount=3000
    )
    Allocation.objects.create(receivable=row, payment=payment, amount=3000, rule="by_hand", at=NOW)
    assert f"{row.number} 5 December 2026 € 3.494,42 paid" in " ".join(see(client, "/huur").text.split())


def test_what_is_past_its_day_is_late(hub):
    party = money_hub.lease("HC-2018-02").party
    Receivable.objects.create(
        hub=hub, party=party, kind="old", number="2026-0099", issued_on="2026-09-01", due_on="2026-09-15", net=1000,
        vat=210, amount=1210,
    )  # fmt: skip
    text = " ".join(see(of(hub, "Accare"), "/huur").text.split())
    assert "2026-0099 invoice of the old books 15 September 2026 € 1.210,00 late –" in text


def test_a_member_sees_rooms_and_hours_and_no_euro(hub):
    money_hub.issued(hub)
    lease_documents.add(money_hub.lease("HC-2018-02"), PDF, name="contract.pdf", by=cast.staff(hub), now=NOW)
    page = see(of(hub, "Accare", Role.TENANT_MEMBER), "/huur")

    assert "101 Kantoor Accare" in page.text
    assert "8 hours a month" in page.text
    assert "€" not in page.text
    assert "contract.pdf" not in page.text
    assert not Receivable.objects.filter(party__name="Accare", number__in=page.text.split())


def test_papers_are_for_the_own_tenant_only(hub):
    lease = money_hub.lease("HC-2018-02")
    document = lease_documents.add(lease, PDF, name="contract.pdf", by=cast.staff(hub), now=NOW)
    kind = ServiceType.objects.filter(hub=hub).first()
    made = Settlement.objects.create(hub=hub, year=2025, made_by=cast.staff(hub), made_at=NOW)
    SettlementShare.objects.create(
        settlement=made, type=kind, lease=lease, party=lease.party, weight=1, weight_total=2, cost=100, advance=120,
        calculation={},
    )  # fmt: skip
    Settlement.objects.filter(pk=made.pk).update(
        state="approved", approved_by=cast.staff(hub), approved_at=NOW
    )
    mine, other = of(hub, "Accare"), of(hub, "GGD IJsselland")
    page = see(mine, "/huur")

    assert "Settlement of service costs 2025 (PDF) € 20,00 back, excl. VAT" in " ".join(page.text.split())
    addresses = [page.links["contract.pdf"], page.links["Settlement of service costs 2025 (PDF)"]]
    assert addresses[0] == f"/beheer/contracten/{lease.pk}/document/{document.pk}"
    assert [other.get(each).status_code for each in addresses] == [404, 404]
    assert "Settlement" not in see(other, "/huur").text
    assert "contract.pdf" not in see(other, "/huur").text


def test_nobody_sees_anothers_figures(hub):
    money_hub.issued(hub)
    theirs = Receivable.objects.get(party__name="USG Restart")
    accare = of(hub, "Accare")

    assert theirs.number not in see(accare, "/huur").text
    for path in (
        f"/facturen/{theirs.number}.pdf",
        f"/facturen/{theirs.number}",
        f"/openstaand/{theirs.party_id}",
    ):
        assert accare.get(path).status_code == 404, path


def test_who_manages_one_tenant_and_works_at_another_sees_money_of_the_first_only(hub):
    money_hub.issued(hub)
    user = money_hub.person_of(hub, "Accare")
    money_hub.also_of(user, hub, "USG Restart", Role.TENANT_MEMBER)
    page = see(client_of(user), "/huur")

    assert "Lease HC-2024-01" in page.text
    assert "€ 32.447,00" in page.text
    assert "€ 20.553,75" not in page.text
    assert Receivable.objects.get(party__name="USG Restart").number not in page.text
    assert "Account of Accare" in page.text
    assert "Account of USG" not in page.text


def test_a_lease_that_is_over_keeps_its_facts_and_asks_nothing(hub):
    page = see(of(hub, "USG Restart"), "/huur")

    text = " ".join(page.text.split())
    assert "Leases that are over" in text
    assert "Lease HC-2018-03 ended on Sunday 31 December 2023" in text
    assert text.index("Lease HC-2024-01") < text.index("Lease HC-2018-03")


def test_two_tenants_of_one_lease_each_see_their_part_of_what_comes(hub):
    lease = money_hub.lease("HC-2018-02")
    usg = money_hub.lease("HC-2024-01").party
    for party, part in ((lease.party, 2), (usg, 1)):
        lease.shares.create(party=party, numerator=part, denominator=3)
    one, other = see(of(hub, "Accare"), "/huur"), see(of(hub, "USG Restart"), "/huur")

    assert "Accare pays 2/3" in one.text
    assert "€ 2.329,61 incl. VAT" in one.text  # 2/3 of 2703.92 and of 790.50
    assert "Lease HC-2018-02" in other.text
    assert "€ 1.164,81 incl. VAT" in other.text
    assert "€ 2.329,61 incl. VAT" not in other.text


def test_somebody_with_only_half_days(hub):
    party = next(
        row.party for row in FixedDayPart.objects.select_related("party") if not row.party.leases.exists()
    )
    page = see(client_of(money_hub.person_of(hub, party.name, Role.ZZPER)), "/huur")

    assert "You have no lease; your fixed half-days stand below." in page.text
    assert "Your first invoice comes after the first month in which you used a room." in page.text


def test_somebody_who_only_books_by_the_hour(hub):
    user, _party = cast.zzper(hub)
    User.objects.filter(pk=user.pk).update(language="en")
    page = see(client_of(user), "/huur")
    assert "You do not rent a room here for longer." in page.text


def test_the_page_asks_the_same_questions_for_one_lease_as_for_four(hub):
    one, four = money_hub.person_of(hub, "B-Authentiek"), money_hub.person_of(hub, "Accare")
    party = money_hub.lease("HC-2018-02").party
    for number in (1, 2):
        cast.lease(party, rooms=[cast.space(hub, f"Z{number}")], number=f"HC-9{number}")
    counted = []
    for user in (one, four):
        client = client_of(user)
        client.get("/huur")
        with CaptureQueriesContext(connection) as queries:
            client.get("/huur")
        counted.append(len(queries))
    assert counted[0] == counted[1], counted


def test_the_bookkeeper_starts_with_what_to_do_today(hub):
    client = staff(hub, Role.BOOKKEEPER)
    assert client.get("/").url == "/boekhouding"
    page = see(client, "/boekhouding")

    assert page.heading == "Today"
    assert "Nobody looked yet" in page.text
    for words in (
        "Rent of which the indexation on 1 July 2026 waits",
        "Rent to index on 1 February 2027",
    ):
        assert words in page.text
    assert client.get(page.links["Rent to index on 1 February 2027"]).status_code == 200


def test_what_does_not_add_up_is_said_first_thing(hub):
    client = staff(hub, Role.BOOKKEEPER)
    Control.objects.create(name=Control.LAST, looked_at=NOW, broken={})
    assert "Yes. Every total, number and ledger was looked at." in see(client, "/boekhouding").text

    Control.objects.update(broken={"The ledger balances.": 2})
    page = see(client, "/boekhouding")
    assert "Not everything is right." in page.text
    assert "The ledger balances. 2" in " ".join(page.text.split())


def test_the_day_of_the_bookkeeper_is_not_for_others(hub):
    for role in (Role.DIRECTOR, Role.RECEPTION):
        assert staff(hub, role).get("/boekhouding").status_code == 403
    assert of(hub, "Accare").get("/boekhouding").status_code == 403
    assert of(hub, "Accare").get("/overzicht/geld").status_code == 403
    assert staff(hub, Role.BOOKKEEPER).get("/overzicht/geld").status_code == 403
