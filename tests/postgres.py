"""A PostgreSQL of the test run's own: started by the first process that asks, thrown away when that one ends.

TEST_DATABASE_URL in the environment is used instead; xdist's workers find the one of their controller there.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from config.embedded.cluster import Cluster

PREFIX = "plein-test-"
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
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    cluster = Cluster(folder / "data", folder / "s", folder / "log", options=FAST_BUT_UNSAFE)
    cluster.start()

    def throw_away() -> None:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)

    _at_exit_of_this_process(throw_away)
    return cluster.url


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
