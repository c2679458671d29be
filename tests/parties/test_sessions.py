"""A session belongs to who signed in, and ends when it should; guessing is stopped and learns nothing."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tenants.parties.models import Letter, Role, User
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def user():
    return cast.staff(cast.hub(), Role.RECEPTION, "Joke Bakker")


def sign_in(user, password=cast.PASSWORD, client=None):
    client = client or Client()
    client.answer = client.post(reverse("account_login"), {"login": user.email, "password": password})
    return client


def is_in(client):
    return client.get(reverse("account")).status_code == 200


def test_signing_in_gives_a_new_session_key(client, user):
    client.get(reverse("account_login"))
    client.post(reverse("set_language"), {"language": "nl"})
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    sign_in(user, client=client)
    assert is_in(client)
    assert client.session.session_key != before


def test_a_session_is_worth_nothing_after_signing_out(user):
    browser, thief = sign_in(user), Client()
    thief.cookies = browser.cookies.copy()
    assert is_in(thief)
    browser.post(reverse("account_logout"))
    assert (is_in(browser), is_in(thief)) == (False, False)


def test_changing_the_password_ends_the_other_sessions(user):
    here, elsewhere = sign_in(user), sign_in(user)
    new = {
        "oldpassword": cast.PASSWORD,
        "password1": "een-heel-nieuw-geheim",
        "password2": "een-heel-nieuw-geheim",
    }
    here.post(reverse("account_change_password"), new)
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert Letter.objects.filter(kind="account", to_email=user.email).exists()


def test_a_disabled_account_is_out_at_the_next_request(user):
    browser = sign_in(user)
    User.objects.update(is_active=False)
    assert not is_in(browser)
    assert not is_in(sign_in(user))


def test_guessing_a_password_is_stopped_after_five_times(user):
    for _guess in range(5):
        sign_in(user, "fout")
    right = sign_in(user)
    assert not is_in(right)
    assert "Location" not in right.answer.headers


@pytest.mark.parametrize("name", ["account_request_login_code", "account_reset_password"])
def test_asking_for_a_code_or_link_tells_nobody_who_has_an_account(user, name):
    answers = [Client().post(reverse(name), {"email": email}) for email in (user.email, "niemand@example.nl")]
    assert len({(answer.status_code, answer.headers.get("Location")) for answer in answers}) == 1
    assert Letter.objects.filter(kind="account").count() == 2


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(user):
    pages = [
        sign_in(user, "fout").answer,
        Client().post(reverse("account_login"), {"login": "n@example.nl", "password": "fout"}),
    ]
    errors = [page.context["form"].errors.as_text() for page in pages]
    assert errors[0] == errors[1]


def test_a_mailed_code_can_be_guessed_three_times(user):
    browser = Client()
    browser.post(reverse("account_request_login_code"), {"email": user.email})
    for guess in ("AAA-AAA", "BBB-BBB", "CCC-CCC"):
        answer = browser.post(reverse("account_confirm_login_code"), {"code": guess})
    assert answer.status_code == 302
    assert not is_in(browser)


def test_nobody_signs_up_behind_the_page_for_joining(client):
    told = {"email": "x@example.nl", "password1": "een-goed-geheim"}
    assert client.post(reverse("account_signup"), told).status_code == 405
    assert not User.objects.exists()


def test_personal_pages_are_kept_nowhere(user):
    for name in ("account", "letters"):
        assert "no-store" in sign_in(user).get(reverse(name)).headers["Cache-Control"]
