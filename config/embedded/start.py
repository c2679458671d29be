"""`make run`: one start of everything, told step by step, until Ctrl-C."""

import errno
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from config.embedded import identity, processes, supervisor
from config.embedded.cluster import Cluster
from config.embedded.filelock import FileLock
from config.embedded.place import Place
from config.embedded.refusal import StartRefused
from config.embedded.supervisor import Supervisor
from config.embedded.terminal import say, step
from config.wording import in_words

DEFAULT_PORT = 8000
WEB_SECONDS = 60
PORT_SECONDS = 5.0
"""The web server of a run that was cut off needs a moment to let go of its port."""


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


def main(root: Path) -> int:
    """Run until somebody stops it. Exit code 0 after a stop that was asked for, 1 when it cannot start."""
    stopping = Stopping()
    stopping.listen()
    try:
        _run(Place.of(root), stopping)
    except StopAsked:
        return 0
    except StartRefused as refusal:
        say(f"\nPlein start niet.\n{refusal}", f"\nPlein does not start.\n{refusal}")
    except OSError as fault:
        say(f"\nPlein start niet.\n{_in_words(fault)}", f"\nPlein does not start.\n{_in_words(fault)}")
    return 1


def _run(place: Place, stopping: Stopping) -> None:
    port = _port()
    say(f"Plein start in {place.root}", f"Plein starts in {place.root}")
    with FileLock(place.lock) as lock:
        _take(lock, place)
        processes.clear_up(place.processes, folders=[place.root, place.var])
        _refuse_port_in_use(port)
        lock.note(f"make run ({os.getpid()}), http://127.0.0.1:{port}")
        cluster = None if os.environ.get("DATABASE_URL") else place.cluster()
        url = os.environ.get("DATABASE_URL") or place.cluster().url
        keeper = Supervisor(place, cluster, supervisor.environment(place, url=url, port=port), say)
        with _stopped_at_the_end(keeper, stopping):
            logins = _start(keeper, port)
            _welcome(port, logins)
            keeper.look_after(until=lambda: False)


@contextmanager
def _stopped_at_the_end(keeper: Supervisor, stopping: Stopping) -> Iterator[None]:
    try:
        yield
    finally:
        stopping.asked = max(stopping.asked, 1)  # from here on a signal only asks for haste
        with step("alles stoppen", "stopping everything"):
            keeper.stop(in_a_hurry=stopping.hurry)


def _start(keeper: Supervisor, port: int) -> list[list[str]]:
    """All steps, in order. Returns the demo logins: role, e-mail address, password."""
    if keeper.cluster is not None:
        with step("database", "database"):
            _start_database(keeper.cluster)
        keeper.remember()
    logins = _prepare(keeper.place, keeper.environ)
    with step("website, werker en klok", "website, worker and clock"):
        for child in supervisor.programs(keeper.place, python=Path(sys.executable), port=port):
            keeper.add(child)
        _wait_for_web(keeper, port)
    return logins


def _start_database(cluster: Cluster) -> None:
    if not (cluster.data / "PG_VERSION").exists():
        say("    (nieuw: zij wordt eerst gemaakt)", "    (new: it is made first)")
    cluster.start()


