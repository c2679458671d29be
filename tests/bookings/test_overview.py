"""The director's page: every number on it is the sum of rows that can be seen and downloaded."""

import csv
import io
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from bookings.models import Booking
from bookings.occupancy import insights, noticing, spreadsheet
from bookings.occupancy.insights import Overview
from bookings.occupancy.months import Month
from bookings.occupancy.tables import Column, Kind, Row, Table
from bookings.states import BookingState
from spaces.models import DayPart
from spaces.usage import HeatCell
from tenants.leases.models import Lease
from tenants.parties.models import Role, User
from tests import cast
from tests.bookings import full_hub
from tests.bookings.full_hub import FullHub
from tests.cast import AMSTERDAM, NOW

pytestmark = pytest.mark.django_db
NOVEMBER = Month.named("2026-11", zone=AMSTERDAM, now=NOW)


@pytest.fixture
def full() -> FullHub:
    return full_hub.full_hub()


@pytest.fixture
def seen(full: FullHub) -> Overview:
    with translation.override("en"):
        return insights.overview(cast.actor(full.director), NOVEMBER, now=NOW)


@pytest.fixture
def directors(full: FullHub) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield client_of(full.director)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def table(full: FullHub, figure: str, month: Month = NOVEMBER) -> Table:
    found = insights.table(figure, cast.actor(full.director), month, now=NOW)
    assert found is not None
    return found


def test_what_is_let_flexible_and_vacant_together_is_all_there_is(seen: Overview) -> None:
    let = seen.let

    assert (let.let, let.flex, let.vacant) == (Decimal("60.00"), Decimal("151.20"), Decimal("579.10"))
    assert let.let + let.flex + let.vacant == let.lettable
    assert [(lease.number, area) for lease, area in let.by_lease] == [("HC-1", Decimal("60.00"))]


def test_this_month_and_last_month(seen: Overview) -> None:
    now, before = seen.tally, seen.tally_before

    assert (now.bookings, now.hours, now.no_shows) == (4, Decimal("11.5"), 1)
    assert now.revenue == Decimal("37.50") + Decimal("18.75") + Decimal("18.75") + Decimal("25.00") + Decimal(
        "37.50"
    )
    assert (before.bookings, before.hours, before.revenue, before.no_shows) == (1, 4, Decimal("37.50"), 0)


def test_today(seen: Overview) -> None:
    assert (seen.today.bookings, seen.today.arrived, seen.today.expected) == (1, 0, 1)
    assert [space.code for space in seen.free_now] == ["B01", "B01A", "B01B", "B04"]


def test_who_is_here_and_who_is_sought(seen: Overview) -> None:
    assert [party.discipline for party in seen.parties] == ["diëtist", "jeugdpsychiatrie"]
    assert (seen.internship_places, [vacancy.discipline for vacancy in seen.sought]) == (14, ["logopedist"])


def test_what_stands_out_is_said_with_its_numbers(seen: Overview) -> None:
    assert seen.noticed == [
        "Busiest is Tuesday morning (13\N{NO-BREAK SPACE}% booked); 14 of the 17 day parts in a week stayed empty.",
        "For 1 of 4 bookings nobody came (25\N{NO-BREAK SPACE}%).",
        "The lease of Accare (60,00\N{NO-BREAK SPACE}m²) ends on Wednesday 30 June 2027.",
    ]


NUMBERS: list[tuple[str, int, Callable[[Overview], Any]]] = [
    ("verhuurd", 3, lambda it: it.let.lettable),
    ("verhuurd", 4, lambda it: it.let.let),
    ("verhuurd", 5, lambda it: it.let.flex),
    ("verhuurd", 6, lambda it: it.let.vacant),
    ("flex", 2, lambda it: it.use.flex_open_hours),
    ("flex", 3, lambda it: it.use.flex_booked_hours),
    ("gebruik", 3, lambda it: it.use.open_m2h),
    ("gebruik", 4, lambda it: it.use.leased_m2h),
    ("gebruik", 5, lambda it: it.use.booked_m2h),
    ("drukte", 2, lambda it: it.use.flex_open_hours),
    ("drukte", 3, lambda it: it.use.flex_booked_hours),
    ("boekingen", 3, lambda it: it.tally.hours),
    ("omzet", 7, lambda it: it.tally.revenue),
    ("partijen", 4, lambda it: it.internship_places),
]


