"""What a director should know of a workbook, though it stops nothing."""

import pytest

from spaces.models import Hub
from tenants.leases.hub_import import importing
from tenants.parties.models import Party, Vacancy
from tests.cast import NOW
from tests.leases import workbooks
from tests.leases.workbooks import edited, errors, read_with, remarks

pytestmark = pytest.mark.django_db(transaction=True)


def test_parties_and_professions_that_are_not_in_the_workbook_stay_and_are_told(hub: Hub):
    def drop(book) -> None:
        book["Partijen"].delete_rows(14)
        book["Partijen"].delete_rows(13)

    plan = importing.store(edited(drop), now=NOW)

    assert [text for _place, text in remarks(plan.findings) if "not in this workbook" in text] == [
        "In Plein, but not in this workbook: diëtist. They stay; an import never deletes.",
        "In Plein, but not in this workbook: Ergotherapie aan het Plein. They stay; an import never deletes.",
    ]
    assert (Party.objects.count(), Vacancy.objects.count()) == (10, 1)


def test_a_day_that_is_not_in_the_workbook_any_more_is_told_with_its_hours(hub: Hub):
    def told(**cells: object) -> list[str]:
        named = {f"Gebouw!{cell}": value for cell, value in cells.items()}
        plan = importing.look(workbooks.with_cells(named), now=NOW)
        return [text for _place, text in remarks(plan.findings) if "is still in Plein" in text]

    assert told(A31=None, B31=None, C31=None) == [
        (
            "Zaterdag is still in Plein, open 09:00–17:00. After this import the hub is closed then; "
            "add the day to keep its hours."
        )
    ]
    assert told(B31="gesloten", C31=None) == told() == []


@pytest.mark.parametrize("position", ["gedeeltelijk belast", "Deels belast", "gemengd"])
def test_taxed_letting_to_who_is_partly_taxed_is_told(position: str):
    _draft, findings = read_with(Partijen_K6=position)

    assert errors(findings) == []
    assert (
        "Huurcontracten P8",
        (
            f"“USG Restart” is “{position}”: taxed letting only holds when at least 90 % of its work here is taxed "
            "(70 % in a few sectors). Ask for a signed statement, every year."
        ),
    ) in remarks(findings)
