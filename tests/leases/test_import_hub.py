"""Reading the real workbook in: the hub that comes out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from spaces import claiming
from spaces.models import Claim, Hub, Rate, Space
from spaces.periods import local_days
from tenants.billing.models import NumberRange
from tenants.leases import fixing
from tenants.leases.hub_import import importing, present
from tenants.leases.hub_import.plan import NEW
from tenants.leases.hub_import.refusals import Busy, HasErrors
from tenants.leases.models import FixedDayPart, Lease
from tenants.parties.models import Party, Vacancy
from tests import areas
from tests.cast import NOW, between
from tests.leases import workbooks
from tests.leases.deeds import take, told_errors
from tests.leases.workbooks import errors

pytestmark = pytest.mark.django_db(transaction=True)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def test_the_figures_that_must_come_out(hub: Hub):
    agreed = Lease.objects.of_hub(hub).in_force(date(2026, 11, 21))
    assert {
        "slug": hub.slug,
        "spaces": hub.spaces.count(),
        "rates": Rate.objects.filter(hub=hub).count(),
        "tenants": Party.objects.filter(kind="organisation").count(),
        "zzp": Party.objects.filter(kind="self_employed").count(),
        "sought": list(Vacancy.objects.values_list("discipline", flat=True)),
        "leases": Lease.objects.count(),
        "internships": sum(Party.objects.values_list("internship_places", flat=True)),
        "lettable": areas.lettable(hub),
        "let now": areas.let(hub, on=date(2026, 11, 21)),
        "let later": areas.let(hub, on=date(2027, 4, 1)),
        "as agreed": sum(agreed.values_list("lines__area_m2", flat=True)),
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


def test_the_tree_the_halves_and_the_desks(hub: Hub):
    whole, half = Space.objects.get(code="B01"), Space.objects.get(code="B01A")

    assert half.parent == whole
    assert list(Space.objects.filter(parent__code="111").values_list("bookable", flat=True)) == [True] * 4
    assert Space.objects.get(code="111").bookable is False
    take(half, "2026-11-24 09:00", "10:00")
    with pytest.raises(claiming.SpaceTaken):
        take(whole, "2026-11-24 09:30", "11:00", holder="booking:2")


def test_looking_stores_nothing():
    importing.look(workbooks.real(), now=NOW)

    assert Hub.objects.count() == 0


def test_an_error_stores_nothing():
    assert told_errors(workbooks.with_cells({"Vaste dagdelen!D4": "B99"}))
    assert (Hub.objects.count(), Space.objects.count()) == (0, 0)


def test_another_hub_is_a_hub_of_its_own(hub: Hub):
    importing.store(workbooks.with_cells({"Gebouw!B4": "Plein Ommen"}), now=NOW)

    assert list(Hub.objects.order_by("pk").values_list("slug", flat=True)) == ["locplus", "plein-ommen"]
    assert areas.let(hub, on=date(2026, 11, 21)) == Decimal("751.90")


def test_somebody_at_one_hub_cannot_read_in_another(hub: Hub):
    with pytest.raises(HasErrors) as refused:
        importing.store(workbooks.with_cells({"Gebouw!B4": "Plein Ommen"}), hub=hub, now=NOW)

    assert [place for place, _text in errors(refused.value.plan.findings)] == ["Gebouw B4"]


def test_reading_takes_the_same_queries_for_any_number_of_rooms(hub: Hub, django_assert_num_queries):
    with django_assert_num_queries(16):
        present.read(hub)
    importing.store(workbooks.edited(more_rooms), now=NOW)
    with django_assert_num_queries(16):
        present.read(hub)


def more_rooms(book) -> None:
    sheet = book["Ruimtes"]
    for number in range(60, 90):
        for column, value in zip(
            "ABCDEIJ", (f"3{number}", f"Kamer {number}", 3, "kantoor", 10, "ja", "nee"), strict=True
        ):
            sheet[f"{column}{number}"] = value


def test_two_imports_at_once_make_one_hub(transactional_db):
    def read_in(_number: int) -> int:
        try:
            return importing.store(workbooks.real(), now=NOW).count(NEW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        new = sorted(pool.map(read_in, range(2)))

    assert (new, Hub.objects.count(), Space.objects.count()) == ([0, 117], 1, 47)


def test_an_import_gives_up_when_the_rooms_are_held_too_long(hub: Hub):
    content = workbooks.with_cells({"Huurcontracten!E5": "31-12-2026"})
    done = Event()

    def hold_the_rooms() -> None:
        with transaction.atomic():
            claiming.lock([Space.objects.get(code="101")])
            held.set()
            done.wait(60)
        connection.close()

    held = Event()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold_the_rooms)
        held.wait(60)
        try:
            with pytest.raises(Busy):
                importing.store(content, now=NOW)
        finally:
            done.set()

    assert Lease.objects.get(number="HC-2018-02").ends_on == date(2028, 9, 30)
