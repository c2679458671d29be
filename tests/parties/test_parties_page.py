"""Staff find a party and complete what its invoices have to say."""

import pytest
from django.urls import reverse

from tenants.parties.models import PartyKind, PartyState, Role
from tests import cast

pytestmark = pytest.mark.django_db
TOLD = {
    "name": "Zangkoor De Vecht", "contact_name": "Joke", "email": "", "phone": "06 12345678",
    "street": "Voorstraat 1", "postal_code": "7771 AB", "city": "Hardenberg", "kvk": "00018203", "vat_id": "",
    "language": "en", "purchase_reference": "PO 12",
}  # fmt: skip


@pytest.fixture
def hub():
    return cast.hub()


@pytest.fixture
def choir(hub):
    """A walk-in: nobody of it can sign in, and it has no address."""
    return cast.party(hub, "Zangkoor", kind=PartyKind.EXTERNAL, email="")


@pytest.fixture(params=[Role.DIRECTOR, Role.BOOKKEEPER, Role.RECEPTION])
def staff(request, client, hub):
    client.force_login(cast.staff(hub, request.param))
    return client


def names(answer) -> list[str]:
    return [party.name for party in answer.context["page_obj"]]


def test_staff_completes_the_address_of_somebody_who_cannot_sign_in(staff, hub, choir):
    assert names(staff.get("/beheer/partijen?part=address")) == ["Zangkoor"]

    assert staff.post(f"/beheer/partijen/{choir.pk}", TOLD).url == "/beheer/partijen"

    choir.refresh_from_db()
    assert {name: getattr(choir, name) for name in TOLD} == TOLD
    assert choir.has_address
    assert names(staff.get("/beheer/partijen?part=address")) == []


def test_what_is_the_partys_own_to_tell_stays_as_it_was(staff, hub):
    _user, party = cast.zzper(hub, iban="NL91ABNA0417164300", adds="Voeding", vat_position="iets anders")
    more = {
        "iban": "",
        "adds": "",
        "vat_position": "",
        "registration": "x",
        "state": "declined",
        "rate_group": "1",
    }

    staff.post(f"/beheer/partijen/{party.pk}", TOLD | more)

    party.refresh_from_db()
    kept = (party.iban, party.adds, party.vat_position, party.registration, party.state)
    assert kept == ("NL91ABNA0417164300", "Voeding", "iets anders", "", PartyState.ACTIVE)
    assert party.name == TOLD["name"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("kvk", "1234"), ("vat_id", "NL111222333B01"), ("name", ""), ("email", "x"), ("language", "de")],
)
def test_a_wrong_value_is_refused_and_nothing_is_kept(client, hub, field, value):
    client.force_login(cast.staff(hub))
    _user, party = cast.zzper(hub)

    answer = client.post(f"/beheer/partijen/{party.pk}", TOLD | {field: value})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert party.name in answer.content.decode()
    party.refresh_from_db()
    assert party.city == ""


def test_a_kvk_number_of_another_party_is_refused(client, hub, choir):
    client.force_login(cast.staff(hub))
    cast.party(hub, "Accare", kvk=TOLD["kvk"])

    answer = client.post(f"/beheer/partijen/{choir.pk}", TOLD)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["kvk"])


def test_a_party_of_another_hub_and_one_that_was_declined_are_not_there(client, hub):
    client.force_login(cast.staff(hub))
    cast.party(hub, "Afgewezen", state=PartyState.DECLINED)
    for party in (
        cast.party(cast.hub("elders"), "Vreemd"),
        cast.party(hub, "Weg", state=PartyState.DECLINED),
    ):
        address = reverse("party", args=[party.pk])
        assert {client.get(address).status_code, client.post(address, TOLD).status_code} == {404}
    assert names(client.get("/beheer/partijen")) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [({"q": "accare"}, ["Accare"]), ({"q": "00018"}, ["Accare"]), ({"q": "\x00"}, ["Accare", "Zangkoor"]),
     ({"part": "x", "page": "99"}, ["Accare", "Zangkoor"]), ({"q": "100%"}, [])],
)  # fmt: skip
def test_parties_are_found_by_what_is_known_of_them(client, hub, choir, asked, found):
    client.force_login(cast.staff(hub))
    cast.party(hub, "Accare", kvk="00018203")

    assert names(client.get("/beheer/partijen", asked)) == found


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_however_long(client, hub, number, django_assert_num_queries):
    for each in range(number):
        cast.party(hub, f"Partij {each}")
    client.force_login(cast.staff(hub))
    with django_assert_num_queries(5):
        client.get("/beheer/partijen")
