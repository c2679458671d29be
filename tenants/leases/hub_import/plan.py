"""What an import would create and change: the workbook beside what is stored, field by field."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from spaces.models import Hub
from tenants.leases.hub_import import rooms
from tenants.leases.hub_import.findings import Findings
from tenants.leases.hub_import.present import Present, Stored
from tenants.leases.hub_import.wanted import Draft, Key, Wanted

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True)
class FieldChange:
    """A field that is not what the workbook says."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Step:
    """One thing: what it should be, what it is, and the fields that differ; `left` is what is not changed after all."""

    kind: str
    wanted: Wanted
    stored: Stored | None
    changes: tuple[FieldChange, ...]
    left: tuple[FieldChange, ...] = ()

    @property
    def label(self) -> str:
        return self.wanted.label

    @property
    def deed(self) -> str:
        if self.stored is None:
            return NEW
        return CHANGED if self.changes else SAME

    def touches(self, *names: str) -> bool:
        """Whether it is new, or one of these fields changes."""
        return self.deed == NEW or any(change.name in names for change in self.changes)


@dataclass(frozen=True)
class Figures:
    """What the director knows by heart, to see that the workbook was read well."""

    spaces: int
    lettable_m2: Decimal
    let_m2: Decimal
    parties: int
    leases: int
    internship_places: int

    @property
    def let_share(self) -> Decimal:
        """Percent of the lettable m² that is let today; 0 when there is nothing to let."""
        return self.let_m2 * 100 / self.lettable_m2 if self.lettable_m2 else Decimal(0)


@dataclass
class Plan:
    """The outcome of reading a workbook. With errors there are no steps: nothing can be stored."""

    draft: Draft
    findings: Findings
    hub: Hub | None = None
    steps: list[Step] = field(default_factory=list)
    figures: Figures | None = None
    fingerprint: str = ""

    @property
    def can_be_stored(self) -> bool:
        return not self.findings.errors and self.draft.hub is not None

    @property
    def changes_nothing(self) -> bool:
        return all(step.deed == SAME for step in self.steps)

    def of(self, kind: str) -> list[Step]:
        return [step for step in self.steps if step.kind == kind]

    def count(self, deed: str) -> int:
        return sum(step.deed == deed for step in self.steps)

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """How many new, changed and same, by kind."""
        return {
            kind: {deed: sum(step.deed == deed for step in self.of(kind)) for deed in (NEW, CHANGED, SAME)}
            for kind, _things in self.draft.kinds()
        }


def steps(draft: Draft, present: Present) -> Iterator[Step]:
    """A step for each thing in the workbook. Parties are known again by their KvK number, then by their name."""
    renamed = _renamed(draft, present)
    for kind, things in draft.kinds():
        for wanted in things:
            yield _step(kind, wanted, present, renamed)


def _step(kind: str, wanted: Wanted, present: Present, renamed: Mapping[Key, Key]) -> Step:
    keys = [*wanted.also, wanted.key] if kind == "parties" else [_through(wanted.key, renamed)]
    stored = present.find(kind, keys)
    if kind == "opening" and stored is None and present.hub is not None:
        stored = Stored(None, wanted.key, wanted.label, {"hours": ()})
    if kind == "numbering" and stored is not None:
        # numbers given out here since then count: the old administration cannot take them back
        wanted = replace(
            wanted, values={"next_number": max(wanted["next_number"], stored.values["next_number"])}
        )
    old = stored.values if stored else {}
    changes = tuple(
        FieldChange(name, old.get(name), value)
        for name, value in wanted.values.items()
        if old.get(name) != _through(value, renamed)
    )
    if stored and stored.kept:
        return Step(kind, wanted, stored, (), left=changes)
    return Step(kind, wanted, stored, changes)


def _through(value: Any, renamed: Mapping[Key, Key]) -> Any:
    """A key with the party in it under the name it is stored by."""
    if not isinstance(value, tuple):
        return value
    if value in renamed:
        return renamed[value]
    return tuple(_through(item, renamed) if isinstance(item, tuple) else item for item in value)


def _renamed(draft: Draft, present: Present) -> dict[Key, Key]:
    found = ((party.key, present.find("parties", [*party.also, party.key])) for party in draft.parties)
    return {key: stored.key for key, stored in found if stored is not None and stored.key != key}


def gone(draft: Draft, present: Present) -> Iterator[tuple[str, list[str]]]:
    """What is stored but no longer in the workbook, by kind; it always stays."""
    renamed = _renamed(draft, present)
    for kind in ("closures", "spaces", "rates", "parties", "vacancies", "leases", "fixed"):
        wanted = {_through(thing.key, renamed) for thing in getattr(draft, kind)}
        # a party stands there under its number too
        stored = {thing.key: thing.label for thing in present.things[kind].values()}
        labels = [label for key, label in stored.items() if key not in wanted]
        if labels:
            yield kind, labels


def figures(draft: Draft, *, today: date) -> Figures:
    """Counts and m² of the workbook itself, on a day in the hub."""
    in_force = [
        lease
        for lease in draft.leases
        if lease["starts_on"]
        and lease["starts_on"] <= today
        and (lease["ends_on"] is None or today <= lease["ends_on"])
    ]
    return Figures(
        spaces=len(draft.spaces),
        lettable_m2=rooms.lettable_area(draft),
        let_m2=sum((area for lease in in_force for _code, area in lease["rooms"]), Decimal(0)),
        parties=len(draft.parties) + len(draft.vacancies),
        leases=len(draft.leases),
        internship_places=sum(party["internship_places"] or 0 for party in draft.parties),
    )


def fingerprint(content: bytes, todo: Iterable[Step]) -> str:
    """The same for the same file and the same steps: what a director agrees to."""
    told = hashlib.sha256(content)
    for step in todo:
        told.update(repr((step.kind, step.deed, step.wanted.key, _told(step.changes))).encode())
    return told.hexdigest()


def _told(changes: Iterable[FieldChange]) -> list[tuple[str, str, str]]:
    return [(change.name, _stable(change.old), _stable(change.new)) for change in changes]


def _stable(value: Any) -> str:
    """Sets have no order of their own."""
    return repr(sorted(value)) if isinstance(value, frozenset) else str(value)
