"""Does a value have the shape that an OpenAPI 3.0 schema says? The part of the language that Stripe's own description uses."""

from collections.abc import Iterator
from typing import Any

Schemas = dict[str, dict[str, Any]]
TYPES = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "array": list,
}


def faults(value: Any, schema: dict[str, Any], schemas: Schemas, *, at: str = "") -> Iterator[str]:
    """A sentence for each thing that is wrong. What a schema does not name may not be there, wherever it stands."""
    if "$ref" in schema:
        yield from faults(value, schemas[schema["$ref"].rpartition("/")[2]], schemas, at=at)
    elif value is None:
        if not schema.get("nullable"):
            yield f"{at}: is null"
    elif "anyOf" in schema:
        tried = [list(faults(value, choice, schemas, at=at)) for choice in schema["anyOf"]]
        yield from min(
            tried, key=lambda found: (any(fault.startswith(f"{at}: ") for fault in found), len(found))
        )
    else:
        yield from _of_type(value, schema, schemas, at)


def _of_type(value: Any, schema: dict[str, Any], schemas: Schemas, at: str) -> Iterator[str]:
    kind = schema.get("type")
    if kind and (
        not isinstance(value, TYPES[kind]) or (kind in {"integer", "number"} and isinstance(value, bool))
    ):
        yield f"{at}: {value!r} is no {kind}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {', '.join(map(str, schema['enum']))}"
    if isinstance(value, str) and len(value) > schema.get("maxLength", len(value)):
        yield f"{at}: longer than {schema['maxLength']}"
    if isinstance(value, dict):
        yield from _of_object(value, schema, schemas, at)
    if isinstance(value, list):
        for place, part in enumerate(value):
            yield from faults(part, schema.get("items", {}), schemas, at=f"{at}[{place}]")


def _of_object(value: dict[str, Any], schema: dict[str, Any], schemas: Schemas, at: str) -> Iterator[str]:
    known, others = schema.get("properties"), schema.get("additionalProperties")
    for name in schema.get("required", []):
        if name not in value:
            yield f"{at}.{name}: is missing"
    for name, part in value.items():
        if known and name in known:
            yield from faults(part, known[name], schemas, at=f"{at}.{name}")
        elif isinstance(others, dict):
            yield from faults(part, others, schemas, at=f"{at}.{name}")
        elif known and others is not True:
            yield f"{at}.{name}: is not in the description"
