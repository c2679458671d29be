"""Who gets a role, who loses it, and what people may say about themselves."""

import pytest
from django.urls import reverse

from tenants.parties import people
from tenants.parties.models import Letter, Membership, Role, User
from tenants.parties.people import KvkTaken, LastDirector, NotYourself
from tests import cast
from tests.cast import NOW

ELSEWHERE = ["https://kwaad.example", "//kwaad.example", "javascript:alert(1)", "\\\\kwaad"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return cast.hub()


@pytest.fixture
def ggd(hub):
    return cast.tenant(hub, "GGD IJsselland")


def invite(hub, party, by, email="nieuw@ggd.example.nl", role=Role.TENANT_MEMBER):
    return people.invite(email=email, name="Nieuwe Collega", role=role, hub=hub, party=party, by=by, now=NOW)


def test_an_invited_colleague_gets_one_role_and_one_letter(hub, ggd):
    manager, party = ggd
    assert invite(hub, party, manager) == invite(hub, party, manager, email=" Nieuw@GGD.example.nl")
    user = User.objects.get(email="nieuw@ggd.example.nl")
    assert not user.has_usable_password()
    assert cast.actor(user, hub).roles == {Role.TENANT_MEMBER}
    assert Letter.objects.get().kind == "invitation"


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(client, hub, ggd):
    manager, party = ggd
    membership = invite(hub, party, manager)
    client.force_login(membership.user)
    assert client.get("/").url == reverse("book")
    people.take_away(membership, by=manager)
    people.take_away(membership, by=manager)
    assert client.get("/").url == reverse("welcome")


def test_nobody_takes_away_their_own_role_nor_that_of_the_last_director(hub, ggd):
    manager, _party = ggd
    with pytest.raises(NotYourself):
        people.take_away(Membership.objects.get(user=manager), by=manager)
    only = cast.staff(hub, Role.DIRECTOR)
    with pytest.raises(LastDirector):
        people.take_away(Membership.objects.get(user=only), by=manager)
    cast.staff(hub, Role.DIRECTOR, "Tweede")
    people.take_away(Membership.objects.get(user=only), by=manager)
    assert cast.actor(only, hub).roles == set()


def test_a_manager_reaches_only_the_own_organisation(client, hub, ggd):
    manager, _party = ggd
    other, _accare = cast.tenant(hub, "Accare")
    director = cast.staff(hub, Role.DIRECTOR)
    client.force_login(manager)
    for user in (other, director):
        address = reverse("colleague-remove", args=[Membership.objects.get(user=user).pk])
        assert {client.get(address).status_code, client.post(address).status_code} == {404}
    assert Membership.objects.count() == 3


def test_a_member_of_one_party_cannot_change_it_by_a_role_at_another(client, hub, ggd):
    _manager, party = ggd
    user, practice = cast.zzper(hub)
    cast.membership(user, hub, Role.TENANT_MEMBER, party)
    client.force_login(user)
    assert client.get(reverse("account-party")).context["party"] == practice


def test_a_role_at_one_party_gives_nothing_at_another_where_one_is_only_a_member(client, hub, ggd):
    _manager, party = ggd
    user, accare = cast.tenant(hub, "Accare")
    seat = cast.membership(user, hub, Role.TENANT_MEMBER, party)
    actor = cast.actor(user, hub)
    assert actor.party_ids_as(Role.TENANT_MEMBER) == [party.pk]
    assert actor.party_ids_as(Role.TENANT_MANAGER, Role.ZZPER) == [accare.pk]
    client.force_login(user)
    assert client.post(reverse("colleague-remove", args=[seat.pk])).status_code == 404
    told = {"name": "Bo", "email": "bo@accare.example.nl", "role": Role.TENANT_MEMBER}
    client.post(reverse("colleague-invite"), told)
    assert Membership.objects.get(user__email="bo@accare.example.nl").party == accare


def test_the_language_of_a_member_is_not_that_of_somebody_elses_practice(hub):
    _owner, practice = cast.zzper(hub)
    helper = cast.user("Helper")
    cast.membership(helper, hub, Role.TENANT_MEMBER, practice)
    people.choose_language(helper, "en")
    practice.refresh_from_db()
    assert practice.language == "nl"


def test_a_manager_invites_and_removes_on_the_page(client, hub, ggd):
    manager, party = ggd
    client.force_login(manager)
    told = {"name": "Bo", "email": "bo@ggd.example.nl", "role": Role.TENANT_MEMBER}
    assert client.post(reverse("colleague-invite"), told).url == reverse("account")
    membership = Membership.objects.get(user__email="bo@ggd.example.nl")
    assert membership.party == party
    assert "Bo" in client.get(reverse("account")).content.decode()
    client.post(reverse("colleague-remove", args=[membership.pk]))
    assert not Membership.objects.filter(pk=membership.pk).exists()


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.RECEPTION, Role.ZZPER, "baas"])
def test_a_manager_cannot_give_other_roles(client, hub, ggd, role):
    client.force_login(ggd[0])
    told = {"name": "Bo", "email": "bo@ggd.example.nl", "role": role, "party": "", "hub": "1"}
    assert client.post(reverse("colleague-invite"), told).status_code == 422


