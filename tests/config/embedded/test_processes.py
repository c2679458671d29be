"""The processes of a run, and what is left of them after a crash."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from config.embedded import processes, supervisor
from config.embedded.place import Place
from config.embedded.processes import Child
from config.embedded.supervisor import Supervisor

SLEEP = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(60)",
]
RUN_A_CHILD_AND_DIE = """
import os, signal, sys, time
from pathlib import Path
from config.embedded.processes import Child
child = Child("child", [sys.executable, "-c", "import time; time.sleep(60)"], Path(sys.argv[1]) / "log")
child.start(folder=Path(sys.argv[1]), environ=os.environ)
print(child.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def started(child: Child, folder: Path, *, mark: str = "") -> Child:
    child.start(folder=folder, environ=os.environ | {processes.MARK: mark})
    until(lambda: child.log.read_text() != "")
    return child


def until(condition: object, *, seconds: float = 20) -> None:
    give_up_at = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < give_up_at
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_process_that_does_not_listen_is_ended_all_the_same(tmp_path: Path) -> None:
    child = started(Child("deaf", DEAF, tmp_path / "log"), tmp_path)
    pid = child.pid

    child.stop(patience={signal.SIGTERM: 0.1, signal.SIGKILL: 5})

    assert child.pid is None
    assert pid
    assert is_gone(pid)


def test_children_end_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", RUN_A_CHILD_AND_DIE, tmp_path], capture_output=True, text=True, check=False
    )

    assert answer.returncode == -signal.SIGKILL
    until(lambda: is_gone(int(answer.stdout)))


def test_what_a_crash_left_is_cleared_up_and_others_are_left_alone(tmp_path: Path) -> None:
    (data := tmp_path / "postgres").mkdir()
    ours = started(Child("ours", SLEEP, tmp_path / "ours.log"), tmp_path, mark="this-run")
    postgres = started(Child("postgres", SLEEP, tmp_path / "postgres.log"), data)
    others = [
        started(Child("other-run", SLEEP, tmp_path / "other.log"), tmp_path, mark="other-run"),
        started(Child("in-the-same-folder", SLEEP, tmp_path / "same.log"), tmp_path),
    ]
    file = tmp_path / "processes.json"
    groups = [child.pid for child in (ours, postgres, *others)]
    processes.remember(file, [*groups, None], mark="")

    assert processes.clear_up(file, data=tmp_path / "elsewhere") == []
    processes.remember(file, groups, mark="this-run")
    ended = processes.clear_up(file, data=data)

    assert ended == sorted(child.process.pid for child in (ours, postgres) if child.process)
    for other in others:
        assert other.pid is not None
        other.stop()


def test_a_run_never_ends_itself(tmp_path: Path) -> None:
    command = (
        "import os; from pathlib import Path; from config.embedded import processes; file = Path('kept.json');"
        "processes.remember(file, [os.getpgrp()], mark='ours');"
        "print(processes.clear_up(file, data=Path.cwd()))"
    )
    environ = os.environ | {processes.MARK: "ours", "PYTHONPATH": str(Path(__file__).resolve().parents[3])}

    answer = subprocess.run(
        [sys.executable, "-c", command], cwd=tmp_path, env=environ, start_new_session=True,
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (answer.returncode, answer.stdout) == (0, "[]\n")


def test_a_list_that_was_cut_off_clears_up_nothing(tmp_path: Path) -> None:
    file = tmp_path / "processes.json"
    for cut_off in ("[12, 3", "[12, 3]", '{"groups": [12]}'):
        file.write_text(cut_off)
        assert processes.clear_up(file, data=tmp_path) == []


def test_a_process_that_ends_by_itself_is_started_again_and_that_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    place = Place(root=tmp_path, var=tmp_path)
    keeper = Supervisor(place, None, os.environ, lambda nl, en: told.append(en))
    keeper.add(Child("worker", SLEEP, tmp_path / "log"))
    first = keeper.watched[0].child.pid
    assert first
    os.kill(first, signal.SIGKILL)

    keeper.look_after(until=lambda: keeper.watched[0].child.pid not in {None, first})

    assert [words.split(" (")[0] for words in told] == ["worker ended"]
    assert json.loads(place.processes.read_text())["groups"] == [keeper.watched[0].child.pid]
    keeper.stop(in_a_hurry=lambda: True)
    assert not place.processes.exists()


def test_a_run_has_a_web_server_a_worker_and_a_clock_for_this_machine_only(tmp_path: Path) -> None:
    programs = supervisor.programs(Place(root=tmp_path, var=tmp_path), python=Path(sys.executable), port=8123)

    assert [child.name for child in programs] == ["web", "worker", "beat"]
    assert " --host 127.0.0.1 --port 8123 " in " ".join(programs[0].command)