@pytest.mark.parametrize(("figure", "column", "number"), NUMBERS)
def test_a_number_on_the_page_is_the_sum_of_its_rows_and_of_its_file(
    full: FullHub, seen: Overview, figure: str, column: int, number: Callable[[Overview], Any]
) -> None:
    rows = table(full, figure)
    file = list(csv.reader(io.StringIO(spreadsheet.written(rows).decode("utf-8-sig")), delimiter=";"))

    in_file = sum(Decimal(line[column].replace(",", ".")) for line in file[1:])

    assert rows.total(column) == number(seen)
    assert in_file == number(seen)
    assert number(seen) > 0


@pytest.mark.parametrize(
    ("figure", "number"),
    [
        ("boekingen", lambda it: it.tally.bookings),
        ("niet-verschenen", lambda it: it.tally.no_shows),
        ("vandaag", lambda it: it.today.bookings),
        ("vrij", lambda it: len(it.free_now)),
        ("gezocht", lambda it: len(it.sought)),
    ],
)
def test_a_count_on_the_page_is_the_number_of_its_rows(
    full: FullHub, seen: Overview, figure: str, number: Callable[[Overview], int]
) -> None:
    assert len(table(full, figure).rows) == number(seen)


def test_each_lease_says_until_when_notice_can_be_given(full: FullHub, directors: Client) -> None:
    (lease,) = Lease.objects.all()
    terms = lease.terms.get()
    terms.pk, terms.notice_months = None, 12
    terms.save()
    assert lease.ends_on == date(2027, 6, 30)

    columns = table(full, "verhuurd").columns
    rows = {row.cells[8]: row.cells[10] for row in table(full, "verhuurd").rows}

    assert (columns[8].label, columns[10].label) == ("Huurcontract", "Opzeggen uiterlijk")
    assert rows == {lease.number: date(2026, 6, 30), "": None}
    assert "30 juni 2026" in directors.get("/overzicht").content.decode()
    assert ";2026-06-30" in directors.get("/overzicht/verhuurd.csv").content.decode()


def test_the_totals_of_shares_are_those_of_the_page(full: FullHub, seen: Overview) -> None:
    assert table(full, "flex").total(4) == seen.use.flex_rate
    assert table(full, "gebruik").total(6) == seen.use.share


def test_with_one_quietest_day_part_it_is_named() -> None:
    parts = [DayPart(pk=1, name_nl="ochtend", name_en="morning", starts=time(8), ends=time(9))]
    heat = {(day, 8): HeatCell(Decimal(10), Decimal(day)) for day in range(3)}
    busiest, *_rest, quietest = noticing.busyness(heat, day_parts=parts)

    with translation.override("en"):
        assert (busiest.name, busiest.rate, quietest.name, quietest.rate) == (
            "Wednesday morning",
            20,
            "Monday morning",
            0,
        )


def test_a_file_rounds_as_its_columns_say_and_holds_no_formula() -> None:
    columns = [
        Column("Naam"),
        Column("Bedrag", Kind.EURO),
        Column("Uren", Kind.HOURS),
        Column("Dag", Kind.DAY),
    ]
    rows = [
        Row((" =1+1", Decimal("-1234.5"), Decimal("1.250"), NOW.date())),
        Row(("", None, Decimal(100), None)),
    ]

    written = spreadsheet.written(Table("t", "d", columns, rows)).decode("utf-8-sig")

    assert written.splitlines() == ["Naam;Bedrag;Uren;Dag", "' =1+1;-1234,50;1,25;2026-11-21", ";;100;"]


