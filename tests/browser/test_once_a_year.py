"""Indexation and the settlement of service costs: two languages, two screens, and without scripts."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from spaces.models import Hub
from tenants.leases.models import Indexation, Settlement
from tests import cast
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.looking import in_both_languages, watch
from tests.leases import figures, settled

pytestmark = pytest.mark.django_db(transaction=True)
JULY = "/beheer/indexering/2026-07-01"


@pytest.fixture
def hub() -> Hub:
    """Three tenants with advances; the rent of the first should have been indexed in July, and one waits for January."""
    hub = settled.hub()
    leases = settled.leases(hub)
    settled.bill(hub)
    figures.load()
    clause = {"indexing": "symmetric", "starts": "2024-01-01"}
    cast.lease(
        leases[0].party, number="HC-8", indexing_month=7, price_level_on=date(2025, 7, 1),
        yearly=Decimal("20553.75"), area_m2=Decimal("141.75"), **clause,
    )  # fmt: skip
    cast.lease(
        leases[1].party, number="HC-9", indexing_month=1, price_level_on=date(2026, 1, 1),
        yearly=Decimal("32997.63"), **clause,
    )  # fmt: skip
    return hub


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_indexation_is_clean_in_both_languages(
    hub: Hub, visit: Callable[..., Visit], screen: dict[str, int]
) -> None:
    window = visit(cast.staff(hub), viewport=screen)
    faults = watch(window.page, window.address)
    pages = ["/beheer/indexering", JULY, "/beheer/indexering/2027-01-01", "/beheer/indexering/cijfers"]
    for number, path in enumerate(pages, start=1):
        window.open(path)
        for summary in window.page.locator("details.explain > summary").all():
            summary.click()
        in_both_languages(window, f"index-{screen['width']}-{number}")
    assert faults == []


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_service_costs_are_clean_in_both_languages(
    hub: Hub, visit: Callable[..., Visit], screen: dict[str, int]
) -> None:
    window = visit(cast.staff(hub, "bookkeeper"), viewport=screen)
    faults = watch(window.page, window.address)
    window.open("/beheer/servicekosten/2025")
    window.page.locator("main form button").first.click()
    window.page.locator(".bill-of summary").first.click()
    in_both_languages(window, f"costs-{screen['width']}-settlement")
    pages = ("", "/rekeningen", "/rekeningen/inlezen", "/meters", "/soort/nieuw", "/2026")
    for number, path in enumerate(pages, start=1):
        window.open(f"/beheer/servicekosten{path}")
        in_both_languages(window, f"costs-{screen['width']}-{number}")
    assert faults == []


def test_without_scripts_a_rent_is_indexed_and_a_year_is_settled(
    hub: Hub, visit: Callable[..., Visit]
) -> None:
    director = visit(cast.staff(hub), viewport=PHONE, scripts=False)
    director.open(JULY)
    director.page.locator("input[name=back][value=asked]").check()
    director.page.locator("main form button.button--primary").click()
    director.sees("1 huur is geïndexeerd")

    bookkeeper = visit(cast.staff(hub, "bookkeeper"), viewport=PHONE, scripts=False)
    bookkeeper.open("/beheer/servicekosten/2025")
    bookkeeper.page.locator("main form button").first.click()
    bookkeeper.page.locator("form.approve button").click()
    bookkeeper.sees("Goedgekeurd")

    assert Indexation.objects.count() == 1
    assert Settlement.objects.get().state == "approved"
