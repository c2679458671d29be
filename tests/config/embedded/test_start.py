"""What `make run` refuses before it starts anything, and what its processes are told."""

import os
from pathlib import Path

import pytest

from config.embedded import command, identity, processes, start, supervisor
from config.embedded.cluster import Cluster
from config.embedded.identity import Identity
from config.embedded.place import Place
from config.embedded.refusal import SocketFolderTaken


@pytest.fixture(autouse=True)
def same_umask_afterwards():
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


def test_the_database_of_an_installation_gets_no_demonstration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://plein:s3cret@db.example.nl/plein")
    monkeypatch.setattr(start.Stopping, "listen", lambda self: None)

    assert start.main(tmp_path) == 1
    told = capfd.readouterr().out
    assert "DATABASE_URL" in told
    assert "s3cret" not in told
    assert list(tmp_path.iterdir()) == []


def test_a_trial_leaves_the_mail_server_and_the_queue_of_an_installation_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example.nl")
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://queue.example.nl/0")
    place = Place(tmp_path, tmp_path / "var")

    told = supervisor.environment(place, url=place.cluster().url, port=8000)

    assert {"EMAIL_URL", "CELERY_BROKER_URL"}.isdisjoint(told)
    assert (told["PLEIN_EMBEDDED"], told["DATABASE_URL"]) == ("1", place.cluster().url)
    assert len(told[processes.MARK]) == 32


def test_a_command_without_a_database_of_its_own_leaves_them_alone_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("PLEIN_VAR", str(tmp_path))
    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example.nl")
    monkeypatch.setenv("SITE_URL", "https://plein.example.nl")
    monkeypatch.setenv("SECRET_KEY", "x")

    with command.database_for(["help"], folder=tmp_path):
        assert {"EMAIL_URL", "SITE_URL", "SECRET_KEY"}.isdisjoint(os.environ)
        assert os.environ["PLEIN_EMBEDDED"] == "1"


def test_nobody_else_reads_what_a_run_makes(tmp_path: Path) -> None:
    identity.keep_to_ourselves()
    (tmp_path / "var").mkdir()
    (tmp_path / "demo-logins.json").touch()

    assert (tmp_path / "demo-logins.json").stat().st_mode & 0o077 == 0
    assert (tmp_path / "var").stat().st_mode & 0o066 == 0


def test_a_socket_folder_that_somebody_prepared_for_us_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (link := tmp_path / "socket").symlink_to(tmp_path / "theirs")

    with pytest.raises(SocketFolderTaken):
        Cluster(tmp_path / "data", link, tmp_path / "log")._make_socket_dir(Identity(tmp_path))


def test_a_socket_folder_of_somebody_else_is_not_used_by_root_either(tmp_path: Path) -> None:
    folder = Path("/usr")
    if os.geteuid() == 0:
        (folder := tmp_path / "socket").mkdir()
        os.chown(folder, 12345, -1)

    with pytest.raises(SocketFolderTaken):
        Cluster(tmp_path / "data", folder, tmp_path / "log")._make_socket_dir(Identity(tmp_path))


def test_asking_whether_another_user_gets_somewhere_leaves_no_copy_of_us_behind(tmp_path: Path) -> None:
    ours = os.getpid()

    assert not identity._reaches(987_654_321, tmp_path)
    assert os.getpid() == ours
