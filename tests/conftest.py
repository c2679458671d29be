"""What every test gets: a Chromium for the tests that need one, or a reason why they did not run."""

import os
import shutil

import pytest

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Path of the installed browser; PLEIN_CHROMIUM names another one."""
    named = os.environ.get("PLEIN_CHROMIUM")
    return named or next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The installed browser, for Playwright's `executable_path`."""
    found = chromium()
    assert found is not None
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium the browser tests say so and are skipped; where everything must run they fail."""
    if chromium() is not None:
        return
    browser_tests = [item for item in items if item.get_closest_marker("browser")]
    if browser_tests and os.environ.get("CI"):
        pytest.exit("Chromium is missing: apt-get install chromium fonts-liberation", returncode=1)
    for item in browser_tests:
        item.add_marker(
            pytest.mark.skip(reason="no Chromium here: apt-get install chromium fonts-liberation")
        )
