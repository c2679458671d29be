"""After every fault all must still be true, except where the control run shows what goes wrong without the guard."""

from collections.abc import Iterator

import pytest

from config import controlling
from tests import cast


@pytest.fixture(autouse=True)
def all_still_adds_up(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[None]:
    yield
    if "_control_" not in request.node.name:
        broken = {it.invariant.words: it.shown for it in controlling.look(now=cast.NOW) if it.looked.broken}
        assert broken == {}
