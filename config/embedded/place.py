"""Where the embedded run keeps its things: one folder, `var/` beside manage.py unless PLEIN_VAR says otherwise."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.embedded.cluster import Cluster

LONGEST_SOCKET_PATH = 100  # the system's own limit is 107 bytes, 103 on a Mac
SOCKET_NAME = ".s.PGSQL.5432"
LARGEST_LOG = 5_000_000


@dataclass(frozen=True)
class Place:
    """The code's folder and the folder for everything that a run makes."""

    root: Path
    var: Path

    @classmethod
    def of(cls, root: Path) -> "Place":
        """The place of the code in `root`."""
        return cls(root, Path(os.environ.get("PLEIN_VAR") or root / "var").resolve())

    @property
    def lock(self) -> Path:
        """Held by whoever runs the database: `make run`, or one management command."""
        return self.var / "database.lock"

    @property
    def users(self) -> Path:
        """Held (shared) by every management command that uses the database meanwhile."""
        return self.var / "database.users"

    @property
    def processes(self) -> Path:
        """What a run started, so that the next one can clear up after a crash."""
        return self.var / "processes.json"

    @property
    def socket_dir(self) -> Path:
        """Short enough for a socket: in our own folder, or else a private one among the temporary files."""
        ours = self.var / "socket"
        if len(os.fsencode(ours / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return ours
        mark = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:10]
        return Path(tempfile.gettempdir()) / f"plein-{os.geteuid()}-{mark}"

    def cluster(self) -> Cluster:
        """The database of this place."""
        return Cluster(self.var / "postgres", self.socket_dir, self.log("postgres"))

    def log(self, name: str) -> Path:
        """The log file of one process; the one before is kept when it has grown large."""
        file = self.var / "log" / f"{name}.log"
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > LARGEST_LOG:
            file.rename(file.with_suffix(".old.log"))
        return file
