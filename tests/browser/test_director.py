"""The director presses every figure: the rows behind it, their file, and another month; the sums agree."""

import csv
import io
import re
from decimal import Decimal

import pytest

from tests.bookings import full_hub
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import alone, in_both_languages, unseen, watch

SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])


@pytest.fixture
def director(noon, transactional_db):
    return full_hub.full_hub().director


@SIZES
def test_each_figure_leads_to_its_rows_and_their_file(director, visit, viewport):
    there = visit(director, viewport=viewport)
    faults = watch(there.page, there.address)
    shot = f"director-{viewport['width']}"

    there.open("/overzicht")
    in_both_languages(there, f"{shot}-1-overview")
    _presses_every_figure(there, shot, alone)
    _looks_at_another_month(there)
    assert faults == []


def test_each_figure_leads_to_its_rows_without_javascript(director, visit):
    there = visit(director, scripts=False)

    there.open("/overzicht")
    _presses_every_figure(there, "", unseen)
    _looks_at_another_month(there)


def test_the_file_adds_up_to_the_figure(director, visit):
    there = visit(director, viewport=DESK)
    there.open("/overzicht")
    figure = there.page.locator(".figure__number").first.inner_text()
    with there.page.expect_download() as download:
        there.page.locator('a[href*="/overzicht/verhuurd.csv"]').first.click()

    rows = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig")), delimiter=";"))

    head, *body = rows
    let_area = head.index("m² verhuurd")
    assert _number(figure) == sum(_number(row[let_area]) for row in body) == Decimal("60.00")


def _number(text):
    """1.500,00 m² as a number."""
    return Decimal(re.search(r"[\d.]+,\d\d", text)[0].replace(".", "").replace(",", "."))


def _presses_every_figure(there, shot, look):
    links = there.page.locator('main a[href^="/overzicht/"]').evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    figures = sorted({link for link in links if ".csv" not in link and "maand=2026-10" not in link})
    assert len(figures) >= 6
    for number, link in enumerate(figures):
        there.open("/overzicht")
        there.page.locator(f'main a[href="{link}"]').first.click()
        look(there, f"{shot}-2-rows-{number}")
        with there.page.expect_download() as download:
            there.page.get_by_role("link", name=re.compile("CSV")).first.click()
        assert download.value.path().read_text(encoding="utf-8-sig").count("\n") >= 1


def _looks_at_another_month(there):
    there.open("/overzicht")
    there.tap("link", re.compile("oktober"))
    assert there.heading == "Overzicht van oktober 2026"
