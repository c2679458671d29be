"""The sheet Ruimtes: every room and desk, the tree of wholes and parts, and their m²."""

import re
from decimal import Decimal
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from tenants.leases.hub_import import cells, words
from tenants.leases.hub_import.findings import Findings, Place, Unreadable
from tenants.leases.hub_import.sheets import Column, Row, Table, TableSpec
from tenants.leases.hub_import.wanted import Draft, Wanted, name_key
from tenants.leases.hub_import.workbook import Grid

SPEC = TableSpec(
    "Ruimtes",
    (
        Column("code", "Code", ("ruimtecode", "ruimte code", "nummer", "ruimtenummer", "nr")),
        Column("name", "Naam", ("ruimte", "naam ruimte", "omschrijving")),
        Column("floor", "Verdieping", ("etage", "laag", "bouwlaag")),
        Column("kind", "Soort", ("type", "soort ruimte")),
        Column("area_m2", "m² VVO", ("m2", "oppervlakte", "vvo", "m2 vvo", "oppervlakte m2", "vvo m2")),
        Column("capacity", "Capaciteit", ("personen", "aantal personen", "max personen"), required=False),
        Column("features", "Kenmerken", ("voorzieningen", "faciliteiten"), required=False),
        Column("parent", "Deel van", ("onderdeel van", "hoort bij"), required=False),
        Column("lettable", "Verhuurbaar", ("te huur",)),
        Column("bookable", "Boekbaar", ("te boeken", "reserveerbaar")),
        Column("note", "Opmerking", ("opmerkingen", "toelichting"), required=False),
    ),
    aliases=("Ruimten", "Ruimte", "Ruimtelijst", "Kamers"),
)
HEADERS = {column.key: column.header for column in SPEC.columns}
DEEPEST = 2
LARGEST = 100_000
"""m² of one room; more is a typing error."""
_GROUND = {"bg", "begane grond", "0", "bgg", "begane-grond", "parterre"}
_BELOW = {"kelder", "souterrain", "k", "-1"}


def floor(value: Any) -> str:
    """The code of a floor: "BG", "1", "-1"; "1e verdieping" is "1"."""
    typed = cells.text(40)(value).casefold()
    if typed in _GROUND:
        return "BG"
    if typed in _BELOW:
        return "-1"
    number = re.fullmatch(
        r"(-?\d{1,2})(?:e|ste|de)?(?: (?:verdieping|etage))?|(?:verdieping|etage) (-?\d{1,2})", typed
    )
    if not number:
        raise Unreadable(_("“%(value)s” is not a floor. Write BG, 1, 2 or -1.") % {"value": typed})
    return str(int(number[1] or number[2]))


def floor_position(code: str) -> int:
    """0 for the ground floor, negative below it."""
    return 0 if code == "BG" else int(code)


def read(grid: Grid, findings: Findings, draft: Draft) -> None:
    """Put the spaces into `draft`; every row with a code can be referred to, also when something else is wrong."""
    table = Table(SPEC, grid, findings)
    for row in table.rows():
        wanted = _space(row, draft)
        if wanted is None:
            continue
        if wanted.key[0] in draft.space_index:
            other = draft.space_index[str(wanted.key[0])]
            row.error(
                "code",
                _("This code is already in row %(row)d. Give each room its own code.")
                % {"row": other.place.row},
            )
            continue
        draft.spaces.append(wanted)
        draft.space_index[str(wanted.key[0])] = wanted
    if table.header_row and not draft.spaces:
        findings.error(Place(grid.title), _("There are no rooms on this sheet."))
    for wanted in draft.spaces:
        _check_parent(table, wanted, draft)
    _check_parts(table, draft)
    _check_total(table, draft)


def _space(row: Row, draft: Draft) -> Wanted | None:
    code = row.read("code", cells.code, required=True)
    parent = row.read("parent", cells.code)
    values: dict[str, Any] = {
        "code": code,
        "name": row.text("name", required=True),
        "floor": row.read("floor", floor, required=True),
        "kind": row.read("kind", cells.one_of(words.SPACE_KINDS), required=True),
        "area_m2": row.amount("area_m2", most=LARGEST, required=True),
        "lettable": row.read("lettable", cells.yes_or_no, required=True),
        "bookable": row.read("bookable", cells.yes_or_no, required=True),
        "parent": name_key(parent) if parent else "",
    }
    if row.table.has("capacity"):
        values["capacity"] = row.read("capacity", cells.whole_up_to(10_000, units="personen|pers|p", least=1))
    if row.table.has("features"):
        values["features"] = _features(row, draft)
    if row.table.has("note"):
        values["note"] = row.text("note", most=300)
    if values["lettable"] and values["area_m2"] == 0:
        row.error(
            "area_m2", _("A room that is let needs its m². Fill in more than 0, or “nee” under Verhuurbaar.")
        )
    if not code:
        return None
    return Wanted(
        (name_key(code),), f"{code} {values['name']}", row.place("code"), values, columns=row.table.columns
    )


