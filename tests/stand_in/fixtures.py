"""For every test that pays online: a stand-in for Stripe, and an installation whose settings name it."""

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests import cast
from tests.stand_in.stand_in import KEY, StandIn


@cache
def _running() -> StandIn:
    return StandIn()


@pytest.fixture
def stripe_server(settings: Any) -> Iterator[StandIn]:
    """A stand-in as new, at the moment of the cast, with the installation's settings pointed at it. Webhooks are held."""
    stand_in = _running()
    stand_in.reset()
    stand_in.at(cast.NOW)
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_WEBHOOK_SECRETS = [stand_in.secret]
    settings.STRIPE_API_BASE = stand_in.url
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"] = [*policy["DIRECTIVES"]["form-action"], stand_in.url]
    settings.CONTENT_SECURITY_POLICY = policy
    yield stand_in
    stand_in.mend()
    stand_in.post.keep_sending(None)
    assert stand_in.broken == [], "the stand-in said what Stripe's own description does not know"
