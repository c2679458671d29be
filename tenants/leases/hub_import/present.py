"""What is stored of a hub, in the same plain values as a workbook asks for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from django.db.models import Model

from spaces.models import Hub, OpeningHours, Rate, Space, SpaceKind
from tenants.billing.models import NumberRange
from tenants.leases.hub_import import agreed, building, fixed, people, prices
from tenants.leases.hub_import.wanted import KINDS, Key, name_key
from tenants.leases.models import FixedDayPart, Lease
from tenants.parties.models import Party, PartyState, Vacancy


@dataclass
class Stored:
    """A row as it is: its values by the names of the workbook. What is `kept` no workbook changes any more."""

    row: Model | None
    key: Key
    label: str
    values: dict[str, Any]
    kept: bool = False

    @property
    def pk(self) -> int:
        return int(self.row.pk) if self.row else 0


@dataclass
class Present:
    """All stored things by kind and key; a party stands under its name and its KvK number.

    Who applied is no party yet: only their names and numbers are known. Who was declined is not seen at all.
    """

    hub: Hub | None = None
    things: dict[str, dict[Key, Stored]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    applied: set[Key] = field(default_factory=set)

    def find(self, kind: str, keys: Iterable[Key]) -> Stored | None:
        return next((self.things[kind][key] for key in keys if key in self.things[kind]), None)

    def add(self, kind: str, stored: Stored, *also: Key) -> None:
        for key in (stored.key, *also):
            self.things[kind].setdefault(key, stored)


def _plain(row: Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names if hasattr(row, name)}


def read(hub: Hub | None) -> Present:
    """A constant number of queries, whatever the size of the hub; nothing for no hub."""
    present = Present(hub)
    if hub is not None:
        present.add(
            "hub", Stored(hub, ("hub",), hub.name, _plain(hub, [*building.FACTS, "postal_code", "city"]))
        )
        for part in (_building, _spaces, _rates, _parties, _leases, _fixed):
            part(present, hub)
    return present


def _building(present: Present, hub: Hub) -> None:
    hours: dict[int, list[tuple[time, time]]] = defaultdict(list)
    for row in OpeningHours.objects.filter(hub=hub):
        hours[row.weekday].append((row.opens, row.closes))
    for weekday, spans in hours.items():
        present.add("opening", Stored(None, (weekday,), str(weekday), {"hours": tuple(sorted(spans))}))
    for part in hub.day_parts.all():
        values = _plain(part, ["name_nl", "name_en", "starts", "ends"])
        present.add("day_parts", Stored(part, (name_key(part.name_nl),), part.name_nl, values))
    for closure in hub.closures.filter(space=None):
        values = _plain(closure, ["starts_at", "ends_at", "reason"])
        present.add("closures", Stored(closure, (closure.starts_at, closure.ends_at), closure.reason, values))
    for numbers in NumberRange.objects.filter(hub=hub):
        present.add(
            "numbering",
            Stored(numbers, (numbers.year,), str(numbers.year), {"next_number": numbers.next_number}),
        )


def _spaces(present: Present, hub: Hub) -> None:
    rooms = Space.objects.of_hub(hub).exclude(kind=SpaceKind.EQUIPMENT)
    for space in rooms.select_related("floor", "parent").prefetch_related("features"):
        values = _plain(
            space, ["code", "name", "kind", "area_m2", "capacity", "lettable", "bookable", "note"]
        )
        values["floor"] = space.floor.code
        values["parent"] = name_key(space.parent.code) if space.parent else ""
        values["features"] = frozenset(feature.code for feature in space.features.all())
        present.add("spaces", Stored(space, (name_key(space.code),), f"{space.code} {space.name}", values))


def _rates(present: Present, hub: Hub) -> None:
    for rate in Rate.objects.filter(hub=hub).select_related("rate_group", "space"):
        what, name = ("space", name_key(rate.space.code)) if rate.space else ("kind", rate.kind)
        label = f"{rate.space.code if rate.space else rate.get_kind_display()} · {rate.rate_group.code}"
        values = _plain(rate, [*prices.PRICES, "vat_treatment", "vat_rate", "vat_reason"])
        present.add("rates", Stored(rate, (rate.rate_group.code, what, name, rate.valid_from), label, values))


def _parties(present: Present, hub: Hub) -> None:
    known = Party.objects.of_hub(hub).exclude(state=PartyState.DECLINED)
    for party in known.select_related("rate_group"):
        key: Key = ("name", name_key(party.name))
        also: list[Key] = [("kvk", party.kvk)] if party.kvk else []
        if party.state == PartyState.APPLIED:
            present.applied |= {key, *also}
            continue
        values = _plain(party, people.HEADERS) | {"rate_group": party.rate_group.code}
        present.add("parties", Stored(party, key, party.name, values), *also)
    for vacancy in Vacancy.objects.filter(hub=hub):
        values = _plain(vacancy, ["discipline", "adds"])
        present.add("vacancies", Stored(vacancy, (name_key(vacancy.discipline),), vacancy.discipline, values))


def _leases(present: Present, hub: Hub) -> None:
    needed = ("lines__space", "terms", "advances", "securities")
    for lease in Lease.objects.of_hub(hub).select_related("party").prefetch_related(*needed):
        values = agreed.as_typed(lease) | {"party": ("name", name_key(lease.party.name))}
        values["rooms"] = tuple(
            sorted((name_key(line.space.code), line.area_m2) for line in lease.lines.all())
        )
        kept = lease.amended_at is not None
        present.add("leases", Stored(lease, (name_key(lease.number),), lease.number, values, kept))


def _fixed(present: Present, hub: Hub) -> None:
    for promise in FixedDayPart.objects.filter(hub=hub).select_related("party", "space", "day_part", "event"):
        party, part = ("name", name_key(promise.party.name)), (name_key(promise.day_part.name_nl),)
        room = name_key(promise.space.code)
        values = _plain(promise, fixed.HEADERS) | {"party": party, "day_part": part, "room": room}
        key = (party, room, promise.weekday, part, promise.starts_on)
        present.add("fixed", Stored(promise, key, f"{promise.party.name} · {promise.space.code}", values))
