"""Sentences are compared in English, as they stand in the code."""

import pytest
from django.utils import translation

from spaces.models import Hub
from tenants.leases.hub_import import importing
from tests import databases
from tests.cast import NOW
from tests.leases import workbooks


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def hub(transactional_db: None) -> Hub:
    """The real workbook, read in."""
    return _read_in()


@databases.made_once
def _read_in() -> Hub:
    found = importing.store(workbooks.real(), now=NOW).hub
    assert found is not None
    return found
