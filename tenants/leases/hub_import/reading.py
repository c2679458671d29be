"""A whole workbook: every sheet in turn, all findings together."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from tenants.leases.hub_import import building, contracts, fixed, people, prices, rooms
from tenants.leases.hub_import.findings import Findings, Place
from tenants.leases.hub_import.sheets import find_sheet
from tenants.leases.hub_import.wanted import Draft
from tenants.leases.hub_import.workbook import Grid

Reader = Callable[[Grid, Findings, Draft], None]


def read(grids: list[Grid], *, now: datetime) -> tuple[Draft, Findings]:
    """What the workbook asks for, and all that is wrong with it. A sheet that is missing is an error."""
    draft, findings = Draft(), Findings(order=[grid.title for grid in grids])
    if not any(grid.rows for grid in grids):
        findings.error(Place(), _("This workbook is empty."))
        return draft, findings
    used = []
    for name, aliases, reader in _readers(now):
        grid = find_sheet([grid for grid in grids if grid not in used], name=name, aliases=aliases)
        if grid is None:
            text = _(
                "The sheet “%(sheet)s” is missing. Add it; with only its headers when there is nothing to say."
            )
            findings.error(Place(name), text % {"sheet": name})
            continue
        used.append(grid)
        reader(grid, findings, draft)
    for grid in grids:
        if grid not in used and grid.rows:
            findings.remark(Place(grid.title), _("Plein does not know this sheet; it is not read."))
    _check_across(draft, findings)
    return draft, findings.sorted()


def _readers(now: datetime) -> list[tuple[str, tuple[str, ...], Reader]]:
    def with_today(read: Callable[..., None]) -> Reader:
        return lambda grid, findings, draft: read(
            grid, findings, draft, today=now.astimezone(draft.zone).date()
        )

    return [
        (building.SHEET, building.ALIASES, building.read),
        (rooms.SPEC.sheet, rooms.SPEC.aliases, rooms.read),
        (prices.SPEC.sheet, prices.SPEC.aliases, prices.read),
        (people.SPEC.sheet, people.SPEC.aliases, with_today(people.read)),
        (contracts.SPEC.sheet, contracts.SPEC.aliases, with_today(contracts.read)),
        (fixed.SPEC.sheet, fixed.SPEC.aliases, fixed.read),
    ]


def _check_across(draft: Draft, findings: Findings) -> None:
    """What only shows when all sheets have been read."""
    let = {
        atom: lease
        for lease in draft.leases
        for atom in contracts.atoms_of_rooms(draft, [c for c, _a in lease["rooms"]])
    }
    priced = {rate.key[2] for rate in draft.rates}
    for space in draft.spaces:
        place = Place(space.place.sheet, space.place.row, space.place.column, space.place.header)
        lease = let.get(str(space.key[0]))
        if space["bookable"] and lease and not lease["ends_on"]:
            findings.remark(
                place,
                _("Room %(code)s can be booked, but is let without end in contract %(number)s.")
                % {"code": space["code"], "number": lease.label},
            )
        if space["bookable"] and not {space.key[0], space["kind"]} & priced:
            findings.remark(
                place,
                _("Room %(code)s can be booked, but there is no price for it.") % {"code": space["code"]},
            )
