"""The sheet Gebouw: who runs the hub and where; its opening hours, day parts and closures."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

from tenants.leases.hub_import import cells, hours, numbers
from tenants.leases.hub_import.findings import Findings, Place, Unreadable
from tenants.leases.hub_import.sheets import BLANK, plain
from tenants.leases.hub_import.wanted import Draft, Wanted
from tenants.leases.hub_import.workbook import Broken, Grid
from tenants.parties import identity

SHEET = "Gebouw"
ALIASES = ("Hub", "Pand", "Gebouwgegevens", "Algemeen")
Parser = Callable[[Any], Any]


def _zone(value: Any) -> str:
    name = str(value).strip()
    if name not in available_timezones():
        raise Unreadable(
            _("The time zone “%(value)s” is not known. In the Netherlands it is Europe/Amsterdam.")
            % {"value": name[:40]}
        )
    return name


FACTS: Mapping[str, tuple[str, tuple[str, ...], Parser, bool]] = {
    "name": ("Naam hub", ("naam", "hub", "naam van de hub"), cells.text(120), True),
    "legal_name": ("Rechtspersoon", ("statutaire naam",), cells.text(200), True),
    "legal_form": ("Rechtsvorm", (), cells.text(60), False),
    "kvk": ("KvK", ("kvk nummer", "kvknummer"), numbers.kvk, True),
    "rsin": ("RSIN", (), numbers.rsin, False),
    "vat_id": ("Btw-id", ("btw nummer", "btw", "btwid"), cells.text(40), False),
    "vat_position": ("Btw-positie", (), cells.text(60), False),
    "iban": ("IBAN", ("rekeningnummer",), numbers.iban, True),
    "creditor_id": ("Incassant-ID", ("incassantid",), numbers.creditor_id, False),
    "street": ("Bezoekadres", ("adres", "straat"), cells.text(120), True),
    "place": ("Postcode en plaats", ("postcode plaats",), numbers.postal_and_city, True),
    "cadastral": ("Kadastrale aanduiding", ("kadaster",), cells.text(200), False),
    "email": ("E-mail beheer", ("e mail", "email", "email beheer"), numbers.email, True),
    "invoice_email": ("E-mail facturen", ("email facturen",), numbers.email, True),
    "stated_area_m2": (
        "Verhuurbaar VVO (m²)",
        ("verhuurbaar vvo", "vvo", "verhuurbaar"),
        cells.in_cents,
        True,
    ),
    "max_persons": (
        "Maximum personen in gebouw",
        ("maximum personen", "max personen"),
        cells.whole_up_to(100_000),
        False,
    ),
    "payment_days": (
        "Betaaltermijn (dagen)",
        ("betaaltermijn",),
        cells.whole_up_to(365, units="dagen|dag", least=1),
        False,
    ),
    "next_number": ("Volgend factuurnummer", ("factuurnummer",), numbers.invoice_number, False),
    "timezone": ("Tijdzone", (), _zone, False),
}
EMPTY = {
    "legal_form": "",
    "rsin": "",
    "vat_id": "",
    "vat_position": "",
    "creditor_id": "",
    "cadastral": "",
    "max_persons": None,
}
"""What an empty cell means; other items that are empty stay as they are."""
HEADERS = {field: label for field, (label, *_rest) in FACTS.items()} | {
    "postal_code": "Postcode en plaats",
    "city": "Postcode en plaats",
}
_LABELS = {
    plain(word): field for field, (label, aliases, *_rest) in FACTS.items() for word in (label, *aliases)
}


def read(grid: Grid, findings: Findings, draft: Draft) -> None:
    """Put the hub and its hours into `draft`."""
    hours.read(grid, findings, draft, facts=lambda last: _facts(grid, findings, draft, last=last))


def _facts(grid: Grid, findings: Findings, draft: Draft, *, last: int) -> None:
    values: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for number in sorted(number for number in grid.rows if number <= last):
        _fact(grid, number, values, places, findings)
    _report_missing(grid, places, findings)
    if values.get("timezone"):
        draft.zone = ZoneInfo(values["timezone"])
    values["postal_code"], values["city"] = values.pop("place", None) or ("", "")
    _check_vat(values, places, findings)
    if next_number := values.pop("next_number", None):
        year, number = next_number
        draft.numbering.append(Wanted((year,), str(year), places["next_number"], {"next_number": number}))
    place = places.get("name", Place(grid.title))
    draft.hub = Wanted(("hub",), values.get("name", ""), place, values)


def _fact(
    grid: Grid, number: int, values: dict[str, Any], places: dict[str, Place], findings: Findings
) -> None:
    first, *rest = sorted(grid.rows[number].items())
    label = plain(first[1])
    value_at, value = rest[0] if rest and rest[0][0] == first[0] + 1 else (first[0] + 1, None)
    place = Place(grid.title, number, value_at, str(first[1]))
    field = _LABELS.get(label)
    if field is None:
        if rest and label not in {"gegeven", "onderdeel"}:
            findings.remark(place, _("Plein does not know this item; it is not read."))
        return
    if field in places:
        findings.error(
            place,
            _("This item is there twice (also in row %(row)d). Keep one of them.")
            % {"row": places[field].row},
        )
        return
    places[field] = place
    if value is not None and not (isinstance(value, str) and value.casefold() in BLANK):
        _parse(field, value, values, place, findings)
    elif FACTS[field][3]:
        findings.error(place, _("Fill in this cell."))
    elif field in EMPTY:
        values[field] = EMPTY[field]


def _parse(field: str, value: Any, values: dict[str, Any], place: Place, findings: Findings) -> None:
    if isinstance(value, Broken):
        findings.error(
            place,
            _("This cell shows %(shown)s instead of a result. Type the value itself.")
            % {"shown": value.shown[:40]},
        )
        values[field] = None
        return
    try:
        values[field] = FACTS[field][2](value)
    except Unreadable as problem:
        findings.error(place, str(problem))
        values[field] = None


def _report_missing(grid: Grid, places: Mapping[str, Place], findings: Findings) -> None:
    for field, (label, _aliases, _parser, required) in FACTS.items():
        if required and field not in places:
            text = _("“%(label)s” is missing on this sheet. Add a row with this name and its value.") % {
                "label": label
            }
            findings.error(Place(grid.title, None, None, label), text)


def _check_vat(values: dict[str, Any], places: Mapping[str, Place], findings: Findings) -> None:
    sole = identity.is_sole_trader(values.get("legal_form") or "", self_employed=False)
    if values.get("vat_id"):
        try:
            values["vat_id"] = numbers.vat_id(values["vat_id"], sole_trader=sole)
        except Unreadable as problem:
            values["vat_id"] = ""
            findings.error(places["vat_id"], str(problem))
    if sole and values.get("rsin"):
        values["rsin"] = ""
        findings.error(
            places["rsin"], _("A sole trader has no RSIN: this may be a BSN. Remove it from the workbook.")
        )
