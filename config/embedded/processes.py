"""The processes of a run: started in a group of their own, and cleared up when an earlier run was cut off."""

import functools
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from config.embedded import identity

MARK = "PLEIN_RUN"
"""The variable that every process of one run carries, with a random value: the proof that it is ours."""
PATIENCE = {signal.SIGTERM: 10.0, signal.SIGQUIT: 3.0, signal.SIGKILL: 5.0}
HURRY = {signal.SIGKILL: 5.0}


@dataclass
class Child:
    """One process (with its own children in one group) that writes to a log file."""

    name: str
    command: Sequence[str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def pid(self) -> int | None:
        """Its process id, None when it does not run."""
        return self.process.pid if self.process and self.process.poll() is None else None

    def start(self, *, folder: Path, environ: Mapping[str, str]) -> None:
        """Start it; it is sent SIGTERM when we die."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=folder,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the terminal is for the supervisor alone
                preexec_fn=functools.partial(identity.die_with_parent, os.getpid(), signal.SIGTERM),
            )

    def ask_to_end(self) -> None:
        """Tell it to finish what it does and end; `stop` waits for that. Does nothing when it does not run."""
        if self.process is not None:
            self.process.terminate()

    def stop(self, *, patience: Mapping[signal.Signals, float] = PATIENCE) -> None:
        """Ask it to end, then insist. Does nothing when it does not run."""
        if self.process is None:
            return
        for how, seconds in patience.items():
            self.process.send_signal(how)  # to the first of the group: it ends its own children in good order
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
                break
        _signal_group(self.process.pid, signal.SIGKILL)  # what it left behind of its own children
        self.process = None


def remember(file: Path, pids: Iterable[int | None], *, mark: str) -> None:
    """Keep the groups of this run, and the mark its processes carry, for the next one."""
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps({"mark": mark, "groups": [pid for pid in pids if pid]}), encoding="ascii")
    fresh.replace(file)


def clear_up(file: Path, *, data: Path) -> list[int]:
    """End what an earlier run left running: members of its groups that carry its mark, or are PostgreSQL in `data`.

    A number alone proves nothing: it may since belong to somebody else. Never ends our own group.
    Returns the process ids that were ended. Call it only while holding the lock of the place.
    """
    try:
        kept = json.loads(file.read_text(encoding="ascii"))
        groups, mark = [group for group in kept["groups"] if group != os.getpgrp()], str(kept["mark"])
    except (OSError, ValueError, TypeError, KeyError):
        return []
    ended = []
    for how in (signal.SIGINT, signal.SIGKILL):
        ours = _members_that(lambda pid: _carries(pid, mark) or _works_in(pid, data), groups)
        for pid in ours:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, how)
                ended.append(pid)
        _wait_for_end(ours, seconds=5.0)
    file.unlink(missing_ok=True)
    return sorted(set(ended))


def members(group: int) -> list[int]:
    """Process ids of a process group (from /proc; empty where there is none)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            if fields[0] != "Z" and int(fields[2]) == group:
                found.append(int(stat.parent.name))
    return found


def _members_that(are_ours: Callable[[int], bool], groups: Iterable[int]) -> list[int]:
    return [pid for group in groups for pid in members(group) if are_ours(pid)]


def _carries(pid: int, mark: str) -> bool:
    with suppress(OSError):
        return bool(mark) and f"{MARK}={mark}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(
            b"\0"
        )
    return False


def _works_in(pid: int, folder: Path) -> bool:
    """PostgreSQL and each of its own processes stand in their data folder."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cwd").readlink() == folder
    return False


def _wait_for_end(pids: Sequence[int], *, seconds: float) -> None:
    give_up_at = time.monotonic() + seconds
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < give_up_at:
        time.sleep(0.05)


def _signal_group(group: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, how)
