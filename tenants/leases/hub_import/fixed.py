"""The sheet Vaste dagdelen: the same day part every week, at a fixed price."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tenants.leases.hub_import import cells, moments, words
from tenants.leases.hub_import.contracts import atoms_of_rooms, find_party, overlap
from tenants.leases.hub_import.findings import Findings
from tenants.leases.hub_import.sheets import Column, Row, Table, TableSpec
from tenants.leases.hub_import.wanted import Draft, Wanted, name_key
from tenants.leases.hub_import.workbook import Grid

SPEC = TableSpec(
    "Vaste dagdelen",
    (
        Column("party", "Partij", ("naam", "huurder", "zzp'er")),
        Column("weekday", "Weekdag", ("dag",)),
        Column("day_part", "Dagdeel", ()),
        Column("room", "Ruimte", ("kamer", "ruimtecode")),
        Column("starts_on", "Vanaf", ("ingangsdatum", "van")),
        Column("ends_on", "Tot en met", ("t/m", "einddatum", "tot")),
        Column("price", "Prijs per keer", ("prijs", "bedrag")),
        Column("on_closure", "Bij sluiting", ("sluiting",)),
        Column("note", "Opmerking", ("opmerkingen", "toelichting"), required=False),
    ),
    aliases=("Vaste dagdeel", "Dagdelen", "Vaste huur dagdelen"),
)
HEADERS = {column.key: column.header for column in SPEC.columns}


def read(grid: Grid, findings: Findings, draft: Draft) -> None:
    """Put the fixed half-days into `draft`."""
    table = Table(SPEC, grid, findings)
    for row in table.rows():
        wanted = _fixed(row, draft)
        if wanted is not None and not row.failed:
            _check_lease(row, wanted, draft)
            _check_same_time(row, wanted, draft)
            draft.fixed.append(wanted)


def _fixed(row: Row, draft: Draft) -> Wanted | None:
    party = find_party(row, draft)
    weekday = row.read("weekday", moments.weekday, required=True)
    day_part = _day_part(row, draft)
    room = _room(row, draft)
    starts_on = row.read("starts_on", moments.day, required=True)
    values: dict[str, Any] = {
        "party": party.key if party else None,
        "weekday": weekday,
        "day_part": day_part.key if day_part else None,
        "room": room.key[0] if room else None,
        "starts_on": starts_on,
        "ends_on": row.read("ends_on", moments.day_or_endless),
        "price": row.amount("price", required=True),
    }
    on_closure = row.read("on_closure", cells.one_of(words.ON_CLOSURE))
    values["on_closure"] = (on_closure or words.ON_CLOSURE["vervalt"]).value
    if row.table.has("note"):
        values["note"] = row.text("note", most=300)
    _check_dates(row, values)
    if None in (party, weekday, day_part, room, starts_on):
        return None
    _check_open(row, day_part, weekday, draft)
    key = (values["party"], values["room"], weekday, values["day_part"], starts_on)
    when = f"{moments.WEEKDAY_NAMES[weekday or 0]} {day_part.label if day_part else ''}"
    label = f"{party.label if party else ''} · {when}"
    return Wanted(key, label, row.place("party"), values, columns=row.table.columns)


def _day_part(row: Row, draft: Draft) -> Wanted | None:
    typed = row.text("day_part", required=True)
    found = next((part for part in draft.day_parts if part.key == (name_key(typed),)), None)
    if typed and found is None:
        known = ", ".join(part.label for part in draft.day_parts)
        row.error(
            "day_part",
            _("“%(value)s” is not a day part. On the sheet Gebouw are: %(known)s.")
            % {"value": typed[:40], "known": known},
        )
    return found


def _room(row: Row, draft: Draft) -> Wanted | None:
    code = row.read("room", cells.code, required=True)
    found = draft.space_index.get(name_key(code)) if code else None
    if code and found is None:
        row.error("room", _("There is no room with the code “%(code)s”.") % {"code": code})
    return found


def _check_dates(row: Row, values: dict[str, Any]) -> None:
    first, last, weekday = values["starts_on"], values["ends_on"], values["weekday"]
    if first is None or last is None:
        return
    if last < first:
        row.error("ends_on", _("The last day is before the first. Exchange the two dates."))
    elif weekday is not None and first_on(first, weekday) > last:
        row.error("ends_on", _("There is no such weekday between these dates."))


def first_on(day: date, weekday: int) -> date:
    """The first `weekday` on or after `day`."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _check_open(row: Row, day_part: Wanted | None, weekday: int | None, draft: Draft) -> None:
    hours = next((day["hours"] for day in draft.opening if day.key == (weekday,)), ())
    if day_part is None or day_part["starts"] is None or day_part["ends"] is None or not draft.opening:
        return
    if not any(
        opens <= day_part["starts"]
        and (not closes or closes >= day_part["ends"] or closes.hour == closes.minute == 0)
        for opens, closes in hours
    ):
        row.error("weekday", _("The hub is not open for all of this day part on that day (sheet Gebouw)."))


def _check_lease(row: Row, wanted: Wanted, draft: Draft) -> None:
    atoms = atoms_of_rooms(draft, [wanted["room"]])
    for lease in draft.leases:
        if overlap(wanted, lease) and atoms & atoms_of_rooms(draft, [code for code, _area in lease["rooms"]]):
            row.error(
                "room",
                _("This room is let in contract %(number)s in the same time.") % {"number": lease.label},
            )


def _check_same_time(row: Row, wanted: Wanted, draft: Draft) -> None:
    atoms = atoms_of_rooms(draft, [wanted["room"]])
    for other in draft.fixed:
        same = (
            other["weekday"] == wanted["weekday"]
            and other["day_part"] == wanted["day_part"]
            and overlap(wanted, other)
        )
        if same and atoms & atoms_of_rooms(draft, [other["room"]]):
            row.error(
                "room",
                _("This room is already promised to “%(other)s” at this time (row %(row)d).")
                % {"other": other.label, "row": other.place.row},
            )
