"""Changes on record: who changed what and when, from what to what; read from the event tables the database fills.

The triggers see every way of writing (bulk, raw SQL); the request's user comes along as their context. A page of
changes takes a number of queries that depends on how many kinds it shows, not on how many rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import CharField, F, Model, OuterRef, Subquery, Value
from pghistory.models import Event

from spaces import periods
from spaces.models import Hub
from tenants.parties import history_words
from tenants.parties.history_words import FieldChange
from tenants.parties.models import Membership, User

Names = Mapping[tuple[type[Model], Any], str]
"""How rows that events point at are called."""


@dataclass(frozen=True)
class Change:
    """One deed on one row. `deed` is insert, update or delete."""

    at: datetime
    who: str
    deed: str
    kind: str
    name: str
    fields: tuple[FieldChange, ...]


class Changes:
    """The changes at `hub`, the newest first, to be sliced by a paginator.

    `kind` is a model's name (any other: all kinds), `day` a day in the hub's zone.
    """

    def __init__(self, hub: Hub, *, kind: str = "", day: date | None = None) -> None:
        models = event_models()
        chosen = [models[kind]] if kind in models else list(models.values())
        first, *others = [_keys(model, hub=hub, day=day) for model in chosen]
        self._keys = first.union(*others, all=True)

    def count(self) -> int:
        return int(self._keys.count())

    __len__ = count

    def __getitem__(self, wanted: slice) -> list[Change]:
        return _told(list(self._keys.order_by("-told_at", "told_of", "-told_id")[wanted]))


def event_models() -> dict[str, Any]:
    """Every event table with words for it, by the name of the model it follows."""
    found = {_model_name(m): m for m in apps.get_models() if issubclass(m, Event)}
    return {name: found[name] for name in history_words.KINDS if name in found}


def _keys(model: Any, *, hub: Hub, day: date | None) -> Any:
    events = model.objects.filter(**_at_hub(model, hub)).order_by()
    if day is not None:
        whole = periods.local_day(day, zone=hub.zone)
        events = events.filter(pgh_created_at__gte=whole.start, pgh_created_at__lt=whole.end)
    of = Value(_model_name(model), output_field=CharField())
    return events.values(told_at=F("pgh_created_at"), told_of=of, told_id=F("pgh_id"))


def _model_name(model: Any) -> str:
    return str(model.pgh_tracked_model._meta.model_name)  # noqa: SLF001 - Django's public way to it


def _at_hub(model: Any, hub: Hub) -> dict[str, Any]:
    if model.pgh_tracked_model is Hub:
        return {"id": hub.pk}
    if _model_name(model) == "leaseline":
        return {"lease__hub": hub.pk}
    if model.pgh_tracked_model is User:
        return {"id__in": Membership.objects.filter(hub=hub).values("user")}
    return {"hub_id": hub.pk}


def _told(keys: list[dict[str, Any]]) -> list[Change]:
    wanted: dict[str, list[int]] = defaultdict(list)
    for key in keys:
        wanted[key["told_of"]].append(key["told_id"])
    models = event_models()
    pairs = {of: _with_previous(models[of], ids) for of, ids in wanted.items()}
    names = _names([event for found in pairs.values() for pair in found.values() for event in pair if event])
    return [_change(*pairs[key["told_of"]][key["told_id"]], names=names) for key in keys]


def _with_previous(model: Any, ids: list[int]) -> dict[int, tuple[Any, Any]]:
    """Each event with the one before it of the same row. Two queries."""
    before = model.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    previous_id = Subquery(before.order_by("-pgh_id").values("pgh_id")[:1])
    rows = model.objects.filter(pk__in=ids).select_related("pgh_context").annotate(previous_id=previous_id)
    events = {event.pk: event for event in rows}
    previous = model.objects.in_bulk([event.previous_id for event in events.values() if event.previous_id])
    return {pk: (event, previous.get(event.previous_id)) for pk, event in events.items()}


def _names(events: Iterable[Any]) -> Names:
    """What the rows are called that the events point at, and who did it. One query a table."""
    wanted: dict[Any, set[Any]] = defaultdict(set)
    for event in events:
        wanted[User].add(_user_id(event))
        for field in history_words.pointers(event):
            wanted[field.related_model].add(getattr(event, field.attname))
    rows = ((model, model.objects.in_bulk(ids - {None})) for model, ids in wanted.items())
    return {(model, pk): history_words.name_of(row) for model, found in rows for pk, row in found.items()}


def _change(event: Any, previous: Any, *, names: Names) -> Change:
    user_id = _user_id(event)
    return Change(
        at=event.pgh_created_at,
        who=names.get((User, user_id), "") if user_id else "",
        deed=event.pgh_label,
        kind=history_words.kind(event),
        name=history_words.name_of(event, names=names),
        fields=tuple(history_words.differences(event, previous, names=names)),
    )


def _user_id(event: Any) -> int | None:
    value = event.pgh_context.metadata.get("user") if event.pgh_context else None
    return int(value) if value else None
