"""Reading the real workbook in: the hub that comes out, and what a second and a later import do."""

from datetime import date, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from spaces import claiming, occupancy
from spaces.models import Claim, Hub, OpeningHours, Rate, Space
from spaces.periods import local_days
from tenants.billing.models import NumberRange
from tenants.leases import fixing, renting
from tenants.leases.hub_import import importing, present, telling
from tenants.leases.hub_import.plan import CHANGED, NEW, Plan
from tenants.leases.hub_import.refusals import HasErrors, PlanChanged
from tenants.leases.models import FixedDayPart, Lease
from tenants.parties.models import Party, Vacancy
from tests.cast import NOW, between
from tests.leases import workbooks
from tests.leases.workbooks import errors, remarks

pytestmark = pytest.mark.django_db(transaction=True)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def hub() -> Hub:
    found = importing.store(workbooks.real(), now=NOW).hub
    assert found is not None
    return found


def again(**cells: object) -> Plan:
    named = {key.replace("__", " ").replace("_", "!"): value for key, value in cells.items()}
    return importing.store(workbooks.with_cells(named), now=NOW)


def changes(plan: Plan) -> list[tuple[str, str, str, str]]:
    return [
        (step.wanted.label, told.header, told.old, told.new)
        for section in telling.sections(plan)
        for step, fields in section.changed
        for told in fields
    ]


