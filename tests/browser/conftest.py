"""The application behind a real address, and Chromium in front of it.

Without Chromium these tests are left out with the reason; with CI=true its absence is a failure.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tenants.parties.models import User
from tests import cast

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
AXE = {"resultTypes": ["violations"], "preload": False}
"""All its rules; it need not fetch the style sheets once more, which only rules for films and sound ask for."""
SHOTS = os.environ.get("PLEIN_SHOTS", "")
"""A folder in which to leave a picture of each page; empty: no pictures."""

# Playwright runs an event loop in this thread; the tests still make their rows here, one after the other.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    absent = not CHROMIUM.exists() and os.environ.get("CI") != "true"
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if absent:
                reason = f"there is no Chromium at {CHROMIUM}: install it or set CHROMIUM"
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session", autouse=True)
def kept_by_the_browser() -> Iterator[None]:
    """Style sheets and scripts come as in production, not past the application: asked for once, then kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "_should_handle", lambda _handler, _path: False)
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def noon() -> Iterator[None]:
    """It is Saturday 21 November 2026, noon in Amsterdam, and the clock runs."""
    with time_machine.travel(cast.NOW, tick=True):
        yield


@dataclass
class Visit:
    """One person with one browser window; `taps` counts what they press."""

    page: Page
    address: str
    taps: int = 0

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def tap(self, role: str, name: Any, *, exact: bool = False, nth: int = 0) -> None:
        self.taps += 1
        self.page.get_by_role(role, name=name, exact=exact).nth(nth).click()

    def choose(self, label: str) -> None:
        """Press a chip by the words on it."""
        self.taps += 1
        self.page.locator(".chip", has_text=label).first.click()

    def sees(self, words: str) -> None:
        self.page.get_by_text(words).first.wait_for(timeout=5000)

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def is_clean(self, name: str, *, closely: bool = True) -> None:
        """No sideways scroll and (`closely`) no accessibility violation; leaves a picture when asked for.

        A click returns once the next page has begun: what is judged is the page that is all there.
        """
        self.page.wait_for_load_state("load")
        if SHOTS:
            self.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
        if closely:
            found = Axe().run(self.page, options=AXE)
            assert not found.response["violations"], f"{name}: {found.generate_report()}"
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{name} scrolls {wide} px sideways"


@pytest.fixture
def visit(live_server, chromium: Browser, noon: None) -> Iterator[Callable[..., Visit]]:
    """visit(user, viewport=PHONE, scripts=True): a window in which `user` has signed in."""
    opened = []

    def start(user: User | None, *, viewport: dict[str, int] = PHONE, scripts: bool = True) -> Visit:
        context = chromium.new_context(
            viewport=viewport,
            java_script_enabled=scripts,
            has_touch=viewport != DESK,
            locale="nl-NL",
            reduced_motion="reduce",  # a colour on its way to another is no colour to judge
        )
        opened.append(context)
        if user is not None:
            context.add_cookies([_session_of(user, live_server.url)])
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.clock.install(time=cast.NOW)
        return Visit(page, live_server.url)

    yield start
    for context in opened:
        context.close()


def _session_of(user: User, address: str) -> dict[str, str]:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}