def _prepare(place: Place, environ: Mapping[str, str]) -> list[list[str]]:
    """Tables, static files, the LOC+ hub and its demo, by the command that production uses as well."""
    logins = place.var / "demo-logins.json"
    process = subprocess.Popen(
        [sys.executable, str(place.root / "manage.py"), "prepare", "--demo", str(logins)],
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
        raise StartRefused(
            nl="Het klaarmaken is niet gelukt; hierboven staat waarom. Uw gegevens zijn niet veranderd door de stap die mislukte.",
            en="Preparing failed; the reason is above. The step that failed changed none of your data.",
        )
    found: list[list[str]] = json.loads(logins.read_text(encoding="utf-8"))
    return found


def _wait_for_web(keeper: Supervisor, port: int) -> None:
    give_up_at = time.monotonic() + WEB_SECONDS
    while not _web_answers(port):
        keeper.look()
        if time.monotonic() > give_up_at:
            log = keeper.place.log("web")
            raise StartRefused(
                nl=f"De website antwoordt niet. Kijk in {log} wat er mis is.",
                en=f"The website does not answer. See {log} for what is wrong.",
            )
        time.sleep(0.1)


def _web_answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/gezond/levend", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _take(lock: FileLock, place: Place) -> None:
    if lock.take():
        return
    holder = lock.read_note()
    raise StartRefused(
        nl=f"Plein draait hier al: {holder}.\nStop dat met Ctrl-C in dat venster. Een tweede Plein ernaast? Geef die een eigen map "
        "en een andere poort:\n    PLEIN_VAR=var2 PORT=8001 make run",
        en=f"Plein already runs here: {holder}.\nStop it with Ctrl-C in its window. A second Plein beside it? Give it a folder of its "
        "own and another port:\n    PLEIN_VAR=var2 PORT=8001 make run",
    )


def _port() -> int:
    raw = os.environ.get("PORT", "").strip() or str(DEFAULT_PORT)
    if not raw.isdigit() or not 1 <= int(raw) <= 65_535:
        raise StartRefused(
            nl=f"PORT is '{raw}'; dat moet een getal van 1 tot 65535 zijn. Bijvoorbeeld: PORT=8001 make run",
            en=f"PORT is '{raw}'; it must be a number from 1 to 65535. For example: PORT=8001 make run",
        )
    return int(raw)


def _refuse_port_in_use(port: int) -> None:
    give_up_at = time.monotonic() + PORT_SECONDS
    while not _is_free(port):
        if time.monotonic() > give_up_at:
            other = next(number for number in range(port + 1, port + 200) if _is_free(number))
            raise StartRefused(
                nl=f"Poort {port} is al in gebruik door een ander programma. Kies een andere:\n    PORT={other} make run",
                en=f"Port {port} is in use by another program. Choose another:\n    PORT={other} make run",
            )
        time.sleep(0.2)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as fault:
            raise StartRefused(
                nl=f"Poort {port} mag alleen door de beheerder worden gebruikt. Kies een hogere: PORT=8001 make run",
                en=f"Port {port} is for the administrator only. Choose a higher one: PORT=8001 make run",
            ) from fault
        except OSError:
            return False
    return True


def _welcome(port: int, logins: list[list[str]]) -> None:
    say(
        f"\nPlein staat klaar:  http://127.0.0.1:{port}\nVerstuurde post:    http://127.0.0.1:{port}/postvak\n",
        f"\nPlein is ready:  http://127.0.0.1:{port}\nMail it sent:    http://127.0.0.1:{port}/postvak\n",
    )
    if logins:
        say("Inloggen kan als:", "Sign in as:")
        widths = [max(len(row[column]) for row in logins) for column in (0, 1)]
        for role, email, password in logins:
            print(f"  {role:<{widths[0]}}  {email:<{widths[1]}}  {password}", flush=True)
    say("\nStoppen: Ctrl-C. Uw gegevens blijven bewaard.", "\nStop: Ctrl-C. Your data are kept.")


def _in_words(fault: OSError) -> str:
    if fault.errno == errno.ENOSPC:
        return in_words(
            "De schijf is vol. Maak ruimte (minstens 500 MB) en start opnieuw; er is niets verloren.",
            "The disk is full. Make room (500 MB at least) and start again; nothing is lost.",
        )
    if fault.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return in_words(
            f"In {fault.filename} mag niet worden geschreven. Zet de map op uw naam, of zet PLEIN_VAR op een andere map.",
            f"{fault.filename} cannot be written to. Make the folder yours, or set PLEIN_VAR to another one.",
        )
    return str(fault)
