"""The director indexes the rents, the bookkeeper settles the service costs: pages as people use them."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tenants.billing.models import Charge, LineKind
from tenants.leases import terms
from tenants.leases.models import CpiFigure, Indexation, Settlement
from tenants.parties.models import Letter, Role
from tests import cast
from tests.cast import NOW
from tests.journeys.reading import Page, press, see
from tests.leases import figures, settled

pytestmark = pytest.mark.django_db(transaction=True)
JULY = "/beheer/indexering/2026-07-01"
RENT = {
    "indexing": "symmetric", "indexing_month": 7, "price_level_on": date(2025, 7, 1), "yearly": Decimal("20553.75"),
    "area_m2": Decimal("141.75"), "rent_per_m2_year": Decimal(145),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hub():
    return settled.hub()


def sits(hub, role=Role.DIRECTOR, **fields) -> Client:
    client = Client()
    client.force_login(cast.staff(hub, role, **fields))
    return client


def usg(hub):
    party = cast.party(hub, "USG Restart", kind="organisation", kvk="00018103")
    return cast.lease(party, starts="2024-01-01", ends="2028-12-31", number="HC-2024-01", **RENT)


def send(client, path, content, name="cpi.csv"):
    return Page(client.post(path, {"file": SimpleUploadedFile(name, content)}))


def test_the_director_loads_figures_finds_what_was_forgotten_and_indexes_it(hub):
    lease, director = usg(hub), sits(hub)

    assert "Er zijn nog geen indexcijfers geladen" in see(director, "/beheer/indexering").text
    look = send(director, "/beheer/indexering/cijfers", figures.real())
    assert not CpiFigure.objects.exists()
    assert "220" in look.text
    assert "Geladen: 220 nieuwe cijfers" in press(director, look, "Laad deze cijfers").text

    start = see(director, "/beheer/indexering")
    assert "Vergeten" in start.text
    assert JULY in start.links.values()
    page = see(director, JULY)
    for words in (
        "€ 20.553,75",
        "€ 21.105,50",
        "101,75 (maart 2026)",
        "99,09 (maart 2025)",
        "€ 229,90",
        "Brief aan",
    ):
        assert words in page.text, words

    unsaid = press(director, page, "Indexeer de aangevinkte huren", back="")
    assert "of het verschil wordt gevraagd" in unsaid.text
    assert not Indexation.objects.exists()

    done = press(director, page, "Indexeer de aangevinkte huren", back="asked")
    assert "1 huur is geïndexeerd" in done.text
    assert terms.on(lease, date(2026, 7, 1)).yearly == Decimal("21105.50")
    assert Letter.objects.filter(kind="indexation").count() == 1
    again = press(director, page, "Indexeer de aangevinkte huren", back="asked")
    assert "Er is niets veranderd" in again.text
    assert Indexation.objects.count() == 1


def test_a_missing_figure_is_named_and_nothing_can_be_pressed(hub):
    figures.load()
    cast.lease(cast.party(hub), **RENT | {"indexing_month": 1, "price_level_on": date(2026, 1, 1)})

    page = see(sits(hub), "/beheer/indexering/2027-01-01")

    assert "Het indexcijfer van september 2026 (2025=100) ontbreekt" in page.text
    assert [form for form in page.forms if "Indexeer" in form["button"]] == []


def test_the_bookkeeper_looks_at_indexation_and_does_not_do_it(hub):
    figures.load()
    usg(hub)
    bookkeeper = sits(hub, Role.BOOKKEEPER)

    page = see(bookkeeper, JULY)

    assert "€ 21.105,50" in page.text
    assert [form for form in page.forms if "Indexeer" in form["button"]] == []
    assert bookkeeper.post(JULY, {}).status_code == 403


def test_the_lease_of_another_hub_is_not_indexed(hub):
    figures.load()
    lease = usg(hub)
    other = sits(cast.hub("ander"))

    other.post(JULY, {"lease": f"{lease.pk}:x", "back": "asked"})

    assert not Indexation.objects.exists()


@pytest.mark.parametrize("day", ["2026-07-02", "niets", "0001-01-01", "2026-13-01"])
def test_a_day_on_which_no_rent_changes_is_no_page(hub, day):
    assert sits(hub).get(f"/beheer/indexering/{day}").status_code == 404


def test_a_file_with_faults_says_where_and_stores_nothing(hub):
    page = send(
        sits(hub), "/beheer/indexering/cijfers", figures.written("2026-09,2025=100,veel,definitief,x")
    )

    assert "is geen getal" in page.text
    assert [form for form in page.forms if "Laad deze cijfers" in form["button"]] == []
    assert send(sits(hub), "/beheer/indexering/cijfers", b"PK\x03\x04").status == 422


def test_the_bookkeeper_enters_bills_settles_the_year_and_the_tenant_reads_it(hub):
    leases, bookkeeper = settled.leases(hub), sits(hub, Role.BOOKKEEPER)
    kind = settled.service(hub)
    bill = {"type": str(kind.pk), "supplier": "Energie Oost", "reference": "E-1", "net": "61.234,56"}
    days = {"starts_on": "2025-01-01", "ends_on": "2025-12-31"}

    empty = see(bookkeeper, "/beheer/servicekosten/2025")
    assert "geen rekeningen ingevoerd" in empty.text
    typed = see(bookkeeper, "/beheer/servicekosten/rekeningen")
    assert (
        "De rekening is ingevoerd" in press(bookkeeper, typed, "Voer deze rekening in", **bill, **days).text
    )
    twice = press(bookkeeper, typed, "Voer deze rekening in", **bill, **days)
    assert "is al ingevoerd" in twice.text
    made = press(bookkeeper, see(bookkeeper, "/beheer/servicekosten/2025"), "Maak de afrekening")
    for words in ("€ 1.119,34", "−€ 1.227,98", "€ 39.088,06", "145,00 m² van de 1.500,00 m²"):
        assert words in made.text, words

    done = press(bookkeeper, made, "Keur deze afrekening goed")

    assert "Goedgekeurd" in done.text
    assert Settlement.objects.get().state == "approved"
    assert Charge.objects.filter(kind=LineKind.SETTLEMENT).count() == 3
    press(bookkeeper, made, "Keur deze afrekening goed")
    assert Charge.objects.filter(kind=LineKind.SETTLEMENT).count() == 3
    removed = press(
        bookkeeper,
        see(bookkeeper, "/beheer/servicekosten/rekeningen"),
        "Voer deze rekening in",
        **bill,
        **days,
    )
    assert "2025 is afgerekend" in removed.text
    person, stranger = cast.user("Anna"), cast.user("Bram")
    cast.membership(person, hub, Role.TENANT_MANAGER, leases[0].party)
    cast.membership(stranger, hub, Role.TENANT_MANAGER, leases[1].party)
    path = f"/servicekosten/2025/{leases[0].pk}-{leases[0].party_id}.pdf"
    assert [reads(who, path) for who in (person, stranger)] == [200, 404]


def test_the_director_looks_at_service_costs_and_enters_nothing(hub):
    settled.leases(hub)
    settled.bill(hub)
    director = sits(hub)

    assert director.get("/beheer/servicekosten").status_code == 200
    assert director.get("/beheer/servicekosten/2025").status_code == 200
    assert director.post("/beheer/servicekosten/2025").status_code == 403
    assert director.post("/beheer/servicekosten/2025/goedkeuren").status_code == 403


def test_bills_come_from_a_file_all_or_nothing(hub):
    settled.service(hub)
    bookkeeper, head = sits(hub, Role.BOOKKEEPER), "soort;leverancier;factuurnummer;bedrag;vanaf;tot en met\n"
    path = "/beheer/servicekosten/rekeningen/inlezen"
    wrong = send(bookkeeper, path, (head + "Lift;Otis;1;100,00;1-1-2025;31-12-2024\n").encode(), "r.csv")
    assert "is hier niet bekend" in wrong.text
    rows = (
        head
        + "Servicekosten;Otis;1;1.100,00;1-1-2025;31-12-2025\nServicekosten;Vitens;7;250,50;1-1-2025;30-6-2025\n"
    )

    look = send(bookkeeper, path, rows.encode(), "r.csv")
    assert "€ 1.350,50" in look.text
    assert "Ingevoerd: 2 rekeningen" in press(bookkeeper, look, "Voer deze rekeningen in").text

    assert "Alles staat al in Plein" in send(bookkeeper, path, rows.encode(), "r.csv").text


def test_what_belongs_to_another_hub_is_not_there(hub):
    settled.leases(hub)
    cost = settled.bill(hub)
    other = sits(cast.hub("ander"), Role.BOOKKEEPER)

    assert other.post(f"/beheer/servicekosten/rekeningen/{cost.pk}/weg").status_code == 404
    assert other.get(f"/beheer/servicekosten/soort/{cost.type_id}").status_code == 404


def reads(person, path):
    client = Client()
    client.force_login(person)
    return client.get(path).status_code
