"""Keeps the processes of a run going until somebody says stop, and then ends them in good order."""

import os
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded import processes
from config.embedded.cluster import Cluster
from config.embedded.place import Place
from config.embedded.processes import Child
from config.embedded.refusal import StartRefused
from config.env import NOT_FOR_THE_EMBEDDED_RUN

LOOK_SECONDS = 0.2
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STEADY_SECONDS = 60.0
"""A process that ran this long has earned a quick restart again."""


@dataclass
class Watched:
    """A child, and how patient we are with it."""

    child: Child
    pause: float = FIRST_PAUSE
    started_at: float = 0.0
    restart_at: float | None = None


@dataclass
class Supervisor:
    """The database and the processes that use it. `tell` receives one sentence (nl, en) for each event."""

    place: Place
    cluster: Cluster | None
    environ: Mapping[str, str]
    tell: Callable[[str, str], None]
    watched: list[Watched] = field(default_factory=list)

    def add(self, child: Child) -> None:
        """Start a process and look after it from now on."""
        watched = Watched(child)
        self.watched.append(watched)
        self._start(watched)

    def remember(self) -> None:
        """Write down what runs, for a next start after a crash."""
        pids = [watched.child.pid for watched in self.watched]
        pids.append(self.cluster.pid if self.cluster else None)
        processes.remember(self.place.processes, pids, mark=self.environ.get(processes.MARK, ""))

    def look_after(self, *, until: Callable[[], bool]) -> None:
        """Restart whatever ends by itself, until `until()` says so."""
        while not until():
            self.look()
            time.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """One round: the database first, because the others need it."""
        if self.cluster is not None and self.cluster.died():
            self._restart_database(self.cluster)
        for watched in self.watched:
            self._look_at(watched)

    @property
    def has_started(self) -> bool:
        """Whether anything was started that must be stopped."""
        return bool(self.watched) or (self.cluster is not None and self.cluster.pid is not None)

    def stop(self, *, in_a_hurry: Callable[[], bool]) -> None:
        """End all: first whatever uses the database, and the database last."""
        for watched in self.watched:
            watched.child.ask_to_end()
        for watched in reversed(self.watched):
            watched.child.stop(patience=processes.HURRY if in_a_hurry() else processes.PATIENCE)
        if self.cluster is not None:
            self.cluster.stop()
        self.place.processes.unlink(missing_ok=True)

    def _look_at(self, watched: Watched) -> None:
        child, now = watched.child, time.monotonic()
        if watched.restart_at is not None:
            if now >= watched.restart_at:
                self._start(watched)
        elif child.process is not None and child.process.poll() is not None:
            code = child.process.returncode
            child.stop()  # its own children, if any are left
            if now - watched.started_at > STEADY_SECONDS:
                watched.pause = FIRST_PAUSE
            self.tell(
                f"{child.name} is gestopt (code {code}) en start over {watched.pause:.0f} s opnieuw; zie {child.log}",
                f"{child.name} ended (code {code}) and starts again in {watched.pause:.0f} s; see {child.log}",
            )
            watched.restart_at = now + watched.pause
            watched.pause = min(watched.pause * 2, LONGEST_PAUSE)

    def _start(self, watched: Watched) -> None:
        watched.child.start(folder=self.place.root, environ=self.environ)
        watched.started_at, watched.restart_at = time.monotonic(), None
        self.remember()

    def _restart_database(self, cluster: Cluster) -> None:
        self.tell("De database is gestopt en start opnieuw.", "The database ended and starts again.")
        try:
            cluster.start()
        except StartRefused as refusal:
            self.tell(str(refusal), str(refusal))
            time.sleep(FIRST_PAUSE)
        self.remember()


def programs(place: Place, *, python: Path, port: int) -> list[Child]:
    """The web server, Celery's worker and its beat, as one run needs them."""
    celery = [str(python), "-m", "celery", "-A", "config.celery"]
    web = [str(python), "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    web += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "config.wsgi:application"]
    worker = [*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    worker += ["--without-heartbeat", "--loglevel", "INFO"]
    return [
        Child("web", web, place.log("web")),
        Child("worker", worker, place.log("worker")),
        Child("beat", [*celery, "beat", "--pidfile=", "--loglevel", "WARNING"], place.log("beat")),
    ]


def environment(place: Place, *, url: str, port: int) -> dict[str, str]:
    """What the processes of an embedded run are told; a shell's settings of a real installation are left out."""
    return {
        **{name: value for name, value in os.environ.items() if name not in NOT_FOR_THE_EMBEDDED_RUN},
        processes.MARK: secrets.token_hex(16),
        "PLEIN_EMBEDDED": "1",
        "PLEIN_VAR": str(place.var),
        "DATABASE_URL": url,
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
