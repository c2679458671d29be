"""What a workbook asks for, as plain values that can be compared with what is stored."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from tenants.leases.hub_import.findings import Place

Key = tuple[Hashable, ...]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass
class Wanted:
    """One thing as it should be: `key` names it within its kind, `also` are older names for the same thing.

    A field that is not in `values` (its column is missing) stays as it is.
    """

    key: Key
    label: str
    place: Place
    values: dict[str, Any]
    also: tuple[Key, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)

    def at(self, key: str, header: str) -> Place:
        """The place of one of its cells."""
        return Place(self.place.sheet, self.place.row, self.columns.get(key), header)

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


@dataclass
class Draft:
    """All that a workbook asks for, by kind; lists are in the order of the workbook."""

    hub: Wanted | None = None
    zone: ZoneInfo = AMSTERDAM
    opening: list[Wanted] = field(default_factory=list)
    day_parts: list[Wanted] = field(default_factory=list)
    closures: list[Wanted] = field(default_factory=list)
    numbering: list[Wanted] = field(default_factory=list)
    spaces: list[Wanted] = field(default_factory=list)
    rates: list[Wanted] = field(default_factory=list)
    parties: list[Wanted] = field(default_factory=list)
    vacancies: list[Wanted] = field(default_factory=list)
    leases: list[Wanted] = field(default_factory=list)
    fixed: list[Wanted] = field(default_factory=list)
    space_index: dict[str, Wanted] = field(default_factory=dict)
    party_index: dict[str, Wanted] = field(default_factory=dict)
    new_features: dict[str, str] = field(default_factory=dict)

    def kinds(self) -> Iterator[tuple[str, list[Wanted]]]:
        """Every kind with its things, in the order in which they are stored."""
        yield "hub", [self.hub] if self.hub else []
        for name in KINDS[1:]:
            yield name, getattr(self, name)

    def atoms_of(self, space: Wanted) -> list[Wanted]:
        """The spaces without parts that make up `space`; itself when it has none."""
        parts = [part for part in self.spaces if part["parent"] == space.key[0] and part is not space]
        return [atom for part in parts for atom in self.atoms_of(part)] if parts else [space]

    def leaves(self) -> list[Wanted]:
        parents = {space["parent"] for space in self.spaces}
        return [space for space in self.spaces if space.key[0] not in parents]


KINDS = (
    "hub",
    "opening",
    "day_parts",
    "closures",
    "numbering",
    "spaces",
    "rates",
    "parties",
    "vacancies",
    "leases",
    "fixed",
)


def name_key(text: str) -> str:
    """How a name or code is compared: in one case, with single spaces."""
    return " ".join(str(text).casefold().split())
