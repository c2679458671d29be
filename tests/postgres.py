"""A PostgreSQL of the test run's own: started by the first process that asks, thrown away when that one ends.

TEST_DATABASE_URL in the environment is used instead; xdist's workers find the one of their controller there. The first
run leaves its migrated database behind for the next ones with the same migrations: they begin a quarter minute sooner.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg

from config.embedded.cluster import Cluster

PREFIX = "plein-test-"
ROOT = Path(__file__).parents[1]


def _digest() -> str:
    """Of all migrations, and of the packages that bring some."""
    told = hashlib.sha256((ROOT / "requirements-dev.lock").read_bytes())
    for file in sorted(ROOT.glob("**/migrations/*.py")):
        if ".venv" not in file.parts:
            told.update(file.name.encode() + file.read_bytes())
    return told.hexdigest()[:16]


TEMPLATE = os.environ.setdefault("PLEIN_TEST_TEMPLATE", f"test_plein_{_digest()}")
"""The migrated database that others are copied from; another set of migrations has another one."""
VARIABLE = "TEST_DATABASE_URL"
FAST_BUT_UNSAFE = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "150",
    "max_wal_size": "2GB",
}


def url() -> str:
    """Address of the test server; the tests make their own database on it."""
    if not os.environ.get(VARIABLE):
        os.environ[VARIABLE] = _start()
    return os.environ[VARIABLE]


def scratch_dir() -> str:
    """A folder for what the code under test writes, removed when this process ends."""
    folder = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")
    _at_exit_of_this_process(lambda: shutil.rmtree(folder, ignore_errors=True))
    return folder


def _start() -> str:
    _remove_what_killed_runs_left()
    folder, kept = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")), _kept()
    if kept.is_dir():
        shutil.copytree(kept, folder / "data", symlinks=True)
        (folder / "data").chmod(0o700)
    cluster = Cluster(folder / "data", folder / "s", folder / "log", options=FAST_BUT_UNSAFE)
    cluster.start()

    def throw_away() -> None:
        worth_keeping = not kept.is_dir() and _databases(cluster.url) == {TEMPLATE}
        cluster.stop()
        if worth_keeping:
            _keep(folder / "data", kept)
        shutil.rmtree(folder, ignore_errors=True)

    _at_exit_of_this_process(throw_away)
    return cluster.url


def _kept() -> Path:
    """Where a server with that database stands, of this user."""
    return Path(tempfile.gettempdir()) / f"plein-migrated-{os.getuid()}" / TEMPLATE


def _keep(data: Path, kept: Path) -> None:
    """Of two runs that end at once one is kept; those of other migrations are of no use any more."""
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    for old in kept.parent.iterdir():
        shutil.rmtree(old, ignore_errors=True)
    with suppress(OSError):
        data.rename(kept)


def _databases(url: str) -> set[str]:
    with psycopg.connect(url, autocommit=True) as server:
        rows = server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test!_%' ESCAPE '!'")
        return {name for (name,) in rows.fetchall()}


def _remove_what_killed_runs_left() -> None:
    """A run that was killed cannot clear up; its server ended with it, its folder did not."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _at_exit_of_this_process(action: Callable[[], None]) -> None:
    """Not in a fork of it: tests that fork would stop the server of their parent."""
    owner = os.getpid()
    atexit.register(lambda: action() if os.getpid() == owner else None)
