"""A plan in words: titles, counts and field changes, for the page and for the terminal."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from spaces.models import Feature, SpaceKind
from spaces.money import VatTreatment
from tenants.leases.hub_import import building, cells, contracts, fixed, moments, people, prices, rooms, words
from tenants.leases.hub_import.findings import Finding
from tenants.leases.hub_import.plan import CHANGED, NEW, SAME, FieldChange, Plan, Step
from tenants.leases.models import FixedDayPart, LeaseTerms
from tenants.parties.models import PartyKind

TITLES = {
    "hub": gettext_noop("Building"),
    "opening": gettext_noop("Opening hours"),
    "day_parts": gettext_noop("Day parts"),
    "closures": gettext_noop("Closures"),
    "numbering": gettext_noop("Invoice numbers"),
    "spaces": gettext_noop("Spaces"),
    "rates": gettext_noop("Rates"),
    "parties": gettext_noop("Parties"),
    "vacancies": gettext_noop("Professions sought"),
    "leases": gettext_noop("Leases"),
    "fixed": gettext_noop("Fixed half-days"),
}
_HEADERS = {
    "hub": building.HEADERS,
    "opening": {"hours": "Open – Dicht"},
    "day_parts": {"name_nl": "Dagdeel", "name_en": "Dagdeel (Engels)", "starts": "Van", "ends": "Tot"},
    "closures": {"starts_at": "Van", "ends_at": "Tot en met", "reason": "Reden"},
    "numbering": {"next_number": "Volgend factuurnummer"},
    "spaces": rooms.HEADERS,
    "rates": prices.HEADERS,
    "parties": people.HEADERS,
    "vacancies": {"discipline": "Discipline", "adds": "Wat voegt de partij toe?"},
    "leases": contracts.HEADERS,
    "fixed": fixed.HEADERS,
}
_CHOICES: dict[tuple[str, str], Any] = {
    ("spaces", "kind"): SpaceKind,
    ("parties", "kind"): PartyKind,
    ("rates", "vat_treatment"): VatTreatment,
    ("leases", "vat_treatment"): VatTreatment,
    ("leases", "leading"): LeaseTerms.Leading,
    ("leases", "invoicing"): LeaseTerms.Invoicing,
    ("leases", "indexation"): LeaseTerms.Indexing,
    ("fixed", "on_closure"): FixedDayPart.OnClosure,
}


@dataclass(frozen=True)
class Told:
    """One change in words: the header of the column, what it was, what it becomes."""

    header: str
    old: str
    new: str


@dataclass(frozen=True)
class Section:
    """All steps of one kind, by what happens to them."""

    title: str
    new: list[Step]
    changed: list[tuple[Step, list[Told]]]
    same: int


def sections(plan: Plan) -> list[Section]:
    """The plan by kind, in the order of the workbook; kinds without anything are left out."""
    return [_section(plan, kind) for kind in TITLES if plan.of(kind)]


def _section(plan: Plan, kind: str) -> Section:
    steps = plan.of(kind)
    return Section(
        title=_(TITLES[kind]),
        new=[step for step in steps if step.deed == NEW],
        changed=[
            (step, [told(step.kind, change) for change in step.changes])
            for step in steps
            if step.deed == CHANGED
        ],
        same=sum(step.deed == SAME for step in steps),
    )


def told(kind: str, change: FieldChange) -> Told:
    """A changed field under the header the director knows."""
    header = _HEADERS[kind].get(change.name, change.name)
    return Told(header, _shown(kind, change.name, change.old), _shown(kind, change.name, change.new))


def _shown(kind: str, name: str, value: Any) -> str:
    if value in (None, "", (), frozenset()):
        return _("empty")
    if (kind, name) in _CHOICES:
        return str(_CHOICES[kind, name](value).label)
    return _LISTS[name](value) if name in _LISTS else _plain(value)


_LISTS: dict[str, Callable[[Any], str]] = {
    "features": lambda value: ", ".join(sorted(_feature(code) for code in value)),
    "rooms": lambda value: ", ".join(
        f"{code.upper()} ({cells.shown_number(area)} m²)" for code, area in value
    ),
    "hours": lambda value: ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in value),
    "weekday": lambda value: moments.WEEKDAY_NAMES[value],
    "party": lambda value: str(value[-1]),
    "day_part": lambda value: str(value[-1]),
}


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return cells.shown_number(value)
    if isinstance(value, datetime):
        return date_format(localtime(value), "j F Y H:i")
    if isinstance(value, date):
        return f"{value.day}-{value.month}-{value.year}"
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def _feature(code: str) -> str:
    known = words.FEATURE_BY_CODE.get(code)
    return str(Feature(name_nl=known.nl, name_en=known.en)) if known else code


def report(plan: Plan) -> Iterator[str]:
    """The plan for a terminal: errors, remarks, counts and what changes."""
    yield from _findings(_("Errors"), plan.findings.errors)
    yield from _findings(_("Remarks"), plan.findings.remarks)
    if plan.findings.errors:
        return
    yield _("What the import does:")
    for section in sections(plan):
        told_counts = {"new": len(section.new), "changed": len(section.changed), "same": section.same}
        counts = _("%(new)d new, %(changed)d changed, %(same)d the same") % told_counts
        yield f"  {section.title}: {counts}"
        for step, changes in section.changed:
            yield f"    {step.wanted.label}: " + "; ".join(
                f"{one.header}: {one.old} → {one.new}" for one in changes
            )
    yield from _figures(plan)
    yield _("Together: %(new)d new, %(changed)d changed.") % {
        "new": plan.count(NEW),
        "changed": plan.count(CHANGED),
    }


def _figures(plan: Plan) -> Iterator[str]:
    if plan.figures:
        yield _(
            "Lettable %(lettable)s m², let today %(let)s m² (%(share)s %%), %(places)d internship places."
        ) % {
            "lettable": cells.shown_number(plan.figures.lettable_m2),
            "let": cells.shown_number(plan.figures.let_m2),
            "share": cells.shown_number(plan.figures.let_share),
            "places": plan.figures.internship_places,
        }


def _findings(title: str, findings: list[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield f"{title} ({len(findings)}):"
    for finding in findings:
        place = finding.place.in_words
        yield f"  {place}: {finding.text}" if place else f"  {finding.text}"
    yield ""
