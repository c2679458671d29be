"""Who may run the database of a folder."""

import subprocess
import sys
from pathlib import Path

from config.embedded.filelock import FileLock

HOLD = "import sys, time; from pathlib import Path; from config.embedded.filelock import FileLock; \
lock = FileLock(Path(sys.argv[1])); lock.take(); lock.note('the other'); print('held', flush=True); time.sleep(60)"


def test_a_lock_is_for_one_and_says_who_has_it(tmp_path: Path) -> None:
    with FileLock(tmp_path / "lock") as first, FileLock(tmp_path / "lock") as second:
        assert first.take()
        first.note("make run (12)")

        assert not second.take()
        assert second.read_note() == "make run (12)"

        first.release()
        assert second.take()


def test_a_lock_ends_with_the_process_that_holds_it_even_when_it_is_killed(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path / "lock"], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    with FileLock(tmp_path / "lock") as ours:
        assert not ours.take()

        holder.kill()
        holder.communicate()

        assert ours.take()


def test_many_may_share_and_then_nobody_has_it_alone(tmp_path: Path) -> None:
    with (
        FileLock(tmp_path / "lock") as one,
        FileLock(tmp_path / "lock") as two,
        FileLock(tmp_path / "lock") as alone,
    ):
        one.share()
        two.share()

        assert not alone.take()
