"""What every test begins with."""

from collections.abc import Iterator

import pytest
from django.utils import timezone, translation


@pytest.fixture(autouse=True)
def dutch_and_amsterdam() -> Iterator[None]:
    """The language and zone of an installation, whatever a page left active in the test before."""
    with translation.override("nl"), timezone.override(None):
        yield
