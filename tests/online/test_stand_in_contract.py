"""The stand-in is held against Stripe's own description, and that against the client of the version in use."""

import typing
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import stripe
from stripe import params
from stripe.params import checkout

from tests.online.test_stand_in import refused
from tests.stand_in.contract import checking, forms
from tests.stand_in.contract.schemas import faults
from tests.stand_in.stand_in import KEY, StandIn

UNNAMED = {"StripeContext": str, "Mapping": Mapping}
"""Names that the client's own types use without importing them."""
OPTIONS = set(typing.get_type_hints(stripe.RequestOptions, localns=UNNAMED))
ASKED = {
    "post /v1/checkout/sessions": checkout.SessionCreateParams,
    "post /v1/checkout/sessions/{session}/expire": checkout.SessionExpireParams,
    "post /v1/payment_intents": params.PaymentIntentCreateParams,
    "post /v1/payment_intents/{intent}/cancel": params.PaymentIntentCancelParams,
    "post /v1/payment_methods/{payment_method}/detach": params.PaymentMethodDetachParams,
    "post /v1/refunds": params.RefundCreateParams,
    "get /v1/balance_transactions": params.BalanceTransactionListParams,
    "get /v1/disputes": params.DisputeListParams,
    "get /v1/events": params.EventListParams,
    "get /v1/payment_intents": params.PaymentIntentListParams,
    "get /v1/payouts": params.PayoutListParams,
    "get /v1/refunds": params.RefundListParams,
}
ANSWERED = {
    "balance_transaction": stripe.BalanceTransaction,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "mandate": stripe.Mandate,
    "payment_intent": stripe.PaymentIntent,
    "payout": stripe.Payout,
    "refund": stripe.Refund,
    "setup_intent": stripe.SetupIntent,
}


def test_the_contract_is_of_the_version_that_the_client_speaks():
    assert stripe.api_version == checking.VERSION


@pytest.mark.parametrize("name", ASKED)
def test_nothing_may_be_asked_that_the_client_cannot_ask(name):
    [operation] = [one for one in checking.OPERATIONS if one.name == name]
    assert list(unknown_to(ASKED[name], operation.asked, at="")) == []
    assert set(hints(ASKED[name])) - OPTIONS == set(operation.asked["properties"])


@pytest.mark.parametrize("name", ANSWERED)
def test_nothing_is_answered_that_the_client_does_not_know(name):
    assert set(checking.SCHEMAS[name]["properties"]) <= set(ANSWERED[name].__annotations__)


def test_an_answer_that_stripe_would_not_give_does_not_pass(stripe_server: StandIn):
    v1: Any = stripe.StripeClient(KEY, base_addresses={"api": stripe_server.url}).v1
    customer = v1.customers.create({"name": "Accare"}).id
    stripe_server.thing(customer)["tax_exempt"] = "sometimes"
    stripe_server.thing(customer)["shoe_size"] = 44
    assert refused(v1.customers.retrieve, customer)[0] == 500
    assert len(stripe_server.broken) == 2
    stripe_server.broken.clear()


def test_a_form_is_read_as_stripe_reads_it():
    text = "a[b][0][c]=1&a[b][1][c]=x&expand[]=p.q&flag=true&since[gte]=5&empty="
    period = {"type": "object", "properties": {"gte": {"type": "integer"}}}
    schema = {
        "properties": {
            "a": {"properties": {"b": {"items": {"properties": {"c": {"type": "integer"}}}}}},
            "flag": {"type": "boolean"},
            "since": {"anyOf": [period, {"type": "integer"}]},
        }
    }
    assert forms.typed(forms.nested(text), schema, {}) == {
        "a": {"b": [{"c": 1}, {"c": "x"}]},
        "expand": ["p.q"],
        "flag": True,
        "since": {"gte": 5},
        "empty": "",
    }


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"id": "x", "n": 1, "s": "a", "many": [{"id": "y", "n": None}], "free": {"k": "v"}}, []),
        ({"id": "x", "other": "y"}, [".n: is missing"]),
        ({"id": 5, "n": 1}, [".id: 5 is no string"]),
        ({"id": None, "n": 1}, [".id: is null"]),
        ({"id": "x", "n": True}, [".n: True is no integer"]),
        ({"id": "x", "n": 1, "s": "c"}, [".s: 'c' is none of a, b"]),
        ({"id": "too long", "n": 1}, [".id: longer than 3"]),
        ({"id": "x", "n": 1, "q": 1}, [".q: is not in the description"]),
        ({"id": "x", "n": 1, "free": {"k": 1}}, [".free.k: 1 is no string"]),
        ({"id": "x", "n": 1, "many": [{"id": "y"}]}, [".many[0].n: is missing"]),
        ({"id": "x", "n": 1, "other": {"id": "y", "n": 1, "q": 1}}, [".other.q: is not in the description"]),
    ],
)
def test_what_a_description_does_not_allow_is_told_with_its_place(value, told):
    this = {"$ref": "#/components/schemas/this"}
    schema = {
        "type": "object",
        "required": ["id", "n"],
        "properties": {
            "id": {"type": "string", "maxLength": 3},
            "n": {"type": "integer", "nullable": True},
            "s": {"type": "string", "enum": ["a", "b"]},
            "many": {"type": "array", "items": this},
            "free": {"type": "object", "additionalProperties": {"type": "string"}},
            "other": {"anyOf": [{"type": "string"}, this]},
        },
    }
    assert list(faults(value, schema, {"this": schema})) == told


def hints(of: Any) -> dict[str, Any]:
    return typing.get_type_hints(of, localns=UNNAMED)


def unknown_to(of: Any, schema: dict[str, Any], *, at: str) -> Iterator[str]:
    """Names that a schema takes, at any depth, and the client's types do not."""
    known = hints(of)
    for name, part in schema["properties"].items():
        if name not in known:
            yield f"{at}.{name}"
        else:
            inside = [(of, shape) for of in typed_dicts(known[name]) for shape in objects(part)]
            pairs = inside if len(inside) == 1 else []  # a choice of shapes: which is which cannot be seen
            for one, shape in pairs:
                yield from unknown_to(one, shape, at=f"{at}.{name}")


def typed_dicts(kind: Any) -> list[Any]:
    if isinstance(kind, type) and typing.is_typeddict(kind):
        return [kind]
    return [found for part in typing.get_args(kind) for found in typed_dicts(part)]


def objects(schema: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in schema:
        return objects(checking.SCHEMAS[schema["$ref"].rpartition("/")[2]])
    if "properties" in schema:
        return [schema]
    if "items" in schema:
        return objects(schema["items"])
    return [found for part in schema.get("anyOf", []) for found in objects(part)]