def test_a_director_gives_roles_to_staff_and_parties(client, hub, ggd):
    client.force_login(cast.staff(hub, Role.DIRECTOR))
    told = {"name": "Rik", "email": "rik@example.nl", "role": Role.RECEPTION, "party": ""}
    assert client.post(reverse("people-invite"), told).url == reverse("people")
    told = {"name": "Gea", "email": "gea@example.nl", "role": Role.TENANT_MANAGER, "party": ggd[1].pk}
    assert client.post(reverse("people-invite"), told).url == reverse("people")
    for wrong in ({"role": Role.RECEPTION}, {"role": Role.ZZPER, "party": ""}):
        assert client.post(reverse("people-invite"), told | wrong).status_code == 422
    elsewhere = cast.party(cast.hub("elders"))
    assert client.post(reverse("people-invite"), told | {"party": elsewhere.pk}).status_code == 422


def test_the_language_of_a_person_is_that_of_their_pages_and_letters(client, hub):
    user, party = cast.zzper(hub)
    client.force_login(user)
    assert '<html lang="nl"' in client.get(reverse("account")).content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    assert '<html lang="en"' in client.get(reverse("account")).content.decode()
    user.refresh_from_db()
    party.refresh_from_db()
    assert (user.language, party.language) == ("en", "en")


def test_details_are_kept_and_others_fields_are_not(client, hub):
    user, party = cast.zzper(hub)
    client.force_login(user)
    client.post(
        reverse("account"), {"name": "Anna V.", "phone": "0523 123456", "language": "nl", "email": "x@y.nl"}
    )
    told = {
        "email": "nieuw@praktijk.example.nl", "kvk": "00018203", "vat_position": "KOR",
        "iban": "NL46 RABO 9999 9005 29",
        "state": "left", "name": "Ander", "rate_group": "1", "kind": "organisation",
    }  # fmt: skip
    assert client.post(reverse("account-party"), told).url == reverse("account")
    user.refresh_from_db()
    before, _same = party, party.refresh_from_db()
    assert (user.name, user.phone, "x@y.nl" in user.email) == ("Anna V.", "0523 123456", False)
    assert (party.email, party.kvk, party.iban) == (
        "nieuw@praktijk.example.nl",
        "00018203",
        "NL46RABO9999900529",
    )
    assert (party.state, party.name, party.kind) == ("active", before.name, "self_employed")


def test_two_parties_of_a_hub_cannot_have_one_kvk_number(client, hub):
    cast.party(hub, "Eerste", kvk="00018203")
    user, party = cast.zzper(hub)
    with pytest.raises(KvkTaken):
        people.change_party(party, told={"kvk": "00018203"})
    client.force_login(user)
    answer = client.post(reverse("account-party"), {"email": party.email, "kvk": "00018203"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["kvk"])


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.DIRECTOR, "overview"), (Role.RECEPTION, "desk"), (Role.BOOKKEEPER, "workday"),
    ],
)  # fmt: skip
def test_staff_starts_where_their_work_is(client, hub, role, page):
    client.force_login(cast.staff(hub, role))
    assert client.get("/").url == reverse(page)


def test_a_visitor_starts_at_signing_in_and_a_stranger_at_a_page_that_says_so(client, hub):
    assert client.get("/").url == reverse("account_login")
    client.force_login(cast.user("Nieuwe Vrijwilliger"))
    page = client.get("/", follow=True)
    assert page.redirect_chain == [(reverse("welcome"), 302)]
    assert "no access to a building" in page.content.decode() or "nog geen toegang" in page.content.decode()


def test_choosing_a_hub_stays_within_ones_own(client, hub):
    user = cast.staff(hub, Role.DIRECTOR)
    second = cast.hub("zwolle")
    cast.membership(user, second, Role.DIRECTOR)
    cast.hub("elders")
    client.force_login(user)
    seen = []
    for slug in ("zwolle", "elders", "", "\x00"):
        client.post(reverse("hub-choose"), {"hub": slug, "next": "/account/ik"})
        seen.append(client.get(reverse("account")).context["hub"].slug)
    assert seen == ["zwolle"] * 4


@pytest.mark.parametrize("next_page", ELSEWHERE)
@pytest.mark.parametrize("name", ["hub-choose", "set_language"])
def test_no_page_sends_people_to_another_site(client, hub, name, next_page):
    client.force_login(cast.staff(hub))
    answer = client.post(reverse(name), {"next": next_page, "language": "nl", "hub": hub.slug})
    assert answer.url == "/"


def test_signing_in_does_not_lead_to_another_site(client, hub):
    user = cast.staff(hub)
    told = {"login": user.email, "password": cast.PASSWORD, "next": "https://kwaad.example/"}
    assert client.post(reverse("account_login"), told).url == "/"


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_people_takes_the_same_queries_however_long(
    client, hub, number, django_assert_num_queries
):
    for each in range(number):
        cast.tenant(hub, f"Huurder {each}")
    client.force_login(cast.staff(hub))
    with django_assert_num_queries(4):
        client.get(reverse("people"))
