"""The sheet Tarieven: prices excluding VAT for a room or a kind, by rate group and date."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from spaces.models import SpaceKind
from spaces.money import VatTreatment
from tenants.leases.hub_import import cells, moments, words
from tenants.leases.hub_import.findings import Findings, Unreadable
from tenants.leases.hub_import.sheets import Column, Row, Table, TableSpec
from tenants.leases.hub_import.wanted import Draft, Wanted, name_key
from tenants.leases.hub_import.workbook import Grid

SPEC = TableSpec(
    "Tarieven",
    (
        Column("what", "Ruimte of soort", ("ruimte", "soort", "ruimte soort")),
        Column("group", "Tariefgroep", ("groep", "doelgroep")),
        Column("per_hour", "Per uur", ("uur", "uurprijs", "prijs per uur"), required=False),
        Column("per_day_part", "Per dagdeel", ("dagdeel", "prijs per dagdeel"), required=False),
        Column("per_day", "Per dag", ("dag", "prijs per dag"), required=False),
        Column("per_week", "Per week", ("week", "prijs per week"), required=False),
        Column("vat", "Btw", ("btw tarief", "btw %")),
        Column("vat_reason", "Reden btw", ("btw reden", "toelichting btw")),
        Column("valid_from", "Geldig vanaf", ("vanaf", "ingangsdatum", "per datum")),
        Column("note", "Opmerking", ("opmerkingen", "toelichting"), required=False),
    ),
    aliases=("Prijzen", "Tarief", "Prijslijst"),
)
HEADERS = {column.key: column.header for column in SPEC.columns} | {"vat_treatment": "Btw", "vat_rate": "Btw"}
PRICES = ("per_hour", "per_day_part", "per_day", "per_week")
_RATES = (Decimal(21), Decimal(9))


def vat_rate(value: Any) -> Decimal:
    """0 for exempt, else 21 or 9. Raises Unreadable for 0 and unknown rates."""
    if isinstance(value, str) and value.casefold() in {"vrijgesteld", "vrij", "vrijgesteld van btw"}:
        return Decimal(0)
    try:
        rate = cells.percentage(value)
    except Unreadable:
        rate = None
    if rate not in _RATES:
        raise Unreadable(
            _("“%(value)s” is not a VAT rate. Write 21%%, 9%% or “vrijgesteld”.") % {"value": str(value)[:40]}
        )
    return rate


def read(grid: Grid, findings: Findings, draft: Draft) -> None:
    """Put the rates into `draft`."""
    table = Table(SPEC, grid, findings)
    if table.header_row and not any(table.has(price) for price in PRICES):
        findings.error(
            table.place("per_hour", table.header_row),
            _("There is no column with prices. Add “Per uur”, “Per dagdeel” or “Per dag”."),
        )
    seen: dict[Any, Wanted] = {}
    for row in table.rows():
        wanted = _rate(row, draft)
        if wanted is None:
            continue
        if wanted.key in seen:
            row.error(
                "valid_from",
                _(
                    "Row %(row)d has a price for the same room or kind, group and date. Keep one, or change the date."
                )
                % {"row": seen[wanted.key].place.row},
            )
            continue
        seen[wanted.key] = wanted
        draft.rates.append(wanted)


def _rate(row: Row, draft: Draft) -> Wanted | None:
    target = _target(row, draft)
    group = row.read("group", cells.one_of(words.RATE_GROUP_WORDS), required=True)
    valid_from = row.read("valid_from", moments.day, required=True)
    rate = row.read("vat", vat_rate, required=True)
    reason = row.text("vat_reason", most=300)
    if not reason and row.table.has("vat_reason"):
        row.error(
            "vat_reason",
            _("Write why this VAT applies; it comes on the invoice and the tax office asks for it."),
        )
    row.text("note", most=300)
    values: dict[str, Any] = {price: row.amount(price) for price in PRICES if row.table.has(price)}
    if not row.failed and all(value is None for value in values.values()):
        row.error(
            "per_hour" if row.table.has("per_hour") else "what",
            _("There is no price in this row. Fill in at least one."),
        )
    if target is None or group is None or valid_from is None or rate is None:
        return None
    what, name, space_kind = target
    values |= {"vat_treatment": _treatment(rate, space_kind), "vat_rate": rate, "vat_reason": reason}
    label = f"{row.text('what')} · {group} · {valid_from.day}-{valid_from.month}-{valid_from.year}"
    return Wanted((group, what, name, valid_from), label, row.place("what"), values)


def _target(row: Row, draft: Draft) -> tuple[str, str, str] | None:
    """("space", code, its kind) or ("kind", kind, kind); a room goes before a kind with the same name."""
    typed = row.text("what", required=True)
    if not typed:
        return None
    space = draft.space_index.get(name_key(typed))
    if space is not None:
        return "space", str(space.key[0]), space["kind"] or ""
    try:
        kind = cells.one_of(words.SPACE_KINDS)(typed)
    except Unreadable as problem:
        row.error(
            "what",
            _("There is no room with the code “%(value)s”, and as a kind: %(problem)s")
            % {"value": typed[:20], "problem": problem},
        )
        return None
    return "kind", kind.value, kind.value


def _treatment(rate: Decimal, space_kind: str) -> str:
    if rate == 0:
        return VatTreatment.EXEMPT_RENT.value
    if rate == 21 and space_kind in {kind.value for kind in SpaceKind.for_meeting()}:
        return VatTreatment.MEETING_TAXED.value
    return VatTreatment.SERVICE_OWN.value
