"""From the bytes of an .ics file only what may be taken: times, a title, a place. The rest is gone from here on.

Descriptions, attendees, organizers, attachments and alarms are never parsed: a line passes by its name, or not at all.
Read tolerantly: any line ending, with or without a byte order mark, UTF-8 or the Western Windows code page.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bookings.calendar_import import refusals
from tenants.parties.identity import looks_like_bsn

MAX_BYTES = 5 * 1024 * 1024
MAX_ENTRIES = 10_000
BUSY = "Bezet"
"""The title of what was private, had no title, or had a citizen service number in it."""
LONGEST_TITLE, LONGEST_UID = 80, 255
TIMES = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"})
RULES = frozenset({"RRULE", "EXRULE", "DURATION"})
WORDS = frozenset({"UID", "SUMMARY", "LOCATION", "STATUS", "TRANSP", "CLASS", "SEQUENCE"})
BUSY_STATUS = "X-MICROSOFT-CDO-BUSYSTATUS"
ZONE_LINES = frozenset({"DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO"})
_LINE = re.compile(r'^([A-Za-z0-9-]+)((?:;[^=;:]+=(?:"[^"]*"|[^;:"]*))*):(.*)$', re.DOTALL)
_PARAMETER = re.compile(r';(TZID|VALUE|RANGE)=("[^"]*"|[^;:"]*)', re.IGNORECASE)
_ODD_ZONE = re.compile(r';TZID="?(.+?)"?(?:;(?:VALUE|RANGE)=[A-Z-]+)*$', re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\;,nN])")
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")


@dataclass
class Line:
    """One property about time, with the zone as the file calls it."""

    name: str
    value: str
    zone: str = ""
    kind: str = ""
    reach: str = ""


@dataclass
class Entry:
    """One VEVENT, without anything that is not ours to know."""

    lines: list[Line] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return next((line.value for line in self.lines if line.name == name), "")

    @property
    def sequence(self) -> int:
        text = self.words.get("SEQUENCE", "")
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    @property
    def overrides(self) -> bool:
        return bool(self.value("RECURRENCE-ID"))

    @property
    def private(self) -> bool:
        """Anything but public: RFC 5545 lets an unknown class count as private."""
        return self.words.get("CLASS", "PUBLIC").strip().upper() not in {"PUBLIC", ""}

    @property
    def cancelled(self) -> bool:
        return self.words.get("STATUS", "").strip().upper() == "CANCELLED"

    @property
    def free(self) -> bool:
        shown = self.words.get("TRANSP") or ("TRANSPARENT" if self.words.get(BUSY_STATUS) == "FREE" else "")
        return shown.strip().upper() == "TRANSPARENT"

    @property
    def uid(self) -> str:
        """Its own, or one made of its times; a very long one is shortened by its hash."""
        own = _INVISIBLE.sub("", self.words.get("UID", "")).strip()
        if not own:
            times = "|".join(f"{line.name}{line.zone}{line.value}" for line in self.lines)
            return f"zonder-uid-{hashlib.sha256(times.encode('utf-8', 'replace')).hexdigest()[:32]}"
        if len(own) > LONGEST_UID:
            return f"lang-{hashlib.sha256(own.encode('utf-8', 'replace')).hexdigest()}"
        return own

    @property
    def title(self) -> str:
        text = "" if self.private else plain(self.words.get("SUMMARY", ""))
        return BUSY if not text or looks_like_bsn(text) else text[:LONGEST_TITLE].strip()

    @property
    def location(self) -> str:
        return plain(self.words.get("LOCATION", ""))[:200]


@dataclass
class Sieved:
    """The entries of a file and the time zones that it defines itself, by name."""

    entries: list[Entry] = field(default_factory=list)
    zones: dict[str, list[str]] = field(default_factory=dict)


def sieve(content: bytes) -> Sieved:
    """What may be taken from the file. Raises NotACalendar for a file that is none, is too large or breaks off."""
    if len(content) > MAX_BYTES:
        raise refusals.too_large()
    if not content.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise refusals.empty()
    text = _decoded(content)
    if not re.search(r"^\s*BEGIN:VCALENDAR\s*$", text, re.IGNORECASE | re.MULTILINE):
        raise refusals.no_calendar()
    result, stack = Sieved(), _Stack()
    for line in text.split("\n"):
        _take(result, stack, line)
    if stack.names:
        raise refusals.broken_off()
    if len(result.entries) > MAX_ENTRIES:
        raise refusals.too_much()
    _inherit_class(result.entries)
    return result


def plain(text: str) -> str:
    """One line of readable words: escapes undone, no control or direction characters."""
    words = _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], text)
    return " ".join(_INVISIBLE.sub(" ", words).split())


def _decoded(content: bytes) -> str:
    """The text, with folded lines joined first: a fold may cut a letter in two."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", "replace").encode()
    whole = re.sub(rb"\r\n?", b"\n", content.removeprefix(b"\xef\xbb\xbf"))
    whole = re.sub(rb"\n[ \t]", b"", whole)
    try:
        return whole.decode()
    except UnicodeDecodeError:
        return whole.decode("cp1252", "replace")


