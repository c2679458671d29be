"""A KvK number is public: an import never turns somebody else's row into a tenant."""

import pytest

from spaces.models import Hub
from tenants.leases.hub_import import importing
from tenants.leases.hub_import.recognising import is_same_name
from tenants.leases.models import FixedDayPart
from tenants.parties import joining
from tenants.parties.joining import Application
from tenants.parties.models import Membership, Party
from tests import cast
from tests.cast import NOW
from tests.leases import workbooks
from tests.leases.deeds import changes, told_errors

pytestmark = pytest.mark.django_db(transaction=True)
NEW = {"Partijen!A14": "Diëtiek Eva", "Partijen!B14": "extern", "Partijen!I14": "00018299"}


def applied(hub: Hub, *, practice: str = "Somebody else") -> Party:
    told = Application(
        name="Eva Bos",
        email="eva@example.nl",
        practice=practice,
        discipline="diëtist",
        adds="",
        kvk="00018299",
    )
    joining.apply(told, hub=hub, now=NOW)
    return Party.objects.get(kvk="00018299")


def test_a_party_is_known_again_by_its_kvk_number_under_another_spelling(hub: Hub):
    name = "fysiotherapie n. de boer  B.V."
    renamed = {"Partijen!A8": name, "Vaste dagdelen!A4": name}

    plan = importing.store(workbooks.with_cells(renamed), now=NOW)

    assert changes(plan) == [
        (
            "fysiotherapie n. de boer B.V.",
            "Partij",
            "Fysiotherapie N. de Boer",
            "fysiotherapie n. de boer B.V.",
        )
    ]
    assert (Party.objects.count(), FixedDayPart.objects.count()) == (10, 4)


def test_a_number_that_somebody_applied_with_waits_for_the_director(hub: Hub):
    stranger = applied(hub)

    assert told_errors(workbooks.with_cells(NEW)) == [
        ("Partijen I14", "Somebody applied with this KvK number. Decide on that application first.")
    ]
    assert Party.objects.get(pk=stranger.pk).name == "Somebody else"


def test_a_name_that_somebody_applied_under_waits_for_the_director(hub: Hub):
    applied(hub, practice="Diëtiek Eva")

    assert told_errors(workbooks.with_cells(NEW | {"Partijen!I14": None})) == [
        ("Partijen A14", "Somebody applied under this name. Decide on that application first.")
    ]


def test_who_was_declined_keeps_their_own_row_and_no_number(hub: Hub):
    stranger = applied(hub, practice="Diëtiek Eva")
    joining.decline(stranger, message="", now=NOW)

    importing.store(workbooks.with_cells(NEW), now=NOW)

    tenant = Party.objects.get(state="active", kvk="00018299")
    assert (tenant.name, tenant.pk != stranger.pk) == ("Diëtiek Eva", True)
    assert not Membership.objects.filter(party=tenant).exists()
    assert Membership.objects.get(party=stranger).user.email == "eva@example.nl"


def test_a_number_under_another_name_is_an_error(hub: Hub):
    Party.objects.filter(name="GGD IJsselland").update(kvk="")
    taken = cast.party(hub, name="Coach aan de Vecht", kvk=ggd_number())

    told = (
        "In Plein this number belongs to “Coach aan de Vecht”. "
        "Mend the number, or write the name as it is in Plein."
    )
    assert told_errors(workbooks.real()) == [("Partijen I4", told)]
    assert Party.objects.get(pk=taken.pk).iban == taken.iban


def ggd_number() -> str:
    draft, _findings = workbooks.read(workbooks.real())
    return str(draft.parties[0]["kvk"])


@pytest.mark.parametrize(
    ("one", "other"),
    [("Accare", "Stichting ACCARE"), ("USG Restart", "usg  restart B.V."), ("Coöperatie Zorg U.A.", "Zorg")],
)
def test_names_are_the_same_but_for_case_spaces_and_legal_form(one: str, other: str):
    assert is_same_name(one, other)


@pytest.mark.parametrize(("one", "other"), [("Accare", "Accare Zwolle"), ("Stichting", "Vereniging")])
def test_other_names_are_not_the_same(one: str, other: str):
    assert not is_same_name(one, other)
