"""Builds `.venv` from a lock file with hashes; a second call with the same lock file does nothing.

Runs before anything is installed, so it needs nothing but Python itself: `python3 -m config.embedded.environment LOCK`.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from config.embedded.filelock import FileLock
from config.embedded.refusal import NotInstalled, NoVenv, PythonTooOld, StartRefused
from config.embedded.terminal import say

OLDEST_PYTHON = (3, 11)
SHOWN_LINES = 12
SIGN_OF_LIFE_SECONDS = 10


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when `.venv` is as the lock file says, 1 with a sentence when it cannot be made so."""
    root = Path(__file__).resolve().parents[2]
    try:
        build(root / ".venv", lock_file=root / arguments[0])
    except StartRefused as refusal:
        say(f"\nHet lukt niet.\n{refusal}", f"\nThis does not work.\n{refusal}")
        return 1
    except OSError as fault:
        say(f"\nHet lukt niet: {fault}", f"\nThis does not work: {fault}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def build(folder: Path, *, lock_file: Path) -> None:
    """Make or complete the environment in `folder`. Raises StartRefused with what to do."""
    refuse_old_python()
    stamp = folder / f"plein-{lock_file.stem}.stamp"
    with FileLock(folder.with_name(".venv.lock")) as lock:
        if not lock.take():
            say(
                "Wachten: een ander commando maakt de omgeving al.",
                "Waiting: another command is making the environment.",
            )
            lock.wait()
        if is_up_to_date(stamp, lock_file):
            return
        count = lock_file.read_text(encoding="utf-8").count("==")
        say(
            f"Omgeving maken met {count} pakketten (één keer, ongeveer een minuut) …",
            f"Making the environment with {count} packages (once, about a minute) …",
        )
        _make(folder)
        _install(folder, lock_file)
        stamp.write_text(_mark(lock_file), encoding="ascii")


def refuse_old_python() -> None:
    """Raises StartRefused for a Python that Plein does not run on."""
    if sys.version_info < OLDEST_PYTHON:
        raise PythonTooOld(".".join(str(part) for part in sys.version_info[:3]))


def is_up_to_date(stamp: Path, lock_file: Path) -> bool:
    """Whether the environment was made from exactly this lock file and its Python still runs."""
    if not stamp.exists() or stamp.read_text(encoding="ascii") != _mark(lock_file):
        return False
    return _runs(stamp.parent)


def _mark(lock_file: Path) -> str:
    return hashlib.sha256(lock_file.read_bytes()).hexdigest()


def _runs(folder: Path) -> bool:
    """A moved folder, or a Python that was upgraded away, leaves an environment that does not."""
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return (
            subprocess.run(
                [folder / "bin" / "python", "-c", check], check=False, capture_output=True
            ).returncode
            == 0
        )
    except OSError:
        return False


def _make(folder: Path) -> None:
    uv = shutil.which("uv")
    if _runs(folder) and (uv or (folder / "bin" / "pip").exists()):
        return
    if uv:
        _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)], doing="uv venv")
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise NoVenv(f"{sys.version_info[0]}.{sys.version_info[1]}")
    _run([sys.executable, "-m", "venv", "--clear", str(folder)], doing="python3 -m venv")


def _install(folder: Path, lock_file: Path) -> None:
    python = str(folder / "bin" / "python")
    uv = shutil.which("uv")
    pip = (
        [uv, "pip", "install", "--quiet", "--python", python]
        if uv
        else [python, "-m", "pip", "install", "--quiet"]
    )
    options = ["--require-hashes", "--no-deps", "-r", str(lock_file)]
    _run([*pip, *options], doing="pip install")


def _run(command: Sequence[str], *, doing: str) -> None:
    environ = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        process = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _wait(process)
        log.seek(0)
        said = "\n".join(f"    {line.rstrip()}" for line in log.readlines()[-SHOWN_LINES:])
    if process.returncode != 0:
        raise NotInstalled(doing, said)


def _wait(process: "subprocess.Popen[bytes]") -> None:
    began = time.monotonic()
    while process.poll() is None:
        try:
            process.wait(SIGN_OF_LIFE_SECONDS)
        except subprocess.TimeoutExpired:
            passed = round(time.monotonic() - began)
            say(f"  … nog bezig ({passed} s)", f"  … still at it ({passed} s)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