def told_errors(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(HasErrors) as refused:
        importing.store(content, now=NOW)
    return errors(refused.value.plan.findings)


def test_the_figures_that_must_come_out(hub: Hub):
    assert {
        "slug": hub.slug,
        "spaces": hub.spaces.count(),
        "rates": Rate.objects.filter(hub=hub).count(),
        "tenants": Party.objects.filter(kind="organisation").count(),
        "zzp": Party.objects.filter(kind="self_employed").count(),
        "sought": list(Vacancy.objects.values_list("discipline", flat=True)),
        "leases": Lease.objects.count(),
        "internships": sum(Party.objects.values_list("internship_places", flat=True)),
        "lettable": occupancy.lettable_area(hub),
        "let now": occupancy.let_area(hub, on=date(2026, 11, 21)),
        "let later": occupancy.let_area(hub, on=date(2027, 4, 1)),
        "as agreed": renting.let_area(hub, on=date(2026, 11, 21)),
        "next invoice": list(NumberRange.objects.values_list("year", "next_number")),
    } == {
        "slug": "locplus",
        "spaces": 47,
        "rates": 31,
        "tenants": 4,
        "zzp": 6,
        "sought": ["diëtist"],
        "leases": 6,
        "internships": 14,
        "lettable": Decimal("1500.00"),
        "let now": Decimal("751.90"),
        "let later": Decimal("776.10"),
        "as agreed": Decimal("751.90"),
        "next invoice": [(2026, 203)],
    }


def test_the_share_let_is_50_13_percent():
    figures = importing.look(workbooks.real(), now=NOW).figures

    assert figures is not None
    assert (figures.let_m2, round(figures.let_share, 2)) == (Decimal("751.90"), Decimal("50.13"))


def test_fixed_half_days_and_their_closures(hub: Hub):
    window = local_days(date(2026, 9, 1), date(2027, 1, 31), zone=AMSTERDAM)

    counted = {}
    for fixed in FixedDayPart.objects.select_related("hub", "space", "event__rule").order_by("weekday"):
        dates = fixing.dates(fixed, within=window)
        counted[fixed.weekday] = (len(dates), sum(closed for _slot, closed in dates), fixed.on_closure)

    assert counted == {
        1: (22, 1, "lapses"),
        2: (22, 2, "lapses"),
        3: (22, 2, "lapses"),
        4: (18, 2, "charged"),
    }


def test_whoever_has_a_space_has_a_claim(hub: Hub):
    held = Claim.objects.filter(hub=hub, active=True)

    assert held.filter(holder__startswith="lease:").count() == 24
    assert held.filter(holder__startswith="closure:").count() == 6 * 17
    ended = Lease.objects.get(number="HC-2018-03")
    assert not Claim.objects.filter(holder=ended.holder, ends_at__gt=NOW).exists()
    assert Claim.objects.filter(holder=ended.holder, active=True).count() == 2


def test_a_promised_half_day_cannot_be_booked_and_a_closed_one_is_the_closure(hub: Hub):
    room = Space.objects.get(code="B06")

    with pytest.raises(claiming.SpaceTaken):
        take(room, "2026-11-24 08:00", "09:00")
    closed = Claim.objects.filter(space=room, active=True).overlapping(between("2026-12-29 08:00", "12:00"))
    assert [claim.kind for claim in closed] == ["closure"]


def take(room: Space, start: str, end: str, *, holder: str = "booking:1") -> None:
    with transaction.atomic():
        claiming.take([room], period=between(start, end), kind="booking", holder=holder, now=NOW)


def test_the_tree_the_halves_and_the_desks(hub: Hub):
    whole, half = Space.objects.get(code="B01"), Space.objects.get(code="B01A")

    assert half.parent == whole
    assert list(Space.objects.filter(parent__code="111").values_list("bookable", flat=True)) == [True] * 4
    assert Space.objects.get(code="111").bookable is False
    take(half, "2026-11-24 09:00", "10:00")
    with pytest.raises(claiming.SpaceTaken):
        take(whole, "2026-11-24 09:30", "11:00", holder="booking:2")


def test_twice_changes_nothing(hub: Hub):
    before = Claim.objects.count()

    plan = importing.store(workbooks.real(), now=NOW)

    assert (plan.count(NEW), plan.count(CHANGED), Claim.objects.count()) == (0, 0, before)
    assert remarks(plan.findings) == remarks(importing.look(workbooks.real(), now=NOW).findings)


def test_looking_stores_nothing():
    importing.look(workbooks.real(), now=NOW)

    assert Hub.objects.count() == 0


def test_an_error_stores_nothing():
    assert told_errors(workbooks.with_cells({"Vaste dagdelen!D4": "B99"}))
    assert (Hub.objects.count(), Space.objects.count()) == (0, 0)


def test_a_later_workbook_changes_field_by_field(hub: Hub):
    plan = again(
        Ruimtes_E10=16,
        Ruimtes_K8="nieuw tapijt",
        Tarieven_C4="€ 10,50",
        Partijen_F4=3,
        Gebouw_C31="18:00",
        Gebouw_B20=30,
    )

    assert changes(plan) == [
        ("LOC+", "Betaaltermijn (dagen)", "14", "30"),
        ("zaterdag", "Open – Dicht", "09:00–17:00", "09:00–18:00"),
        ("B03 Spreekkamer 1", "Opmerking", "empty", "nieuw tapijt"),
        ("B05 Spreekkamer 3", "m² VVO", "15,75", "16,00"),
        ("spreekkamer · huurder · 1-1-2026", "Per uur", "10,00", "10,50"),
        ("GGD IJsselland", "Stageplaatsen", "2", "3"),
    ]
    assert plan.count(NEW) == 0
    assert OpeningHours.objects.get(weekday=5).closes == time(18)
    assert importing.look(workbooks.with_cells({"Gebouw!C31": "18:00"}), now=NOW).count(CHANGED) == 5


def test_nothing_is_ever_deleted(hub: Hub):
    def drop(book) -> None:
        book["Ruimtes"].delete_rows(52)
        book["Huurcontracten"].delete_rows(9)
        book["Vaste dagdelen"].delete_rows(7)

    plan = importing.store(workbooks.edited(drop), now=NOW)

    told = [text for place, text in remarks(plan.findings) if "never deletes" in text]
    assert told == [
        "In Plein, but not in this workbook: 211 Leerplein stagiairs. They stay; an import never deletes.",
        "In Plein, but not in this workbook: HC-2027-01. They stay; an import never deletes.",
        "In Plein, but not in this workbook: Lactatiekundige aan het Plein · B09. They stay; an import never deletes.",
    ]
    assert (Space.objects.count(), Lease.objects.count(), FixedDayPart.objects.count()) == (47, 6, 4)


def test_a_party_is_known_again_by_its_kvk_number(hub: Hub):
    renamed = {"Partijen!A8": "Fysio De Boer", "Vaste dagdelen!A4": "Fysio De Boer"}

    plan = importing.store(workbooks.with_cells(renamed), now=NOW)

    assert changes(plan) == [("Fysio De Boer", "Partij", "Fysiotherapie N. de Boer", "Fysio De Boer")]
    assert (Party.objects.count(), FixedDayPart.objects.count()) == (10, 4)


def test_the_next_invoice_number_is_never_lowered(hub: Hub):
    NumberRange.objects.update(next_number=310)

    again(Gebouw_B21="2026-0250")
    assert NumberRange.objects.get().next_number == 310

    again(Gebouw_B21="2026-0400")
    assert NumberRange.objects.get().next_number == 400


def test_a_lease_that_ends_sooner_gives_its_rooms_back(hub: Hub):
    again(Huurcontracten_E5="31-12-2026")

    assert occupancy.let_area(hub, on=date(2027, 1, 1)) == Decimal("751.90") - Decimal("228.50")
    take(Space.objects.get(code="101"), "2027-01-04 09:00", "10:00")


def test_one_lease_ends_and_another_begins_in_the_same_workbook(hub: Hub):
    again(
        Huurcontracten_C5="101, 102, 103, 104, 105, 106",
        Huurcontracten_C9="107, 108",
        Huurcontracten_D9="1-12-2026",
    )

    assert occupancy.let_area(hub, on=date(2026, 11, 30)) == Decimal("751.90") - Decimal("41.50")
    assert occupancy.let_area(hub, on=date(2026, 12, 1)) == Decimal("776.10")


def test_a_new_lease_over_bookings_is_an_error_that_counts_them(hub: Hub):
    room = Space.objects.get(code="B07")
    take(room, "2026-12-01 09:00", "10:00")
    take(room, "2027-01-12 09:00", "10:00", holder="booking:2")

    found = told_errors(
        workbooks.with_cells({"Huurcontracten!C9": "108, B07", "Huurcontracten!D9": "1-1-2027"})
    )
    assert found == [
        ("Huurcontracten C9", "1 booking stands in the way (B07, 12 January 2027). Move or cancel it first.")
    ]

    found = told_errors(
        workbooks.with_cells({"Huurcontracten!C9": "108, B07", "Huurcontracten!D9": "1-12-2026"})
    )
    assert found == [
        (
            "Huurcontracten C9",
            "2 bookings stand in the way (B07; the first on 1 December 2026). Move or cancel them first.",
        )
    ]


def test_a_new_half_day_over_bookings_is_an_error(hub: Hub):
    take(Space.objects.get(code="B07"), "2026-12-01 11:00", "12:30")

    found = told_errors(workbooks.with_cells({"Vaste dagdelen!D4": "B07"}))

    assert [place for place, _text in found] == ["Vaste dagdelen D4"]


def test_a_new_closure_over_bookings_is_an_error_and_over_half_days_takes_over(hub: Hub):
    free = workbooks.with_cells(
        {"Gebouw!A48": "24-11-2026", "Gebouw!B48": "24-11-2026", "Gebouw!D48": "brandoefening"}
    )
    importing.store(free, now=NOW)
    tuesday = Claim.objects.filter(space__code="B06", active=True).overlapping(
        between("2026-11-24 08:00", "12:00")
    )
    assert [claim.kind for claim in tuesday] == ["closure"]

    take(Space.objects.get(code="B07"), "2026-12-01 11:00", "12:30")
    found = told_errors(
        workbooks.with_cells(
            {"Gebouw!A48": "1-12-2026", "Gebouw!B48": "1-12-2026", "Gebouw!D48": "verbouwing"}
        )
    )
    assert [place for place, _text in found] == ["Gebouw A48"]


def test_a_lease_that_is_not_in_the_workbook_stands_in_the_way(hub: Hub):
    def replace(book) -> None:
        sheet = book["Huurcontracten"]
        sheet["A9"] = "HC-2027-02"

    found = told_errors(workbooks.edited(replace))
    assert [place for place, _text in found] == ["Huurcontracten C9"]


def test_a_room_in_use_cannot_be_divided(hub: Hub):
    part = {
        "A": "101-1",
        "B": "Plek",
        "C": 1,
        "D": "kantoor",
        "E": "58,35",
        "H": "101",
        "I": "ja",
        "J": "nee",
    }
    cells = {f"Ruimtes!{column}53": value for column, value in part.items()}

    assert (
        "Ruimtes H25",
        "Room 101 is let or booked and cannot be divided into parts now. Move what is in it first.",
    ) in told_errors(workbooks.with_cells(cells))


def test_the_time_zone_of_a_hub_in_use_stays(hub: Hub):
    found = told_errors(workbooks.with_cells({"Gebouw!B22": "Europe/Lisbon"}))

    assert (
        "Gebouw",
        "The time zone of a hub in use cannot be changed: all its bookings would shift.",
    ) in found


def test_another_hub_is_a_hub_of_its_own(hub: Hub):
    importing.store(workbooks.with_cells({"Gebouw!B4": "Plein Ommen"}), now=NOW)

    assert list(Hub.objects.order_by("pk").values_list("slug", flat=True)) == ["locplus", "plein-ommen"]
    assert occupancy.let_area(hub, on=date(2026, 11, 21)) == Decimal("751.90")


def test_somebody_at_one_hub_cannot_read_in_another(hub: Hub):
    with pytest.raises(HasErrors) as refused:
        importing.store(workbooks.with_cells({"Gebouw!B4": "Plein Ommen"}), hub=hub, now=NOW)

    assert [place for place, _text in errors(refused.value.plan.findings)] == ["Gebouw B4"]


def test_another_plan_than_the_one_agreed_on_is_not_stored(hub: Hub):
    content = workbooks.with_cells({"Ruimtes!K8": "nieuw tapijt"})
    agreed = importing.look(content, now=NOW).fingerprint
    Space.objects.filter(code="B03").update(note="oud tapijt")

    with pytest.raises(PlanChanged):
        importing.store(content, agreed=agreed, now=NOW)
    assert Space.objects.get(code="B03").note == "oud tapijt"

    importing.store(content, agreed=importing.look(content, now=NOW).fingerprint, now=NOW)
    assert Space.objects.get(code="B03").note == "nieuw tapijt"


def test_reading_takes_the_same_queries_for_any_number_of_rooms(hub: Hub, django_assert_num_queries):
    with django_assert_num_queries(13):
        present.read(hub)
    importing.store(workbooks.edited(more_rooms), now=NOW)
    with django_assert_num_queries(13):
        present.read(hub)


def more_rooms(book) -> None:
    sheet = book["Ruimtes"]
    for number in range(60, 90):
        for column, value in zip(
            "ABCDEIJ", (f"3{number}", f"Kamer {number}", 3, "kantoor", 10, "ja", "nee"), strict=True
        ):
            sheet[f"{column}{number}"] = value
