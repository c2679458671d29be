"""How much is looked at: `make test` takes each thing once, `make test-long` every combination of them."""

import os

import pytest

THOROUGH = os.environ.get("PLEIN_THOROUGH") == "1"
has_more = pytest.mark.thorough
"""For tests that look at more when all is asked for."""
