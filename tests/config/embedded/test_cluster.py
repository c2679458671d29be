"""A database of our own in a folder."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.embedded import binaries, identity
from config.embedded.cluster import Cluster
from config.embedded.place import LONGEST_SOCKET_PATH, SOCKET_NAME, Place
from config.embedded.refusal import NoPostgres, OtherVersion

FAST = {"fsync": "off"}


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = Path("/tmp") / f"plein-test-{os.getpid()}-cluster"
    folder.mkdir(mode=0o700)
    made = Cluster(folder / "data", folder / "s", folder / "log", options=FAST)
    yield made
    made.stop()
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    folder.rmdir()


def count(cluster: Cluster) -> int:
    with psycopg.connect(cluster.url) as connection:
        return connection.execute("SELECT count(*) FROM kept").fetchone()[0]


def test_data_survive_a_stop_a_kill_and_a_second_start(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    cluster.stop()
    assert not cluster.answers()
    assert not cluster.socket_dir.exists()

    cluster.start()
    assert count(cluster) == 1
    assert cluster.pid
    os.kill(cluster.pid, signal.SIGKILL)
    while not cluster.died():
        pass
    cluster.start()

    assert count(cluster) == 1


def test_nobody_else_may_enter_the_folder_of_the_socket(cluster: Cluster) -> None:
    cluster.start()

    assert cluster.socket_dir.stat().st_mode & 0o777 == 0o700
    with psycopg.connect(cluster.url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_data_of_another_version_are_not_touched(cluster: Cluster) -> None:
    cluster.data.mkdir()
    (cluster.data / "PG_VERSION").write_text("14\n")

    with pytest.raises(OtherVersion, match="14"):
        cluster.start()

    assert [file.name for file in cluster.data.iterdir()] == ["PG_VERSION"]


def test_who_names_a_folder_without_postgresql_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PLEIN_PG_BIN", str(tmp_path))

    with pytest.raises(NoPostgres):
        binaries.find()


def test_programs_that_do_not_run_here_have_no_version(tmp_path: Path) -> None:
    (tmp_path / "postgres").write_text("not for this machine")
    (tmp_path / "initdb").touch()

    assert binaries.major(tmp_path) is None
    assert not binaries.is_usable(tmp_path)


def test_an_ordinary_user_stays_who_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert identity.choose(data=tmp_path, binaries=tmp_path) == identity.Identity(tmp_path)


def test_the_socket_has_a_path_that_the_system_accepts(tmp_path: Path) -> None:
    deep = Place(root=tmp_path, var=tmp_path / ("deep" * 30))
    shallow = Place(root=Path("/srv"), var=Path("/srv/var"))

    assert shallow.socket_dir == Path("/srv/var/socket")
    assert len(str(deep.socket_dir / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    assert deep.socket_dir == Place(root=tmp_path, var=tmp_path / ("deep" * 30)).socket_dir
