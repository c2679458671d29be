"""The port that was asked for."""

import socket
from collections.abc import Iterator

import pytest

from config.embedded import web
from config.embedded.refusal import PortInUse, PortNotANumber


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server((web.HOST, 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_refused_with_another_one_that_is_free(taken_port: int) -> None:
    with pytest.raises(PortInUse) as refusal:
        web.refuse_port_in_use(taken_port, patience=0)

    offered = int(str(refusal.value).rpartition("PORT=")[2].split()[0])
    assert web.is_free(offered)


def test_a_port_on_which_nobody_answers_is_not_our_website(taken_port: int) -> None:
    with socket.create_server((web.HOST, 0)) as server:
        free = server.getsockname()[1]

    assert web.is_free(free)
    assert not web.answers(free)


@pytest.mark.parametrize("raw", ["abc", "0", "65536", "-1", "80.5", "²"])
def test_a_port_that_is_no_port_is_refused_by_name(raw: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", raw)

    with pytest.raises(PortNotANumber, match=raw):
        web.wanted_port()
