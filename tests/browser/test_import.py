"""The director reads a workbook in: on a phone and at a desk, in two languages, without scripts too."""

import pytest

from spaces.models import Space
from tenants.leases.hub_import import importing
from tenants.parties.models import User
from tests import cast
from tests.browser.conftest import DESK, PHONE
from tests.cast import NOW
from tests.leases import workbooks


@pytest.fixture
def director(noon, transactional_db) -> User:
    hub = importing.store(workbooks.real(), now=NOW).hub
    assert hub is not None
    return cast.staff(hub)


def workbook(name: str, content: bytes) -> dict[str, object]:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": name, "mimeType": kind, "buffer": content}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_errors_first_then_a_mended_workbook(director, visit, viewport, language):
    User.objects.update(language=language)
    shot = f"{language}-{viewport['width']}"
    visitor = visit(director, viewport=viewport)
    broken = {"Ruimtes!E8": "veel", "Tarieven!H4": "31-2-2026", "Huurcontracten!C9": "107"}

    visitor.open("/beheer/inlezen")
    visitor.is_clean(f"{shot}-import")
    send(visitor, workbook("met-fouten.xlsx", workbooks.with_cells(broken)))
    visitor.is_clean(f"{shot}-import-errors")

    visitor.open("/beheer/inlezen")
    send(
        visitor,
        workbook("locplus.xlsx", workbooks.with_cells({"Ruimtes!K8": "nieuw tapijt", "Tarieven!C4": 10.5})),
    )
    visitor.is_clean(f"{shot}-import-plan")
    visitor.page.locator("main form button").click()
    visitor.page.wait_for_url("**/beheer/inlezen")
    visitor.is_clean(f"{shot}-import-done")
    assert Space.objects.get(code="B03").note == "nieuw tapijt"


def send(visitor, file: dict[str, object]) -> None:
    visitor.page.locator("input[type=file]").set_input_files(file)
    visitor.page.locator("main form button").click()
    visitor.page.wait_for_url("**/beheer/inlezen/*-*")


def test_it_works_without_scripts(director, visit):
    visitor = visit(director, viewport=PHONE, scripts=False)

    visitor.open("/beheer/inlezen")
    send(visitor, workbook("locplus.xlsx", workbooks.with_cells({"Ruimtes!K8": "nieuw tapijt"})))
    visitor.page.locator("main form button").click()
    visitor.page.wait_for_url("**/beheer/inlezen")

    assert Space.objects.get(code="B03").note == "nieuw tapijt"
