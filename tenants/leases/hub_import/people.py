"""The sheet Partijen: tenants, self-employed professionals, external parties, and who is sought."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tenants.leases.hub_import import cells, moments, numbers, words
from tenants.leases.hub_import.findings import Findings
from tenants.leases.hub_import.sheets import Column, Row, Table, TableSpec, plain
from tenants.leases.hub_import.wanted import Draft, Wanted, name_key
from tenants.leases.hub_import.workbook import Grid
from tenants.parties import identity

SPEC = TableSpec(
    "Partijen",
    (
        Column("name", "Partij", ("naam", "naam partij", "organisatie")),
        Column("kind", "Soort partij", ("soort", "type")),
        Column("legal_form", "Rechtsvorm", (), required=False),
        Column("discipline", "Discipline", ("beroep", "vakgebied"), required=False),
        Column(
            "adds",
            "Wat voegt de partij toe?",
            ("wat voegt de partij toe", "toevoeging", "meerwaarde"),
            required=False,
        ),
        Column(
            "internship_places",
            "Stageplaatsen",
            ("stages", "stageplekken", "aantal stageplaatsen"),
            required=False,
        ),
        Column("contact_name", "Contactpersoon", ("contact",), required=False),
        Column("email", "E-mail", ("email", "e mailadres", "mailadres", "emailadres"), required=False),
        Column("phone", "Telefoon", ("telefoonnummer", "tel", "mobiel"), required=False),
        Column("kvk", "KvK", ("kvk nummer", "kvknummer"), required=False),
        Column("vat_id", "Btw-id of KOR", ("btw id", "btw nummer", "btwid", "btw id kor"), required=False),
        Column("vat_position", "Btw-positie", ("btw status",), required=False),
        Column("iban", "IBAN", ("rekeningnummer", "bankrekening"), required=False),
        Column("address", "Factuuradres", ("adres",), required=False),
        Column("payment_method", "Betaalwijze", ("betaling", "betaalmethode"), required=False),
        Column("mandate_reference", "Mandaatkenmerk", ("mandaat", "machtigingskenmerk"), required=False),
        Column(
            "mandate_signed_on",
            "Mandaat getekend op",
            ("mandaatdatum", "machtiging getekend op"),
            required=False,
        ),
        Column("registration", "Registratie", ("big", "agb", "registratienummer"), required=False),
        Column(
            "insured_until", "Verzekering geldig tot", ("verzekerd tot", "verzekering tot"), required=False
        ),
        Column("oin", "OIN (e-factuur)", ("oin",), required=False),
        Column("purchase_reference", "Inkoopkenmerk", ("inkoopnummer", "ordernummer"), required=False),
    ),
    aliases=("Partij", "Huurders", "Relaties"),
)
HEADERS = {column.key: column.header for column in SPEC.columns} | {
    "street": "Factuuradres",
    "postal_code": "Factuuradres",
    "city": "Factuuradres",
    "rate_group": "Soort partij",
}
_TEXTS = {
    "legal_form": 60,
    "discipline": 120,
    "adds": 2000,
    "contact_name": 120,
    "phone": 20,
    "vat_position": 60,
    "payment_method": 40,
    "mandate_reference": 35,
    "purchase_reference": 60,
}
_PARSED = {
    "email": numbers.email,
    "iban": numbers.iban,
    "oin": numbers.oin,
    "registration": numbers.registration,
    "kvk": numbers.kvk,
}
_DATES = ("mandate_signed_on", "insured_until")


def read(grid: Grid, findings: Findings, draft: Draft, *, today: date) -> None:
    """Put parties and vacancies into `draft`; `today` is the day in the hub on which insurances are judged."""
    table = Table(SPEC, grid, findings)
    by_kvk: dict[str, Wanted] = {}
    for row in table.rows():
        name = row.text("name", most=160, required=True)
        kind = row.read("kind", cells.one_of(words.PARTY_KINDS), required=True)
        if kind == words.VACANCY:
            _vacancy(row, name, draft)
            continue
        wanted = _party(row, name, kind, today=today)
        if name and not _is_duplicate(row, wanted, draft, by_kvk):
            draft.parties.append(wanted)
            draft.party_index[str(wanted.key[1])] = wanted
            by_kvk.setdefault(wanted["kvk"] or f"row {row.number}", wanted)


def _vacancy(row: Row, name: str, draft: Draft) -> None:
    discipline = row.text("discipline") or name
    wanted = Wanted(
        (name_key(discipline),),
        discipline,
        row.place("name"),
        {"discipline": discipline, "adds": row.text("adds", most=2000)},
    )
    if any(other.key == wanted.key for other in draft.vacancies):
        row.remark("discipline", _("This discipline is sought twice; it is read once."))
    elif discipline:
        draft.vacancies.append(wanted)


def _party(row: Row, name: str, kind: str | None, *, today: date) -> Wanted:
    values: dict[str, Any] = {"name": name, "kind": kind}
    if kind:
        values["rate_group"] = words.GROUP_OF_PARTY[kind]
    for key, most in _TEXTS.items():
        values[key] = row.text(key, most=most)
    for key, parser in _PARSED.items():
        values[key] = row.read(key, parser) or ""
    for key in _DATES:
        values[key] = row.read(key, moments.day)
    values["internship_places"] = row.read("internship_places", cells.whole_up_to(1000)) or 0
    values["street"], values["postal_code"], values["city"] = row.read("address", numbers.address) or (
        "",
        "",
        "",
    )
    _read_vat(row, values)
    _remark_on(row, values, today=today)
    also = (("kvk", values["kvk"]),) if values["kvk"] else ()
    known = {
        key: value
        for key, value in values.items()
        if _column_of(key) is None or row.table.has(str(_column_of(key)))
    }
    return Wanted(
        ("name", name_key(name)), name, row.place("name"), known, also=also, columns=row.table.columns
    )


def _column_of(key: str) -> str | None:
    if key in {"street", "postal_code", "city"}:
        return "address"
    return None if key in {"name", "kind", "rate_group"} else key


def _read_vat(row: Row, values: dict[str, Any]) -> None:
    """A btw-id, or words in its place: KOR, or that there is none."""
    typed = row.text_with_numbers("vat_id").casefold()
    values["vat_id"] = ""
    if typed.startswith(words.NO_VAT_ID):
        if typed.startswith("kor") and not values["vat_position"]:
            values["vat_position"] = "KOR"
        elif typed.startswith("kor") and "kor" not in values["vat_position"].casefold():
            row.error("vat_position", _("The column before says KOR, this one does not. Make them agree."))
        return
    sole = identity.is_sole_trader(values["legal_form"], self_employed=values["kind"] == words.SELF_EMPLOYED)
    if typed:
        values["vat_id"] = row.read("vat_id", lambda value: numbers.vat_id(value, sole_trader=sole)) or ""


def _remark_on(row: Row, values: dict[str, Any], *, today: date) -> None:
    debit = "incasso" in values["payment_method"].casefold()
    if debit and not (values["mandate_reference"] and values["mandate_signed_on"]):
        row.remark("payment_method", _("Direct debit needs a mandate reference and the date it was signed."))
    if values["mandate_signed_on"] and values["mandate_signed_on"] > today:
        row.error("mandate_signed_on", _("This mandate was signed in the future. Look at the date."))
    if values["insured_until"] and values["insured_until"] < today:
        row.remark("insured_until", _("This insurance has ended. Ask for a new proof."))
    if (
        values["kind"] == words.TENANT
        and not values["street"]
        and row.table.has("address")
        and not row.has("address")
    ):
        row.remark("address", _("Without an address no invoice can be made for this tenant."))


def _is_duplicate(row: Row, wanted: Wanted, draft: Draft, by_kvk: dict[str, Wanted]) -> bool:
    """The same party once more is a remark; its KvK number under another name is an error."""
    first = draft.party_index.get(str(wanted.key[1]))
    same_number = by_kvk.get(wanted["kvk"] or "")
    if first is None and same_number is not None and plain(same_number.label) == plain(wanted.label):
        first = same_number
    if first is not None:
        return _tell_duplicate(row, wanted, first)
    if same_number is not None:
        text = _("This KvK number also belongs to “%(name)s” in row %(row)d. One of the two is wrong.")
        row.error("kvk", text % {"name": same_number.label, "row": same_number.place.row})
    return False


def _tell_duplicate(row: Row, wanted: Wanted, first: Wanted) -> bool:
    if wanted["kvk"] and first["kvk"] and wanted["kvk"] != first["kvk"]:
        row.error(
            "kvk",
            _("“%(name)s” is also in row %(row)d, with another KvK number. Change a name or mend the number.")
            % {"name": first.label, "row": first.place.row},
        )
        return True
    differing = [
        key
        for key, value in wanted.values.items()
        if value and key not in {"name", "rate_group"} and value != first[key]
    ]
    text = _("“%(name)s” is the same party as in row %(row)d; that row counts.") % {
        "name": wanted.label,
        "row": first.place.row,
    }
    if differing:
        columns = ", ".join(HEADERS[key] for key in differing)
        text += " " + _("They differ in: %(columns)s. Check which is right.") % {"columns": columns}
    row.remark("name", text)
    return True
