"""Whatever is in an address or a form, the answer is a page that says so and never a fault.

Walks every address of the policy with what its own forms and the code ask for, each filled in with nonsense.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest
from django.test import Client
from django.urls import reverse

from bookings import displaying, feeding, options, stocking
from bookings.calendar_import import pending, planning, reading, storing
from bookings.calendar_import.locating import Rooms
from bookings.models import Feed, ImportedEntry
from config.policy import POLICY
from config.roles import PUBLIC, SIGNED_IN
from spaces.models import BookingRule, Extra, HolidayProposal, Hub
from spaces.money import VatTreatment
from tenants.parties.models import Role, User
from tests import cast
from tests.asking import Answers, watch
from tests.bookings import deeds, repeated
from tests.bookings.calendars import written
from tests.leases import half_days
from tests.test_policy import address
from tests.thorough import THOROUGH, has_more

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]

NONSENSE = (
    "", "\x00", "a\x00b", b"\xed\xa0\x80", "\u202e💥\r\nBcc: x@example.nl", "-1", "0", "9" * 400, "1e400", "NaN",
    str(2**63), "0001-01-01", "9999-12-31", "24:00", "0001-01-01T00:00:00+20:00", "9999-12-31T23:59:59-20:00",
    "=cmd|' /C calc'!A0", "//evil.example.nl", "x" * 3000, "[" * 1000,
)  # fmt: skip
SHARPEST = ("a\x00b", "9" * 400, "1e400", "0001-01-01", "9999-12-31", "23:59", b"\xed\xa0\x80")
OURS = ("config", "bookings", "tenants", "spaces")
NOT_OURS = ("account_", "mfa_", "set_language", "health-", "mailbox")
ASKED = re.compile(r"\.(?:get|getlist)\(\s*\"([a-z_-]+)\"")
FIELD = re.compile(r"<(?:input|select|textarea|button)\b[^>]*\bname=\"([^\"]+)\"[^>]*>")
VALUE = re.compile(r"\bvalue=\"([^\"]*)\"")
ROOT = Path(__file__).parent.parent
DEEDS = ("ics", "check-in", "cancel", "details", "move", "move-check")
Rows = dict[str, Mapping[str, object]]
"""By the name of an address, what stands in it."""


def names_asked_for() -> set[str]:
    """Every name that some page looks up in what it was sent."""
    files = (file for folder in OURS for file in (ROOT / folder).rglob("*.py") if "web" in file.parts)
    return {name for file in files for name in ASKED.findall(file.read_text(encoding="utf-8"))}


@pytest.fixture
def quiet(settings) -> Iterator[None]:
    """Thousands of refusals are no news, and nobody is told to slow down."""
    settings.ACCOUNT_RATE_LIMITS = False
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def place():
    """A hub with one row of everything that has a page, and somebody of each kind."""
    hub = cast.hub()
    cast.rate(hub)
    cast.rate(hub, group="huurder")
    people = {
        "zzper": cast.zzper(hub), "manager": cast.tenant(hub), "director": (cast.staff(hub), None),
        "reception": (cast.staff(hub, Role.RECEPTION), None),
        "bookkeeper": (cast.staff(hub, Role.BOOKKEEPER), None),
    }  # fmt: skip
    rows = booked_rows(hub, people) | set_up_rows(hub) | secret_rows(hub, people["zzper"][0])
    return people, rows | calendar_rows(hub, people["director"][0])


def booked_rows(hub: Hub, people: dict[str, deeds.Who]) -> Rows:
    """What Anna booked, and an option of somebody else; the arguments of its pages."""
    anna, rooms = people["zzper"], [cast.space(hub, code) for code in ("B03", "B04", "B05", "B06", "B07")]
    asking = cast.space(hub, "B08", needs_approval=True)
    booked, held = {"code": deeds.book(rooms[0], anna).code}, {"pk": deeds.hold(rooms[1], anna).pk}
    asked = {"pk": deeds.book(asking, anna).pk}
    repeats = {"pk": repeated.made(repeated.wish(rooms[3], anna)).pk}
    fixed = {"pk": half_days.arranged(anna[1], rooms[4]).pk}
    option = deeds.option(rooms[2], people["manager"])
    asked_for = options.ask(option, party=anna[1], by=anna[0], now=cast.NOW)
    return {
        **{f"booking{name}": booked for name in ("", *(f"-{deed}" for deed in DEEDS))},
        **{f"desk-{name}": booked for name in ("arrive", "no-show", "undo")},
        **{f"booking-{name}": held for name in ("check", "extend", "let-go", "option")},
        **{f"request-{name}": asked for name in ("withdraw", "approve", "decline")},
        **{f"series{name}": repeats for name in ("", "-change", "-stop", "-answer")},
        "fixed": fixed, "fixed-end": fixed, "party": {"pk": anna[1].pk}, "waiting-stop": {"pk": deeds.wait(anna).pk},
        "option-ask": {"pk": option.pk}, "option-ask-withdraw": {"pk": asked_for.pk},
    }  # fmt: skip


def set_up_rows(hub: Hub) -> Rows:
    """What staff set up in the building."""
    coffee = Extra(
        hub=hub, code="koffie", name_nl="Koffie", name_en="Coffee", per=Extra.Per.PERSON, price=Decimal("2.75"),
        vat_rate=Decimal(9), vat_treatment=VatTreatment.SERVICE_OWN, vat_reason="eten en drinken",
    )  # fmt: skip
    stocking.add(coffee, pieces=1)
    rule = {"pk": BookingRule.objects.create(hub=hub, longest_minutes=600).pk}
    holiday = {"pk": HolidayProposal.objects.create(hub=hub, day=date(2027, 5, 5), name="Feest").pk}
    closure = cast.closure(hub, cast.between("2026-12-24 00:00", "24:00"))
    room = dict.fromkeys(
        ("space", "space-week", "space-month", "manage-room"), MappingProxyType({"code": "B03"})
    )
    return room | {
        "extra": {"code": "koffie"}, "rule": rule, "rule-remove": rule, "closure-reopen": {"pk": closure.pk},
        "holiday-accept": holiday, "holiday-decline": holiday,
    }  # fmt: skip


def secret_rows(hub: Hub, user: User) -> Rows:
    """A feed and two screens."""
    _feed, feed = feeding.connect(cast.actor(user, hub), scope=Feed.Scope.MINE, now=cast.NOW)
    room = hub.spaces.get(code="B03")
    door, at_door = displaying.connect(hub, name="Deur", space=room, now=cast.NOW)
    _tablet, tablet = displaying.connect(hub, name="Ingang", space=None, now=cast.NOW)
    return {
        "feed": {"token": feed}, "screen-door": {"token": at_door}, "display-revoke": {"pk": door.pk},
        "screen-entrance": {"token": tablet}, "screen-arrive": {"token": tablet},
    }  # fmt: skip


def calendar_rows(hub: Hub, user: User) -> Rows:
    """An outside calendar that was read in, and once more, not yet confirmed."""
    whole, *_halves = cast.meeting_area(hub)
    content = written.calendar(written.event("DTSTART:20261208T090000Z", "DTEND:20261208T100000Z"))
    read = reading.read(content, rooms=Rooms.of(whole), period=planning.window(cast.NOW))
    storing.store(whole, read, now=cast.NOW)
    kept = pending.keep(read, name="zaal.ics", space=whole, user=user, now=cast.NOW)
    return {
        "calendar-import-check": {"pk": kept.pk}, "calendar-entries": {"code": "B01"},
        "calendar-entry-remove": {"pk": ImportedEntry.objects.get().pk},
    }  # fmt: skip


def pages(rows) -> Iterator[tuple[str, str]]:
    for name in POLICY:
        if not name.startswith(NOT_OURS):
            yield name, reverse(name, kwargs=rows[name]) if name in rows else address(name)


def form_of(text: str) -> dict[str, str]:
    """The fields that a page shows, with what they hold."""
    result = {}
    for found in FIELD.finditer(text):
        value = VALUE.search(found[0])
        result.setdefault(found[1], value[1] if value else "")
    return {name: value for name, value in result.items() if name not in ("csrfmiddlewaretoken", "q")}


def odd_paths() -> Iterator[str]:
    """Each address with something in it that is no name of anything."""
    for name in POLICY:
        path = address(name)
        if path.endswith("/x") or "/x/" in path or "/x." in path:
            for odd in ("%00", "%ED%A0%80", "%0D%0ABcc:", "x" * 2000, "..%2F..%2Fetc%2Fpasswd"):
                yield re.sub(r"/x(?=[/.]|$)", f"/{odd}", path)
        if "/0" in path:
            yield re.sub(r"/0(?=/|$)", "/" + "9" * 400, path)


WHO = ("zzper", "director", "bookkeeper", "reception", "manager", "visitor")


@pytest.fixture
def browsers(place) -> dict[str, tuple[Client, set[str]]]:
    """A browser of each kind of visitor, with the names under which the policy knows them."""
    people, _rows = place
    found = {"visitor": (Client(), {PUBLIC})}
    for who, (user, _party) in people.items():
        client = Client()
        client.force_login(user)
        found[who] = client, {PUBLIC, SIGNED_IN} | set(cast.actor(user).roles)
    return found


@has_more
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nonsense_under_every_name_is_answered(method, place, browsers, quiet, monkeypatch):
    """Each page by all who may open it: every one of them sends another part of the nonsense.

    A page that looks at nothing of what it is sent is asked once by each of them.
    """
    watch(monkeypatch)
    _people, rows = place
    names, answers = sorted(names_asked_for()), Answers()
    for name, path in pages(rows):
        may = [browsers[who][0] for who in WHO if POLICY[name].get(method, frozenset()) & browsers[who][1]]
        looks = THOROUGH
        for number, value in enumerate(NONSENSE if may else ()):
            if number < len(may) or looks:
                answers.ask(may[number % len(may)], method, path, dict.fromkeys(names, value))
                looks = looks or answers.was_read
    assert answers.faults == {}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nonsense_in_one_field_of_a_form_is_answered(method, place, browsers, quiet):
    """The rest of the form stays as the page shows it."""
    _people, rows = place
    answers = Answers()
    for name, path in pages(rows):
        may = [browsers[who][0] for who in WHO if POLICY[name].get(method, frozenset()) & browsers[who][1]]
        shown = form_of(answers.ask(may[0], "GET", path, {})) if may else {}
        for number, field in enumerate(shown):
            for value in (SHARPEST * 2)[number % len(SHARPEST) :][:2]:
                answers.ask(may[number % len(may)], method, path, shown | {field: value})
    assert answers.faults == {}


def test_nonsense_in_an_address_is_answered(browsers, quiet):
    answers = Answers()
    for path in odd_paths():
        answers.ask(browsers["director"][0], "GET", path, {})
        answers.ask(browsers["zzper"][0], "GET", path, {})
    assert answers.faults == {}
