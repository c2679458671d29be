"""The sheet Huurcontracten: who rents which rooms, from when to when, on which terms."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from spaces.money import VatTreatment
from tenants.leases.hub_import import cells, moments, words
from tenants.leases.hub_import.findings import Findings, Unreadable
from tenants.leases.hub_import.sheets import Column, Row, Table, TableSpec
from tenants.leases.hub_import.wanted import Draft, Wanted, name_key
from tenants.leases.hub_import.workbook import Grid
from tenants.leases.models import LeaseTerms
from tenants.parties import vat_position

SPEC = TableSpec(
    "Huurcontracten",
    (
        Column("number", "Contractnr", ("contractnummer", "contract", "nummer")),
        Column("party", "Partij", ("huurder", "naam")),
        Column("rooms", "Ruimtes", ("ruimten", "ruimte", "kamers")),
        Column("starts_on", "Ingangsdatum", ("vanaf", "begin", "begindatum")),
        Column("ends_on", "Einddatum", ("tot en met", "einde", "t/m")),
        Column("notice_months", "Opzegtermijn (maanden)", ("opzegtermijn",), required=False),
        Column(
            "rent_per_m2_year", "Huur €/m²/jaar", ("huur per m2 per jaar", "huurprijs", "huur per m2", "huur")
        ),
        Column("price_level_on", "Prijspeil", ("prijspeildatum",), required=False),
        Column("leading", "Leidend", (), required=False),
        Column(
            "service_advance_month",
            "Voorschot servicekosten p/m",
            ("servicekosten", "voorschot servicekosten"),
            required=False,
        ),
        Column("invoicing", "Facturatie", ("factureren", "facturering"), required=False),
        Column("indexation_month", "Indexering maand", ("indexeringsmaand",), required=False),
        Column("indexation", "Indexering clausule", ("indexering",), required=False),
        Column("deposit", "Waarborgsom", ("waarborg", "borg"), required=False),
        Column("deposit_kind", "Waarborg vorm", ("vorm waarborg",), required=False),
        Column("vat_treatment", "Btw-behandeling", ("btw",)),
        Column("option_choice", "Optie: keuze in contract", ("optie keuze",), required=False),
        Column(
            "option_description",
            "Optie: plaatselijke en kadastrale aanduiding",
            ("optie aanduiding",),
            required=False,
        ),
        Column("option_book_year", "Optie: boekjaar huurder begint", ("optie boekjaar",), required=False),
        Column(
            "option_declared_on",
            "Optie: huurdersverklaring getekend",
            ("optie huurdersverklaring",),
            required=False,
        ),
        Column("included_hours", "Gratis vergaderuren p/m", ("gratis uren", "vergaderuren"), required=False),
        Column("note", "Opmerking", ("opmerkingen", "toelichting"), required=False),
    ),
    aliases=("Contracten", "Huur", "Huurovereenkomsten"),
)
HEADERS = {column.key: column.header for column in SPEC.columns} | {
    "indexation_percentage": "Indexering clausule"
}
FORMAL = ("option_choice", "option_description", "option_book_year", "option_declared_on")


def indexation(value: Any) -> tuple[str, Decimal | None]:
    """The clause, and its percentage when it is a fixed one: "vast 2,5%"."""
    fixed = re.fullmatch(r"(?i)vast[e]?\s*:?\s*(.+?)\s*%?", str(value))
    if fixed:
        percentage = cells.in_cents(fixed[1])
        if percentage >= 100:
            raise Unreadable(_("An indexation of 100 or more cannot be right."))
        return LeaseTerms.Indexing.FIXED.value, percentage
    return cells.one_of(words.INDEXATION)(value).value, None


def read(grid: Grid, findings: Findings, draft: Draft, *, today: date) -> None:
    """Put the leases into `draft`; `today` is the day in the hub, to tell which have ended."""
    table = Table(SPEC, grid, findings)
    for row in table.rows():
        wanted = _lease(row, draft)
        if wanted is None:
            continue
        other = next((lease for lease in draft.leases if lease.key == wanted.key), None)
        if other:
            row.error(
                "number", _("This contract number is already in row %(row)d.") % {"row": other.place.row}
            )
        if wanted["ends_on"] and wanted["ends_on"] < today:
            row.remark("ends_on", _("This lease has ended; it is kept as history."))
        _check_overlap(row, wanted, draft)
        draft.leases.append(wanted)


def _lease(row: Row, draft: Draft) -> Wanted | None:
    number = row.read("number", cells.text(30), required=True)
    party = find_party(row, draft)
    values: dict[str, Any] = {
        "number": number,
        "party": party.key if party else None,
        "starts_on": row.read("starts_on", moments.day, required=True),
        "ends_on": row.read("ends_on", moments.day_or_endless),
        "notice_months": row.read("notice_months", cells.whole_up_to(120, units="maanden|maand|mnd|m")) or 0,
        "rent_per_m2_year": row.amount("rent_per_m2_year", required=True),
        "price_level_on": row.read("price_level_on", moments.day),
        "leading": _choice(row, "leading", words.LEADING, LeaseTerms.Leading.YEAR),
        "service_advance_month": row.amount("service_advance_month") or Decimal(0),
        "invoicing": _choice(row, "invoicing", words.INVOICING, LeaseTerms.Invoicing.MONTH),
        "deposit": _deposit(row),
        "deposit_kind": row.text("deposit_kind", most=20),
        "vat_treatment": row.read("vat_treatment", cells.one_of(words.LEASE_VAT), required=True),
        "included_hours": row.amount("included_hours", most=744) or Decimal(0),
        "note": row.text("note", most=300),
    }
    values["rooms"] = _rooms(row, draft)
    _read_indexation(row, values)
    _read_option(row, values, party)
    if values["starts_on"] and values["ends_on"] and values["ends_on"] < values["starts_on"]:
        row.error("ends_on", _("The last day is before the first. Exchange the two dates."))
    if not number:
        return None
    known = {key: value for key, value in values.items() if key not in HEADERS or _has(row, key)}
    return Wanted((name_key(number),), number, row.place("number"), known, columns=row.table.columns)


def _has(row: Row, key: str) -> bool:
    """Whether a field can be told from this table; columns that must be there count always."""
    column = SPEC.column("indexation" if key == "indexation_percentage" else key)
    return column.required or row.table.has(column.key)


def find_party(row: Row, draft: Draft) -> Wanted | None:
    """The party named in the column "party" of this row; an unknown one is an error."""
    typed = row.text("party", most=160, required=True)
    party = draft.party_index.get(name_key(typed))
    if typed and party is None:
        row.error(
            "party",
            _("“%(name)s” is not on the sheet Partijen. Add the party there, or mend the name.")
            % {"name": typed},
        )
    return party


def _choice(row: Row, key: str, choices: dict[str, Any], default: Any) -> str:
    return str((row.read(key, cells.one_of(choices)) or default).value)


def _deposit(row: Row) -> Decimal:
    typed = row.raw("deposit")
    if isinstance(typed, str) and typed.casefold() in {"geen", "nihil"}:
        return Decimal(0)
    return row.amount("deposit") or Decimal(0)


def _rooms(row: Row, draft: Draft) -> tuple[tuple[str, Decimal], ...]:
    """Each room once, with its m², by code; the m² of the sheet Ruimtes are the ones agreed."""
    found: dict[str, Decimal] = {}
    for code in row.read("rooms", cells.listed, required=True) or []:
        space = draft.space_index.get(name_key(code))
        if space is None:
            row.error("rooms", _("There is no room with the code “%(code)s”.") % {"code": code[:20]})
        elif space["lettable"] is False:
            row.error(
                "rooms",
                _("Room %(code)s is not lettable (sheet Ruimtes, column Verhuurbaar).")
                % {"code": space["code"]},
            )
        elif str(space.key[0]) in found:
            row.error("rooms", _("Room %(code)s is named twice.") % {"code": space["code"]})
        else:
            found[str(space.key[0])] = space["area_m2"] or Decimal(0)
    _check_whole_and_part(row, draft, found)
    return tuple(sorted(found.items()))


def _check_whole_and_part(row: Row, draft: Draft, codes: Iterable[str]) -> None:
    atoms: dict[str, str] = {}
    for code in codes:
        for atom in draft.atoms_of(draft.space_index[code]):
            other = atoms.setdefault(str(atom.key[0]), code)
            if other != code:
                row.error(
                    "rooms",
                    _("%(one)s and %(other)s are whole and part of one another. Name only one of them.")
                    % {"one": other.upper(), "other": code.upper()},
                )
                return


def _read_indexation(row: Row, values: dict[str, Any]) -> None:
    clause, percentage = row.read("indexation", indexation) or (LeaseTerms.Indexing.NONE.value, None)
    values["indexation"], values["indexation_percentage"] = clause, percentage
    typed = row.raw("indexation_month")
    month = None if str(typed).casefold() == "geen" else row.read("indexation_month", moments.month)
    values["indexation_month"] = month
    if clause != LeaseTerms.Indexing.NONE and month is None and not row.failed:
        row.error(
            "indexation_month", _("With this indexation a month is needed. Write for instance “januari”.")
        )


def _read_option(row: Row, values: dict[str, Any], party: Wanted | None) -> None:
    """Opted letting holds only with four formal fields and a tenant who may deduct (art. 11-1-b, 5° Wet OB).

    It may do so when it uses the rooms for 90 % or more for taxed work, 70 % in a few sectors (Belastingdienst).
    """
    values["option_choice"] = row.text("option_choice", most=200)
    values["option_description"] = row.text("option_description", most=300)
    values["option_book_year"] = row.text("option_book_year", most=60)
    values["option_declared_on"] = row.read("option_declared_on", moments.day)
    opted = values["vat_treatment"] == VatTreatment.OPTED_RENT
    if opted:
        for key in FORMAL:
            if not values[key] and not row.has(key):
                row.error(
                    key,
                    _("Taxed letting needs this in writing. Fill it in, or write “vrijgesteld” as VAT."),
                )
        _check_tenant(row, party)
    elif any(values[key] for key in FORMAL):
        row.remark("vat_treatment", _("The fields of the option are filled in, but this lease is exempt."))
    values["vat_treatment"] = values["vat_treatment"].value if values["vat_treatment"] else None


def _check_tenant(row: Row, party: Wanted | None) -> None:
    position = str(party["vat_position"] or "") if party else ""
    if party and not vat_position.may_opt(position):
        row.error(
            "vat_treatment",
            _("“%(party)s” is “%(position)s” and cannot deduct VAT: no taxed letting. Write “vrijgesteld”.")
            % {"party": party.label, "position": position},
        )
    elif party and vat_position.must_prove(position):
        row.remark(
            "vat_treatment",
            _(
                "“%(party)s” is “%(position)s”: taxed letting only holds when at least 90 %% of its work here is "
                "taxed (70 %% in a few sectors). Ask for a signed statement, every year."
            )
            % {"party": party.label, "position": position},
        )


def _check_overlap(row: Row, wanted: Wanted, draft: Draft) -> None:
    for other in draft.leases:
        shared = _atoms(wanted, draft) & _atoms(other, draft)
        if shared and overlap(wanted, other):
            row.error(
                "rooms",
                _(
                    "%(rooms)s is in contract %(other)s (row %(row)d) in the same time. Mend the rooms or the dates."
                )
                % {"rooms": ", ".join(sorted(shared)).upper(), "other": other.label, "row": other.place.row},
            )


def _atoms(lease: Wanted, draft: Draft) -> set[str]:
    return atoms_of_rooms(draft, [code for code, _area in lease["rooms"]])


def atoms_of_rooms(draft: Draft, codes: Iterable[str]) -> set[str]:
    """The keys of the atomic spaces under these rooms."""
    return {str(atom.key[0]) for code in codes for atom in draft.atoms_of(draft.space_index[code])}


def overlap(one: Wanted, other: Wanted) -> bool:
    """Whether two things with `starts_on` and `ends_on` (None: without end) share a day; not when a date is wrong."""
    if one["starts_on"] is None or other["starts_on"] is None:
        return False
    return bool(
        (other["ends_on"] is None or one["starts_on"] <= other["ends_on"])
        and (one["ends_on"] is None or other["starts_on"] <= one["ends_on"])
    )
