"""Figures of the consumer price index from a file: read, compared with what is known, stored.

A provisional figure is replaced by its definitive one. A definitive figure that is another in the file is reported, and
stays what it was until somebody says that it is replaced. Columns: period, base, value, status, source.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from spaces import wording
from spaces.money import euro
from tenants.leases import tabular
from tenants.leases.hub_import import cells
from tenants.leases.hub_import.findings import Findings, Unreadable
from tenants.leases.hub_import.moments import FIRST_YEAR, LAST_YEAR, MONTHS
from tenants.leases.hub_import.sheets import Column, Row, Table, TableSpec
from tenants.leases.models import CpiFigure
from tenants.leases.naming import month as in_words
from tenants.leases.tabular import FileRefused

SPEC = TableSpec(
    "CPI",
    (
        Column("month", "period", ("periode", "maand", "month", "perioden")),
        Column("base", "base", ("basis", "reeks", "basisjaar")),
        Column("value", "value", ("waarde", "cijfer", "cpi", "index", "indexcijfer")),
        Column("status", "status", ()),
        Column("source", "source", ("bron",), required=False),
    ),
)
STATUSES = {
    "definitief": CpiFigure.Status.DEFINITIVE,
    "voorlopig": CpiFigure.Status.PROVISIONAL,
    "definitive": CpiFigure.Status.DEFINITIVE,
    "final": CpiFigure.Status.DEFINITIVE,
    "provisional": CpiFigure.Status.PROVISIONAL,
}
MOST = Decimal(1000)
"""Higher than any index with a base year of ours; a thousand is a decimal comma that got lost."""
Key = tuple[str, date]


class FiguresRefused(Exception):
    """Nothing was stored; `message` says why."""

    @property
    def message(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Replaced:
    """A figure that is in Plein, and what the file says."""

    old: CpiFigure
    new: CpiFigure


@dataclass
class Plan:
    """What a file would do: `settled` replace provisional figures, `disputed` are definitive and differ in the file."""

    findings: Findings
    new: list[CpiFigure] = field(default_factory=list)
    settled: list[Replaced] = field(default_factory=list)
    disputed: list[Replaced] = field(default_factory=list)
    same: int = 0
    older: list[CpiFigure] = field(default_factory=list)
    """Provisional in the file and definitive here: the file is an old one."""

    @property
    def changes_nothing(self) -> bool:
        return not (self.new or self.settled)

    @property
    def fingerprint(self) -> str:
        parts = [f"{each.base}{each.month}{each.value}{each.status}" for each in self.new]
        parts += [f"{each.new.base}{each.new.month}{each.old.value}{each.new.value}" for each in self.settled]
        parts += [
            f"!{each.new.base}{each.new.month}{each.old.value}{each.new.value}" for each in self.disputed
        ]
        return sha256("|".join(parts).encode()).hexdigest()[:20]


def look(content: bytes) -> Plan:
    """What the file would do; nothing is stored. Raises FileRefused when it is no CSV file at all. One query."""
    findings = Findings()
    table = Table(SPEC, tabular.grid(tabular.text_of(content)), findings)
    wanted = _read(table)
    known = {(row.base, row.month): row for row in CpiFigure.objects.all()}
    plan = Plan(findings)
    for key, figure in wanted.items():
        _compare(plan, known.get(key), figure)
    if not wanted and not findings.errors:
        raise FileRefused(_("There are no figures in this file. Below the header each row holds one month."))
    return plan


def store(content: bytes, *, agreed: str | None = None, now: datetime) -> Plan:
    """Store the new figures, and the definitive ones of what was provisional; the same file again changes nothing.

    `agreed` is the fingerprint of the plan that was shown. Raises FiguresRefused when there are errors or the plan is
    another one by now, and FileRefused as `look`.
    """
    return _store(content, agreed=agreed, disputed_too=False, now=now)


def store_and_replace(content: bytes, *, agreed: str | None = None, now: datetime) -> Plan:
    """As `store`, and definitive figures that are other in the file are replaced too."""
    return _store(content, agreed=agreed, disputed_too=True, now=now)


def _store(content: bytes, *, agreed: str | None, disputed_too: bool, now: datetime) -> Plan:
    with transaction.atomic(durable=True):
        list(CpiFigure.objects.select_for_update().values_list("pk"))
        plan = look(content)
        if plan.findings.errors:
            raise FiguresRefused(_("There are errors in the file. Nothing was stored."))
        if agreed is not None and agreed != plan.fingerprint:
            raise FiguresRefused(
                _("Since you looked, something in Plein has changed. Look again and confirm it then.")
            )
        for figure in plan.new:
            figure.loaded_at = now
        CpiFigure.objects.bulk_create(plan.new)
        for each in plan.settled + (plan.disputed if disputed_too else []):
            _replace(each, now=now)
        return plan


def _replace(each: Replaced, *, now: datetime) -> None:
    row = each.old
    row.value, row.status, row.source = each.new.value, each.new.status, each.new.source
    row.loaded_at = now
    row.save()


def _compare(plan: Plan, known: CpiFigure | None, figure: CpiFigure) -> None:
    definitive = CpiFigure.Status.DEFINITIVE
    if known is None:
        plan.new.append(figure)
    elif (known.value, known.status) == (figure.value, figure.status):
        plan.same += 1
    elif known.status != definitive:
        plan.settled.append(Replaced(known, figure))
    elif figure.status != definitive:
        plan.older.append(figure)
    else:
        plan.disputed.append(Replaced(known, figure))


def _read(table: Table) -> dict[Key, CpiFigure]:
    found: dict[Key, CpiFigure] = {}
    rows: dict[Key, int] = {}
    for row in table.rows():
        figure = _figure(row)
        if figure is None:
            continue
        key = (figure.base, figure.month)
        if key in found:
            row.error(
                "month", _("This month is already in row %(row)d, on the same base.") % {"row": rows[key]}
            )
        found[key], rows[key] = figure, row.number
    return found


def _figure(row: Row) -> CpiFigure | None:
    month = row.read("month", _month, required=True)
    base = row.read("base", _base, required=True)
    value = row.read("value", _value, required=True)
    status = row.read("status", cells.one_of(STATUSES), required=True)
    source = row.read("source", cells.text(300)) or ""
    if row.failed or month is None or base is None or value is None or status is None:
        return None
    return CpiFigure(base=base, month=month, value=value, status=status, source=source)


def _month(value: Any) -> date:
    """2026-09, 2026MM09 (as StatLine writes it), september 2026."""
    typed = str(value).casefold()
    numbers = re.fullmatch(r"(\d{4})\s*(?:-|/|mm)\s*(\d{1,2})(?:-01)?", typed)
    words = re.fullmatch(r"([a-z]+)\.?\s+(\d{4})|(\d{4})\s+([a-z]+)\.?", typed)
    year, month = 0, 0
    if numbers:
        year, month = int(numbers[1]), int(numbers[2])
    elif words:
        year, month = int(words[2] or words[3]), MONTHS.get(words[1] or words[4], 0)
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        raise Unreadable(_("“%(value)s” is not a month. Write it as 2026-09.") % {"value": str(value)[:40]})
    return date(year, month, 1)


def _base(value: Any) -> str:
    found = re.fullmatch(r"((?:19|20)\d\d)\s*=\s*100", str(value).strip())
    if not found:
        raise Unreadable(
            _("“%(value)s” is not a base. Write the year that is 100: 2025=100.") % {"value": str(value)[:40]}
        )
    return f"{found[1]}=100"


def _value(value: Any) -> Decimal:
    number = cells.not_negative(value)
    if not 0 < number < MOST:
        raise Unreadable(
            _("An index figure lies between 0 and 1.000; “%(value)s” does not.") % {"value": str(value)[:40]}
        )
    if number != euro(number):
        raise Unreadable(_("An index figure has two decimals at most. Check this one with CBS."))
    return euro(number)


def report(plan: Plan) -> Iterator[str]:
    """The plan in lines, in the active language."""
    for finding in plan.findings.sorted().errors:
        yield _told(finding.place.row, finding.place.header, finding.text)
    yield _("%(new)d new, %(settled)d now definitive or renewed, %(same)d the same.") % {
        "new": len(plan.new),
        "settled": len(plan.settled),
        "same": plan.same,
    }
    for each in plan.settled:
        yield f"  {name(each.new)}: {shown(each.old)} → {shown(each.new)}"
    for each in plan.disputed:
        yield disputed_words(each)
    for figure in plan.older:
        yield _("%(figure)s is provisional in this file and definitive in Plein: it stays definitive.") % {
            "figure": name(figure)
        }
    for finding in plan.findings.sorted().remarks:
        yield _told(finding.place.row, finding.place.header, finding.text)


def disputed_words(each: Replaced) -> str:
    """What is wrong with a definitive figure that is another in the file."""
    return _(
        "%(figure)s is definitive in Plein with %(old)s, and %(new)s in this file. "
        "It stays %(old)s unless you replace it."
    ) % {
        "figure": name(each.new),
        "old": wording.number(each.old.value, least=2),
        "new": wording.number(each.new.value, least=2),
    }


def name(figure: CpiFigure) -> str:
    """september 2026 (2025=100)"""
    return f"{in_words(figure.month)} ({figure.base})"


def shown(figure: CpiFigure) -> str:
    """100,97 definitief"""
    return f"{wording.number(figure.value, least=2)} {figure.get_status_display()}"


def _told(row: int | None, column: str, text: str) -> str:
    if row is None:
        return text
    if not column:
        return _("Row %(row)d: %(text)s") % {"row": row, "text": text}
    return _("Row %(row)d, column %(column)s: %(text)s") % {"row": row, "column": column, "text": text}
