"""The month with its rent as the bookkeeper sees it: reasons on every line, what the old books have above them."""

from collections.abc import Callable

import pytest

from tenants.leases.hub_import import importing
from tests import cast
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.looking import in_both_languages
from tests.cast import NOW
from tests.leases import workbooks

pytestmark = pytest.mark.django_db(transaction=True)


SCREENS = pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])


def proposed(visit: Callable[..., Visit], **window: object) -> Visit:
    """The proposal for December, with the first party opened."""
    hub = importing.store(workbooks.real(), now=NOW).hub
    assert hub is not None
    there = visit(cast.staff(hub, "bookkeeper"), **window)
    there.open("/facturen/maand?maand=2026-12")
    there.page.locator('form[action="/facturen/maand"] button').first.click()
    there.sees("staat in de oude boeken")
    there.page.locator(".bill-of summary").first.click()
    there.sees("voor de maanden ervoor")
    return there


@SCREENS
def test_the_rent_of_december_is_explained(visit: Callable[..., Visit], screen: dict[str, int]) -> None:
    window = proposed(visit, viewport=screen)

    window.is_clean(f"rent-month-open-{screen['width']}")
    in_both_languages(window, f"rent-month-{screen['width']}")


def test_without_scripts_the_reasons_are_there_too(visit: Callable[..., Visit]) -> None:
    proposed(visit, viewport=PHONE, scripts=False).sees("Huur december 2026")
