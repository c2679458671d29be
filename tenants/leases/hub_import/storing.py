"""Writing a plan: rows first, then the claims that follow from them. Nothing is ever deleted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.db.models import Model, QuerySet
from django.utils.text import slugify

from spaces import claiming, closing, recurrence
from spaces.models import (
    CancellationStep,
    Closure,
    DayPart,
    Feature,
    Floor,
    Hub,
    Rate,
    RateGroup,
    Space,
)
from tenants.billing.models import NumberRange
from tenants.leases import charging_rent, fixing, renting
from tenants.leases.hub_import import agreed, words
from tenants.leases.hub_import.plan import CHANGED, NEW, SAME, Plan, Step
from tenants.leases.hub_import.rooms import floor_position
from tenants.leases.hub_import.wanted import Key
from tenants.leases.models import FixedDayPart, Lease, LeaseTerms
from tenants.parties.models import Party, Vacancy

CANCELLATION = {48: 0, 24: 50, -1: 100}
"""A new hub begins with: free until 48 hours before, half until 24 hours before, all after that."""
_TERM = ("rooms", "starts_on", "ends_on")


def hub_slug(name: str) -> str:
    """How a hub is named in addresses: "LOC+" is locplus."""
    return slugify(name.replace("+", "plus"))[:50] or "hub"


def store(plan: Plan, *, now: datetime) -> Hub:
    """Write all steps of a plan without errors and settle the claims, in the transaction that made the plan."""
    writer = _Writer(plan, now=now)
    writer.building()
    writer.spaces()
    writer.rates()
    writer.parties()
    writer.leases()
    writer.fixed()
    writer.claims()
    return writer.hub


class _Writer:
    """One import: remembers the rows that others refer to."""

    def __init__(self, plan: Plan, *, now: datetime) -> None:
        self.plan, self.now = plan, now
        self.hub = self._hub(plan.of("hub")[0])
        self.rooms: dict[str, Space] = {}
        self.parts: dict[Key, DayPart] = {}
        self.people: dict[Key, Party] = {}
        self.groups: dict[str, RateGroup] = {}
        self.reclaimed: list[Lease] = []
        self.promised: list[FixedDayPart] = []
        self.closed: list[Closure] = []

    def _hub(self, step: Step) -> Hub:
        values = dict(step.wanted.values)
        if isinstance(step.stored.row if step.stored else None, Hub):
            return cast("Hub", _changed(step, values))
        hub = Hub.objects.create(slug=hub_slug(values["name"]), **values)
        CancellationStep.objects.bulk_create(
            CancellationStep(hub=hub, hours_before=hours, percentage=share)
            for hours, share in CANCELLATION.items()
        )
        return hub

    def building(self) -> None:
        """Opening hours, day parts, closures, the next invoice number and the rate groups."""
        days = [step for step in self.plan.of("opening") if step.deed != SAME]
        for step in days:
            weekday = cast("int", step.wanted.key[0])
            hours = {opens: {"closes": closes} for opens, closes in step.wanted["hours"]}
            stored = self.hub.opening_hours.filter(weekday=weekday)
            _to_be(stored, "opens", hours, hub=self.hub, weekday=weekday)
        for step in self.plan.of("day_parts"):
            self.parts[step.wanted.key] = self._row(DayPart, step, step.wanted.values)
        for step in self.plan.of("closures"):
            closure = self._row(Closure, step, step.wanted.values)
            if step.deed == NEW:
                self.closed.append(closure)
        for step in self.plan.of("numbering"):
            self._row(NumberRange, step, {"year": step.wanted.key[0], **step.wanted.values})
        for code, (name_nl, name_en) in words.RATE_GROUPS.items():
            names = {"name_nl": name_nl, "name_en": name_en}
            self.groups[code], _made = RateGroup.objects.get_or_create(
                hub=self.hub, code=code, defaults=names
            )

    def spaces(self) -> None:
        """Floors, features and spaces; parents when all are there."""
        floors = self._floors()
        features = self._features()
        todo = self.plan.of("spaces")
        for step in todo:
            values = {
                key: value for key, value in step.wanted.values.items() if key not in {"parent", "features"}
            }
            values["floor"] = floors[values["floor"]]
            space = self._row(Space, step, values)
            self.rooms[str(step.wanted.key[0])] = space
            if step.touches("features") and step.wanted["features"] is not None:
                space.features.set(features[code] for code in sorted(step.wanted["features"]))
        for step in todo:
            if step.touches("parent"):
                space = self.rooms[str(step.wanted.key[0])]
                space.parent = self.rooms.get(step.wanted["parent"])
                space.save(update_fields=["parent"])

    def _floors(self) -> dict[str, Floor]:
        floors = {floor.code: floor for floor in self.hub.floors.all()}
        for step in self.plan.of("spaces"):
            code = step.wanted["floor"]
            if code not in floors:
                floors[code] = Floor.objects.create(hub=self.hub, code=code, position=floor_position(code))
        return floors

    def _features(self) -> dict[str, Feature]:
        needed = {code for step in self.plan.of("spaces") for code in step.wanted["features"] or ()}
        for code in sorted(needed - set(Feature.objects.values_list("code", flat=True))):
            known = words.FEATURE_BY_CODE.get(code)
            names = (known.nl, known.en) if known else (self.plan.draft.new_features[code], "")
            Feature.objects.create(code=code, name_nl=names[0], name_en=names[1])
        return {feature.code: feature for feature in Feature.objects.filter(code__in=needed)}

    def rates(self) -> None:
        for step in self.plan.of("rates"):
            group, what, name, valid_from = step.wanted.key
            values = step.wanted.values | {"rate_group": self.groups[str(group)], "valid_from": valid_from}
            values |= {"space": self.rooms[str(name)]} if what == "space" else {"kind": name}
            self._row(Rate, step, values)

    def parties(self) -> None:
        for step in self.plan.of("parties"):
            values = dict(step.wanted.values)
            values["rate_group"] = self.groups[values["rate_group"]]
            self.people[step.wanted.key] = self._row(Party, step, values)
        for step in self.plan.of("vacancies"):
            self._row(Vacancy, step, step.wanted.values)

    def leases(self) -> None:
        for step in self.plan.of("leases"):
            values = {key: step.wanted[key] for key in agreed.OF_LEASE if key in step.wanted.values}
            values["party"] = self.people[values["party"]]
            if step.deed == NEW:
                invoicing = step.wanted.values.get("invoicing", LeaseTerms.Invoicing.MONTH)
                first = agreed.first_charged(self.hub, invoicing=invoicing, now=self.now)
                values["charged_from"] = max(first, values["starts_on"])
            lease = self._row(Lease, step, values)
            if step.touches("rooms"):
                areas = {self.rooms[code].pk: {"area_m2": area} for code, area in step.wanted["rooms"]}
                _to_be(lease.lines.all(), "space_id", areas, lease=lease)
            agreed.write(lease, step, now=self.now)
            if step.deed == CHANGED:
                charging_rent.follow(lease, now=self.now)
            if step.touches(*_TERM):
                self.reclaimed.append(lease)

    def fixed(self) -> None:
        for step in self.plan.of("fixed"):
            values = dict(step.wanted.values)
            values |= {"party": self.people[values["party"]], "space": self.rooms[values.pop("room")]}
            values["day_part"] = self.parts[values["day_part"]]
            if step.deed == NEW:
                values["event"] = self._arranged(values, title=step.wanted.label)
                values["charged_from"] = fixing.first_charged(self.hub, now=self.now)
            promise = self._row(FixedDayPart, step, values)
            if step.deed == CHANGED and step.touches("ends_on"):
                recurrence.stop(promise.event, last=promise.ends_on, zone=self.hub.zone)
            if step.touches("ends_on"):
                self.promised.append(promise)

    def _arranged(self, values: Mapping[str, Any], *, title: str) -> Any:
        return recurrence.arrange_weekly(
            values["space"],
            title=title,
            weekday=values["weekday"],
            hours=(values["day_part"].starts, values["day_part"].ends),
            first=values["starts_on"],
            last=values["ends_on"],
            zone=self.hub.zone,
        )

    def claims(self) -> None:
        """Leases first, then what was promised every week, then the closures take what is left."""
        if not (self.reclaimed or self.promised or self.closed or self._building_changed()):
            return
        for lease in self.reclaimed:
            claiming.release(lease.holder)
        for promise in self.promised:
            claiming.release_coming(promise.holder, now=self.now)
        for closure in self.closed:
            fixing.make_way(closure)
        for lease in self.reclaimed:
            renting.claim(lease, now=self.now)
        for closure in self.hub.closures.filter(ends_at__gt=self.now):
            claiming.release(closing.holder_of(closure))
        for promise in self.promised:
            fixing.claim(promise, now=self.now)
        closing.settle(self.hub, now=self.now)

    def _building_changed(self) -> bool:
        return any(step.touches("bookable", "parent") for step in self.plan.of("spaces"))

    def _row(self, model: type[Any], step: Step, values: Mapping[str, Any]) -> Any:
        """The row of a step: made, changed in the fields that differ, or as it was."""
        if step.stored is None:
            return model.objects.create(hub=self.hub, **values)
        return _changed(step, values)


def _to_be(rows: QuerySet[Any], name: str, wanted: Mapping[Any, Mapping[str, Any]], **same: Any) -> None:
    """Let `rows` become `wanted` by their field `name`; only what differs is written, so only that is on record."""
    rows.exclude(**{f"{name}__in": wanted}).delete()
    present = {getattr(row, name): row for row in rows.all()}
    for key, values in wanted.items():
        row = present.get(key)
        if row is None:
            rows.model.objects.create(**{name: key}, **same, **values)
        elif any(getattr(row, field) != value for field, value in values.items()):
            rows.model.objects.filter(pk=row.pk).update(**values)


def _changed(step: Step, values: Mapping[str, Any]) -> Any:
    row: Model = step.stored.row  # type: ignore[union-attr, assignment]
    names = [change.name for change in step.changes if change.name in values]
    if names:
        for name in names:
            setattr(row, name, values[name])
        row.save(update_fields=names)
    return row
