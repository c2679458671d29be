"""`make run`: one start of everything, told step by step, until Ctrl-C."""

import functools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType

from config.embedded import identity, payments, processes, supervisor, web
from config.embedded.filelock import FileLock
from config.embedded.place import Place
from config.embedded.refusal import (
    NotForAnInstallation,
    NotPrepared,
    RunsAlready,
    StartRefused,
    SystemRefused,
    WebSilent,
)
from config.embedded.supervisor import Supervisor
from config.embedded.terminal import say, step

WEB_SECONDS = 60

Logins = list[list[str]]
"""Role in words, e-mail address, password."""
Told = Callable[..., dict[str, str]]
"""Of the place and the website's port: settings of one kind of run."""


class StopAsked(BaseException):
    """Somebody pressed Ctrl-C, closed the terminal or ended the process."""


class Stopping:
    """The first signal interrupts whatever goes on; a second one, while stopping, asks for haste."""

    def __init__(self) -> None:
        self.asked = 0

    def listen(self) -> None:
        """From now on."""
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._on_signal)

    def hurry(self) -> bool:
        """Whether it was asked more than once."""
        return self.asked > 1

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1
        if self.asked == 1:
            raise StopAsked


def main(root: Path, *, told: Told = payments.none) -> int:
    """Run until somebody stops it. Exit code 0 after a stop that was asked for, 1 when it cannot start.

    `told` names settings of this run, besides those of every run.
    """
    stopping = Stopping()
    stopping.listen()
    identity.keep_to_ourselves()
    try:
        _run(Place.of(root), stopping, told)
    except StopAsked:
        return 0
    except StartRefused as refusal:
        _tell_refusal(refusal)
    except OSError as fault:
        _tell_refusal(SystemRefused(fault))
    return 1


def _run(place: Place, stopping: Stopping, told: Told) -> None:
    if os.environ.get("DATABASE_URL"):
        raise NotForAnInstallation
    port = web.wanted_port()
    say(f"Plein start in {place.root}", f"Plein starts in {place.root}")
    with FileLock(place.lock) as lock:
        if not lock.take():
            raise RunsAlready(lock.read_note())
        processes.clear_up(place.processes, data=place.cluster().data)
        web.refuse_port_in_use(port)
        lock.note(f"make run ({os.getpid()}), http://{web.HOST}:{port}")
        keeper = _keeper(place, port, told(place, website=port))
        with _stopped_at_the_end(keeper, stopping):
            logins = _start(keeper, port)
            _welcome(port, logins, keeper.environ)
            keeper.look_after(until=lambda: False)


def _keeper(place: Place, port: int, told: Mapping[str, str]) -> Supervisor:
    cluster = place.cluster()
    environ = supervisor.environment(place, url=cluster.url, port=port)
    return Supervisor(place, cluster, {**environ, **told}, say)


@contextmanager
def _stopped_at_the_end(keeper: Supervisor, stopping: Stopping) -> Iterator[None]:
    try:
        yield
    finally:
        stopping.asked = max(stopping.asked, 1)  # from here on a signal only asks for haste
        with step("alles stoppen", "stopping everything") if keeper.has_started else nullcontext():
            keeper.stop(in_a_hurry=stopping.hurry)


def _start(keeper: Supervisor, port: int) -> Logins:
    """All steps, in order. Returns the demo logins."""
    if keeper.cluster is not None:
        new = keeper.cluster.is_new
        with step("database maken" if new else "database", "making the database" if new else "database"):
            keeper.cluster.start()
        keeper.remember()
    logins = _prepare(keeper.place, keeper.environ)
    python = Path(sys.executable)
    with step("website, werker en klok", "website, worker and clock"):
        for child in [
            *payments.children(keeper.place, keeper.environ, python=python, website=port),
            *supervisor.programs(keeper.place, python=python, port=port),
        ]:
            keeper.add(child)
        _wait_for_web(keeper, port)
    return logins


def _prepare(place: Place, environ: Mapping[str, str]) -> Logins:
    """Tables, static files, the LOC+ hub and its demo, by the command that production uses as well."""
    file = place.var / "demo-logins.json"
    process = subprocess.Popen(
        [sys.executable, str(place.root / "manage.py"), "prepare", "--demo", str(file)],
        cwd=place.root,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=functools.partial(identity.die_with_parent, os.getpid(), signal.SIGTERM),
    )
    try:
        process.wait()
    except BaseException:  # somebody pressed Ctrl-C: a step is one transaction, so it may be cut off
        process.kill()
        process.wait()
        raise
    if process.returncode != 0:
        raise NotPrepared
    logins: Logins = json.loads(file.read_text(encoding="utf-8"))
    return logins


def _wait_for_web(keeper: Supervisor, port: int) -> None:
    give_up_at = time.monotonic() + WEB_SECONDS
    while not web.answers(port):
        keeper.look()
        if time.monotonic() > give_up_at:
            raise WebSilent(keeper.place.log("web"))
        time.sleep(0.1)


def _welcome(port: int, logins: Logins, told: Mapping[str, str]) -> None:
    address = f"http://{web.HOST}:{port}"
    say(
        f"\nPlein staat klaar:  {address}\nVerstuurde post:    {address}/postvak\n",
        f"\nPlein is ready:  {address}\nMail it sent:    {address}/postvak\n",
    )
    if logins:
        say("Inloggen kan als:", "Sign in as:")
        widths = [max(len(login[column]) for login in logins) for column in (0, 1)]
        for role, email, password in logins:
            print(f"  {role:<{widths[0]}}  {email:<{widths[1]}}  {password}", flush=True)
    payments.tell(told)
    say("\nStoppen: Ctrl-C. Uw gegevens blijven bewaard.", "\nStop: Ctrl-C. Your data are kept.")


def _tell_refusal(refusal: StartRefused) -> None:
    say(f"\nPlein start niet.\n{refusal}", f"\nPlein does not start.\n{refusal}")
