"""Calendars written by hand, in the manner of the programs that export them."""

from spaces.periods import Period
from tests import cast

HEAD = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plein//test//NL"]
AUTUMN = cast.between("2026-09-01 00:00", "2027-02-01 00:00")
AMSTERDAM_ZONE = [
    "BEGIN:VTIMEZONE",
    "TZID:{name}",
    "BEGIN:STANDARD",
    "DTSTART:16010101T030000",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:16010101T020000",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
]


def zone(name: str) -> list[str]:
    return [line.format(name=name) for line in AMSTERDAM_ZONE]


def event(*lines: str, uid: str = "een@example.nl") -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"]


def calendar(*parts: list[str], head: tuple[str, ...] = (), ending: str = "\r\n") -> bytes:
    """A whole file of these components."""
    lines = [*HEAD, *head, *(line for part in parts for line in part), "END:VCALENDAR", ""]
    return ending.join(lines).encode()


def told(period: Period) -> str:
    """ "2026-11-24 09:00 – 2026-11-24 12:00" on the clock of Amsterdam."""
    start, end = period.local(cast.AMSTERDAM)
    return f"{start:%Y-%m-%d %H:%M} – {end:%Y-%m-%d %H:%M}"
