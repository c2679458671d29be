"""The page on which staff turn online payment on: two languages, two screens, and without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from spaces.models import Hub
from tenants.billing.online import settings as online
from tests import cast
from tests.billing import books
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.looking import in_both_languages, watch
from tests.online.test_settings import paid_online
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/beheer/online-betalen"


@pytest.fixture
def hub() -> Hub:
    cache.clear()
    hub = books.hub()
    cast.rate(hub)
    cast.rate(hub, group="extern", prepaid_percentage=50)
    return hub


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_page_is_clean_in_both_languages(
    hub: Hub, visit: Callable[..., Visit], screen: dict[str, int], stripe_server: StandIn, settings: Any
) -> None:
    key = settings.STRIPE_SECRET_KEY
    paid_online(hub, stripe_server)
    window = visit(cast.staff(hub, "bookkeeper"), viewport=screen)
    faults = watch(window.page, window.address)
    for mode, told in {"off": "", "test": key, "live": "sk_" + "live_00000000"}.items():
        settings.STRIPE_SECRET_KEY = told
        window.open(PAGE)
        in_both_languages(window, f"online-settings-{mode}-{screen['width']}")
    window.open(f"{PAGE}/proef-terug")
    in_both_languages(window, f"online-tests-take-back-{screen['width']}")
    assert faults == []


def test_without_scripts_it_is_turned_on_and_a_test_is_taken_back(
    hub: Hub, visit: Callable[..., Visit], stripe_server: StandIn
) -> None:
    paid_online(hub, stripe_server)
    window = visit(cast.staff(hub, "bookkeeper"), scripts=False)

    window.open(PAGE)
    window.page.get_by_label("Minuten dat een ruimte vast blijft").fill("45")
    window.tap("button", "Bewaar")
    window.sees("Bewaard.")
    window.tap("link", "Draai de proefbetalingen terug")
    window.sees("U draait 1 proefbetaling van")
    window.tap("button", "Ja, draai terug")
    window.sees("staat weer open")

    assert online.of(hub).pay_minutes == 45
    assert window.page.get_by_role("heading", name="Proefbetalingen").count() == 0
