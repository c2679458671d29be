"""One request and its answer: who asks, under which key, against the contract, and what may go wrong on purpose."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.stand_in import checkout, looking_up
from tests.stand_in.account import DAY, Account, Thing
from tests.stand_in.contract import checking
from tests.stand_in.contract.checking import Operation
from tests.stand_in.faults import Fault, Hold
from tests.stand_in.operations import DOING, KINDS
from tests.stand_in.refusals import Refused


@dataclass
class Asked:
    """A request that came in; `asked` is what its form or query said, `status` what it was answered."""

    method: str
    path: str
    key: str
    version: str
    text: str
    asked: dict[str, Any] = field(default_factory=dict)
    status: int = 0
    was_replayed: bool = False


@dataclass(frozen=True)
class Answer:
    """`status` 0: the line is closed without a word."""

    status: int
    body: Thing = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


LINE_CLOSED = Answer(0)


@dataclass
class Desk:
    """Where requests come in. `broken` are answers of ours that Stripe's description does not know: always empty."""

    account: Account
    base: str = ""
    log: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    kept: dict[str, tuple[int, str, Answer]] = field(default_factory=dict)

    def answer(self, method: str, path: str, *, text: str, headers: Mapping[str, str]) -> Answer:
        """Do what is asked, once for each key."""
        key = headers.get("Idempotency-Key", "") if method == "POST" else ""
        asked = Asked(method, path, key, headers.get("Stripe-Version", ""), text)
        self.log.append(asked)
        what = f"{method.lower()} {path}"
        fault = next((fault for fault in self.faults if fault.takes(what)), None)
        early = _before(fault)
        if early:
            asked.status = early.status
            return early
        answer = self._once(asked, headers, fault)
        asked.status = answer.status
        for hold in self.holds:
            hold.stop_at(what)
        return _after(fault, answer)

    def _once(self, asked: Asked, headers: Mapping[str, str], fault: Fault | None) -> Answer:
        try:
            _refuse_stranger(headers, asked.version)
            with self.account.lock:
                again = self._kept(asked)
                if again:
                    return again
                return self._do(asked, fault)
        except Refused as refusal:
            return self._checked(None, Answer(refusal.status, refusal.body))

    def _kept(self, asked: Asked) -> Answer | None:
        """What this key was answered before, for a day."""
        now = self.account.now()
        self.kept = {key: kept for key, kept in self.kept.items() if kept[0] > now - DAY}
        if asked.key not in self.kept:
            return None
        _, said, answer = self.kept[asked.key]
        if said != f"{asked.path} {asked.text}":
            text = (
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{asked.key}' if you meant to execute a different request."
            )
            raise Refused(text, kind="idempotency_error")
        asked.was_replayed = True
        return Answer(answer.status, answer.body, {"Idempotent-Replayed": "true", **answer.headers})

    def _do(self, asked: Asked, fault: Fault | None) -> Answer:
        operation, name = _operation(asked)
        asked.asked = operation.read(asked.text)
        _refuse_by_contract(operation, asked.asked)
        self.account.asking = {"id": f"req_{secrets.token_hex(7)}", "idempotency_key": asked.key or None}
        try:
            answer = Answer(200, self._run(operation, asked, name))
        except Refused as refusal:
            answer = Answer(refusal.status, refusal.body)
        finally:
            self.account.asking = None
        answer = self._checked(operation, answer)
        self.account.save()
        if asked.key:
            said = f"{asked.path} {asked.text}"
            self.kept[asked.key] = (
                self.account.now(),
                said,
                _broke_down() if _is(fault, "stuck") else answer,
            )
        return answer

    def _run(self, operation: Operation, asked: Asked, name: str) -> Thing:
        checkout.end_what_is_over(self.account)
        wanted = {key: value for key, value in asked.asked.items() if key != "expand"}
        found = self._found(operation, wanted, name, asked.path)
        return looking_up.in_full(self.account, found, asked.asked.get("expand", []))

    def _found(self, operation: Operation, wanted: dict[str, Any], name: str, path: str) -> Thing:
        if operation.name == "post /v1/checkout/sessions":
            return checkout.create(self.account, wanted, base=self.base)
        if operation.name in DOING:
            return DOING[operation.name](self.account, wanted, name)
        kind = KINDS[path.removeprefix("/v1/").removesuffix(f"/{name}")]
        return (
            self.account.find(kind, name) if name else looking_up.page(self.account, kind, wanted, path=path)
        )

    def _checked(self, operation: Operation | None, answer: Answer) -> Answer:
        wrong = (operation or checking.OPERATIONS[0]).faults_of_answer(
            answer.status, json.loads(json.dumps(answer.body))
        )
        self.broken += wrong
        return answer if not wrong else Answer(500, Refused("; ".join(wrong), kind="api_error").body)


def _operation(asked: Asked) -> tuple[Operation, str]:
    found = checking.find(asked.method, asked.path)
    if found is None:
        raise Refused(f"Unrecognized request URL ({asked.method}: {asked.path}).", status=404)
    return found


def _refuse_stranger(headers: Mapping[str, str], version: str) -> None:
    kind, _, key = headers.get("Authorization", "").partition(" ")
    if kind == "Basic":
        key = base64.b64decode(key).decode().partition(":")[0]
    if not key.startswith(("sk_test_", "rk_test_")):
        raise Refused(f"Invalid API Key provided: {key[:8]}****", status=401)
    if version not in {"", checking.VERSION}:
        raise Refused(f"This stand-in answers as {checking.VERSION}, not as {version}.")


def _refuse_by_contract(operation: Operation, asked: dict[str, Any]) -> None:
    if operation.name.startswith("post") and "payment_method_types" in asked:
        text = "`payment_method_types` is no longer supported: use `allowed_payment_method_types`."
        raise Refused(text, code="payment_method_types_no_longer_supported", param="payment_method_types")
    for fault in operation.faults_of_request(asked):
        name, _, what = fault.partition(": ")
        code = {"is missing": "parameter_missing", "is not in the description": "parameter_unknown"}
        raise Refused(f"Invalid request: {fault}", code=code.get(what, "parameter_invalid"), param=name)


def _before(fault: Fault | None) -> Answer | None:
    if _is(fault, "before"):
        return _broke_down()
    if _is(fault, "busy"):
        return Answer(429, Refused("Too many requests.", code="rate_limit").body)
    return LINE_CLOSED if _is(fault, "dropped") else None


def _after(fault: Fault | None, answer: Answer) -> Answer:
    if _is(fault, "after") or _is(fault, "stuck"):
        return _broke_down()
    if fault and _is(fault, "slow"):
        return Answer(answer.status, answer.body, answer.headers, fault.seconds)
    return LINE_CLOSED if _is(fault, "lost") else answer


def _is(fault: Fault | None, way: str) -> bool:
    return fault is not None and fault.way == way


def _broke_down() -> Answer:
    return Answer(500, Refused("An unknown error occurred.", kind="api_error").body)
