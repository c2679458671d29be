"""Building the environment from its lock file."""

import sys
from pathlib import Path

import pytest

from config.embedded import environment
from config.embedded.refusal import PythonTooOld


def test_an_environment_is_up_to_date_for_the_lock_file_it_was_made_from(tmp_path: Path) -> None:
    lock_file, folder = tmp_path / "requirements.lock", tmp_path / "venv"
    lock_file.write_text("", encoding="utf-8")
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    stamp = folder / "plein-requirements.stamp"

    assert not environment.is_up_to_date(stamp, lock_file)
    stamp.write_text(environment._mark(lock_file), encoding="ascii")
    assert environment.is_up_to_date(stamp, lock_file)
    lock_file.write_text("django==5.2.19\n", encoding="utf-8")
    assert not environment.is_up_to_date(stamp, lock_file)


def test_an_environment_whose_python_is_gone_is_made_again(tmp_path: Path) -> None:
    lock_file = tmp_path / "requirements.lock"
    lock_file.touch()
    stamp = tmp_path / "plein-requirements.stamp"
    stamp.write_text(environment._mark(lock_file), encoding="ascii")

    assert not environment.is_up_to_date(stamp, lock_file)


def test_an_old_python_is_refused_with_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))

    with pytest.raises(PythonTooOld, match=r"3\.9\.18"):
        environment.refuse_old_python()
