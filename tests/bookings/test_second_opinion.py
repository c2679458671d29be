"""Feeds and invitations read back by ical.js, the parser of another world: it must find what `icalendar` finds."""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bookings import feeding, invitation
from bookings.models import Feed
from tenants.parties.models import Role
from tests import cast
from tests.bookings.feed_reading import Lived, lived_in, parsed
from tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.long]
ICAL_JS = "ical.js@2.1.0"
READER = Path(__file__).parent / "read_by_ical_js.mjs"


@pytest.fixture(scope="module")
def ical_js(tmp_path_factory) -> Path:
    """A folder with ical.js in it. Without node, or without a registry to get it from, this opinion is not asked."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not installed: no second parser to ask")
    folder = tmp_path_factory.mktemp("ical-js")
    command = [
        "npm",
        "install",
        "--no-save",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefix",
        str(folder),
        ICAL_JS,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"{ICAL_JS} could not be installed: {done.stderr.strip()[-300:]}")
    (folder / "package.json").write_text("{}", encoding="utf-8")
    return folder


def by_ical_js(content: bytes, folder: Path) -> list[dict[str, str]]:
    done = subprocess.run(
        ["node", str(READER), str(folder)], input=content, capture_output=True, timeout=60, check=True
    )
    return json.loads(done.stdout)


def as_told(events: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{name: _as_told(value) for name, value in event.items()} for event in events]


def _as_told(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return str(value)


@pytest.fixture
def lived() -> Lived:
    return lived_in()


@pytest.mark.parametrize("scope", Feed.Scope.values)
@pytest.mark.parametrize("who", ["anna", "reception"])
def test_two_parsers_find_the_same_in_a_feed(lived, ical_js, scope, who):
    lived.room.name = "Kamer; “Zuid”, 1\\n\r\nEND:VEVENT é 👩‍⚕️ " + "lang " * 15
    lived.room.save()
    user = lived.anna if who == "anna" else cast.staff(lived.hub, Role.RECEPTION)
    space = lived.room if scope == Feed.Scope.SPACE else None
    feed, _token = feeding.connect(cast.actor(user, lived.hub), scope=scope, space=space, now=NOW)
    content = feeding.content(feed, reader=feeding.reader_of(feed), now=NOW)
    found = by_ical_js(content, ical_js)
    assert found == as_told(parsed(content))
    assert bool(found) == (scope != Feed.Scope.MINE or who == "anna")


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH"])
def test_two_parsers_find_the_same_in_an_invitation(lived, ical_js, method):
    booking = lived.own["cancelled" if method == "CANCEL" else "booked"]
    booking.hub.name = 'Het "Plein"; van\r\nallen, samen'
    content = invitation.ics(booking, method=method, attendee="anna@example.nl", now=NOW)
    assert by_ical_js(content, ical_js) == as_told(parsed(content))