@dataclass
class _Stack:
    """In which components we are."""

    names: list[str] = field(default_factory=list)
    entry: Entry | None = None
    zone: list[str] = field(default_factory=list)
    zone_name: str = ""


def _take(result: Sieved, stack: _Stack, raw: str) -> None:
    name, _, rest = raw.partition(":")
    word = name.strip().upper()
    if word == "BEGIN":
        _begin(stack, rest.strip().upper())
    elif word == "END":
        _end(result, stack, rest.strip().upper())
    elif stack.names[-1:] == ["VEVENT"] and stack.entry is not None:
        _into(stack.entry, raw)
    elif "VTIMEZONE" in stack.names:
        _into_zone(stack, raw)


def _begin(stack: _Stack, name: str) -> None:
    stack.names.append(name)
    if name == "VEVENT":
        stack.entry = Entry()
    elif name == "VTIMEZONE":
        stack.zone, stack.zone_name = [], ""
    elif name in {"STANDARD", "DAYLIGHT"}:
        stack.zone.append(f"BEGIN:{name}")


def _end(result: Sieved, stack: _Stack, name: str) -> None:
    if name not in stack.names:
        return
    while stack.names.pop() != name:
        pass
    if name == "VEVENT" and stack.entry is not None:
        result.entries.append(stack.entry)
        stack.entry = None
    elif name in {"STANDARD", "DAYLIGHT"}:
        stack.zone.append(f"END:{name}")
    elif name == "VTIMEZONE" and stack.zone_name:
        result.zones[stack.zone_name] = stack.zone


def _into(entry: Entry, raw: str) -> None:
    name = re.split(r"[;:]", raw, maxsplit=1)[0].strip().upper()
    if name in TIMES:
        entry.lines.append(_time_line(name, raw))
    elif name in RULES:
        entry.lines.append(Line(name, raw.partition(":")[2].strip()))
    elif name in WORDS or name == BUSY_STATUS:
        found = _LINE.match(raw)
        entry.words.setdefault(name, found[3] if found else raw.partition(":")[2])


def _time_line(name: str, raw: str) -> Line:
    """The value stands behind the last colon: some programs write zone names with colons and without quotes."""
    head, _, value = raw.rpartition(":")
    given = {key.upper(): text.strip('"') for key, text in _PARAMETER.findall(head)}
    odd = _ODD_ZONE.search(head)
    zone = odd[1] if odd and ":" in head else given.get("TZID", "")
    return Line(
        name, value.strip(), zone.strip(), given.get("VALUE", "").upper(), given.get("RANGE", "").upper()
    )


def _into_zone(stack: _Stack, raw: str) -> None:
    name = re.split(r"[;:]", raw, maxsplit=1)[0].strip().upper()
    value = raw.partition(":")[2].strip()
    if name == "TZID":
        stack.zone_name = value.strip('"')
    elif name in ZONE_LINES:
        stack.zone.append(f"{name}:{value}")


def _inherit_class(entries: list[Entry]) -> None:
    """A changed date of a private series is private too, unless it says otherwise itself."""
    private = {entry.uid for entry in entries if entry.private and not entry.overrides}
    for entry in entries:
        if entry.overrides and "CLASS" not in entry.words and entry.uid in private:
            entry.words["CLASS"] = "PRIVATE"


def latest(entries: list[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """Each arrangement: its UID, and the entries that describe it, the main one first.

    Of entries that say the same thing twice the one with the highest SEQUENCE counts, or else the last one. Two
    different main entries under one UID (some programs do) are two arrangements.
    """
    mains: dict[str, dict[str, Entry]] = {}
    changes: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        key = entry.value("RECURRENCE-ID") if entry.overrides else entry.value("DTSTART")
        same = (changes if entry.overrides else mains).setdefault(entry.uid, {})
        if key not in same or same[key].sequence <= entry.sequence:
            same[key] = entry
    for uid in dict.fromkeys(entry.uid for entry in entries):
        newest = max((entry.sequence for entry in mains.get(uid, {}).values()), default=0)
        current = [entry for entry in mains.get(uid, {}).values() if entry.sequence == newest]
        yield uid, [*current[:1], *changes.get(uid, {}).values()]
        for other in current[1:]:
            yield uid, [other]
