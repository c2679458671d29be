"""Reads Stripe's form bodies: `a[b][0][c]=1` becomes {"a": {"b": [{"c": "1"}]}}, and "1" the number that was meant."""

import re
from typing import Any
from urllib.parse import parse_qsl

Schemas = dict[str, dict[str, Any]]


def nested(text: str) -> dict[str, Any]:
    """The values of a form or a query, each still a string, in the shape that their names say."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        _put(found, re.findall(r"[^\[\]]+|\[\]", name), value)
    return {name: _with_lists(part) for name, part in found.items()}


def typed(value: Any, schema: dict[str, Any], schemas: Schemas) -> Any:
    """The same, with numbers and truths where the schema wants them; what does not fit stays as it is."""
    if "$ref" in schema:
        return typed(value, schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return _of_one(value, schema["anyOf"], schemas)
    if isinstance(value, dict):
        known, others = schema.get("properties", {}), schema.get("additionalProperties")
        other = others if isinstance(others, dict) else {}
        return {name: typed(part, known.get(name, other), schemas) for name, part in value.items()}
    if isinstance(value, list):
        return [typed(part, schema.get("items", {}), schemas) for part in value]
    return _scalar(value, schema.get("type"))


def _put(into: dict[str, Any], names: list[str], value: str) -> None:
    first, *rest = names
    key = str(len(into)) if first == "[]" else first
    if rest:
        _put(into.setdefault(key, {}), rest, value)
    else:
        into[key] = value


def _with_lists(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    if part and all(name.isdigit() for name in part):
        return [_with_lists(part[name]) for name in sorted(part, key=int)]
    return {name: _with_lists(one) for name, one in part.items()}


def _of_one(value: Any, choices: list[dict[str, Any]], schemas: Schemas) -> Any:
    """As the first choice of the same shape reads it."""
    for choice in choices:
        shape = choice if "$ref" not in choice else schemas[choice["$ref"].rpartition("/")[2]]
        wanted = {dict: "object", list: "array"}.get(type(value))
        if (wanted is None) == (shape.get("type") not in {"object", "array"}) and wanted in {
            None,
            shape.get("type"),
        }:
            read = typed(value, shape, schemas)
            if read != value or not isinstance(value, str) or shape.get("type") == "string":
                return read
    return value


def _scalar(value: Any, kind: str | None) -> Any:
    if not isinstance(value, str):
        return value
    if kind == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    return {"true": True, "false": False}.get(value, value) if kind == "boolean" else value