def _features(row: Row, draft: Draft) -> frozenset[str]:
    codes = set()
    for item in row.read("features", cells.listed) or []:
        known = words.FEATURES.get(item.casefold())
        if known:
            codes.add(known.code)
            continue
        code = slugify(item)[:50]
        if not code or len(item) > 120:
            row.error("features", _("“%(value)s” is not a feature.") % {"value": item[:40]})
        else:
            codes.add(code)
            draft.new_features.setdefault(code, item.casefold())
            row.remark(
                "features",
                _("“%(value)s” is a feature Plein does not know yet; it is added, with a Dutch name only.")
                % {"value": item},
            )
    return frozenset(codes)


def _check_parent(table: Table, wanted: Wanted, draft: Draft) -> None:
    place = table.place("parent", wanted.place.row)
    seen, at = [wanted.key[0]], wanted["parent"]
    while at:
        if at not in draft.space_index:
            if len(seen) == 1:
                table.findings.error(
                    place, _("There is no room with the code “%(code)s”.") % {"code": at.upper()}
                )
            return
        if at == wanted.key[0]:
            text = (
                _("A room cannot be part of itself.")
                if len(seen) == 1
                else _("These rooms are part of one another in a circle: %(codes)s.")
                % {"codes": " → ".join(map(str, [*seen, at])).upper()}
            )
            table.findings.error(place, text)
            return
        if at in seen:
            return
        seen.append(at)
        at = draft.space_index[at]["parent"]
    if len(seen) > DEEPEST + 1:
        table.findings.error(
            place, _("Parts of parts of parts are not possible: at most two levels below a whole.")
        )


def _check_parts(table: Table, draft: Draft) -> None:
    for whole in draft.spaces:
        parts = [space for space in draft.spaces if space["parent"] == whole.key[0] and space is not whole]
        if not parts:
            continue
        areas = [space["area_m2"] for space in (whole, *parts)]
        if None not in areas and sum(areas[1:]) != areas[0]:
            table.findings.error(
                table.place("area_m2", whole.place.row),
                _(
                    "The parts of %(code)s add up to %(parts)s m², but the whole says %(whole)s m². Make them equal."
                )
                % {
                    "code": whole["code"],
                    "parts": cells.shown_number(sum(areas[1:], Decimal(0))),
                    "whole": cells.shown_number(areas[0]),
                },
            )
        for part in parts:
            if None not in (part["lettable"], whole["lettable"]) and part["lettable"] != whole["lettable"]:
                table.findings.error(
                    table.place("lettable", part.place.row),
                    _("This part must say the same under Verhuurbaar as its whole %(code)s.")
                    % {"code": whole["code"]},
                )


def lettable_area(draft: Draft) -> Decimal:
    """The m² of all lettable spaces without parts."""
    return sum((space["area_m2"] or Decimal(0) for space in draft.leaves() if space["lettable"]), Decimal(0))


def _check_total(table: Table, draft: Draft) -> None:
    if any(space["area_m2"] is None for space in draft.spaces):
        return
    typed = sum((space["area_m2"] for space in draft.spaces), Decimal(0))
    lettable = lettable_area(draft)
    if typed != lettable:
        table.findings.remark(
            table.place("area_m2", None),
            _(
                "All rows add up to %(typed)s m², halves, desks and general rooms too. Lettable: %(lettable)s m²."
            )
            % {"typed": cells.shown_number(typed), "lettable": cells.shown_number(lettable)},
        )
    stated = draft.hub["stated_area_m2"] if draft.hub else None
    if stated is not None and stated != lettable:
        table.findings.remark(
            table.place("area_m2", None),
            _(
                "The lettable rooms add up to %(lettable)s m², the sheet Gebouw says %(stated)s m². Check both."
            )
            % {"stated": cells.shown_number(stated), "lettable": cells.shown_number(lettable)},
        )