@pytest.mark.parametrize("charged", ["0.00", "9.38"])
def test_somebody_who_did_not_come_brings_in_what_is_charged(full: FullHub, charged: str) -> None:
    absent = Booking.objects.filter(state=BookingState.NO_SHOW)
    assert absent.get().net == Decimal("18.75")
    absent.update(cancellation_net=Decimal(charged))

    tally = insights.overview(cast.actor(full.director), NOVEMBER, now=NOW).tally

    assert tally.revenue == Decimal("37.50") + Decimal(charged) + Decimal("18.75") + Decimal(25) + Decimal(
        "37.50"
    )
    assert table(full, "omzet").total(7) == tally.revenue
    assert [row.cells[7] for row in table(full, "niet-verschenen").rows] == [Decimal(charged)]


@pytest.mark.parametrize("figure", sorted(insights.FIGURES))
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_figure_has_its_rows_and_its_file(directors: Client, figure: str, language: str) -> None:
    User.objects.update(language=language)

    page, file = (
        directors.get(f"/overzicht/{figure}?maand=2026-11"),
        directors.get(f"/overzicht/{figure}.csv"),
    )

    assert (page.status_code, file.status_code) == (200, 200)
    assert f"{figure}-2026-11.csv" in file["Content-Disposition"]


def test_the_page_shows_the_numbers_and_links_to_their_rows(directors: Client) -> None:
    html = directors.get("/overzicht").content.decode()

    for shown in ("60,00", "790,30", "137,50", "/overzicht/verhuurd?maand=2026-11", "/overzicht/vandaag"):
        assert shown in html.replace("\N{NO-BREAK SPACE}", " ")


def test_a_figure_that_does_not_exist_is_not_found(directors: Client) -> None:
    assert directors.get("/overzicht/winst").status_code == 404
    assert directors.get("/overzicht/winst.csv").status_code == 404


@pytest.mark.parametrize("role", [Role.BOOKKEEPER, Role.RECEPTION, Role.ZZPER, Role.TENANT_MANAGER])
@pytest.mark.parametrize("path", ["/overzicht", "/overzicht/omzet", "/overzicht/omzet.csv"])
def test_the_pages_are_the_directors(full: FullHub, role: Role, path: str) -> None:
    user = cast.user("Iemand")
    cast.membership(user, full.hub, role, None if role in Role.staff() else full.party)

    assert client_of(user).get(path).status_code == 403


def test_another_hubs_director_sees_nothing_of_this_one(full: FullHub) -> None:
    elsewhere = cast.hub("elders")
    other = insights.overview(cast.actor(cast.staff(elsewhere)), NOVEMBER, now=NOW)

    assert (other.tally.bookings, other.parties, other.let.atoms, other.sought) == (0, [], [], [])


def test_an_empty_hub_has_a_page(db: None) -> None:
    director = cast.staff(cast.hub("leeg"))

    assert client_of(director).get("/overzicht").status_code == 200


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_takes_the_same_queries_however_much_there_is(
    full: FullHub, directors: Client, more: int, django_assert_num_queries: Any
) -> None:
    for number in range(more):
        space = cast.space(full.hub, f"X{number}", bookable=False)
        full_hub.let(space, full.tenant, number=f"HC-X{number}")
        full.rooms.append(cast.space(full.hub, f"Y{number}"))
        full_hub.book(full, f"2026-11-2{3 + number} 08:00", "12:00", room=-1)
        full_hub.book(full, "2026-11-21 15:00", "16:00", room=-1)
        cast.party(full.hub, f"Partij {number}")

    with django_assert_num_queries(18):
        directors.get("/overzicht")


@pytest.mark.parametrize("more", [0, 2])
@pytest.mark.parametrize(("figure", "queries"), [("boekingen", 4), ("verhuurd", 7), ("flex", 6), ("vrij", 8)])
def test_rows_take_the_same_queries_however_many_they_are(
    full: FullHub, directors: Client, figure: str, queries: int, more: int, django_assert_num_queries: Any
) -> None:
    for number in range(more):
        full.rooms.append(cast.space(full.hub, f"Y{number}"))
        full_hub.book(full, f"2026-11-2{3 + number} 08:00", "12:00", room=-1)

    with django_assert_num_queries(queries):
        directors.get(f"/overzicht/{figure}?maand=2026-11")
    assert Booking.objects.count() == 7 + more
