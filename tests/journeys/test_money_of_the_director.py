"""The director looks at the money of LOC+: rent in force, vacancy, arrears, what is to come, with rows and files."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from spaces.models import Hub
from tenants.billing.models import Receivable
from tests import cast, money_hub
from tests.bookings.web.conftest import client_of
from tests.journeys.reading import see
from tests.leases import figures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hub(noon) -> Hub:
    return money_hub.read_in()


def director_of(hub: Hub) -> Client:
    user = cast.staff(hub)
    user.language = "en"
    user.save()
    return client_of(user)


def test_the_director_sees_rent_vacancy_arrears_and_what_is_to_come(hub):
    figures.load()
    money_hub.issued(hub)
    client = director_of(hub)
    page = see(client, "/overzicht/geld")
    text = " ".join(page.text.split())

    for words in (
        "€ 105.357,38 a year", "4 leases, 751,90 m²; on average € 140,12 per m²",
        "316,15 m² would earn € 44.299,42 a year", "3 leases end in that time",
        "HC-2019-01 B-Authentiek on 1 February 2027: € 19.359,00 + 2,5 % as agreed = € 19.842,98 a year.",
        "€ 20.553,75 × 101,75 (March 2026) ÷ 99,09 (March 2025) = € 21.105,50 a year.",
        "The index figure of September 2026 (2025=100) is missing.",
        "Give notice by 31 August 2027",
    ):  # fmt: skip
        assert words in text, words
    assert client.get("/overzicht").content.decode().count("/overzicht/geld") == 1


@pytest.mark.parametrize(("month", "yearly", "vacant"), [
    ("2026-11", "105.357,38", "316,15 m²"), ("2027-03", "105.357,38", "316,15 m²"), ("2027-04", "108.793,78", "291,95 m²"),
])  # fmt: skip
def test_another_month_shows_what_is_in_force_then(hub, month, yearly, vacant):
    page = see(director_of(hub), f"/overzicht/geld?maand={month}")
    assert f"€ {yearly}" in page.text
    assert vacant in page.text


@pytest.mark.parametrize(("figure", "line"), [
    ("huur", "HC-2018-02;Accare;228,50;142,00;32447,00;2703,92;exempt letting;;2028-09-30"),
    ("aflopend", "HC-2018-01;GGD IJsselland;2028-08-31;2027-08-31;238,25;32997,63"),
    ("leegstand", "108;Kantoor noord;floor 1;24,20;3390,94"),
    ("achterstand", "Accare;0,00;0,00;1210,00;0,00;0,00;0,00;1210,00"),
    ("verwachting", "2027-04;HC-2027-01;Accare;286,37;0,00;0,00;286,37;0,00"),
])  # fmt: skip
def test_every_figure_has_its_rows_and_its_file(hub, figure, line):
    Receivable.objects.create(
        hub=hub, party=money_hub.lease("HC-2018-02").party, kind="old", number="2026-0099", issued_on="2026-09-20",
        due_on="2026-10-01", net=1000, vat=210, amount=1210,
    )  # fmt: skip
    client = director_of(hub)

    assert client.get(f"/overzicht/{figure}?maand=2026-11").status_code == 200
    told = client.get(f"/overzicht/{figure}.csv?maand=2026-11").content.decode("utf-8-sig").splitlines()
    assert line in told, told


def test_the_page_of_the_director_asks_the_same_questions_however_many_leases(hub):
    client, counted = director_of(hub), []
    party = money_hub.lease("HC-2018-02").party
    for number in (1, 2, 3):
        client.get("/overzicht/geld")
        with CaptureQueriesContext(connection) as queries:
            client.get("/overzicht/geld")
        counted.append(len(queries))
        cast.lease(
            party, rooms=[cast.space(hub, f"Z{number}")], number=f"HC-9{number}", starts=str(date(2020, 1, 1))
        )
    assert len(set(counted)) == 1, counted
