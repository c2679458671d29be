"""Locks on files: they end with the process that holds them, however it ends."""

import fcntl
import os
from pathlib import Path
from typing import Self


class FileLock:
    """An advisory lock on `path`. The holder may leave a note in it for whoever finds it taken."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def take(self) -> bool:
        """Take it for us alone; False when somebody has it."""
        return self._lock(fcntl.LOCK_EX | fcntl.LOCK_NB)

    def share(self) -> None:
        """Hold it together with others that share it."""
        self._lock(fcntl.LOCK_SH)

    def wait(self) -> None:
        """Take it for us alone, waiting until everybody else has let go."""
        self._lock(fcntl.LOCK_EX)

    def note(self, text: str) -> None:
        """Leave a note in the file."""
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text.encode(), 0)

    def read_note(self) -> str:
        """The note of the holder, empty when there is none."""
        return self._path.read_text(encoding="utf-8").strip() if self._path.exists() else ""

    def release(self) -> None:
        """Let go; does nothing when it is not held."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _lock(self, how: int) -> bool:
        if self._file < 0:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, how)
        except BlockingIOError:
            self.release()
            return False
        return True
