"""What every test begins with."""

import gc
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from tests import databases

pytest_plugins = ["tests.stand_in.fixtures"]

LONGEST = {"test_every_page.py", "test_invoice_run_killed.py", "test_nonsense.py"}


def pytest_configure() -> None:
    TransactionTestCase._fixture_teardown = lambda _test: databases.empty()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, whatever the order of the others: no core waits for them at the end."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_collection_finish() -> None:
    """What is imported by now stays: the collector need not look at it again, and has less to look for."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Everybody copies the database that the first of them has migrated."""
    with django_db_blocker.unblock():
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = databases.template()


@pytest.fixture(autouse=True)
def dutch_and_amsterdam() -> Iterator[None]:
    """The language and zone of an installation, whatever a page left active in the test before."""
    with translation.override("nl"), timezone.override(None):
        yield
