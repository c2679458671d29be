"""One PostgreSQL cluster of our own in a folder: made, started, asked whether it answers, and stopped."""

import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from config.embedded import binaries, identity
from config.embedded.identity import Identity
from config.embedded.refusal import DatabaseSilent, NotMade, OtherVersion, SocketFolderTaken

USER = DATABASE = "plein"
READY_SECONDS = 60  # recovery after a crash included
CRASH_SECONDS = 10  # backends of a killed server need a moment to notice that it is gone
STOP_SECONDS = 20


@dataclass
class Cluster:
    """A folder with data, a folder for its socket (nobody else may enter) and a log. Nothing listens on a network."""

    data: Path
    socket_dir: Path
    log: Path
    options: dict[str, str] = field(default_factory=dict)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Its database as DATABASE_URL says it."""
        return f"postgresql://{USER}@{quote(str(self.socket_dir), safe='')}/{DATABASE}"

    @property
    def pid(self) -> int | None:
        """Process id of the server that this object started, None when it is not running."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def is_new(self) -> bool:
        """Whether there are no data yet."""
        return not (self.data / "PG_VERSION").exists()

    def start(self) -> None:
        """Make the cluster when it is new, start it and wait until it answers. Raises StartRefused with the way out."""
        found = binaries.find()
        self._refuse_other_version(found)
        for folder in (self.data.parent, self.log.parent):
            folder.mkdir(parents=True, exist_ok=True)
        who = identity.choose(data=self.data, binaries=found)
        self._make_socket_dir(who)
        if self.is_new:
            self._make(who)
        give_up_at = time.monotonic() + CRASH_SECONDS
        while not self._try_start(who):
            if time.monotonic() > give_up_at:
                raise DatabaseSilent(self.log, self._last_words())
            time.sleep(0.5)
        self._make_database()

    def stop(self) -> None:
        """Stop it quickly but properly (open transactions are undone). Does nothing when it is not running."""
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self._process is None:
                break
            self._process.send_signal(how)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
                self._process = None
        shutil.rmtree(self.socket_dir, ignore_errors=True)

    def answers(self) -> bool:
        """Whether somebody's server answers on this cluster's socket now."""
        return self._answers(DATABASE) or self._answers("postgres")

    def died(self) -> bool:
        """Whether the server that this object started has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def _make_socket_dir(self, who: Identity) -> None:
        self.socket_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = self.socket_dir.lstat()
        if not stat.S_ISDIR(made.st_mode) or made.st_uid not in {os.geteuid(), who.user}:
            raise SocketFolderTaken(self.socket_dir)
        self.socket_dir.chmod(0o700)
        if who.user is not None:
            os.chown(self.socket_dir, who.user, -1)

    def _refuse_other_version(self, programs: Path) -> None:
        if self.is_new:
            return
        made_by, found = (
            (self.data / "PG_VERSION").read_text(encoding="ascii").strip(),
            binaries.major(programs),
        )
        if made_by != str(found):
            raise OtherVersion(self.data, made_by=made_by, found=found)

    def _make(self, who: Identity) -> None:
        """Made beside its place and moved there at the end: a start that was cut off leaves no half cluster."""
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if who.user is not None:
            os.chown(fresh, who.user, -1)
        options = ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        if self.options.get("fsync") == "off":
            options.append("--no-sync")
        process = self._run(who, ["initdb", "-D", str(fresh), *options], on_parents_death=signal.SIGKILL)
        if process.wait() != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise NotMade(self.log, self._last_words())
        fresh.rename(self.data)

    def _try_start(self, who: Identity) -> bool:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir),
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "log_timezone": "UTC",
            **self.options,
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        self._process = self._run(
            who, ["postgres", "-D", str(self.data), *options], on_parents_death=signal.SIGINT
        )
        give_up_at = time.monotonic() + READY_SECONDS
        while time.monotonic() < give_up_at and self._process.poll() is None:
            if self._answers("postgres"):
                return True
            time.sleep(0.05)
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        return False

    def _run(
        self, who: Identity, command: Sequence[str], *, on_parents_death: signal.Signals
    ) -> "subprocess.Popen[bytes]":
        program, *arguments = command
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [who.binaries / program, *arguments],
                preexec_fn=who.preparation(on_parents_death=on_parents_death),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C in the terminal is for the supervisor alone
            )

    def _answers(self, database: str) -> bool:
        try:
            psycopg.connect(host=str(self.socket_dir), user=USER, dbname=database, connect_timeout=2).close()
        except psycopg.Error:
            return False
        return True

    def _make_database(self) -> None:
        with psycopg.connect(
            host=str(self.socket_dir), user=USER, dbname="postgres", autocommit=True
        ) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _last_words(self) -> str:
        with self.log.open("rb") as log:
            log.seek(max(0, os.fstat(log.fileno()).st_size - 4000))
            lines = log.read().decode(errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-6:])
