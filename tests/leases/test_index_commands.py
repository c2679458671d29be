"""`import_cpi` and `index_leases`: their reports, their dry runs, and what they refuse."""

import io
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.management import CommandError, call_command

from tenants.leases.hub_import import importing
from tenants.leases.indexing import watching
from tenants.leases.models import CpiFigure, Indexation
from tenants.parties.models import Letter
from tests import cast
from tests.cast import NOW
from tests.leases import figures, workbooks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def usg():
    figures.load()
    return cast.lease(
        cast.party(cast.hub(), "USG Restart"), starts="2024-01-01", number="HC-2024-01", indexing="symmetric",
        indexing_month=7, price_level_on=date(2025, 7, 1), yearly=Decimal("20553.75"),
    )  # fmt: skip


def run(*words):
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().replace("\xa0", " ")


def test_figures_are_loaded_after_a_dry_run(tmp_path):
    assert "220 nieuw" in run("import_cpi", str(figures.PATH), "--dry-run")
    assert not CpiFigure.objects.exists()

    assert "Opgeslagen" in run("import_cpi", str(figures.PATH))
    assert "0 nieuw, 0 nu definitief of vernieuwd, 220 hetzelfde" in run("import_cpi", str(figures.PATH))


def test_a_file_with_faults_ends_with_a_plain_sentence(tmp_path):
    file = tmp_path / "cpi.csv"
    file.write_bytes(figures.written("2026-09,2025=100,veel,definitief,x"))

    with pytest.raises(CommandError, match="Er staan fouten in het bestand"):
        run("import_cpi", str(file))
    with pytest.raises(CommandError, match="bestaat niet"):
        run("import_cpi", str(tmp_path / "weg.csv"))


def test_the_report_has_the_calculation_and_a_dry_run_changes_nothing(usg):
    told = run("index_leases", "2026-07-01", "--dry-run")

    assert "€ 20.553,75 → € 21.105,50 per jaar (€ 1.712,81 → € 1.758,79 per maand)" in told
    assert "× 101,75 (maart 2026) ÷ 99,09 (maart 2025)" in told
    assert "Nabetaling tot 1 december 2026: € 229,90" in told
    assert not Indexation.objects.exists()


def test_indexing_what_is_late_asks_what_to_do_with_the_months_before(usg):
    with pytest.raises(CommandError, match="--back-payment"):
        run("index_leases", "2026-07-01")

    assert "Geïndexeerd: 1." in run("index_leases", "2026-07-01", "--back-payment", "not_asked")
    assert "Geïndexeerd: 0." in run("index_leases", "2026-07-01", "--back-payment", "not_asked")


def test_what_is_missing_is_an_exit_with_its_reason(usg):
    usg.hub.leases.filter(pk=usg.pk)
    cast.lease(
        cast.party(usg.hub, "GGD"), number="HC-1", indexing="upward", indexing_month=1, price_level_on=date(2026, 1, 1)
    )  # fmt: skip

    with pytest.raises(CommandError, match="konden niet worden geïndexeerd"):
        run("index_leases", "2027-01-01")
    told = run("index_leases", "2027-01-01", "--dry-run")
    assert "Het indexcijfer van september 2026 (2025=100) ontbreekt" in told
    assert "Vergeten: HC-2024-01 USG Restart op 1 juli 2026" in told


@pytest.mark.parametrize("day", ["2026-07-15", "juli", "2026-7-1"])
def test_a_day_that_cannot_be_is_refused(usg, day):
    with pytest.raises(CommandError):
        run("index_leases", day)


def test_directors_hear_once_that_rents_can_be_indexed_and_which_figure_is_missing(usg):
    cast.lease(
        cast.party(usg.hub, "GGD"), number="HC-1", indexing="upward", indexing_month=1, price_level_on=date(2026, 1, 1)
    )  # fmt: skip
    director = cast.staff(usg.hub)
    watching.tell_directors(now=NOW)
    assert [letter.kind for letter in Letter.objects.all()] == ["indexing_ready"]

    for _time in range(2):
        watching.tell_directors(now=cast.at("2026-12-02 09:00"))

    letters = {letter.kind: letter for letter in Letter.objects.all()}
    assert set(letters) == {"indexing_ready", "indexing_missing"}
    assert {letter.to_email for letter in letters.values()} == {director.email}
    assert "september 2026 (2025=100) ontbreekt" in letters["indexing_missing"].text


def test_the_rents_of_the_workbook_with_the_figures_of_the_demo():
    importing.store(workbooks.real(), now=NOW)
    figures.load()

    forgotten = run("index_leases", "2026-07-01", "--dry-run")
    coming = run("index_leases", "2027-01-01", "--dry-run")
    fixed = run("index_leases", "2027-02-01", "--dry-run")

    assert "HC-2024-01 USG Restart: € 20.553,75 → € 21.105,50 per jaar" in forgotten
    assert coming.count("Het indexcijfer van september 2026 (2025=100) ontbreekt") == 2
    assert "HC-2019-01 B-Authentiek: € 19.359,00 → € 19.842,98 per jaar" in fixed
