"""The finder reads anything, and asks the database the same number of questions however much there is."""

from decimal import Decimal
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from spaces.models import SpaceKind
from spaces.web import typed
from tests import cast
from tests.bookings.web.conftest import client_of

TODAY = cast.NOW.date()
TUESDAY = "/boek?dag=2026-11-24&deel=ochtend"
NONSENSE = [
    "\0", "x" * 1_000_000, "9999-12-31", "0001-01-01", "31-02", "29-02-2027", "+20:45", "2026-11-24T09:00+20:45", "🦊",
    "-1", "-9999999999999", "1e309", "NaN", "٣-٤", "24-11-0000", "'; drop table", "<script>", "%", "{}", "null", "  ",
    "2026-13-45", "25:61", "1" * 500,
]  # fmt: skip
NAMES = ["dag", "datum", "deel", "van", "tot", "soort", "nodig", "personen", "ruimte", "partij"]


@pytest.mark.parametrize("name", NAMES)
def test_no_parameter_can_break_the_page(annas, name):
    for text in NONSENSE:
        answer = annas.get("/boek", {"dag": "anders" if name == "datum" else "2026-11-24", name: text})
        assert answer.status_code == 200, (name, text[:30])


def test_what_is_not_understood_gets_a_sentence_and_the_rest_stays(annas):
    page = annas.get(
        "/boek?dag=31-02&deel=middag&soort=treatment_room&soort=kelder&personen=veel"
    ).content.decode()
    assert page.count("notice--warning") == 3
    assert 'value="middag" checked' in page
    assert 'value="treatment_room" checked' in page
    assert "31-02" in page


def test_the_holding_of_nonsense_is_refused_in_words(annas, place):
    good = {
        "ruimte": "B03",
        "dag": "2026-11-24",
        "van": "08:00",
        "tot": "12:00",
        "sleutel": str(cast.uuid4()),
    }
    for name in good:
        for text in NONSENSE[:1] + NONSENSE[2:]:
            answer = annas.post("/boek/houd-vast", good | {name: text})
            assert answer.status_code in {302, 404, 422}, (name, text[:30])
    assert annas.post("/boek/houd-vast", {}).status_code == 422


@pytest.mark.parametrize(
    ("day", "clock"), [("2027-03-28", "02:30"), ("2026-10-25", "02:30"), ("2027-10-31", "02:30")]
)
def test_an_hour_that_is_not_there_once_is_refused_with_words(annas, day, clock):
    page = annas.get(f"/boek?dag={day}&van={clock}&tot=05:00").content.decode()
    assert "notice--warning" in page
    assert "Boek<span" not in page


def test_the_end_before_the_start_is_told(annas):
    page = annas.get("/boek?dag=2026-11-24&deel=uren&van=11:00&tot=09:00").content.decode()
    assert "notice--warning" in page
    assert 'id="results"' in page


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-24", "2026-11-24"), ("24-11", "2026-11-24"), ("24/11/2026", "2026-11-24"), ("24.11.26", "2026-11-24"),
        ("24 nov", "2026-11-24"), ("24 november 2026", "2026-11-24"), ("24nov", "2026-11-24"),
        ("5 mrt", "2027-03-05"), ("20-11", "2027-11-20"), ("morgen", "2026-11-22"), ("31-02", None), ("24", None),
        ("", None), ("24-11-2026x", None),
    ],
)  # fmt: skip
def test_days_are_understood_as_people_type_them(text, day):
    found = typed.day(text, today=TODAY)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9", "09:00"), ("9.00", "09:00"), ("0930", "09:30"), ("9u30", "09:30"), ("24:00", "00:00"), ("25:00", None),
        ("half tien", None),
    ],
)  # fmt: skip
def test_clocks_are_understood_as_people_type_them(text, clock):
    found = typed.clock(text)
    assert (found.strftime("%H:%M") if found else None) == clock


def rooms(hub, number):
    for count in range(number):
        cast.space(hub, f"X{count}", name=f"Kamer {count}", features=("wash-basin", "daylight"))
        cast.space(hub, f"M{count}", name=f"Zaal {count}", kind=SpaceKind.MEETING_ROOM)


def queries(client, path):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize(("path", "most"), [("/boek", 21), (TUESDAY, 20)])
def test_one_room_or_many_cost_as_many_queries(db, path, most):
    counted = []
    for number in (1, 3):
        hub = cast.hub(f"hub-{number}")
        cast.rate(hub)
        cast.rate(hub, kind=SpaceKind.MEETING_ROOM, per_day_part=Decimal("60.00"))
        rooms(hub, number)
        user, _party = cast.zzper(hub)
        counted.append(queries(client_of(user), path))
    assert counted == [most, most]


def test_an_encoded_nul_in_the_path_is_not_found(annas):
    assert annas.get("/boeking/" + quote("\0")).status_code == 404
    assert annas.get("/boeking/🦊").status_code == 404
