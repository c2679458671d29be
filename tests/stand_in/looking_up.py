"""Asking for what there is: one thing, a page of them, and what they point to in full."""

import copy
from typing import Any

from tests.stand_in import balance, checkout
from tests.stand_in.account import Account, Thing
from tests.stand_in.refusals import Refused, missing

DEEPEST = 4
NOT_A_FILTER = {"created", "ending_before", "expand", "limit", "payout", "starting_after", "types", "client_secret",
                "arrival_date", "customer_details"}  # fmt: skip


def page(account: Account, kind: str, asked: dict[str, Any], *, path: str) -> Thing:
    """The newest first, 10 at a time unless `limit` (at most 100) says otherwise."""
    found = [one for one in account.all(kind) if _is_wanted(account, one, asked)]
    limit = asked.get("limit", 10)
    if not 1 <= limit <= 100:
        raise Refused("Invalid integer: limit must be between 1 and 100", param="limit")
    if "starting_after" in asked:
        found = found[_place(found, asked["starting_after"], "starting_after") + 1 :]
    if "ending_before" in asked:
        found = found[: _place(found, asked["ending_before"], "ending_before")][-limit:]
    return {"object": "list", "url": path, "has_more": len(found) > limit, "data": found[:limit]}


def in_full(account: Account, thing: Thing, paths: list[str]) -> Thing:
    """A copy in which what the paths name is the thing itself, no longer its id."""
    shown = copy.deepcopy(thing)
    for path in paths:
        names = path.split(".")
        if len(names) > DEEPEST:
            raise Refused(
                f"You cannot expand more than {DEEPEST} levels of a property. Property: {path}",
                param="expand",
            )
        _open(account, shown, names, path)
    return shown


def _is_wanted(account: Account, one: Thing, asked: dict[str, Any]) -> bool:
    filters = {name: value for name, value in asked.items() if name not in NOT_A_FILTER}
    if any(one.get(name) != value for name, value in filters.items()):
        return False
    if "payout" in asked and one["id"] not in balance.of_payout(account, asked["payout"]):
        return False
    if "types" in asked and one["type"] not in asked["types"]:
        return False
    times = ("created", "arrival_date")
    return all(_is_within(one[name], asked[name]) for name in times if name in asked)


def _is_within(moment: int, wanted: int | dict[str, int]) -> bool:
    if isinstance(wanted, int):
        return moment == wanted
    tests = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__}
    return all(tests[name](moment, value) for name, value in wanted.items())


def _place(found: list[Thing], name: str, param: str) -> int:
    for place, one in enumerate(found):
        if one["id"] == name:
            return place
    raise missing("object", name, param=param)


def _open(account: Account, node: Any, names: list[str], path: str) -> None:
    if isinstance(node, list):
        for part in node:
            _open(account, part, names, path)
        return
    if not names or node is None:
        return
    first, *rest = names
    if first not in node and (node.get("object"), first) not in UNSAID:
        raise Refused(f"This property cannot be expanded ({path}).", param="expand")
    node[first] = _whole(account, node, first)
    _open(account, node[first], rest, path)


def _whole(account: Account, node: Thing, name: str) -> Any:
    value = node.get(name)
    if (node.get("object"), name) in UNSAID:
        return UNSAID[node["object"], name](account, node)
    if isinstance(value, str) and value in account.things:
        return copy.deepcopy(account.things[value])
    return value


def _refunds(account: Account, charge: Thing) -> Thing:
    found = copy.deepcopy(account.all("refund", charge=charge["id"]))
    return {"object": "list", "data": found, "has_more": False, "url": f"/v1/charges/{charge['id']}/refunds"}


UNSAID = {("charge", "refunds"): _refunds, ("checkout.session", "line_items"): checkout.line_items}
"""What Stripe only tells when it is asked for."""
