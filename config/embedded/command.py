"""The embedded database for the length of one management command."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

WITHOUT_DATABASE = frozenset(
    {"", "help", "version", "check", "makemigrations", "makemessages", "compilemessages", "collectstatic", "findstatic"}
)


@contextmanager
def database_for(arguments: Sequence[str], *, folder: Path) -> Iterator[None]:
    """See that the command finds a database: the installation's own, a running embedded one, or one started for it."""
    if "DATABASE_URL" not in os.environ and not (folder / ".env").is_file():
        os.environ.setdefault("PLEIN_EMBEDDED", "1")
    yield
