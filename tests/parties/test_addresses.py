"""An address counts once it is confirmed: nobody gets in by, or takes, an address that they only claimed."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tenants.parties import joining, mailing, people
from tenants.parties.models import Letter, Role, User
from tests import cast
from tests.cast import NOW
from tests.parties.test_joining import application

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def mallory():
    """Signed in, with her address confirmed."""
    user = cast.user("Mallory")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def signed_in(user):
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": cast.PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": cast.PASSWORD})
    return client


def claim(user, email):
    client = signed_in(user)
    client.post(reverse("account_email"), {"action_add": "", "email": email})
    return client


def newest(email):
    return Letter.objects.filter(to_email=email).latest("pk")


def follow_link(client, email):
    link = re.search(r"/account/confirm-email/\S+", newest(email).text)[0]
    return client.post(link, follow=True)


def test_another_address_replaces_the_first_once_it_is_confirmed(mallory):
    before = mallory.email
    client = claim(mallory, "new@example.nl")
    mallory.refresh_from_db()
    assert mallory.email == before
    assert "new@example.nl" in client.get(reverse("account_email")).content.decode()
    assert follow_link(client, "new@example.nl").status_code == 200
    mallory.refresh_from_db()
    assert mallory.email == "new@example.nl"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("new@example.nl", True)]
    assert "new@example.nl" in newest(before).text


def test_a_claimed_address_is_not_made_the_main_one_and_gets_nobody_in(mallory):
    before = mallory.email
    client = claim(mallory, "typo@example.nl")
    client.post(reverse("account_email"), {"action_primary": "", "email": "typo@example.nl"})
    stranger = Client()
    for name in ("account_request_login_code", "account_reset_password"):
        stranger.post(reverse(name), {"email": "typo@example.nl"})
    mallory.refresh_from_db()
    assert mallory.email == before
    letters = Letter.objects.filter(to_email="typo@example.nl").order_by("pk")
    assert [letter.subject for letter in letters][1:] == [newest("typo@example.nl").subject] * 2


def test_an_address_that_became_somebody_elses_is_not_taken(mallory):
    client = claim(mallory, "eva@example.nl")
    letter = newest("eva@example.nl")
    eva = cast.user("Eva", email="eva@example.nl")
    link = re.search(r"/account/confirm-email/\S+", letter.text)[0]
    assert client.post(link, follow=True).status_code == 200
    mallory.refresh_from_db()
    assert mallory.email != eva.email
    assert not EmailAddress.objects.filter(email="eva@example.nl", verified=True).exists()


def test_a_code_is_for_whose_address_it_is_not_for_who_claims_it(mallory):
    claim(mallory, "eva@example.nl")
    eva = cast.user("Eva", email="eva@example.nl")
    browser = Client()
    browser.post(reverse("account_request_login_code"), {"email": eva.email})
    code = re.search(r"^[A-Z0-9-]{6,}$", newest(eva.email).text, re.MULTILINE)[0]
    browser.post(reverse("account_confirm_login_code"), {"code": code})
    assert browser.session["_auth_user_id"] == str(eva.pk)


@pytest.mark.parametrize("way", ["invited", "applied"])
def test_who_is_let_in_owns_the_address_from_then_on(mallory, way):
    claim(mallory, "eva@example.nl")
    hub = cast.hub()
    if way == "invited":
        people.invite(
            email="Eva@example.nl", name="Eva", role=Role.RECEPTION, hub=hub, party=None, by=None, now=NOW
        )
    else:
        joining.knock(application(), hub=hub, now=NOW)
    rows = EmailAddress.objects.filter(email="eva@example.nl").values_list("user__email", "primary")
    assert list(rows) == [("eva@example.nl", True)]


def test_the_first_address_is_confirmed_before_it_is_changed():
    user = cast.user("Eva", email="eva@example.nl")
    client = claim(user, "new@example.nl")
    assert not EmailAddress.objects.filter(email="new@example.nl").exists()
    client.post(reverse("account_email"), {"action_remove": "", "email": user.email})
    client.post(reverse("account_email"), {"action_send": "", "email": user.email})
    follow_link(client, user.email)
    client.post(reverse("account_email"), {"action_add": "", "email": "new@example.nl"})
    assert EmailAddress.objects.filter(email="new@example.nl", verified=False).exists()
    assert User.objects.get().email == "eva@example.nl"


def test_a_new_address_can_be_given_up(mallory):
    client = claim(mallory, "typo@example.nl")
    client.post(reverse("account_email"), {"action_remove": "", "email": "typo@example.nl"})
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [mallory.email]


def test_somebody_who_finds_the_browser_open_must_know_the_password(mallory):
    client = Client()
    client.post(reverse("account_login"), {"login": mallory.email, "password": cast.PASSWORD})
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    answer = client.post(reverse("account_email"), {"action_add": "", "email": "thief@example.nl"})
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert not EmailAddress.objects.filter(email="thief@example.nl").exists()


def test_the_button_to_sign_in_another_way_leads_back_to_signing_in(mallory):
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(reverse("account_request_login_code"))
    token = page.context["csrf_token"]
    told = {"email": mallory.email, "csrfmiddlewaretoken": str(token)}
    page = browser.post(reverse("account_request_login_code"), told, follow=True)
    form = re.search(
        r'<form method="post" action="(?P<to>[^"]+)">\s*<input type="hidden" name="csrfmiddlewaretoken" '
        r'value="(?P<token>[^"]+)">\s*<input type="hidden" name="next" value="(?P<next>[^"]+)">',
        page.content.decode(),
    )
    answer = browser.post(form["to"], {"csrfmiddlewaretoken": form["token"], "next": form["next"]})
    assert (answer.status_code, answer.url) == (302, reverse("account_login"))
    assert browser.get(reverse("account_confirm_login_code")).status_code == 302  # the code is given up


def test_a_code_that_is_too_old_is_not_sent_and_not_kept(mallory):
    Client().post(reverse("account_request_login_code"), {"email": mallory.email})
    letter = newest(mallory.email)
    assert (letter.useless_after - letter.due_at).total_seconds() == 600
    assert mailing.send_due(now=letter.useless_after) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.text, letter.html) == ("dropped", "", "")


@pytest.mark.parametrize("chosen_on", ["the page for signing in", "a page of their own"])
def test_the_language_of_one_person_does_not_become_the_next_ones(chosen_on):
    first, second = cast.user("Eerste"), cast.user("Tweede")
    browser = Client()
    if chosen_on == "the page for signing in":
        browser.post(reverse("set_language"), {"language": "en"})
    browser.post(reverse("account_login"), {"login": first.email, "password": cast.PASSWORD})
    if chosen_on == "a page of their own":
        browser.post(reverse("set_language"), {"language": "en"})
    browser.post(reverse("account_logout"))
    browser.post(reverse("account_login"), {"login": second.email, "password": cast.PASSWORD})
    assert list(User.objects.order_by("name").values_list("language", flat=True)) == ["en", "nl"]


def test_a_visitors_choice_ends_with_signing_out():
    user = cast.user("Eva")
    browser = Client()
    browser.post(reverse("account_login"), {"login": user.email, "password": cast.PASSWORD})
    browser.cookies["django_language"] = "en"
    assert browser.post(reverse("account_logout")).cookies["django_language"]["max-age"] == 0
