"""The embedded database for the length of one management command."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from config.embedded import identity
from config.embedded.filelock import FileLock
from config.embedded.place import Place
from config.embedded.refusal import DatabaseBusy, StartRefused
from config.env import NOT_FOR_THE_EMBEDDED_RUN
from config.wording import in_words

WITHOUT_DATABASE = frozenset(
    {
        "",
        "check",
        "collectstatic",
        "compilemessages",
        "findstatic",
        "help",
        "makemessages",
        "makemigrations",
        "version",
    }
)
WAIT_SECONDS = 60


@contextmanager
def database_for(arguments: Sequence[str], *, folder: Path) -> Iterator[None]:
    """See that the command finds a database: the installation's own, a running embedded one, or one started for it.

    Ends the process with a sentence (exit code 1) when that cannot be done.
    """
    if "DATABASE_URL" in os.environ or (folder / ".env").is_file():
        yield
        return
    os.environ["PLEIN_EMBEDDED"] = "1"
    for name in NOT_FOR_THE_EMBEDDED_RUN:
        os.environ.pop(name, None)
    identity.keep_to_ourselves()
    place = Place.of(folder)
    os.environ["DATABASE_URL"] = place.cluster().url
    wanted = next((argument for argument in arguments if not argument.startswith("-")), "")
    if wanted in WITHOUT_DATABASE or "--help" in arguments:
        yield
        return
    try:
        with _running(place):
            yield
    except StartRefused as refusal:
        sys.exit(str(refusal))


@contextmanager
def _running(place: Place) -> Iterator[None]:
    with FileLock(place.lock) as lock, FileLock(place.users) as users:
        if not lock.take():
            users.share()
            _wait_until_it_answers(place)
            yield
            return
        lock.note(in_words("een commando van manage.py", "a command of manage.py") + f" ({os.getpid()})")
        cluster = place.cluster()
        try:
            cluster.start()
            yield
        finally:
            users.wait()  # another command may have found our database meanwhile
            cluster.stop()


def _wait_until_it_answers(place: Place) -> None:
    give_up_at = time.monotonic() + WAIT_SECONDS
    while not place.cluster().answers():
        if time.monotonic() > give_up_at:
            raise DatabaseBusy(FileLock(place.lock).read_note())
        time.sleep(0.1)
