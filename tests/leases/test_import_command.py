"""`manage.py import_hub`: what it prints, what it stores and when it fails."""

from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from spaces.models import Hub
from tests import cast
from tests.leases import workbooks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _english_terminal(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    with time_machine.travel(cast.NOW, tick=False):
        yield


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("import_hub", *arguments, stdout=out)
    return out.getvalue()


def test_it_reads_the_hub_in_and_says_so():
    told = run(str(workbooks.PATH))

    assert "Remarks (4):" in told
    assert "Spaces: 47 new, 0 changed, 0 the same" in told
    assert "Lettable 1.500,00 m², let today 751,90 m² (50,13 %), 14 internship places." in told
    assert told.endswith("Stored.\n")
    assert Hub.objects.get().slug == "locplus"


def test_a_second_time_it_says_that_nothing_is_new():
    run(str(workbooks.PATH))

    assert "Together: 0 new, 0 changed." in run(str(workbooks.PATH))


def test_a_dry_run_stores_nothing():
    told = run(str(workbooks.PATH), "--dry-run")

    assert "Spaces: 47 new" in told
    assert told.endswith("Dry run: nothing was stored.\n")
    assert Hub.objects.count() == 0


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_errors_are_all_printed_and_the_exit_code_says_so(tmp_path: Path, options: list[str]):
    file = tmp_path / "hub.xlsx"
    file.write_bytes(workbooks.with_cells({"Ruimtes!E8": "veel", "Tarieven!H4": "31-2-2026"}))
    out = StringIO()

    with pytest.raises(CommandError, match="Nothing was stored"):
        call_command("import_hub", str(file), *options, stdout=out)

    assert "Errors (2):" in out.getvalue()
    assert "Ruimtes E8 (m² VVO): “veel” is not a number. Write it as 37,50." in out.getvalue()
    assert "Tarieven H4 (Geldig vanaf): The day “31-2-2026” does not exist." in out.getvalue()
    assert Hub.objects.count() == 0


def test_a_file_that_is_not_there_a_folder_and_no_workbook(tmp_path: Path):
    (tmp_path / "lijst.csv").write_text("Code;Naam")

    for name, sentence in (
        ("x.xlsx", "does not exist"),
        (".", "is a folder"),
        ("lijst.csv", "not an Excel workbook"),
    ):
        with pytest.raises(CommandError, match=sentence):
            run(str(tmp_path / name))


def test_a_dutch_terminal_is_answered_in_dutch(monkeypatch):
    monkeypatch.setenv("LANG", "nl_NL.UTF-8")

    assert "Ruimtes: 47 nieuw" in run(str(workbooks.PATH), "--dry-run")
