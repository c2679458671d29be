"""A professional applies, the director decides once; nobody learns who has an account."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tenants.parties import joining, mailing
from tenants.parties.access import APPLICANT
from tenants.parties.joining import Application, NotOpen
from tenants.parties.models import Letter, Party, PartyState, RateGroup, Role, User
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def hub():
    hub = cast.hub()
    cast.staff(hub, Role.DIRECTOR, "Dirk de Directeur")
    return hub


def application(**fields):
    told = {
        "name": "Eva Diëtist", "email": "Eva@Example.nl", "practice": "Diëtiek Eva", "discipline": "diëtist",
        "adds": "voedingsadvies", "phone": "06 12345678", "kvk": "00018299", "registration": "KP 990002",
    }  # fmt: skip
    return Application(**told | fields)


def typed(hub):
    """What a browser posts."""
    return {
        "hub": hub.slug, "name": "Eva Diëtist", "email": "eva@example.nl", "phone": "06 12345678",
        "practice": "Diëtiek Eva", "discipline": "diëtist", "adds": "voedingsadvies", "kvk": "0001 8299",
        "vat_position": "vrijgesteld (zorg)", "vat_id": "", "iban": "", "registration": "", "street": "",
        "postal_code": "", "city": "",
    }  # fmt: skip


def join(client, to, **fields):
    return client.post(reverse("join"), typed(to) | fields)


def kinds():
    return sorted(Letter.objects.values_list("kind", flat=True))


def test_an_application_makes_a_party_that_waits_and_tells_both_sides(hub):
    user = joining.apply(application(), hub=hub, now=NOW)
    actor = cast.actor(user, hub)
    assert (actor.roles, actor.party.state) == ({APPLICANT}, PartyState.APPLIED)
    assert (actor.party.name, actor.party.kvk, actor.party.rate_group.code) == (
        "Diëtiek Eva",
        "00018299",
        "zzp-zorg",
    )
    assert (user.email, user.has_usable_password()) == ("eva@example.nl", False)
    assert kinds() == ["application_new", "application_received"]


def test_who_has_an_account_gets_a_letter_and_nothing_else_happens(hub):
    known, _party = cast.zzper(hub)
    before = Party.objects.count()
    again = [joining.apply(application(email=known.email, kvk=""), hub=hub, now=NOW) for _twice in range(2)]
    assert again == [known, known]
    assert (Party.objects.count(), kinds()) == (before, ["account_exists"])


@pytest.mark.parametrize("state", [PartyState.ACTIVE, PartyState.APPLIED])
def test_a_known_practice_is_told_so_by_letter_alone(hub, state):
    cast.party(hub, kvk="00018299", state=state)
    before = Party.objects.count()
    user = joining.apply(application(), hub=hub, now=NOW)
    assert (Party.objects.count(), kinds()) == (before, ["practice_known"])
    assert cast.actor(user, hub).roles == set()


def test_a_declined_application_does_not_keep_the_kvk_number_for_ever(hub):
    joining.apply(application(email="stranger@example.nl"), hub=hub, now=NOW)
    joining.decline(Party.objects.get(name="Diëtiek Eva"), message="", now=NOW)
    user = joining.apply(application(), hub=hub, now=NOW)
    assert cast.actor(user, hub).roles == {APPLICANT}


def test_an_application_counts_once(hub):
    user = joining.apply(application(), hub=hub, now=NOW)
    assert not joining.enter(user, application(kvk="00018300"), hub=hub, now=NOW)
    assert Party.objects.filter(kind="self_employed").count() == 1


def test_whoever_only_types_somebody_elses_details_takes_nothing(client, hub):
    answer = join(client, hub)
    assert answer.status_code == 302
    assert not Party.objects.exists()
    assert kinds() == ["account"]
    joining.apply(application(email="owner@example.nl", kvk="00018299"), hub=hub, now=NOW)
    assert Party.objects.get().email == "owner@example.nl"


def test_a_practice_that_is_known_gets_the_same_answer(hub):
    cast.party(hub, kvk="00018299")
    answers = [join(Client(), hub, email=f"{kvk}@example.nl", kvk=kvk) for kvk in ("00018299", "00018300")]
    assert {(answer.status_code, answer.url, answer.content) for answer in answers} == {
        (302, reverse("account_confirm_login_code"), b"")
    }
    assert kinds() == ["account", "account"]


def test_another_account_that_signs_in_meanwhile_does_not_apply(client, hub):
    other = cast.user("Iemand Anders")
    join(client, hub)
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": other.email, "password": cast.PASSWORD})
    assert client.get(reverse("account")).status_code == 200
    assert not Party.objects.exists()


def test_a_hub_without_a_price_for_professionals_takes_no_applications(hub):
    RateGroup.objects.filter(hub=hub, code="zzp-zorg").delete()
    with pytest.raises(NotOpen):
        joining.apply(application(), hub=hub, now=NOW)


@pytest.mark.parametrize(
    ("deed", "state", "roles", "letter"),
    [
        (joining.approve, PartyState.ACTIVE, {Role.ZZPER}, "application_approved"),
        (joining.decline, PartyState.DECLINED, set(), "application_declined"),
    ],
)
def test_the_director_decides_once(hub, deed, state, roles, letter):
    user = joining.apply(application(), hub=hub, now=NOW)
    party = Party.objects.get(name="Diëtiek Eva")
    assert deed(party, message="Welkom!", now=NOW)
    assert not deed(party, message="nog eens", now=NOW)
    assert not joining.decline(party, message="toch niet", now=NOW)
    party.refresh_from_db()
    assert (party.state, party.answer) == (state, "Welkom!")
    assert cast.actor(user, hub).roles == roles
    assert kinds() == sorted(["application_new", "application_received", letter])
    assert "Welkom!" in Letter.objects.get(kind=letter).text


def test_applying_ends_at_the_mailed_code_which_signs_in(client, hub):
    answer = join(client, hub)
    assert (answer.status_code, answer.url) == (302, reverse("account_confirm_login_code"))
    mailing.send_due(now=Letter.objects.latest("due_at").due_at)
    code_letter = next(message for message in mail.outbox if "code" in message.subject.lower())
    code = re.search(r"^[A-Z0-9-]{6,}$", code_letter.body, re.MULTILINE)[0]
    client.post(answer.url, {"code": code})
    welcome = client.get("/", follow=True)
    assert welcome.redirect_chain == [(reverse("welcome"), 302)]
    assert Party.objects.get(name="Diëtiek Eva").kvk == "00018299"


def test_the_answer_is_the_same_for_a_known_and_a_new_address(hub):
    known, _party = cast.zzper(hub)
    clients = [Client(), Client()]
    addresses = (known.email, "nieuw@example.nl")
    answers = [join(client, hub, email=email) for client, email in zip(clients, addresses, strict=True)]
    assert {(answer.status_code, answer.url, answer.content) for answer in answers} == {
        (302, reverse("account_confirm_login_code"), b"")
    }
    pages = [client.get(answers[0].url).content.count(b"<") for client in clients]
    assert pages[0] == pages[1]
    assert {letter.kind for letter in Letter.objects.filter(to_email=known.email)} == {
        "account_exists",
        "account",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kvk", "1829"), ("kvk", ""), ("vat_id", "NL12B1"), ("iban", "NL00RABO1"), ("registration", "BIG 12"),
        ("registration", "111222333"), ("adds", "mijn bsn is 111222333"), ("name", ""), ("email", "geen adres"),
        ("name", "Eva 111222333"), ("practice", "111222333"), ("discipline", "bsn 111.222.333"),
        ("phone", "bel mij"), ("hub", "elders"), ("name", "\x00"), ("practice", "x" * 161), ("adds", "x" * 1001),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(client, hub, field, value):
    before = Party.objects.count()
    answer = join(client, hub, **{field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not re.search(r"111\.?222\.?333", answer.content.decode())
    assert Party.objects.count() == before


def test_an_old_vat_number_with_a_bsn_does_not_come_back_in_the_page(client, hub):
    page = join(client, hub, vat_id="NL111222333B01").content.decode()
    assert "2020" in page
    assert "111222333" not in page


def test_applying_too_often_has_to_wait(client, hub, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    assert join(client, hub).status_code == 302
    assert join(client, hub, email="ander@example.nl", kvk="00018300").status_code == 429


def test_the_director_approves_on_the_page(client, hub):
    user = joining.apply(application(), hub=hub, now=NOW)
    party = Party.objects.get(name="Diëtiek Eva")
    client.force_login(User.objects.get(name="Dirk de Directeur"))
    assert "Diëtiek Eva" in client.get(reverse("applications")).content.decode()
    page = client.get(reverse("application", args=[party.pk])).content.decode()
    assert "voedingsadvies" in page
    for _twice in range(2):
        answer = client.post(reverse("application-approve", args=[party.pk]), {"message": "Welkom"})
        assert answer.url == reverse("applications")
    assert cast.actor(user, hub).roles == {Role.ZZPER}
    assert kinds().count("application_approved") == 1


def test_a_director_of_another_hub_finds_no_application(client, hub):
    joining.apply(application(), hub=hub, now=NOW)
    party = Party.objects.get(name="Diëtiek Eva")
    client.force_login(cast.staff(cast.hub("elders"), Role.DIRECTOR))
    for name in ("application-approve", "application-decline"):
        assert client.post(reverse(name, args=[party.pk])).status_code == 404
    party.refresh_from_db()
    assert party.state == PartyState.APPLIED


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_applications_takes_the_same_queries_however_long(
    client, hub, number, django_assert_num_queries
):
    for each in range(number):
        joining.apply(application(email=f"{each}@example.nl", kvk=f"0001830{each}"), hub=hub, now=NOW)
    client.force_login(User.objects.get(name="Dirk de Directeur"))
    with django_assert_num_queries(6):
        client.get(reverse("applications"))
