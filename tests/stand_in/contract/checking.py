"""Stripe's own description beside the stand-in: each request and each answer is held against it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.stand_in.contract import forms
from tests.stand_in.contract.schemas import faults

FORM = "application/x-www-form-urlencoded"
WHOLE = json.loads((Path(__file__).parent / "openapi.json").read_text(encoding="utf-8"))
SCHEMAS: dict[str, dict[str, Any]] = WHOLE["schemas"]
VERSION: str = WHOLE["info"]["version"]


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked: "post /v1/refunds"."""

    name: str
    path: re.Pattern[str]
    asked: dict[str, Any]
    answers: dict[str, Any]

    def read(self, text: str) -> dict[str, Any]:
        """What a form or a query says, typed."""
        return dict(forms.typed(forms.nested(text), self.asked, SCHEMAS))

    def faults_of_request(self, asked: dict[str, Any]) -> list[str]:
        """What Stripe's description does not allow in a request."""
        return [fault.lstrip(".") for fault in faults(asked, self.asked, SCHEMAS)]

    def faults_of_answer(self, status: int, answer: dict[str, Any]) -> list[str]:
        """And in an answer."""
        said = self.answers.get(str(status), self.answers["default"])
        return [
            f"{self.name} → {status}{fault}"
            for fault in faults(answer, said["content"]["application/json"]["schema"], SCHEMAS)
        ]


def find(method: str, path: str) -> tuple[Operation, str] | None:
    """The operation, and the id in the path ("" when it has none)."""
    for operation in OPERATIONS:
        found = operation.path.fullmatch(f"{method.lower()} {path}")
        if found:
            return operation, next(iter(found.groups()), "")
    return None


def blank(name: str) -> dict[str, Any]:
    """Everything of a thing that may be null, null: as Stripe does, which leaves nothing out."""
    return {key: None for key, part in SCHEMAS[name]["properties"].items() if part.get("nullable")}


def _operation(name: str, said: dict[str, Any]) -> Operation:
    verb, path = name.split(" ")[1], name.split(" ", maxsplit=1)[0]
    asked: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}
    if verb == "post":
        asked |= said["requestBody"]["content"].get(FORM, {}).get("schema", {})
    for parameter in said.get("parameters", []):
        if parameter["in"] == "query":
            asked["properties"][parameter["name"]] = parameter["schema"]
    return Operation(
        f"{verb} {path}",
        re.compile(re.sub(r"\{\w+\}", r"([^/]+)", f"{verb} {path}")),
        asked,
        said["responses"],
    )


OPERATIONS = [_operation(name, said) for name, said in WHOLE["operations"].items()]
